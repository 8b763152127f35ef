package io.github.dhf4j.eval.annotation;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.github.dhf4j.data.Box;
import io.github.dhf4j.image.RgbImage;
import io.github.dhf4j.image.Size;
import io.github.dhf4j.io.Texts;
import io.github.dhf4j.matching.Point;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads LabelMe's files: points, rectangles, polygons, circles and masks. Shapes of one {@code group_id} are one thing; without one
 * each area is a thing, and the points belong to it if there is only one.
 */
final class LabelMe {
    /** What a thing is called of which only points are labelled. */
    static final String UNNAMED = "object";

    private static final int CORNERS_OF_A_CIRCLE = 64;

    private LabelMe() {}

    /** What is known of one thing so far. */
    private static final class Thing {
        private @Nullable String category;
        private final Map<String, Annotation.Keypoint> points = new LinkedHashMap<>();
        private @Nullable Box box;
        private final List<List<Point>> polygons = new ArrayList<>();
        private @Nullable Mask mask;
        private double confidence = 1;

        Annotation annotation() {
            return new Annotation(
                    category == null ? UNNAMED : category, points, box, polygons, mask, false, confidence);
        }
    }

    static void read(JsonObject root, Path file, LabelCollector collector) {
        Fields fields = new Fields(root);
        String name = fields.text("imagePath").replace('\\', '/');
        Path beside = file.resolveSibling(name);
        Path picture = Files.isRegularFile(beside) ? beside.normalize() : collector.find(name);
        Size annotated = fields.has("imageWidth") && fields.has("imageHeight")
                ? new Size(fields.integer("imageWidth"), fields.integer("imageHeight"))
                : null;
        Size size = picture == null ? null : collector.size(picture, annotated);
        if (picture == null || size == null) {
            return;
        }
        collector.addPicture(picture);
        Map<String, Thing> things = new LinkedHashMap<>();
        List<Fields> points = new ArrayList<>();
        int number = 0;
        for (JsonElement element : fields.array("shapes")) {
            String where = "shape " + ++number + " of " + file.getFileName();
            try {
                Fields shape = Fields.of(element, "shape");
                if (shape.has("group_id")) {
                    put(things.computeIfAbsent("group " + shape.integer("group_id"), key -> new Thing()), shape, size);
                } else if (shape.text("shape_type", "polygon").equals("point")) {
                    points.add(shape);
                } else {
                    put(things.computeIfAbsent(where, key -> new Thing()), shape, size);
                }
            } catch (IOException | IllegalArgumentException e) {
                collector.remark("damaged shapes left out", where + ": " + Texts.reason(e));
            }
        }
        things.values().removeIf(thing -> thing.annotation().isEmpty());
        Thing owner = things.size() == 1 ? things.values().iterator().next() : new Thing();
        for (Fields point : points) {
            putPoint(owner, point);
        }
        if (!points.isEmpty() && !things.containsValue(owner)) {
            things.put("points", owner);
        }
        things.forEach((where, thing) ->
                collector.add(picture, size, thing.annotation(), where + " of " + file.getFileName()));
    }

    private static void putPoint(Thing thing, Fields shape) {
        List<Point> points = shape.points("points");
        if (points.size() != 1) {
            throw Fields.broken("points", "one point", shape.get("points"));
        }
        thing.points.put(shape.text("label"), new Annotation.Keypoint(points.get(0), confidence(shape)));
        if (shape.has("category")) {
            thing.category = shape.text("category");
        }
    }

    private static double confidence(Fields shape) {
        return shape.number("confidence", 1);
    }

    private static void put(Thing thing, Fields shape, Size size) throws IOException {
        List<Point> points = shape.points("points");
        String type = shape.text("shape_type", "polygon");
        if (type.equals("point")) {
            putPoint(thing, shape);
            return;
        }
        if (points.size() < (type.equals("polygon") ? 3 : 2)) {
            throw Fields.broken("points", "the corners of a " + type, shape.get("points"));
        }
        switch (type) {
            case "polygon" -> thing.polygons.add(points);
            case "rectangle" -> {
                Box box = Annotation.bounds(points);
                if (box == null) {
                    throw Fields.broken("points", "two corners of a rectangle", shape.get("points"));
                }
                thing.box = box;
            }
            case "circle" -> thing.polygons.add(circle(points.get(0), points.get(1)));
            case "mask" -> thing.mask = mask(shape.text("mask"), points.get(0), size);
            default ->
                throw new IllegalArgumentException(
                        "'shape_type' must be point, rectangle, polygon, circle or mask, got " + Texts.shown(type));
        }
        thing.category = shape.text("label");
        thing.confidence = confidence(shape);
    }

    private static List<Point> circle(Point centre, Point border) {
        double radius = border.distanceTo(centre);
        List<Point> corners = new ArrayList<>();
        for (int i = 0; i < CORNERS_OF_A_CIRCLE; i++) {
            double angle = 2 * Math.PI * i / CORNERS_OF_A_CIRCLE;
            corners.add(new Point(centre.x() + radius * Math.cos(angle), centre.y() + radius * Math.sin(angle)));
        }
        return corners;
    }

    /** The picture of a mask covers its box only. */
    private static Mask mask(String base64, Point corner, Size size) throws IOException {
        if (!corner.within(size).equals(corner)) {
            throw new IllegalArgumentException("mask must begin in its picture of " + size + ", got " + corner);
        }
        RgbImage part = RgbImage.read(Base64.getDecoder().decode(base64), "the mask of a shape");
        int left = (int) Math.rint(corner.x());
        int top = (int) Math.rint(corner.y());
        BitSet bits = new BitSet();
        for (int y = 0; y < part.height() && y + top < size.height(); y++) {
            for (int x = 0; x < part.width() && x + left < size.width(); x++) {
                if (part.samples()[3 * (y * part.width() + x)] != 0) {
                    bits.set((y + top) * size.width() + x + left);
                }
            }
        }
        return new Mask(size, bits);
    }
}
