package io.github.dhf4j.feature;

import ai.djl.ndarray.NDArray;

/** What takes feature maps as they are born. The map is borrowed: whoever keeps it copies it. */
@FunctionalInterface
public interface FeatureConsumer {
    /**
     * Takes one map.
     *
     * @param key layer and save index
     * @param map (B, C, h, w) at native resolution, float32; valid during the call only
     */
    void accept(FeatureKey key, NDArray map);
}
