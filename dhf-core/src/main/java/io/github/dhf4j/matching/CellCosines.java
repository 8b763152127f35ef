package io.github.dhf4j.matching;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.dhf4j.feature.DescriptorMap;
import io.github.dhf4j.io.HostTensors;
import io.github.dhf4j.tensor.TorchEngine;
import java.util.Arrays;

/** Cosines between all cells of two maps, from products of a thousand source cells at a time. */
final class CellCosines {
    private static final int ROWS = 1024;

    private CellCosines() {}

    /** What is done with the cosines of some source cells. */
    @FunctionalInterface
    interface Visitor {
        /** {@code products} has a row of all target cells for each of {@code count} source cells from {@code begin} on. */
        void visit(int begin, int count, float[] products);
    }

    static void visit(DescriptorMap source, DescriptorMap target, Visitor visitor) {
        float[] rows = UnitDescriptors.rows(source);
        float[] columns = UnitDescriptors.rows(target);
        int channels = source.channels();
        int n = rows.length / channels;
        int m = columns.length / channels;
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
                visitor.visit(begin, count, products);
            }
        }
    }

    /** What cosines with a map's cells are times to rank by: lengths where descriptors are compared by products, else 1. */
    static float[] weights(DescriptorMap map) {
        int cells = map.size().width() * map.size().height();
        float[] weights = new float[cells];
        if (map.products() == null) {
            Arrays.fill(weights, 1);
        } else {
            double[] lengths = UnitDescriptors.lengths(map);
            for (int p = 0; p < cells; p++) {
                weights[p] = (float) lengths[p];
            }
        }
        return weights;
    }
}
