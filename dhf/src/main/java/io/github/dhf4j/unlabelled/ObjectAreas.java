package io.github.dhf4j.unlabelled;

import io.github.dhf4j.data.Box;
import io.github.dhf4j.eval.annotation.Annotation;
import io.github.dhf4j.eval.annotation.LabelledImage;
import io.github.dhf4j.eval.annotation.Labels;
import io.github.dhf4j.eval.annotation.Mask;
import io.github.dhf4j.image.Size;
import io.github.dhf4j.io.Digests;
import io.github.dhf4j.matching.Point;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which pixels of pictures belong to things: as far as known by masks, else by a pair's boxes, else all. Immutable. */
public final class ObjectAreas {
    /** No masks are known. */
    public static final ObjectAreas BOXES = new ObjectAreas(new Labels(List.of(), List.of()));

    private final Map<Path, Mask> masks = new LinkedHashMap<>();

    /**
     * Takes masks and polygons from labels; of several things in a picture all.
     *
     * @param labels of the pictures that are trained on
     */
    public ObjectAreas(Labels labels) {
        for (LabelledImage image : labels.images()) {
            for (Annotation annotation : image.annotations()) {
                Mask area = annotation.area(image.size());
                if (area != null) {
                    masks.merge(key(image.path()), area, Mask::or);
                }
            }
        }
    }

    /** Whether a point lies on a thing. */
    boolean has(Path image, @Nullable Box box, Size size, Point point) {
        Mask mask = masks.get(key(image));
        if (mask != null && mask.size().equals(size)) {
            return mask.at((int) Math.rint(point.x()), (int) Math.rint(point.y()));
        }
        return box == null
                || (point.x() >= box.left()
                        && point.x() <= box.right()
                        && point.y() >= box.top()
                        && point.y() <= box.bottom());
    }

    /** Differs where the masks do. */
    String digest() {
        StringBuilder all = new StringBuilder();
        masks.forEach((path, mask) ->
                all.append(path.getFileName()).append(mask.bits().hashCode()).append('\n'));
        return Digests.of(all.toString());
    }

    private static Path key(Path path) {
        return path.toAbsolutePath().normalize();
    }
}
