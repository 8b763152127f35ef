package io.github.dhf4j.diffusion;

import io.github.dhf4j.feature.ExtractionSettings;
import io.github.dhf4j.feature.Noised;
import io.github.dhf4j.feature.UpBlockTaps;
import java.util.List;

/**
 * DIFT on Stable Diffusion: the output of the second up block at timestep 261 of images of 768 x 768, averaged over 8
 * noises.
 *
 * <p>Source: Tang et al., arXiv 2306.03881, section 4.
 */
public final class Dift {
    private static final int TIMESTEP = 261;
    private static final int NOISES = 8;
    private static final int SIDE = 768;

    private Dift() {}

    /**
     * Its settings.
     *
     * @param prompt such as "a photo of a cat"
     * @return settings of raw maps for any UNet of Stable Diffusion
     */
    public static ExtractionSettings of(String prompt) {
        Noised process = Noised.at(TIMESTEP).withPrompt(prompt).withEnsemble(NOISES);
        return new ExtractionSettings(process, new UpBlockTaps(List.of(2)), SIDE);
    }
}
