package io.github.dhf4j.matching;

import io.github.dhf4j.feature.DescriptorMap;

/** Descriptors cell by cell, as products of matrices take them: the product of two of length 1 is their cosine. */
public final class UnitDescriptors {
    private UnitDescriptors() {}

    /**
     * All descriptors of a map at length 1.
     *
     * @param map of D channels
     * @return (cells, D), cells row by row; a descriptor of zeros stays one
     */
    public static float[] rows(DescriptorMap map) {
        int channels = map.channels();
        int cells = map.size().width() * map.size().height();
        float[] values = map.values();
        double[] lengths = lengths(map);
        float[] rows = new float[values.length];
        for (int p = 0; p < cells; p++) {
            float scale = (float) (1 / lengths[p]);
            for (int c = 0; c < channels; c++) {
                rows[p * channels + c] = values[c * cells + p] * scale;
            }
        }
        return rows;
    }

    /** The length of each cell's descriptor, above 0. */
    static double[] lengths(DescriptorMap map) {
        int cells = map.size().width() * map.size().height();
        float[] values = map.values();
        double[] lengths = new double[cells];
        for (int c = 0; c < map.channels(); c++) {
            for (int p = 0; p < cells; p++) {
                double value = values[c * cells + p];
                lengths[p] += value * value;
            }
        }
        for (int p = 0; p < cells; p++) {
            lengths[p] = Math.max(Math.sqrt(lengths[p]), 1e-12);
        }
        return lengths;
    }
}
