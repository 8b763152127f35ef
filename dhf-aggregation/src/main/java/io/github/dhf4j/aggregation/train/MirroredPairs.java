package io.github.dhf4j.aggregation.train;

import io.github.dhf4j.data.KeypointPair;
import io.github.dhf4j.matching.Point;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Pairs that are made of a pair by mirroring one image, which makes a left part a right one: points are paired with their
 * counterparts ({@link KeypointPair#counterparts}), and those that have none are left out. That both images are mirrored, which
 * leaves the points paired as they are, is {@link TrainingSettings#flip}.
 *
 * <p>Source: Zhang et al., Telling Left from Right, arXiv 2311.17034, section 4.2.
 */
public enum MirroredPairs {
    /** The first image mirrored, with the second as it is. */
    SOURCE,
    /** The first image with its own mirror image. */
    SELF;

    /** Such as "mirrored source". */
    String word() {
        return "mirrored " + name().toLowerCase(Locale.ROOT);
    }

    /** What is made of a pair; nothing where no point has a counterpart in it. */
    Optional<ViewPair> of(KeypointPair pair) {
        List<Integer> counterparts = pair.counterparts();
        List<Point> here = new ArrayList<>();
        List<Point> there = new ArrayList<>();
        for (int i = 0; i < counterparts.size(); i++) {
            int other = counterparts.get(i);
            if (other >= 0) {
                here.add(pair.sourcePoints().get(i));
                there.add((this == SOURCE ? pair.targetPoints() : pair.sourcePoints()).get(other));
            }
        }
        if (here.isEmpty()) {
            return Optional.empty();
        }
        ViewPair.Side first = new ViewPair.Side(new DescriptorLoss.View(pair.source(), true), here, pair.sourceBox());
        ViewPair.Side second = this == SOURCE
                ? new ViewPair.Side(DescriptorLoss.View.of(pair.target()), there, pair.targetBox())
                : new ViewPair.Side(DescriptorLoss.View.of(pair.source()), there, pair.sourceBox());
        return Optional.of(new ViewPair(pair.id() + ", " + word(), first, second));
    }
}
