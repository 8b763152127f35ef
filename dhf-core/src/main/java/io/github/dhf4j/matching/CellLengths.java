package io.github.dhf4j.matching;

import io.github.dhf4j.feature.DescriptorMap;
import org.jspecify.annotations.Nullable;

/** The lengths of a map's descriptors: of single cells as they are asked for, of all in one pass over the map, once. */
final class CellLengths {
    private final DescriptorMap map;
    private double @Nullable [] all;

    CellLengths(DescriptorMap map) {
        this.map = map;
    }

    /** Above 0. */
    float of(int cell) {
        if (all != null) {
            return (float) all[cell];
        }
        int cells = map.size().width() * map.size().height();
        double squared = 0;
        for (int c = 0, i = cell; c < map.channels(); c++, i += cells) {
            squared += (double) map.values()[i] * map.values()[i];
        }
        return (float) Math.max(Math.sqrt(squared), 1e-12);
    }

    /** Measures all cells, for which one at a time would go to and fro over the whole map. */
    void measureAll() {
        if (all == null) {
            all = UnitDescriptors.lengths(map);
        }
    }
}
