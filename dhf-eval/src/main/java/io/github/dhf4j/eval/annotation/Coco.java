package io.github.dhf4j.eval.annotation;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.github.dhf4j.data.Box;
import io.github.dhf4j.image.Size;
import io.github.dhf4j.matching.Point;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads COCO: key points that can be seen, boxes, polygons, run lengths as numbers and as text. */
final class Coco {
    private record Category(String name, List<String> keypoints) {}

    private record Picture(Path path, Size size) {}

    private Coco() {}

    static void read(JsonObject root, LabelCollector collector) {
        Fields fields = new Fields(root);
        Map<Integer, Category> categories = new HashMap<>();
        for (JsonElement element : fields.arrayOrNone("categories")) {
            Fields category = Fields.of(element, "category");
            categories.put(category.integer("id"), new Category(category.text("name"), category.texts("keypoints")));
        }
        Map<Integer, @Nullable Picture> pictures = new LinkedHashMap<>();
        for (JsonElement element : fields.array("images")) {
            Fields image = Fields.of(element, "image");
            pictures.put(image.integer("id"), picture(image, collector));
        }
        int number = 0;
        for (JsonElement element : fields.array("annotations")) {
            String where = "annotation " + ++number;
            try {
                Fields annotation = Fields.of(element, "annotation");
                where = annotation.has("id") ? "annotation id " + annotation.integer("id") : where;
                int image = annotation.integer("image_id");
                Picture picture = pictures.get(image);
                Category category = categories.get(annotation.integer("category_id"));
                if (!pictures.containsKey(image)) {
                    collector.remark("annotations of an image that is not in the list left out", where);
                } else if (category == null) {
                    collector.remark(
                            "annotations of an unknown category left out",
                            where + " of category " + annotation.integer("category_id"));
                } else if (picture != null) {
                    Annotation read = annotation(annotation, category, picture.size, where, collector);
                    collector.add(picture.path, picture.size, read, where + " of " + picture.path.getFileName());
                }
            } catch (IllegalArgumentException e) {
                collector.remark("damaged annotations left out", where + ": " + e.getMessage());
            }
        }
    }

    private static @Nullable Picture picture(Fields image, LabelCollector collector) {
        Path path = collector.find(image.text("file_name"));
        if (path == null) {
            return null;
        }
        Size annotated = image.has("width") && image.has("height")
                ? new Size(image.integer("width"), image.integer("height"))
                : null;
        Size size = collector.size(path, annotated);
        if (size == null) {
            return null;
        }
        collector.addPicture(path);
        return new Picture(path, size);
    }

    private static Annotation annotation(
            Fields fields, Category category, Size picture, String where, LabelCollector collector) {
        boolean crowd = fields.flag("iscrowd");
        JsonElement area = fields.get("segmentation");
        List<List<Point>> polygons = new ArrayList<>();
        Mask mask = null;
        if (area instanceof JsonObject runs) {
            mask = mask(new Fields(runs), picture);
            if (mask == null) {
                collector.remark("masks of another size than their picture left out", where);
            }
        } else if (area != null) {
            for (JsonElement polygon : Fields.arrayOf(area, "segmentation")) {
                polygons.add(polygon(polygon));
            }
        }
        if (crowd) {
            collector.remark("crowds, which are read and never carried over", where);
        }
        return new Annotation(
                category.name,
                keypoints(fields, category, where, collector),
                box(fields),
                polygons,
                mask,
                crowd,
                fields.number("score", 1));
    }

    private static @Nullable Box box(Fields fields) {
        JsonArray sides = fields.arrayOrNone("bbox");
        if (sides.isEmpty()) {
            return null;
        }
        if (sides.size() != 4) {
            throw Fields.broken("bbox", "[left, top, width, height]", sides);
        }
        double left = Fields.number(sides.get(0), "bbox");
        double top = Fields.number(sides.get(1), "bbox");
        double width = Fields.number(sides.get(2), "bbox");
        double height = Fields.number(sides.get(3), "bbox");
        return width == 0 && height == 0 ? null : new Box(left, top, left + width, top + height);
    }

    private static Map<String, Annotation.Keypoint> keypoints(
            Fields fields, Category category, String where, LabelCollector collector) {
        JsonArray numbers = fields.arrayOrNone("keypoints");
        JsonArray scores = fields.arrayOrNone("keypoint_scores");
        Map<String, Annotation.Keypoint> points = new LinkedHashMap<>();
        if (numbers.size() % 3 != 0
                || (!category.keypoints.isEmpty() && numbers.size() > 3 * category.keypoints.size())) {
            throw Fields.broken("keypoints", "x, y, v of each of " + category.keypoints.size(), numbers);
        }
        for (int i = 0; i < numbers.size() / 3; i++) {
            int visible = Fields.integer(numbers.get(3 * i + 2), "keypoints");
            String name = i < category.keypoints.size() ? category.keypoints.get(i) : String.valueOf(i + 1);
            if (visible == 1) {
                collector.remark("hidden key points left out", name + " of " + where);
            } else if (visible > 1) {
                points.put(
                        name,
                        new Annotation.Keypoint(
                                new Point(
                                        Fields.number(numbers.get(3 * i), "keypoints"),
                                        Fields.number(numbers.get(3 * i + 1), "keypoints")),
                                i < scores.size() ? Fields.number(scores.get(i), "keypoint_scores") : 1));
            }
        }
        return points;
    }

    private static List<Point> polygon(JsonElement element) {
        JsonArray numbers = Fields.arrayOf(element, "segmentation");
        if (numbers.size() < 6 || numbers.size() % 2 != 0) {
            throw Fields.broken("segmentation", "lists of x, y of three corners or more", element);
        }
        List<Point> corners = new ArrayList<>();
        for (int i = 0; i < numbers.size(); i += 2) {
            corners.add(new Point(
                    Fields.number(numbers.get(i), "segmentation"), Fields.number(numbers.get(i + 1), "segmentation")));
        }
        return corners;
    }

    /** Null where it is of another size than the picture; no memory is taken for that. */
    private static @Nullable Mask mask(Fields runs, Size picture) {
        JsonArray sides = runs.array("size");
        if (sides.size() != 2) {
            throw Fields.broken("size", "[height, width]", sides);
        }
        Size size = new Size(Fields.integer(sides.get(1), "size"), Fields.integer(sides.get(0), "size"));
        if (!size.equals(picture)) {
            return null;
        }
        if (!(runs.get("counts") instanceof JsonArray list)) {
            return MaskRle.mask(size, MaskRle.counts(runs.text("counts")));
        }
        int[] counts = new int[list.size()];
        for (int i = 0; i < counts.length; i++) {
            counts[i] = Fields.integer(list.get(i), "counts");
        }
        return MaskRle.mask(size, counts);
    }
}
