package io.github.dhf4j.diffusion;

import io.github.dhf4j.feature.DecoderBlockTaps;
import io.github.dhf4j.feature.ExtractionSettings;
import io.github.dhf4j.feature.Noised;
import java.util.List;

/**
 * The half of SD + DINO that Stable Diffusion 1.5 has: what decoder blocks 2, 5 and 8 hand on at timestep 100 of images of
 * 960 x 960. Of a pair, {@value #COMPONENTS} principal components a block are taken together
 * ({@link io.github.dhf4j.matching.JointComponents}) and joined half and half with DINOv2's last tokens of 840 x 840
 * ({@link io.github.dhf4j.matching.DescriptorFusion}).
 *
 * <p>Source: Zhang et al., A Tale of Two Features, arXiv 2305.15347, section 3.3 and appendix A; timestep, sizes and components
 * from the authors' code. Theirs is told what ODISE's network guesses of the image, this a prompt; their noise is one
 * draw, made larger, where this is drawn at its size.
 */
public final class SdDino {
    /** Components that are kept of each block. */
    public static final int COMPONENTS = 256;

    /** The side of the square that DINOv2 is given, in pixels. */
    public static final int DINO_SIDE = 840;

    private static final int TIMESTEP = 100;
    private static final int SIDE = 960;

    private SdDino() {}

    /**
     * Settings of Stable Diffusion's half.
     *
     * @param prompt such as "a photo of a cat"
     * @return settings of raw maps for any UNet of Stable Diffusion
     */
    public static ExtractionSettings of(String prompt) {
        return new ExtractionSettings(
                Noised.at(TIMESTEP).withPrompt(prompt), new DecoderBlockTaps(List.of(2, 5, 8)), SIDE);
    }
}
