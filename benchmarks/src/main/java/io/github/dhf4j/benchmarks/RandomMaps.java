package io.github.dhf4j.benchmarks;

import io.github.dhf4j.feature.DescriptorMap;
import io.github.dhf4j.image.Size;
import java.util.Random;

/** Descriptor maps of random numbers, for what takes the same time whatever they are. */
final class RandomMaps {
    private RandomMaps() {}

    /** A square map, of a square picture. */
    static DescriptorMap of(int channels, int cells, int side, long seed) {
        Random random = new Random(seed);
        float[] values = new float[channels * cells * cells];
        for (int i = 0; i < values.length; i++) {
            values[i] = random.nextFloat() - 0.5f;
        }
        return new DescriptorMap(channels, Size.square(cells), values, Size.square(side), Size.square(side));
    }
}
