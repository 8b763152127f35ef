package io.github.dhf4j.eval.annotation;

import io.github.dhf4j.data.Box;
import io.github.dhf4j.image.Size;
import io.github.dhf4j.matching.Point;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one thing in a picture, in the picture's pixels. Any of points, box, polygons and mask may be missing.
 *
 * @param category what it is
 * @param points key points that can be seen, by name, in order
 * @param box its box; null for none
 * @param polygons its area as the union of these; empty for none
 * @param mask its area in pixels; null for none
 * @param crowd whether it stands for several things that nobody told apart
 * @param confidence of box, polygons and mask, 0 to 1; 1 for what people made
 */
public record Annotation(
        String category,
        Map<String, Keypoint> points,
        @Nullable Box box,
        List<List<Point>> polygons,
        @Nullable Mask mask,
        boolean crowd,
        double confidence) {
    /**
     * A key point.
     *
     * @param at where
     * @param confidence that it is there, 0 to 1; 1 for what people made
     */
    public record Keypoint(Point at, double confidence) {}

    /**
     * Copies the lists.
     *
     * @param category as above
     * @param points as above
     * @param box as above
     * @param polygons as above
     * @param mask as above
     * @param crowd as above
     * @param confidence as above
     */
    public Annotation {
        points = Collections.unmodifiableMap(new LinkedHashMap<>(points));
        polygons = polygons.stream().map(List::copyOf).toList();
    }

    /**
     * What people made of points and a box.
     *
     * @param category what it is
     * @param points by name
     * @param box its box; null for none
     * @return an annotation of confidence 1
     */
    public static Annotation of(String category, Map<String, Point> points, @Nullable Box box) {
        Map<String, Keypoint> known = new LinkedHashMap<>();
        points.forEach((name, at) -> known.put(name, new Keypoint(at, 1)));
        return new Annotation(category, known, box, List.of(), null, false, 1);
    }

    /**
     * The same with an area.
     *
     * @param area in pixels
     * @return a changed copy
     */
    public Annotation withMask(Mask area) {
        return new Annotation(category, points, box, polygons, area, crowd, confidence);
    }

    /**
     * The same with an area.
     *
     * @param area as the union of these
     * @return a changed copy
     */
    public Annotation withPolygons(List<List<Point>> area) {
        return new Annotation(category, points, box, area, mask, crowd, confidence);
    }

    /**
     * Whether there is nothing in it.
     *
     * @return true without points, box, polygons and mask
     */
    public boolean isEmpty() {
        return points.isEmpty() && !hasRegion();
    }

    /**
     * Whether more than points is known.
     *
     * @return true with a box, polygons or a mask
     */
    public boolean hasRegion() {
        return box != null || mask != null || !polygons.isEmpty();
    }

    /**
     * The area in pixels.
     *
     * @param image the picture's size
     * @return the mask, or the polygons' pixels; null where neither is known
     */
    public @Nullable Mask area(Size image) {
        return mask != null || polygons.isEmpty() ? mask : Mask.ofPolygons(image, polygons);
    }

    /**
     * The box, or the bounds of the first that is known of mask, polygons and points.
     *
     * @return null where there is none, or only one point
     */
    public @Nullable Box bounds() {
        if (box != null) {
            return box;
        }
        if (mask != null && mask.bounds() != null) {
            return mask.bounds();
        }
        return polygons.isEmpty()
                ? bounds(points.values().stream().map(Keypoint::at).toList())
                : bounds(polygons.stream().flatMap(List::stream).toList());
    }

    /**
     * The least confidence of its parts.
     *
     * @return 0 to 1; 1 for an empty one
     */
    public double worst() {
        return DoubleStream.concat(
                        points.values().stream().mapToDouble(Keypoint::confidence),
                        hasRegion() ? DoubleStream.of(confidence) : DoubleStream.empty())
                .min()
                .orElse(1);
    }

    /**
     * The mean confidence of its parts: how sure the whole is.
     *
     * @return 0 to 1; 1 for an empty one
     */
    public double score() {
        return DoubleStream.concat(
                        points.values().stream().mapToDouble(Keypoint::confidence),
                        hasRegion() ? DoubleStream.of(confidence) : DoubleStream.empty())
                .average()
                .orElse(1);
    }

    static @Nullable Box bounds(Collection<Point> points) {
        double left = points.stream().mapToDouble(Point::x).min().orElse(0);
        double right = points.stream().mapToDouble(Point::x).max().orElse(0);
        double top = points.stream().mapToDouble(Point::y).min().orElse(0);
        double bottom = points.stream().mapToDouble(Point::y).max().orElse(0);
        return right > left && bottom > top ? new Box(left, top, right, bottom) : null;
    }
}
