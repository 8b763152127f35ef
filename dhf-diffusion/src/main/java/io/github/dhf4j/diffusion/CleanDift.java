package io.github.dhf4j.diffusion;

import io.github.dhf4j.feature.Clean;
import io.github.dhf4j.feature.ExtractionSettings;
import io.github.dhf4j.feature.UpBlockTaps;
import java.util.List;

/**
 * CleanDIFT on Stable Diffusion: the output of the second up block in one call on the clean latent of images of 768 x 768,
 * told timestep 261, by a UNet that was fine-tuned to see clean images (published by itself, put into a checkpoint by
 * {@code unet(...)} or {@code --unet}).
 *
 * <p>Source: Stracke et al., arXiv 2412.03439, sections 3 and 4.1. Its authors sample the latent, this takes the mean.
 */
public final class CleanDift {
    private static final int TIMESTEP = 261;
    private static final int SIDE = 768;

    private CleanDift() {}

    /**
     * Its settings.
     *
     * @param prompt such as "a photo of a cat"
     * @return settings of raw maps for such a UNet
     */
    public static ExtractionSettings of(String prompt) {
        return new ExtractionSettings(Clean.at(TIMESTEP).withPrompt(prompt), new UpBlockTaps(List.of(2)), SIDE);
    }
}
