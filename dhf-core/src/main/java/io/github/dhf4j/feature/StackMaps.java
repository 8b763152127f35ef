package io.github.dhf4j.feature;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import java.util.Map;
import java.util.Set;

/**
 * Where the maps of a {@link FeatureStack} are, which sees to it that they are open and that a key is among them. Owns
 * its manager and all that is lent.
 */
interface StackMaps {
    NDManager manager();

    /** All keys, in the order in which they came; a view. */
    Set<FeatureKey> keys();

    /** Takes a copy of a map, or says why there is none to be added. */
    void add(FeatureKey key, NDArray map);

    /** (B, C, h, w), the stack's own. */
    NDArray lend(FeatureKey key);

    /** (B, C, h, w) float32, a copy of {@code owner}'s. */
    NDArray read(FeatureKey key, NDManager owner);

    /** C, without reading the map. */
    long width(FeatureKey key);

    Map<String, String> metadata();

    void close();

    /** What {@link #read} gives of a map that is in memory. */
    static NDArray copy(NDArray map, NDManager owner) {
        NDArray copy = map.toType(DataType.FLOAT32, true);
        copy.attach(owner);
        return copy;
    }
}
