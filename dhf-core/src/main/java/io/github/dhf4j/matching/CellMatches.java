package io.github.dhf4j.matching;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.dhf4j.feature.DescriptorMap;
import io.github.dhf4j.feature.MatchEvidence;
import io.github.dhf4j.io.HostTensors;
import io.github.dhf4j.tensor.TorchEngine;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Nearest neighbours between all cells of two maps, in both directions, from products of a thousand rows at a time.
 *
 * @param forward for each source cell the best target cell, first of equals
 * @param backward for each target cell the best source cell, first of equals
 * @param cosines for each source cell the cosine with its best target cell
 * @param evidence for each source cell what tells how far its match can be trusted; empty where it was not asked for
 */
record CellMatches(int[] forward, int[] backward, float[] cosines, List<MatchEvidence> evidence) {
    private static final int ROWS = 1024;

    static CellMatches of(DescriptorMap source, DescriptorMap target) {
        return of(source, target, false);
    }

    static CellMatches of(DescriptorMap source, DescriptorMap target, boolean withEvidence) {
        float[] rows = unitRows(source);
        float[] columns = unitRows(target);
        int channels = source.channels();
        int n = rows.length / channels;
        int m = columns.length / channels;
        int[] forward = new int[n];
        float[] cosines = new float[n];
        int[] backward = new int[m];
        float[] best = new float[m];
        List<MatchEvidence> evidence = new ArrayList<>();
        Arrays.fill(best, Float.NEGATIVE_INFINITY);
        try (NDManager manager = TorchEngine.newManager(Device.cpu());
                NDArray targets =
                        HostTensors.of(manager, columns, new Shape(m, channels)).transpose()) {
            for (int begin = 0; begin < n; begin += ROWS) {
                int count = Math.min(ROWS, n - begin);
                float[] some = Arrays.copyOfRange(rows, begin * channels, (begin + count) * channels);
                float[] products;
                try (NDArray block = HostTensors.of(manager, some, new Shape(count, channels));
                        NDArray product = block.matMul(targets)) {
                    products = HostTensors.floats(product);
                }
                for (int i = 0; i < count; i++) {
                    int row = i * m;
                    int at = 0;
                    for (int j = 0; j < m; j++) {
                        float cosine = products[row + j];
                        if (cosine > products[row + at]) {
                            at = j;
                        }
                        if (cosine > best[j]) {
                            best[j] = cosine;
                            backward[j] = begin + i;
                        }
                    }
                    forward[begin + i] = at;
                    cosines[begin + i] = products[row + at];
                    if (withEvidence) {
                        evidence.add(MatchTrust.ofCells(Arrays.copyOfRange(products, row, row + m), at, target));
                    }
                }
            }
        }
        for (int i = 0; i < evidence.size(); i++) {
            double wayBack = MatchTrust.wayBack(source, i, backward[forward[i]]);
            evidence.set(i, evidence.get(i).withWayBack(wayBack));
        }
        return new CellMatches(forward, backward, cosines, evidence);
    }

    /** (cells, D), each row of length 1. */
    private static float[] unitRows(DescriptorMap map) {
        int channels = map.channels();
        int cells = map.size().width() * map.size().height();
        float[] values = map.values();
        double[] squares = new double[cells];
        for (int c = 0; c < channels; c++) {
            for (int p = 0; p < cells; p++) {
                double value = values[c * cells + p];
                squares[p] += value * value;
            }
        }
        float[] rows = new float[values.length];
        for (int p = 0; p < cells; p++) {
            float scale = (float) (1 / Math.max(Math.sqrt(squares[p]), 1e-12));
            for (int c = 0; c < channels; c++) {
                rows[p * channels + c] = values[c * cells + p] * scale;
            }
        }
        return rows;
    }
}
