package io.github.dhf4j.matching;

import io.github.dhf4j.feature.DescriptorMap;
import io.github.dhf4j.image.Size;

/**
 * One over the length of each descriptor of a map interpolated to its match size. The squared length of an interpolated
 * descriptor is a quadratic form in the inner products of its four neighbours: own, right, down and both diagonals.
 * Inner products of a concatenation are sums over its parts, so parts can be added one after the other.
 */
final class UpsampledNorms {
    private static final double TINY = 1e-12;

    private final Size size;
    private final float[] own;
    private final float[] right;
    private final float[] below;
    private final float[] diagonal;
    private final float[] anti;

    UpsampledNorms(Size size) {
        this.size = size;
        int cells = size.width() * size.height();
        own = new float[cells];
        right = new float[cells];
        below = new float[cells];
        diagonal = new float[cells];
        anti = new float[cells];
    }

    UpsampledNorms add(DescriptorMap part) {
        int w = size.width();
        int cells = own.length;
        // copied, so that all arrays of a loop begin at the same index: in place it would take four times as long
        float[] here = new float[cells];
        float[] beside = new float[cells];
        float[] under = new float[cells];
        float[] across = new float[cells];
        for (int c = 0; c < part.channels(); c++) {
            int base = c * cells;
            copy(part, base, 0, here);
            copy(part, base, 1, beside);
            copy(part, base, w, under);
            copy(part, base, w + 1, across);
            addProducts(here, here, own, cells);
            addProducts(here, beside, right, cells - 1);
            addProducts(here, under, below, cells - w);
            addProducts(here, across, diagonal, cells - w - 1);
            addProducts(beside, under, anti, cells - w);
        }
        return this;
    }

    /** A channel's numbers from some cell on; of a map that ends before it none. */
    private static void copy(DescriptorMap part, int base, int from, float[] numbers) {
        if (from < numbers.length) {
            System.arraycopy(part.values(), base + from, numbers, 0, numbers.length - from);
        }
    }

    private static void addProducts(float[] first, float[] second, float[] sums, int count) {
        for (int p = 0; p < count; p++) {
            sums[p] += first[p] * second[p];
        }
    }

    /** Row by row, one number a pixel of the match size. */
    float[] inverse(BilinearAxis across, BilinearAxis down) {
        int w = size.width();
        int h = size.height();
        float[] inverse = new float[across.size() * down.size()];
        for (int y = 0, i = 0; y < down.size(); y++) {
            int row = down.low()[y] * w;
            double v = down.fraction()[y];
            int step = v > 0 && down.low()[y] < h - 1 ? w : 0;
            for (int x = 0; x < across.size(); x++, i++) {
                double u = across.fraction()[x];
                int p = row + across.low()[x];
                int q = u > 0 ? p + 1 : p;
                double a = (1 - u) * (1 - v);
                double b = u * (1 - v);
                double c = (1 - u) * v;
                double d = u * v;
                double squared = a * a * own[p]
                        + b * b * own[q]
                        + c * c * own[p + step]
                        + d * d * own[q + step]
                        + 2
                                * (a * b * right[p]
                                        + a * c * below[p]
                                        + a * d * diagonal[p]
                                        + b * c * anti[p]
                                        + b * d * below[q]
                                        + c * d * right[p + step]);
                inverse[i] = (float) (1 / Math.sqrt(Math.max(squared, TINY)));
            }
        }
        return inverse;
    }
}
