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
        addProducts(part, 0, 0, own);
        addProducts(part, 0, 1, right);
        addProducts(part, 0, w, below);
        addProducts(part, 0, w + 1, diagonal);
        addProducts(part, 1, w, anti);
        return this;
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

    /** Inner products of cell p + from with cell p + to, for every p for which both are cells. */
    private static void addProducts(DescriptorMap map, int from, int to, float[] sums) {
        int cells = sums.length;
        int count = Math.max(0, cells - Math.max(from, to));
        float[] values = map.values();
        for (int c = 0; c < map.channels(); c++) {
            int first = c * cells + from;
            int second = c * cells + to;
            for (int p = 0; p < count; p++) {
                sums[p] += values[first + p] * values[second + p];
            }
        }
    }
}
