package io.github.dhf4j.eval.match;

import io.github.dhf4j.feature.DescriptorMap;

/**
 * One over the length of each descriptor of a map interpolated to its load size. The squared length of an interpolated
 * descriptor is a quadratic form in the inner products of its four neighbours: own, right, down and both diagonals.
 */
final class UpsampledNorms {
    private static final double TINY = 1e-12;

    private UpsampledNorms() {}

    /** Row by row, one number a pixel of the load size. */
    static float[] inverse(DescriptorMap map, BilinearAxis across, BilinearAxis down) {
        int w = map.size().width();
        int h = map.size().height();
        float[] own = products(map, 0, 0);
        float[] right = products(map, 0, 1);
        float[] below = products(map, 0, w);
        float[] diagonal = products(map, 0, w + 1);
        float[] anti = products(map, 1, w);
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

    /** Inner products of cell p + from with cell p + to, for every p for which both are cells; 0 elsewhere. */
    private static float[] products(DescriptorMap map, int from, int to) {
        int cells = map.size().width() * map.size().height();
        int count = Math.max(0, cells - Math.max(from, to));
        float[] values = map.values();
        float[] sums = new float[cells];
        for (int c = 0; c < map.channels(); c++) {
            int first = c * cells + from;
            int second = c * cells + to;
            for (int p = 0; p < count; p++) {
                sums[p] += values[first + p] * values[second + p];
            }
        }
        return sums;
    }
}
