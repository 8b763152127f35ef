package io.github.dhf4j.eval.annotation;

import io.github.dhf4j.data.Box;
import io.github.dhf4j.image.RgbImage;
import io.github.dhf4j.image.Size;
import io.github.dhf4j.io.Texts;
import io.github.dhf4j.matching.Point;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Takes annotations as they are read, finds their pictures, and keeps what lies in them. What does not is remarked. */
final class LabelCollector {
    private final List<Path> roots;
    private final Remarks remarks = new Remarks();
    private final Map<Path, List<Annotation>> annotations = new LinkedHashMap<>();
    private final Map<Path, Size> sizes = new HashMap<>();
    private final Map<Path, String> unusable = new HashMap<>();

    /** Pictures are looked for in the folder that is given, else beside the annotations and in {@code images} there. */
    LabelCollector(Path beside, @Nullable Path images) {
        Path parent = beside.toAbsolutePath().getParent();
        Path folder = Files.isDirectory(beside) || parent == null ? beside : parent;
        roots = images != null ? List.of(images) : List.of(folder, folder.resolve("images"));
    }

    void remark(String what, String example) {
        remarks.add(what, example);
    }

    /** A picture by the name that annotations have for it; it may lie flat in the folder. Null where there is none. */
    @Nullable
    Path find(String name) {
        try {
            for (Path root : roots) {
                Path whole = root.resolve(name);
                Path last = whole.getFileName();
                if (Files.isRegularFile(whole)) {
                    return whole;
                }
                if (last != null && Files.isRegularFile(root.resolve(last))) {
                    return root.resolve(last);
                }
            }
        } catch (InvalidPathException e) {
            // a name that no file has
        }
        remark("annotations of a missing picture left out", Texts.shown(name));
        return null;
    }

    List<Path> roots() {
        return roots;
    }

    /** The size of a picture; null where it cannot be used. */
    @Nullable
    Size size(Path picture, @Nullable Size annotated) {
        if (!sizes.containsKey(picture) && !unusable.containsKey(picture)) {
            try {
                sizes.put(picture, RgbImage.sizeOf(picture));
            } catch (IOException e) {
                unusable.put(picture, Texts.reason(e));
            }
        }
        Size size = sizes.get(picture);
        if (size == null) {
            remark("annotations of a broken picture left out", String.valueOf(unusable.get(picture)));
            return null;
        }
        if (annotated != null && !annotated.equals(size)) {
            remark(
                    "annotations made for a picture of another size left out",
                    picture.getFileName() + " is " + size + ", annotated as " + annotated);
            return null;
        }
        return size;
    }

    /** Keeps a picture of which nothing is annotated too. */
    void addPicture(Path picture) {
        annotations.computeIfAbsent(picture, key -> new ArrayList<>());
    }

    /** Keeps what of an annotation lies in its picture; where names its place for messages. */
    void add(Path picture, Size size, Annotation annotation, String where) {
        addPicture(picture);
        Map<String, Annotation.Keypoint> points = new LinkedHashMap<>(annotation.points());
        if (points.values().removeIf(point -> isOutside(point.at(), size))) {
            remark("annotations with points outside their picture, which are left out", where);
        }
        Box box = annotation.box() == null ? null : clipped(annotation.box(), size);
        List<List<Point>> polygons = new ArrayList<>();
        for (List<Point> polygon : annotation.polygons()) {
            List<Point> inside =
                    polygon.stream().map(point -> point.within(size)).toList();
            if (polygon.size() >= 3 && Annotation.bounds(inside) != null) {
                polygons.add(inside);
            }
        }
        Mask mask = annotation.mask();
        if (mask != null && (!mask.size().equals(size) || mask.area() == 0)) {
            remark(
                    mask.area() == 0 ? "empty masks left out" : "masks of another size than their picture left out",
                    where);
            mask = null;
        }
        if ((annotation.box() != null && box == null)
                || polygons.size() < annotation.polygons().size()) {
            remark("annotations with a box or polygon outside its picture or without area, which is left out", where);
        }
        Annotation kept = new Annotation(
                annotation.category(), points, box, polygons, mask, annotation.crowd(), annotation.confidence());
        if (kept.isEmpty()) {
            remark("annotations without anything in their picture left out", where);
        } else {
            annotations.computeIfAbsent(picture, key -> new ArrayList<>()).add(kept);
        }
    }

    private static boolean isOutside(Point point, Size size) {
        return point.x() < 0 || point.y() < 0 || point.x() > size.width() || point.y() > size.height();
    }

    private static @Nullable Box clipped(Box box, Size size) {
        return Annotation.bounds(List.of(
                new Point(box.left(), box.top()).within(size), new Point(box.right(), box.bottom()).within(size)));
    }

    Labels finish() {
        List<LabelledImage> images = new ArrayList<>();
        annotations.forEach((path, of) -> {
            Size size = sizes.get(path);
            if (size != null) {
                images.add(new LabelledImage(path, size, of));
            }
        });
        return new Labels(images, remarks.lines());
    }
}
