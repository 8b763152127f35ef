package io.github.dhf4j.matching;

import io.github.dhf4j.feature.DescriptorMap;
import java.util.stream.IntStream;

/**
 * Inner products of a few descriptors with all cells of a map, some cells and four channels at a time: what is added to stays
 * near the processor while the map goes by once. Maps of hundreds of megabytes are the engine's.
 */
final class CellProductSums {
    private static final int CELLS = 1024;
    private static final int CHANNELS = 4;
    /** Below so many multiplications other threads are not worth asking. */
    private static final long FEW = 4L << 20;
    /** Above so many it is worth to lay the map out for the engine, and to start it. */
    private static final long MANY = 1L << 28;

    private CellProductSums() {}

    /** Adds each descriptor's inner products with all cells of a map. */
    static void add(float[][] descriptors, DescriptorMap map, float[][] products) {
        long multiplications = (long) descriptors.length * map.values().length;
        if (multiplications > MANY) {
            EngineProductSums.add(descriptors, map, products);
            return;
        }
        int cells = map.size().width() * map.size().height();
        IntStream parts = IntStream.range(0, (cells + CELLS - 1) / CELLS);
        (multiplications < FEW ? parts : parts.parallel()).forEach(part -> {
            int from = part * CELLS;
            add(descriptors, map, products, from, Math.min(CELLS, cells - from));
        });
    }

    private static void add(float[][] descriptors, DescriptorMap map, float[][] products, int from, int count) {
        int cells = map.size().width() * map.size().height();
        int channels = map.channels();
        float[] values = map.values();
        int c = 0;
        for (; c + CHANNELS <= channels; c += CHANNELS) {
            int base = c * cells + from;
            for (int i = 0; i < descriptors.length; i++) {
                addFour(descriptors[i], c, values, base, cells, products[i], from, count);
            }
        }
        for (; c < channels; c++) {
            int base = c * cells + from;
            for (int i = 0; i < descriptors.length; i++) {
                float factor = descriptors[i][c];
                float[] sums = products[i];
                for (int p = 0; p < count; p++) {
                    sums[from + p] += factor * values[base + p];
                }
            }
        }
    }

    private static void addFour(
            float[] descriptor, int c, float[] values, int base, int cells, float[] sums, int from, int count) {
        float first = descriptor[c];
        float second = descriptor[c + 1];
        float third = descriptor[c + 2];
        float fourth = descriptor[c + 3];
        int a = base;
        int b = a + cells;
        int d = b + cells;
        int e = d + cells;
        for (int p = 0; p < count; p++) {
            sums[from + p] +=
                    first * values[a + p] + second * values[b + p] + third * values[d + p] + fourth * values[e + p];
        }
    }
}
