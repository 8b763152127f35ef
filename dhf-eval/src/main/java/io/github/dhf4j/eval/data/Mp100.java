package io.github.dhf4j.eval.data;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.github.dhf4j.data.Box;
import io.github.dhf4j.data.KeypointPair;
import io.github.dhf4j.image.Size;
import io.github.dhf4j.io.Folders;
import io.github.dhf4j.io.Json;
import io.github.dhf4j.matching.Point;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * MP-100 as MARCO pairs it: COCO files {@code annotations/mp100_split*_test.json}, lists {@code pairs/pairs_DOMAIN.json} with
 * {@code src_file}, {@code trg_file} and {@code category_id}, images under {@code mp100}. The folder is all domains; one list is
 * its domain. Every split reads the same: all of it is for testing.
 *
 * <p>An image's points are all visible ones of all its annotations, in order, and those of two images go together by their order, as
 * far as both go; its box is the one with the longest side. Source: MARCO, arXiv 2604.18267, and its published data loader.
 */
public final class Mp100 implements PairReader {
    private static final String ANNOTATIONS = "annotations";
    private static final String IMAGES = "mp100";

    /** Points and box of one image, in the order of the files. */
    private static final class Annotated {
        private final Size size;
        private final List<Point> points = new ArrayList<>();
        private @Nullable Box box;

        Annotated(Size size) {
            this.size = size;
        }

        void add(Box other) {
            box = box == null || other.longerSide() > box.longerSide() ? other : box;
        }
    }

    /** What all files of annotations say. */
    private record Index(Map<String, Annotated> images, Map<Integer, String> categories) {}

    /** Keeps nothing. */
    public Mp100() {}

    @Override
    public String name() {
        return "MP-100 as MARCO pairs it";
    }

    @Override
    public Known about() {
        return new Known(
                "five domains: clothing, furniture, faces of people and animals, bodies of animals",
                "https://github.com/luminxu/Pose-for-Everything and https://github.com/visinf/MARCO (data)",
                "non-commercial research only, by its README; pictures under the terms of the data sets they are from",
                "annotations/mp100_split*_test.json, pairs/pairs_DOMAIN.json, mp100/CATEGORY; or one of these lists");
    }

    @Override
    public boolean recognises(Path data, Split split) throws IOException {
        Path root = root(data);
        return root != null && !files(root).isEmpty();
    }

    private static @Nullable Path root(Path data) {
        if (Files.isDirectory(data.resolve("pairs"))) {
            return data;
        }
        boolean list =
                data.getFileName() != null && data.getFileName().toString().matches("pairs_.*\\.json");
        Path pairs = data.toAbsolutePath().normalize().getParent();
        return list && pairs != null && Files.isRegularFile(data) ? pairs.getParent() : null;
    }

    private static List<Path> files(Path root) throws IOException {
        Path folder = root.resolve(ANNOTATIONS);
        return !Files.isDirectory(folder)
                ? List.of()
                : Folders.list(folder).stream()
                        .filter(file -> file.getFileName().toString().matches("mp100_.*test.*\\.json"))
                        .toList();
    }

    @Override
    public PairDataset read(Path data, @Nullable Path images, PairDatasets.Selection selection) throws IOException {
        Path root = root(data);
        if (root == null) {
            throw new IOException("MP-100 must have pairs/pairs_DOMAIN.json, got none (" + data + ")");
        }
        boolean all = root.equals(data);
        List<Path> lists = !all
                ? List.of(data)
                : Folders.list(root.resolve("pairs")).stream()
                        .filter(file -> file.getFileName().toString().matches("pairs_.*\\.json"))
                        .toList();
        PairCollector collector = new PairCollector(
                "MP-100" + (all ? "" : " " + data.getFileName().toString()));
        Index index = index(root, collector);
        for (Path list : lists) {
            JsonArray pairs = Json.readArray(list);
            for (int i = 0; i < pairs.size(); i++) {
                String where = list + " pair " + (i + 1);
                try {
                    add(root, fields(pairs.get(i), where), i + 1, index, collector);
                } catch (IOException e) {
                    collector.broken(list, e);
                }
            }
        }
        return collector.finish(root);
    }

    private static JsonFields fields(JsonElement element, String where) throws IOException {
        JsonFields fields = new JsonFields(element instanceof JsonObject object ? object : new JsonObject(), where);
        if (!element.isJsonObject()) {
            throw fields.broken("pair", "an object", element);
        }
        return fields;
    }

    private static void add(Path root, JsonFields fields, int number, Index index, PairCollector collector)
            throws IOException {
        String from = fields.text("src_file");
        String to = fields.text("trg_file");
        Annotated source = index.images.get(from);
        Annotated target = index.images.get(to);
        if (source == null || target == null) {
            collector.remark("pairs with an image that is not annotated left out", source == null ? from : to);
            return;
        }
        int count = Math.min(source.points.size(), target.points.size());
        if (source.points.size() != target.points.size()) {
            collector.remark(
                    "pairs whose images have not as many points, of which the first go together", from + " to " + to);
        }
        int category = fields.integer("category_id");
        Path folder = root.resolve(IMAGES);
        KeypointPair pair = new KeypointPair(
                number + ", " + from + " to " + to,
                fields.path(folder, "src_file"),
                fields.path(folder, "trg_file"),
                source.points.subList(0, count),
                target.points.subList(0, count),
                List.of(),
                index.categories.getOrDefault(category, "category " + category),
                source.box,
                target.box);
        collector.add(pair, source.size, target.size);
    }

    private static Index index(Path root, PairCollector collector) throws IOException {
        Index index = new Index(new HashMap<>(), new HashMap<>());
        for (Path file : files(root)) {
            try {
                JsonFields coco = new JsonFields(Json.readObject(file), file.toString());
                for (JsonElement category : coco.array("categories")) {
                    JsonFields fields = fields(category, file + " category");
                    index.categories.put(fields.integer("id"), fields.text("name"));
                }
                Map<Integer, Annotated> byId = new HashMap<>();
                for (JsonElement image : coco.array("images")) {
                    JsonFields fields = fields(image, file + " image");
                    Size size = new Size(fields.positive("width"), fields.positive("height"));
                    byId.put(
                            fields.integer("id"),
                            index.images.computeIfAbsent(fields.text("file_name"), key -> new Annotated(size)));
                }
                for (JsonElement annotation : coco.array("annotations")) {
                    addTo(byId, fields(annotation, file + " annotation"), collector);
                }
            } catch (IOException e) {
                collector.broken(file, e);
            }
        }
        index.images.values().removeIf(image -> image.points.isEmpty());
        return index;
    }

    private static void addTo(Map<Integer, Annotated> images, JsonFields fields, PairCollector collector)
            throws IOException {
        Annotated image = images.get(fields.integer("image_id"));
        if (image == null || !fields.object().has("keypoints")) {
            return;
        }
        List<Double> numbers = fields.numbers("keypoints");
        if (numbers.size() % 3 != 0) {
            throw fields.broken(
                    "keypoints", "x, y, v of each point", fields.object().get("keypoints"));
        }
        int before = image.points.size();
        for (int i = 0; i < numbers.size(); i += 3) {
            if (numbers.get(i + 2) > 0) {
                image.points.add(new Point(numbers.get(i), numbers.get(i + 1)));
            }
        }
        if (image.points.size() > before && fields.object().has("bbox")) {
            Box box = fields.boxOfSides("bbox", collector);
            if (box != null) {
                image.add(box);
            }
        }
    }
}
