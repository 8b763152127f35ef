package io.github.dhf4j.aggregation.train;

import io.github.dhf4j.data.Box;
import io.github.dhf4j.data.KeypointPair;
import io.github.dhf4j.image.Size;
import io.github.dhf4j.matching.Point;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Two images as they are described, either mirrored or not, and points that mean the same.
 *
 * @param id for messages
 * @param source the first image
 * @param target the second, with as many points
 */
record ViewPair(String id, Side source, Side target) {
    /**
     * One of both images.
     *
     * @param view as it is described
     * @param points in pixels of the image as its file has it
     * @param box the object, likewise; null where none is known
     */
    record Side(
            DescriptorLoss.View view,
            List<Point> points,
            @Nullable Box box) {
        /** The points where the view has them, in pixels. */
        List<Point> seen(Size image, boolean mirroredOnceMore) {
            return view.mirrored() == mirroredOnceMore
                    ? points
                    : points.stream().map(point -> point.mirrored(image)).toList();
        }

        /** The longer side of the object, of the image where no box is known, in pixels. */
        double extent(Size image) {
            return box != null ? box.longerSide() : Math.max(image.width(), image.height());
        }
    }

    static ViewPair of(KeypointPair pair) {
        return new ViewPair(
                pair.id(),
                new Side(DescriptorLoss.View.of(pair.source()), pair.sourcePoints(), pair.sourceBox()),
                new Side(DescriptorLoss.View.of(pair.target()), pair.targetPoints(), pair.targetBox()));
    }
}
