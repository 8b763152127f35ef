package io.github.dhf4j.eval.annotation;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.github.dhf4j.data.Box;
import io.github.dhf4j.image.Size;
import io.github.dhf4j.io.Json;
import io.github.dhf4j.io.JsonLines;
import io.github.dhf4j.matching.Point;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * JSON Lines of this library, an object a picture: {@code path}, {@code width}, {@code height} and {@code annotations}, each
 * with {@code category} and what there is of {@code keypoints} (names), {@code points} ([x, y]), {@code confidences},
 * {@code bounding_box} ([left, top, right, bottom]), {@code polygons}, {@code mask} (COCO's run lengths as text),
 * {@code crowd}, {@code confidence}. Lists of pairs are read too: both pictures of each pair.
 */
public final class AnnotationLines {
    private AnnotationLines() {}

    /**
     * A picture as a line.
     *
     * @param image the picture
     * @param path what its file is called there
     * @return the line's object
     */
    public static JsonObject line(LabelledImage image, String path) {
        JsonObject line = new JsonObject();
        line.addProperty("path", path);
        line.addProperty("width", image.size().width());
        line.addProperty("height", image.size().height());
        JsonArray list = new JsonArray();
        image.annotations().forEach(annotation -> list.add(object(annotation)));
        line.add("annotations", list);
        return line;
    }

    /**
     * The picture of a line.
     *
     * @param line as {@link #line} gives it
     * @param path its file
     * @return the picture
     * @throws IllegalArgumentException if a field is not as it must be
     */
    public static LabelledImage image(JsonObject line, Path path) {
        Fields fields = new Fields(line);
        Size size = new Size(fields.integer("width"), fields.integer("height"));
        List<Annotation> annotations = new ArrayList<>();
        for (JsonElement element : fields.array("annotations")) {
            annotations.add(annotation(Fields.of(element, "annotation"), size));
        }
        return new LabelledImage(path, size, annotations);
    }

    static void read(Path list, LabelCollector collector) throws IOException {
        Map<String, Map<String, Annotation>> ofPairs = new LinkedHashMap<>();
        for (JsonLines.Line line : JsonLines.read(list)) {
            String where = "line " + line.number();
            try {
                Fields fields = new Fields(line.object());
                if (fields.has("source_path")) {
                    for (String side : List.of("source_", "target_")) {
                        Annotation read = ofPair(fields, side);
                        ofPairs.computeIfAbsent(fields.text(side + "path"), key -> new LinkedHashMap<>())
                                .merge(read.category(), read, AnnotationLines::joined);
                    }
                } else {
                    readPicture(fields, where, collector);
                }
            } catch (IllegalArgumentException e) {
                collector.remark("damaged lines left out", where + ": " + e.getMessage());
            }
        }
        ofPairs.forEach((name, annotations) -> {
            Path path = collector.find(name);
            Size size = path == null ? null : collector.size(path, null);
            if (path != null && size != null) {
                annotations.values().forEach(each -> collector.add(path, size, each, name));
            }
        });
    }

    private static void readPicture(Fields fields, String where, LabelCollector collector) {
        Path path = collector.find(fields.text("path"));
        Size annotated = fields.has("width") ? new Size(fields.integer("width"), fields.integer("height")) : null;
        Size size = path == null ? null : collector.size(path, annotated);
        if (path != null && size != null) {
            collector.addPicture(path);
            for (JsonElement element : fields.array("annotations")) {
                collector.add(path, size, annotation(Fields.of(element, "annotation"), size), where);
            }
        }
    }

    /** Pairs hold the points that both of their pictures show: several say more of one than each. */
    private static Annotation joined(Annotation a, Annotation b) {
        Map<String, Annotation.Keypoint> points = new LinkedHashMap<>(b.points());
        points.putAll(a.points());
        return new Annotation(a.category(), points, a.box() != null ? a.box() : b.box(), List.of(), null, false, 1);
    }

    private static Annotation ofPair(Fields fields, String side) {
        return new Annotation(
                fields.text("category", "none"),
                keypoints(fields, side + "points"),
                fields.corners(side + "bounding_box"),
                List.of(),
                null,
                false,
                1);
    }

    private static Map<String, Annotation.Keypoint> keypoints(Fields fields, String key) {
        List<Point> points = fields.points(key);
        List<String> names = fields.texts("keypoints");
        JsonArray confidences = fields.arrayOrNone("confidences");
        if (!names.isEmpty() && names.size() != points.size()) {
            throw Fields.broken(
                    "keypoints", "a name for each of " + points.size() + " points", fields.get("keypoints"));
        }
        Map<String, Annotation.Keypoint> known = new LinkedHashMap<>();
        for (int i = 0; i < points.size(); i++) {
            known.put(
                    names.isEmpty() ? String.valueOf(i + 1) : names.get(i),
                    new Annotation.Keypoint(
                            points.get(i),
                            i < confidences.size() ? Fields.number(confidences.get(i), "confidences") : 1));
        }
        return known;
    }

    private static Annotation annotation(Fields fields, Size size) {
        List<List<Point>> polygons = new ArrayList<>();
        for (JsonElement polygon : fields.arrayOrNone("polygons")) {
            polygons.add(Fields.points(polygon, "polygons"));
        }
        return new Annotation(
                fields.text("category"),
                keypoints(fields, "points"),
                fields.corners("bounding_box"),
                polygons,
                fields.has("mask") ? MaskRle.mask(size, MaskRle.counts(fields.text("mask"))) : null,
                fields.flag("crowd"),
                fields.number("confidence", 1));
    }

    private static JsonObject object(Annotation annotation) {
        JsonObject object = new JsonObject();
        object.addProperty("category", annotation.category());
        if (!annotation.points().isEmpty()) {
            JsonArray points = new JsonArray();
            annotation.points().values().forEach(point -> points.add(array(point.at())));
            object.add("keypoints", Json.array(annotation.points().keySet()));
            object.add("points", points);
            object.add(
                    "confidences",
                    Json.array(annotation.points().values().stream()
                            .map(Annotation.Keypoint::confidence)
                            .toList()));
        }
        @Nullable Box box = annotation.box();
        if (box != null) {
            object.add("bounding_box", Json.array(List.of(box.left(), box.top(), box.right(), box.bottom())));
        }
        if (!annotation.polygons().isEmpty()) {
            JsonArray polygons = new JsonArray();
            for (List<Point> polygon : annotation.polygons()) {
                JsonArray corners = new JsonArray();
                polygon.forEach(corner -> corners.add(array(corner)));
                polygons.add(corners);
            }
            object.add("polygons", polygons);
        }
        @Nullable Mask mask = annotation.mask();
        if (mask != null) {
            object.addProperty("mask", MaskRle.text(MaskRle.counts(mask)));
        }
        if (annotation.crowd()) {
            object.addProperty("crowd", true);
        }
        object.addProperty("confidence", annotation.confidence());
        return object;
    }

    private static JsonArray array(Point point) {
        return Json.array(List.of(point.x(), point.y()));
    }
}
