package io.github.dhf4j.feature;

import ai.djl.ndarray.NDArray;

/** One running sum of feature maps: what makes the stack of all maps unnecessary. */
public interface DescriptorAccumulator extends FeatureConsumer, AutoCloseable {
    /**
     * The descriptor maps.
     *
     * @return (B, D, H, W) float32; the accumulator's own, valid until it is closed
     * @throws IllegalStateException if a map of the layout has not come
     */
    NDArray descriptors();

    /** Frees the sum. */
    @Override
    void close();
}
