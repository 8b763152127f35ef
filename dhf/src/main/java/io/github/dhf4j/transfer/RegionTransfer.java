package io.github.dhf4j.transfer;

import io.github.dhf4j.data.Box;
import io.github.dhf4j.eval.annotation.Annotation;
import io.github.dhf4j.eval.annotation.Mask;
import io.github.dhf4j.feature.DescriptorMap;
import io.github.dhf4j.image.Size;
import io.github.dhf4j.matching.Correspondence;
import io.github.dhf4j.matching.CorrespondenceMatcher;
import io.github.dhf4j.matching.MatchOptions;
import io.github.dhf4j.matching.Point;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The area of one thing: each cell of a target is compared with all cells of the exemplars inside the area and with all
 * outside, and belongs to it where the best inside is better.
 */
final class RegionTransfer {
    private final CorrespondenceMatcher matcher;
    private final DescriptorMap inside;
    private final @Nullable DescriptorMap outside;
    private final MatchConfidence confidence;

    /**
     * The area in a target.
     *
     * @param mask its pixels
     * @param confidence the mean of its cells'; 0 without any
     */
    record Found(Mask mask, double confidence) {}

    private RegionTransfer(
            CorrespondenceMatcher matcher,
            DescriptorMap inside,
            @Nullable DescriptorMap outside,
            MatchConfidence confidence) {
        this.matcher = matcher;
        this.inside = inside;
        this.outside = outside;
        this.confidence = confidence;
    }

    /** Null where no exemplar has an area of a pixel or more. */
    static @Nullable RegionTransfer of(
            CorrespondenceMatcher matcher, List<ThingTransfer.Of> exemplars, MatchConfidence confidence) {
        List<CellBag.Cells> within = new ArrayList<>();
        List<CellBag.Cells> without = new ArrayList<>();
        for (ThingTransfer.Of of : exemplars) {
            @Nullable Mask area = area(of);
            if (area != null) {
                boolean[] cells = MapCells.inside(of.map(), area);
                within.add(new CellBag.Cells(of.map(), cells, true));
                without.add(new CellBag.Cells(of.map(), cells, false));
            }
        }
        DescriptorMap inside = CellBag.of(within);
        return inside == null ? null : new RegionTransfer(matcher, inside, CellBag.of(without), confidence);
    }

    private static @Nullable Mask area(ThingTransfer.Of of) {
        Annotation annotation = of.annotation();
        Size size = of.map().imageSize();
        @Nullable Mask area = annotation.area(size);
        @Nullable Box box = annotation.box();
        return area != null || box == null ? area : Mask.ofBox(size, box);
    }

    Found to(DescriptorMap target) {
        List<Correspondence> in = matcher.matchAll(target, inside, MatchOptions.NEAREST);
        List<Correspondence> out =
                outside == null ? List.of() : matcher.matchAll(target, outside, MatchOptions.NEAREST);
        List<Correspondence> back = matcher.matchAll(inside, target, MatchOptions.NEAREST);
        double side = target.imageSize().longerSide();
        float[] margins = new float[in.size()];
        double sum = 0;
        int cells = 0;
        for (int i = 0; i < margins.length; i++) {
            double cosine = in.get(i).similarity();
            double margin = cosine - (out.isEmpty() ? -1 : out.get(i).similarity());
            margins[i] = (float) margin;
            if (margin > 0) {
                Point there = back.get(CellBag.cell(in.get(i).target())).target();
                Point here = in.get(i).source();
                double wayBack = there.distanceTo(here) / side;
                sum += confidence.of(cosine, margin, wayBack);
                cells++;
            }
        }
        return new Found(MapCells.pixels(target, margins), cells == 0 ? 0 : sum / cells);
    }
}
