package io.github.dhf4j.feature;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Which maps one network emits, and how wide.
 *
 * @param channels channels of each layer, by layer number 1..L
 * @param saveIndices the save indices, in the order of the mixing weights
 */
public record NetworkLayout(Map<Integer, Integer> channels, List<Integer> saveIndices) {
    /**
     * Copies both; layers are kept in order.
     *
     * @param channels as above
     * @param saveIndices as above
     */
    public NetworkLayout {
        channels = Collections.unmodifiableMap(new TreeMap<>(channels));
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

    /** Its maps, as if it were the only network. */
    Stream<FeatureKey> keys() {
        return saveIndices.stream()
                .flatMap(saveIndex -> channels.keySet().stream().map(layer -> new FeatureKey(saveIndex, layer)));
    }
}
