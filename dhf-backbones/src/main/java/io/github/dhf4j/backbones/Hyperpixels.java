package io.github.dhf4j.backbones;

import io.github.dhf4j.feature.ExtractionSettings;

/**
 * ResNet-101's maps of Hyperpixel Flow.
 *
 * <p>Source: Min et al., Hyperpixel Flow, ICCV 2019.
 */
public final class Hyperpixels {
    private Hyperpixels() {}

    /**
     * The eight maps that were chosen for SPair-71k, at 240 x 240.
     *
     * @return settings of raw maps
     */
    public static ExtractionSettings paper() {
        return ExtractionSettings.forward().withLayers(ResNet101Extractor.HYPERPIXELS);
    }
}
