package io.github.dhf4j.backbones;

import io.github.dhf4j.feature.ExtractionSettings;
import io.github.dhf4j.feature.Facet;
import io.github.dhf4j.feature.Forward;
import io.github.dhf4j.feature.TokenTaps;
import java.util.List;

/**
 * The paper's row DINOv2.
 *
 * <p>Source: arXiv 2305.14334, section 4.
 */
public final class Dinov2 {
    private static final int SIDE = 224;

    private Dinov2() {}

    /**
     * Tokens of block 11 (layer 12), at 224 x 224.
     *
     * @return settings of raw maps
     */
    public static ExtractionSettings paper() {
        return new ExtractionSettings(new Forward(), new TokenTaps(List.of(12), Facet.TOKEN, 0, false, false), SIDE);
    }
}
