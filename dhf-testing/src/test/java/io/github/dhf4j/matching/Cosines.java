package io.github.dhf4j.matching;

import io.github.dhf4j.feature.DescriptorMap;

/** Cosines of single cells, by the definition. */
final class Cosines {
    private Cosines() {}

    /** Of cell {@code a} of the first map with cell {@code b} of the second, which has as many. */
    static double of(DescriptorMap first, int a, DescriptorMap second, int b) {
        int cells = first.size().width() * first.size().height();
        double dot = 0;
        double left = 0;
        double right = 0;
        for (int c = 0; c < first.channels(); c++) {
            double x = first.values()[c * cells + a];
            double y = second.values()[c * cells + b];
            dot += x * y;
            left += x * x;
            right += y * y;
        }
        return dot / Math.sqrt(left * right);
    }
}
