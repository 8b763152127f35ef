package io.github.dhf4j.transfer;

import io.github.dhf4j.data.Box;
import io.github.dhf4j.eval.annotation.Annotation;
import io.github.dhf4j.eval.annotation.Mask;
import io.github.dhf4j.eval.annotation.MaskOutline;
import io.github.dhf4j.feature.DescriptorMap;
import io.github.dhf4j.image.Size;
import io.github.dhf4j.matching.CorrespondenceMatcher;
import io.github.dhf4j.matching.Point;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** One thing of the exemplars, for all targets. */
final class ThingTransfer {
    /** An annotation of the thing, in one exemplar. */
    record Of(DescriptorMap map, Annotation annotation) {}

    private final List<Of> exemplars;
    private final PointTransfer points;
    private final @Nullable RegionTransfer region;
    private final double minimum;

    ThingTransfer(
            CorrespondenceMatcher matcher,
            List<Of> exemplars,
            @Nullable MatchConfidence ofPoints,
            MatchConfidence ofAreas,
            double minimum) {
        this.exemplars = List.copyOf(exemplars);
        this.minimum = minimum;
        points = new PointTransfer(matcher, exemplars, ofPoints, minimum);
        region = RegionTransfer.of(matcher, exemplars, ofAreas);
    }

    Transferred to(DescriptorMap target) {
        Map<String, Annotation.Keypoint> found = points.to(target);
        int leftOut = points.names().size() - found.size();
        String category = exemplars.get(0).annotation().category();
        @Nullable Box box = null;
        @Nullable Mask mask = null;
        List<List<Point>> polygons = List.of();
        double confidence = 1;
        if (region != null) {
            RegionTransfer.Found area = region.to(target);
            if (area.confidence() < minimum || area.mask().area() == 0) {
                leftOut++;
            } else {
                confidence = area.confidence();
                boolean hasArea = any(of -> of.mask() != null || !of.polygons().isEmpty());
                mask = any(of -> of.mask() != null) ? area.mask() : null;
                polygons = any(of -> !of.polygons().isEmpty())
                        ? MaskOutline.of(area.mask(), tolerance(target.imageSize()))
                        : List.of();
                if (any(of -> of.box() != null)) {
                    box = hasArea ? area.mask().bounds() : RobustBounds.of(area.mask());
                }
            }
        }
        Annotation annotation = new Annotation(category, found, box, polygons, mask, false, confidence);
        return new Transferred(annotation.isEmpty() ? List.of() : List.of(annotation), leftOut);
    }

    private boolean any(Predicate<Annotation> is) {
        return exemplars.stream().map(Of::annotation).anyMatch(is);
    }

    /** A pixel, and of large pictures a thousandth of their longer side: cells are far larger. */
    private static double tolerance(Size image) {
        return Math.max(1, image.longerSide() / 1000.0);
    }
}
