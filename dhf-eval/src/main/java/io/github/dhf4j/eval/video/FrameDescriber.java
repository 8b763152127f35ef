package io.github.dhf4j.eval.video;

import io.github.dhf4j.feature.DescriptorMap;
import io.github.dhf4j.image.RgbImage;
import java.io.IOException;

/** Describes a frame by any network. */
@FunctionalInterface
public interface FrameDescriber {
    /**
     * Describes.
     *
     * @param frame a picture
     * @return its descriptors
     * @throws IOException if it cannot be described
     */
    DescriptorMap describe(RgbImage frame) throws IOException;
}
