package io.github.dhf4j.feature;

import java.util.List;

/**
 * What is taken of a vision transformer's blocks.
 *
 * @param layers blocks, 1..L; empty for all
 * @param facet which tensor of a block
 * @param stride pixels between patches, dividing the patch's side; 0 for the patch's side, as the network was trained
 * @param cellCentres whether matching takes a map's cells at the centres of their patches; else they are spread evenly
 *     over the image, as the reference resizes every map, up to half a patch away at the borders where the stride is small
 * @param logBins whether each map is widened to the 17 log-polar bins around every cell, as dino-vit-features does it
 */
public record TokenTaps(List<Integer> layers, Facet facet, int stride, boolean cellCentres, boolean logBins)
        implements Taps {
    /**
     * Checks and copies.
     *
     * @param layers as above
     * @param facet as above
     * @param stride as above
     * @param cellCentres as above
     * @param logBins as above
     */
    public TokenTaps {
        layers = SettingsChecks.counted("layers", layers);
        if (stride < 0) {
            throw new IllegalArgumentException("stride must be 0 (the patch's side) or more, got " + stride);
        }
    }

    @Override
    public TokenTaps withLayers(List<Integer> tapped) {
        return new TokenTaps(tapped, facet, stride, cellCentres, logBins);
    }

    @Override
    public TokenTaps tokens() {
        return this;
    }
}
