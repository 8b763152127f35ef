package io.github.dhf4j.examples;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.IntStream;

/** Intersection over union of cells, pooled over pictures, mean over the parts that any of them shows. */
final class MeanIou {
    private final List<long[]> intersections = new ArrayList<>();
    private final List<long[]> unions = new ArrayList<>();

    /** Adds a picture, cell by cell. */
    void add(long[] truth, long[] found) {
        long[] both = new long[PartPicture.NAMES.size()];
        long[] any = new long[both.length];
        for (int cell = 0; cell < truth.length; cell++) {
            any[(int) truth[cell]]++;
            if (truth[cell] == found[cell]) {
                both[(int) truth[cell]]++;
            } else {
                any[(int) found[cell]]++;
            }
        }
        intersections.add(both);
        unions.add(any);
    }

    double mean() {
        return mean(IntStream.range(0, unions.size()).toArray());
    }

    private double mean(int[] pictures) {
        return IntStream.range(0, PartPicture.NAMES.size())
                .filter(part -> sum(unions, part, pictures) > 0)
                .mapToDouble(part -> (double) sum(intersections, part, pictures) / sum(unions, part, pictures))
                .average()
                .orElse(0);
    }

    private static long sum(List<long[]> counts, int part, int[] pictures) {
        return Arrays.stream(pictures)
                .mapToLong(picture -> counts.get(picture)[part])
                .sum();
    }

    /** By how much it is above another of the same pictures, in percent, with the middle 95% of a thousand draws of these. */
    String above(MeanIou other) {
        Random random = new Random(0);
        double[] draws = IntStream.range(0, 1000)
                .mapToDouble(draw -> {
                    int[] pictures =
                            random.ints(unions.size(), 0, unions.size()).toArray();
                    return mean(pictures) - other.mean(pictures);
                })
                .sorted()
                .toArray();
        return String.format(
                Locale.ROOT, "%+.1f (%.1f to %.1f)", 100 * (mean() - other.mean()), 100 * draws[25], 100 * draws[974]);
    }
}
