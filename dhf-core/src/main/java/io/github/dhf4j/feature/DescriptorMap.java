package io.github.dhf4j.feature;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import io.github.dhf4j.image.Size;
import io.github.dhf4j.io.HostTensors;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The descriptors of one image: D numbers for each of H x W cells. Plain memory of the heap, nothing to close, safe for
 * several threads; it can be kept on disk, so that an image is described once and matched to thousands.
 */
public final class DescriptorMap {
    /** The tensor's name in files, (B, D, H, W) float32. */
    public static final String TENSOR = "hyperfeatures";

    private final int channels;
    private final Size size;
    private final float[] values;
    private final Size imageSize;
    private final Size loadSize;
    private final Size matchSize;
    private final MapExtent extent;
    private final @Nullable CellProducts products;
    private final @Nullable DescriptorOrigin origin;
    private final @Nullable ConfidenceModel confidence;

    /**
     * Wraps descriptors.
     *
     * @param channels D
     * @param size H rows and W columns of cells
     * @param values {@code D * H * W} numbers, channel by channel, each row by row; not copied
     * @param imageSize the size of the image they describe, in its own pixels
     * @param loadSize the size it was resized to before the network saw it
     * @see #withOrigin
     */
    public DescriptorMap(int channels, Size size, float[] values, Size imageSize, Size loadSize) {
        this(channels, size, values, imageSize, loadSize, loadSize, MapExtent.WHOLE, null, null, null);
    }

    private DescriptorMap(
            int channels,
            Size size,
            float[] values,
            Size imageSize,
            Size loadSize,
            Size matchSize,
            MapExtent extent,
            @Nullable CellProducts products,
            @Nullable DescriptorOrigin origin,
            @Nullable ConfidenceModel confidence) {
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
        this.matchSize = matchSize;
        this.extent = extent;
        this.products = products;
        this.origin = origin;
        this.confidence = confidence;
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
        FloatBuffer data = HostTensors.bytes(batch).asFloatBuffer();
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
     * The pixel grid that points are matched on.
     *
     * @return columns and rows; the load size unless it was said otherwise, the cells where those are matched ({@link #products})
     */
    public Size matchSize() {
        return matchSize;
    }

    /**
     * The same descriptors to be matched on another pixel grid: the paper's figures are matched at 224.
     *
     * @param grid its columns and rows
     * @return a map that shares this one's numbers; the same grid where cells are matched and not pixels ({@link #products})
     */
    public DescriptorMap withMatchSize(Size grid) {
        Size kept = products == null ? grid : size;
        return new DescriptorMap(
                channels, size, values, imageSize, loadSize, kept, extent, products, origin, confidence);
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
        return new DescriptorMap(
                channels, size, values, imageSize, loadSize, matchSize, part, products, origin, confidence);
    }

    /**
     * Whether descriptors are compared by plain products with cells.
     *
     * @return where cells lie then; null for cosines with pixels of the {@link #matchSize}
     */
    public @Nullable CellProducts products() {
        return products;
    }

    /**
     * The same descriptors to be compared by plain products, cell by cell.
     *
     * @param cells where they lie
     * @return a map that shares this one's numbers, whose match size is its {@link #size}
     */
    public DescriptorMap withProducts(CellProducts cells) {
        return new DescriptorMap(channels, size, values, imageSize, loadSize, size, extent, cells, origin, confidence);
    }

    /**
     * The cells of the upper left alone; their extent is the caller's to say.
     *
     * @param part columns and rows of them, no more than there are
     * @return a map of its own numbers, or this one where that is all
     */
    public DescriptorMap cropped(Size part) {
        if (part.equals(size)) {
            return this;
        }
        if (part.width() > size.width() || part.height() > size.height()) {
            throw new IllegalArgumentException("a part must have at most " + size + " cells, got " + part);
        }
        float[] kept = new float[channels * part.width() * part.height()];
        for (int row = 0; row < channels * part.height(); row++) {
            int channel = row / part.height();
            int from = (channel * size.height() + row % part.height()) * size.width();
            System.arraycopy(values, from, kept, row * part.width(), part.width());
        }
        Size grid = products == null ? matchSize : part;
        return new DescriptorMap(channels, part, kept, imageSize, loadSize, grid, extent, products, origin, confidence);
    }

    /**
     * Where the descriptors come from, so that maps are not compared that have nothing to do with one another.
     *
     * @return null where nobody said so: such maps match with any
     */
    public @Nullable DescriptorOrigin origin() {
        return origin;
    }

    /**
     * The same descriptors of a known origin.
     *
     * @param from where they come from; null for unknown
     * @return a map that shares this one's numbers
     */
    public DescriptorMap withOrigin(@Nullable DescriptorOrigin from) {
        return new DescriptorMap(
                channels, size, values, imageSize, loadSize, matchSize, extent, products, from, confidence);
    }

    /**
     * How far matches of these descriptors can be trusted.
     *
     * @return what was fitted to their weights; null where nothing was
     */
    public @Nullable ConfidenceModel confidence() {
        return confidence;
    }

    /**
     * The same descriptors with a calibration.
     *
     * @param fitted to their weights; null for none
     * @return a map that shares this one's numbers
     */
    public DescriptorMap withConfidence(@Nullable ConfidenceModel fitted) {
        return new DescriptorMap(
                channels, size, values, imageSize, loadSize, matchSize, extent, products, origin, fitted);
    }

    /**
     * Says that descriptors of another map may be compared with this one's, or throws.
     *
     * @param other of another image
     * @throws IllegalArgumentException naming both, if their origins are known and not the same, or their widths differ
     */
    public void requireComparable(DescriptorMap other) {
        if (origin != null && other.origin != null) {
            origin.requireSame(other.origin);
        }
        if (channels != other.channels || (products == null) != (other.products == null)) {
            throw new IllegalArgumentException("descriptors must be of one kind, got " + this + " and " + other
                    + "; describe both with one checkpoint and one set of weights");
        }
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
     * Writes this map to a file that remembers what it was made of, so that who comes again can tell whether it would come
     * out the same.
     *
     * @param path a safetensors file to be
     * @param key such as a digest of the image, the weights and the settings; null for none
     * @throws IOException if it cannot be written; what was there before is left
     */
    public void save(Path path, @Nullable String key) throws IOException {
        DescriptorFiles.write(List.of(this), path, key);
    }

    /**
     * What a file of a map was made of, by its header alone.
     *
     * @param path a file that {@link #save(Path, String)} wrote
     * @return the key it was given; null if it has none
     * @throws IOException if it is no sound file
     */
    public static @Nullable String keyOf(Path path) throws IOException {
        return DescriptorFiles.key(path);
    }

    /**
     * Writes maps of one kind to a file, as one tensor {@value #TENSOR}, with their origin: the first time in a JVM that
     * means to read the checkpoint's files.
     *
     * @param maps one or more, of equal channels, size, load and match size, extent and origin
     * @param path a safetensors file to be
     * @throws IOException if it cannot be written; what was there before is left
     */
    public static void saveAll(List<DescriptorMap> maps, Path path) throws IOException {
        DescriptorFiles.write(maps, path, null);
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
     * Reads a file with one or more maps. One that does not say where its maps come from, since it was written before
     * that was kept, is read with a warning in the log.
     *
     * @param path a file that {@link #saveAll} or {@code dhf describe} wrote
     * @return the maps
     * @throws IOException if it is no such file
     */
    public static List<DescriptorMap> loadAll(Path path) throws IOException {
        return DescriptorFiles.read(path);
    }

    /** Whether numbers and geometry are equal; where they come from does not count. */
    @Override
    public boolean equals(Object other) {
        return other instanceof DescriptorMap that
                && channels == that.channels
                && size.equals(that.size)
                && imageSize.equals(that.imageSize)
                && loadSize.equals(that.loadSize)
                && matchSize.equals(that.matchSize)
                && extent.equals(that.extent)
                && Objects.equals(products, that.products)
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
