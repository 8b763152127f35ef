package io.github.dhf4j.data;

import io.github.dhf4j.feature.FeatureStack;
import io.github.dhf4j.image.Size;

/**
 * The features of one image.
 *
 * @param stack (1, C, h, w) maps at native resolution; owned
 * @param imageSize the image's own size, in whose pixels points are
 * @param loadSize the size at which the network saw it
 */
public record ImageFeatures(FeatureStack stack, Size imageSize, Size loadSize) implements AutoCloseable {
    @Override
    public void close() {
        stack.close();
    }
}
