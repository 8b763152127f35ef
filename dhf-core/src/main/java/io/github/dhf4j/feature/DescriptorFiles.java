package io.github.dhf4j.feature;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.github.dhf4j.image.Size;
import io.github.dhf4j.io.HostTensors;
import io.github.dhf4j.io.Json;
import io.github.dhf4j.io.SafeTensorsWriter;
import io.github.dhf4j.io.TensorFile;
import io.github.dhf4j.io.TensorInfo;
import io.github.dhf4j.io.Texts;
import io.github.dhf4j.tensor.TorchEngine;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The file form of descriptor maps: one tensor, and in the metadata sizes and origin as JSON. */
final class DescriptorFiles {
    private static final Logger LOG = LoggerFactory.getLogger(DescriptorMap.class);
    private static final String METADATA = "descriptor_map";
    private static final String KEY = "made_of";
    private static final String ORIGIN = "origin";
    private static final String CONFIDENCE = "confidence";
    private static final String MATCH_SIZE = "match_size";
    private static final String PRODUCTS = "products_at_steps";

    private DescriptorFiles() {}

    static void write(List<DescriptorMap> maps, Path path, @Nullable String key) throws IOException {
        DescriptorMap first = maps.get(0);
        JsonArray images = new JsonArray();
        try (NDManager manager = TorchEngine.newManager(Device.cpu())) {
            int length = first.values().length;
            float[] all = new float[Math.multiplyExact(length, maps.size())];
            for (int i = 0; i < maps.size(); i++) {
                requireOneKind(first, maps.get(i));
                System.arraycopy(maps.get(i).values(), 0, all, i * length, length);
                images.add(pair(maps.get(i).imageSize()));
            }
            JsonObject about = new JsonObject();
            about.add("image_sizes", images);
            about.add("load_size", pair(first.loadSize()));
            CellProducts products = first.products();
            if (products != null) {
                about.add(PRODUCTS, Json.array(List.of(products.stepX(), products.stepY())));
            } else if (!first.matchSize().equals(first.loadSize())) {
                about.add(MATCH_SIZE, pair(first.matchSize()));
            }
            MapExtent extent = first.extent();
            if (!extent.equals(MapExtent.WHOLE)) {
                about.add("extent", Json.array(List.of(extent.left(), extent.top(), extent.right(), extent.bottom())));
            }
            DescriptorOrigin origin = first.origin();
            if (origin != null) {
                about.add(ORIGIN, origin.toJson());
            }
            ConfidenceModel confidence = first.confidence();
            if (confidence != null) {
                about.add(CONFIDENCE, confidence.toJson());
            }
            Size size = first.size();
            NDArray tensor =
                    HostTensors.of(manager, all, new Shape(maps.size(), first.channels(), size.height(), size.width()));
            SafeTensorsWriter writer =
                    new SafeTensorsWriter().tensor(DescriptorMap.TENSOR, tensor).metadata(METADATA, about.toString());
            if (key != null) {
                writer.metadata(KEY, key);
            }
            writer.write(path);
        }
    }

    static @Nullable String key(Path path) throws IOException {
        try (TensorFile file = TensorFile.open(path)) {
            return file.metadata().get(KEY);
        }
    }

    private static void requireOneKind(DescriptorMap first, DescriptorMap map) {
        if (map.channels() != first.channels()
                || !map.size().equals(first.size())
                || !map.loadSize().equals(first.loadSize())
                || !map.matchSize().equals(first.matchSize())
                || !map.extent().equals(first.extent())
                || !Objects.equals(map.products(), first.products())
                || (map.origin() == null) != (first.origin() == null)) {
            throw new IllegalArgumentException("maps of a file must be of one kind, got " + first + " and " + map);
        }
        first.requireComparable(map);
    }

    static List<DescriptorMap> read(Path path) throws IOException {
        try (TensorFile file = TensorFile.open(path);
                NDManager manager = TorchEngine.newManager(Device.cpu())) {
            TensorInfo info = file.require(DescriptorMap.TENSOR);
            String text = file.metadata().get(METADATA);
            if (text == null || info.dimensions().length != 4 || !info.type().isFloat() || info.elements() == 0) {
                throw new IOException(
                        "file must hold descriptors (B, D, H, W) and their image sizes, got " + info + " and metadata "
                                + Texts.some(file.metadata().keySet()) + " (" + path
                                + "); make one with 'dhf describe'");
            }
            try {
                JsonObject about = Json.parseObject(text, "'" + METADATA + "'", path.toString());
                List<Size> images = new ArrayList<>();
                about.getAsJsonArray("image_sizes").forEach(pair -> images.add(size(pair.getAsJsonArray())));
                MapExtent extent = about.has("extent") ? extent(about.getAsJsonArray("extent")) : MapExtent.WHOLE;
                Size load = size(about.getAsJsonArray("load_size"));
                Size match = about.has(MATCH_SIZE) ? size(about.getAsJsonArray(MATCH_SIZE)) : load;
                CellProducts products = about.has(PRODUCTS) ? products(about.getAsJsonArray(PRODUCTS)) : null;
                DescriptorOrigin origin = origin(about, path);
                ConfidenceModel confidence = about.has(CONFIDENCE)
                        ? ConfidenceModel.fromJson(about.getAsJsonObject(CONFIDENCE), path.toString())
                        : null;
                return DescriptorMap.of(file.read(DescriptorMap.TENSOR, manager, DataType.FLOAT32), images, load)
                        .stream()
                        .map(map -> products == null ? map.withMatchSize(match) : map.withProducts(products))
                        .map(map -> map.withExtent(extent).withOrigin(origin).withConfidence(confidence))
                        .toList();
            } catch (RuntimeException e) {
                throw new IOException(
                        "descriptor file must be sound, got " + Texts.reason(e) + " (" + path
                                + "); describe the image again",
                        e);
            }
        }
    }

    private static @Nullable DescriptorOrigin origin(JsonObject about, Path path) throws IOException {
        if (about.has(ORIGIN)) {
            return DescriptorOrigin.of(about.getAsJsonObject(ORIGIN), path.toString());
        }
        LOG.warn(
                "descriptors do not say of which checkpoint and weights they are, and match with any of their width"
                        + " ({}); describe the image again",
                path);
        return null;
    }

    private static CellProducts products(JsonArray steps) {
        return new CellProducts(steps.get(0).getAsDouble(), steps.get(1).getAsDouble());
    }

    private static MapExtent extent(JsonArray sides) {
        return new MapExtent(
                sides.get(0).getAsDouble(),
                sides.get(1).getAsDouble(),
                sides.get(2).getAsDouble(),
                sides.get(3).getAsDouble());
    }

    private static JsonArray pair(Size size) {
        return Json.array(List.of(size.width(), size.height()));
    }

    private static Size size(JsonArray pair) {
        return new Size(pair.get(0).getAsInt(), pair.get(1).getAsInt());
    }
}
