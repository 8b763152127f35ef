package io.github.dhf4j.diffusion;

import io.github.dhf4j.feature.ExtractionSettings;
import io.github.dhf4j.feature.Noised;
import io.github.dhf4j.feature.UpBlockTaps;
import java.util.List;

/**
 * DIFT on Stable Diffusion: the output of the second up block at timestep 261 of images of 768 x 768, averaged over 8
 * noises.
 *
 * <p>Source: Tang et al., arXiv 2306.03881, sections 4 and 6, and what its authors' evaluation is called with.
 */
public final class Dift {
    private static final int TIMESTEP = 261;
    private static final int TRACKING = 51;
    private static final int HOMOGRAPHY = 0;
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
        return settings(Noised.at(TIMESTEP).withPrompt(prompt), 2);
    }

    /**
     * Its settings for following objects through videos: timestep 51, third up block, prompt "".
     *
     * <p>Differs: its authors keep a frame's shape, 480 pixels high; here it is squashed to a square of 768.
     *
     * @return settings of raw maps for any UNet of Stable Diffusion
     */
    public static ExtractionSettings tracking() {
        return settings(Noised.at(TRACKING), 3);
    }

    /**
     * Its settings for pictures of one plane: timestep 0, third up block, prompt "".
     *
     * @return settings of raw maps for any UNet of Stable Diffusion
     */
    public static ExtractionSettings homography() {
        return settings(Noised.at(HOMOGRAPHY), 3);
    }

    private static ExtractionSettings settings(Noised process, int block) {
        return new ExtractionSettings(process.withEnsemble(NOISES), new UpBlockTaps(List.of(block)), SIDE);
    }
}
