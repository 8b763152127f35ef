package io.github.dhf4j.feature;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Which maps an extractor emits, and how wide.
 *
 * @param channels channels of each layer, by layer number 1..L
 * @param saveIndices the save indices, in the order of the mixing weights
 */
public record FeatureLayout(Map<Integer, Integer> channels, List<Integer> saveIndices) {
    /**
     * Copies both; layers are kept in order.
     *
     * @param channels as above
     * @param saveIndices as above
     */
    public FeatureLayout {
        channels = java.util.Collections.unmodifiableMap(new TreeMap<>(channels));
        saveIndices = List.copyOf(saveIndices);
    }

    /**
     * The layers.
     *
     * @return layer numbers, ascending
     */
    public List<Integer> layers() {
        return List.copyOf(channels.keySet());
    }

    /**
     * How many maps an image has.
     *
     * @return layers times save indices
     */
    public int maps() {
        return channels.size() * saveIndices.size();
    }
}
