package io.github.dhf4j.matching;

import io.github.dhf4j.feature.DescriptorMap;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Inner products of a few descriptors with all cells of a map, some cells and four channels at a time: what is added to stays
 * near the processor while the map goes by once. Both are copied there, since a compiler makes vector instructions only of
 * loops whose arrays all begin at the same index: four times as fast as the same sums in place.
 */
final class CellProductSums {
    private static final int CELLS = 1024;
    private static final int CHANNELS = 4;
    /** Below so many multiplications other threads are not worth asking. */
    private static final long FEW = 4L << 20;

    private CellProductSums() {}

    /** Adds each descriptor's inner products with all cells of a map. */
    static void add(float[][] descriptors, DescriptorMap map, float[][] products) {
        long multiplications = (long) descriptors.length * map.values().length;
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
        float[][] rows = new float[CHANNELS][count];
        float[][] sums = new float[descriptors.length][];
        for (int i = 0; i < sums.length; i++) {
            sums[i] = Arrays.copyOfRange(products[i], from, from + count);
        }
        for (int c = 0; c < channels; c += CHANNELS) {
            int taken = Math.min(CHANNELS, channels - c);
            for (int r = 0; r < taken; r++) {
                System.arraycopy(map.values(), (c + r) * cells + from, rows[r], 0, count);
            }
            for (int i = 0; i < sums.length; i++) {
                if (taken == CHANNELS) {
                    addFour(descriptors[i], c, rows, sums[i]);
                } else {
                    addSome(descriptors[i], c, rows, taken, sums[i]);
                }
            }
        }
        for (int i = 0; i < sums.length; i++) {
            System.arraycopy(sums[i], 0, products[i], from, count);
        }
    }

    private static void addFour(float[] descriptor, int c, float[][] rows, float[] sums) {
        float first = descriptor[c];
        float second = descriptor[c + 1];
        float third = descriptor[c + 2];
        float fourth = descriptor[c + 3];
        float[] a = rows[0];
        float[] b = rows[1];
        float[] d = rows[2];
        float[] e = rows[3];
        for (int p = 0; p < sums.length; p++) {
            sums[p] += first * a[p] + second * b[p] + third * d[p] + fourth * e[p];
        }
    }

    private static void addSome(float[] descriptor, int c, float[][] rows, int taken, float[] sums) {
        for (int r = 0; r < taken; r++) {
            float factor = descriptor[c + r];
            float[] row = rows[r];
            for (int p = 0; p < sums.length; p++) {
                sums[p] += factor * row[p];
            }
        }
    }
}
