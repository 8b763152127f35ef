package io.github.dhf4j.backbones;

import io.github.dhf4j.feature.ExtractionSettings;
import io.github.dhf4j.feature.Facet;
import io.github.dhf4j.feature.Forward;
import io.github.dhf4j.feature.TokenTaps;
import java.util.List;

/**
 * The paper's row DINO.
 *
 * <p>Source: arXiv 2305.14334, section 4; Amir et al., arXiv 2112.05814.
 */
public final class Dino {
    private static final int SIDE = 224;

    private Dino() {}

    /**
     * Keys of block 9 (layer 10), at 224 x 224 with stride 4.
     *
     * @return settings of raw maps
     */
    public static ExtractionSettings paper() {
        return new ExtractionSettings(new Forward(), new TokenTaps(List.of(10), Facet.KEY, 4, false, false), SIDE);
    }
}
