package io.github.dhf4j.transfer;

import io.github.dhf4j.data.Box;
import io.github.dhf4j.eval.annotation.Mask;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/** The bounds of most pixels of a mask: of a thing of which only a box is known, some cells of its background match too. */
final class RobustBounds {
    /** Of the pixels, so many lie beyond each side. */
    private static final double BEYOND = 0.02;

    private RobustBounds() {}

    /** Null where the mask is empty. */
    static @Nullable Box of(Mask mask) {
        int[] columns = new int[mask.size().width()];
        int[] rows = new int[mask.size().height()];
        BitSet bits = mask.bits();
        for (int i = bits.nextSetBit(0); i >= 0; i = bits.nextSetBit(i + 1)) {
            rows[i / columns.length]++;
            columns[i % columns.length]++;
        }
        int area = mask.area();
        return area == 0
                ? null
                : new Box(first(columns, area), first(rows, area), last(columns, area) + 1.0, last(rows, area) + 1.0);
    }

    private static int first(int[] counts, int area) {
        int sum = 0;
        int at = -1;
        while (sum <= BEYOND * area) {
            sum += counts[++at];
        }
        return at;
    }

    private static int last(int[] counts, int area) {
        int sum = 0;
        int at = counts.length;
        while (sum <= BEYOND * area) {
            sum += counts[--at];
        }
        return at;
    }
}
