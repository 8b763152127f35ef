package io.github.dhf4j.backbones;

import io.github.dhf4j.feature.ExtractionSettings;
import io.github.dhf4j.feature.Facet;
import io.github.dhf4j.feature.Forward;
import io.github.dhf4j.feature.TokenTaps;
import java.util.List;

/**
 * What is matched with of DINOv3, which came after the paper. Its vision transformers are opened in the transformers
 * layout, {@code model_type} {@code dinov3_vit}.
 *
 * <p>Facets are what the linear layers give, as of DINO: queries and keys before the rotary positions turn them. Turned
 * ones, which say where a patch is beside what it is, are not offered.
 *
 * <p>Source: Sim&eacute;oni et al., arXiv 2508.10104.
 */
public final class Dinov3 {
    /** Sixteen cells of sixteen pixels: as many as the row DINOv2 has of fourteen at 224, so that the two compare. */
    private static final int SIDE = 256;

    private Dinov3() {}

    /**
     * Tokens of a network's last block after its final norm, at 256 x 256: what transformers calls the last hidden state.
     *
     * @param blocks how many the network has: 12 for small, small plus and base, 24 for large, 32 for huge plus, 40 for
     *     7B
     * @return settings of raw maps
     */
    public static ExtractionSettings last(int blocks) {
        return new ExtractionSettings(
                new Forward(), new TokenTaps(List.of(blocks), Facet.NORMED_TOKEN, 0, false, false), SIDE);
    }
}
