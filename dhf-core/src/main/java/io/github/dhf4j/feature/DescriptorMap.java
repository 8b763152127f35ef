package io.github.dhf4j.feature;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.github.dhf4j.image.Size;
import io.github.dhf4j.io.Json;
import io.github.dhf4j.io.SafeTensorsWriter;
import io.github.dhf4j.io.TensorFile;
import io.github.dhf4j.io.TensorInfo;
import io.github.dhf4j.io.Texts;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The descriptors of one image: D numbers for each of H x W cells. Plain memory of the heap, nothing to close, safe for
 * several threads; it can be kept on disk, so that an image is described once and matched to thousands.
 */
public final class DescriptorMap {
    /** The tensor's name in files, (B, D, H, W) float32. */
    public static final String TENSOR = "hyperfeatures";

    private static final String METADATA = "descriptor_map";

    private final int channels;
    private final Size size;
    private final float[] values;
    private final Size imageSize;
    private final Size loadSize;
    private final MapExtent extent;

    /**
     * Wraps descriptors.
     *
     * @param channels D
     * @param size H rows and W columns of cells
     * @param values {@code D * H * W} numbers, channel by channel, each row by row; not copied
     * @param imageSize the size of the image they describe, in its own pixels
     * @param loadSize the size it was resized to before the network saw it
     */
    public DescriptorMap(int channels, Size size, float[] values, Size imageSize, Size loadSize) {
        this(channels, size, values, imageSize, loadSize, MapExtent.WHOLE);
    }

    private DescriptorMap(int channels, Size size, float[] values, Size imageSize, Size loadSize, MapExtent extent) {
        if (channels < 1 || values.length != (long) channels * size.width() * size.height()) {
            throw new IllegalArgumentException(
                    "descriptors must be " + channels + " x " + size + " numbers, got " + values.length);
        }
        for (float value : values) {
            if (!Float.isFinite(value)) {
                throw new IllegalArgumentException("descriptors must be finite numbers, got " + value
                        + "; the weights or the image's features are broken");
            }
        }
        this.channels = channels;
        this.size = size;
        this.values = values;
        this.imageSize = imageSize;
        this.loadSize = loadSize;
        this.extent = extent;
    }

    /**
     * Takes the maps of a batch out of native memory.
     *
     * @param batch (B, D, H, W) float32; borrowed
     * @param imageSizes the size of each image
     * @param loadSize what all were resized to
     * @return one map an image
     */
    public static List<DescriptorMap> of(NDArray batch, List<Size> imageSizes, Size loadSize) {
        Shape shape = batch.getShape();
        if (shape.dimension() != 4 || shape.get(0) != imageSizes.size()) {
            throw new IllegalArgumentException(
                    "descriptors must be (B, D, H, W) for " + imageSizes.size() + " images, got " + shape);
        }
        int channels = Math.toIntExact(shape.get(1));
        Size size = new Size(Math.toIntExact(shape.get(3)), Math.toIntExact(shape.get(2)));
        FloatBuffer data = batch.toByteBuffer().asFloatBuffer();
        List<DescriptorMap> maps = new ArrayList<>();
        for (Size imageSize : imageSizes) {
            float[] values = new float[channels * size.width() * size.height()];
            data.get(values);
            maps.add(new DescriptorMap(channels, size, values, imageSize, loadSize));
        }
        return maps;
    }

    /**
     * The length of a descriptor.
     *
     * @return D
     */
    public int channels() {
        return channels;
    }

    /**
     * The number of cells.
     *
     * @return H rows, W columns
     */
    public Size size() {
        return size;
    }

    /**
     * The numbers.
     *
     * @return the array itself, (D, H, W); not to be changed
     */
    public float[] values() {
        return values;
    }

    /**
     * The size of the image in its own pixels.
     *
     * @return columns and rows
     */
    public Size imageSize() {
        return imageSize;
    }

    /**
     * The size that the network saw.
     *
     * @return columns and rows
     */
    public Size loadSize() {
        return loadSize;
    }

    /**
     * The same descriptors to be matched on another pixel grid than the one the network saw: the paper's figures are
     * matched at 224.
     *
     * @param size the grid
     * @return a map that shares this one's numbers
     */
    public DescriptorMap withLoadSize(Size size) {
        return new DescriptorMap(channels, this.size, values, imageSize, size, extent);
    }

    /**
     * Where the cells lie on the image.
     *
     * @return the whole image unless it was said otherwise
     */
    public MapExtent extent() {
        return extent;
    }

    /**
     * The same descriptors with cells elsewhere on the image.
     *
     * @param part which part of it they tile
     * @return a map that shares this one's numbers
     */
    public DescriptorMap withExtent(MapExtent part) {
        return new DescriptorMap(channels, size, values, imageSize, loadSize, part);
    }

    /**
     * Writes this map to a file.
     *
     * @param path a safetensors file to be
     * @throws IOException if it cannot be written; what was there before is left
     */
    public void save(Path path) throws IOException {
        saveAll(List.of(this), path);
    }

    /**
     * Writes maps of one kind to a file, as one tensor {@value #TENSOR}.
     *
     * @param maps one or more, of equal channels, size, load size and extent
     * @param path a safetensors file to be
     * @throws IOException if it cannot be written; what was there before is left
     */
    public static void saveAll(List<DescriptorMap> maps, Path path) throws IOException {
        DescriptorMap first = maps.get(0);
        JsonArray images = new JsonArray();
        try (NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch")) {
            float[] all = new float[Math.multiplyExact(first.values.length, maps.size())];
            for (int i = 0; i < maps.size(); i++) {
                DescriptorMap map = maps.get(i);
                if (map.channels != first.channels
                        || !map.size.equals(first.size)
                        || !map.loadSize.equals(first.loadSize)
                        || !map.extent.equals(first.extent)) {
                    throw new IllegalArgumentException(
                            "maps of a file must be of one kind, got " + first + " and " + map);
                }
                System.arraycopy(map.values, 0, all, i * first.values.length, first.values.length);
                images.add(pair(map.imageSize));
            }
            JsonObject sizes = new JsonObject();
            sizes.add("image_sizes", images);
            sizes.add("load_size", pair(first.loadSize));
            if (!first.extent.equals(MapExtent.WHOLE)) {
                JsonArray extent = new JsonArray();
                extent.add(first.extent.left());
                extent.add(first.extent.top());
                extent.add(first.extent.right());
                extent.add(first.extent.bottom());
                sizes.add("extent", extent);
            }
            NDArray tensor = manager.create(
                    all, new Shape(maps.size(), first.channels, first.size.height(), first.size.width()));
            new SafeTensorsWriter()
                    .tensor(TENSOR, tensor)
                    .metadata(METADATA, sizes.toString())
                    .write(path);
        }
    }

    /**
     * Reads a file with one map.
     *
     * @param path a file that {@link #save} or {@code dhf describe} wrote
     * @return the map
     * @throws IOException if it is no such file or holds several
     */
    public static DescriptorMap load(Path path) throws IOException {
        List<DescriptorMap> maps = loadAll(path);
        if (maps.size() != 1) {
            throw new IOException(
                    "file must hold one descriptor map, got " + maps.size() + " (" + path + "); read it with loadAll");
        }
        return maps.get(0);
    }

    /**
     * Reads a file with one or more maps.
     *
     * @param path a file that {@link #saveAll} or {@code dhf describe} wrote
     * @return the maps
     * @throws IOException if it is no such file
     */
    public static List<DescriptorMap> loadAll(Path path) throws IOException {
        try (TensorFile file = TensorFile.open(path);
                NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch")) {
            TensorInfo info = file.require(TENSOR);
            String text = file.metadata().get(METADATA);
            if (text == null || info.dimensions().length != 4 || !info.type().isFloat() || info.elements() == 0) {
                throw new IOException("file must hold descriptors (B, D, H, W) and their image sizes, got " + info
                        + " and metadata " + Texts.some(file.metadata().keySet()) + " (" + path
                        + "); make one with 'dhf describe'");
            }
            try {
                JsonObject sizes = Json.parseObject(text, "'" + METADATA + "'", path.toString());
                List<Size> images = new ArrayList<>();
                sizes.getAsJsonArray("image_sizes").forEach(pair -> images.add(size(pair.getAsJsonArray())));
                MapExtent extent = sizes.has("extent") ? extent(sizes.getAsJsonArray("extent")) : MapExtent.WHOLE;
                return of(file.read(TENSOR, manager, DataType.FLOAT32), images, size(sizes.getAsJsonArray("load_size")))
                        .stream()
                        .map(map -> map.withExtent(extent))
                        .toList();
            } catch (RuntimeException e) {
                throw new IOException(
                        "descriptor file must be sound, got " + Texts.reason(e) + " (" + path
                                + "); describe the image again",
                        e);
            }
        }
    }

    private static MapExtent extent(JsonArray sides) {
        return new MapExtent(
                sides.get(0).getAsDouble(),
                sides.get(1).getAsDouble(),
                sides.get(2).getAsDouble(),
                sides.get(3).getAsDouble());
    }

    private static JsonArray pair(Size size) {
        JsonArray pair = new JsonArray();
        pair.add(size.width());
        pair.add(size.height());
        return pair;
    }

    private static Size size(JsonArray pair) {
        return new Size(pair.get(0).getAsInt(), pair.get(1).getAsInt());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof DescriptorMap that
                && channels == that.channels
                && size.equals(that.size)
                && imageSize.equals(that.imageSize)
                && loadSize.equals(that.loadSize)
                && extent.equals(that.extent)
                && Arrays.equals(values, that.values);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(values) + imageSize.hashCode();
    }

    @Override
    public String toString() {
        return "DescriptorMap(" + channels + " x " + size + " of an image " + imageSize + " loaded at " + loadSize
                + ")";
    }
}
