package io.github.dhf4j.data;

import io.github.dhf4j.feature.DescriptorMap;
import io.github.dhf4j.image.RgbImage;
import java.io.IOException;

/** Describes one image after the other, by any network. */
@FunctionalInterface
public interface ImageDescriber {
    /**
     * Describes.
     *
     * @param image a picture
     * @return its descriptors
     * @throws IOException if it cannot be described
     */
    DescriptorMap describe(RgbImage image) throws IOException;
}
