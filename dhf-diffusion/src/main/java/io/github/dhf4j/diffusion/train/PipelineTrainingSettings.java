package io.github.dhf4j.diffusion.train;

/**
 * How a pipeline is trained.
 *
 * @param autoencoder the first stage
 * @param crop side of the squares that the autoencoder is trained on
 * @param denoiser the second stage: denoising network and text encoder together
 * @param emptyPrompt share of the pictures whose caption is left out, so that the network knows the empty prompt
 * @param seed of weights, order, noise and all else
 */
public record PipelineTrainingSettings(
        StageSettings autoencoder, int crop, StageSettings denoiser, double emptyPrompt, long seed) {
    /** What trains {@link PipelineForm#SMALL} in about three quarters of an hour on two cores. */
    public static final PipelineTrainingSettings SMALL = new PipelineTrainingSettings(
            new StageSettings(4000, 8, 4e-4, 100, 1e-4, 1, 0.995, 500),
            64,
            new StageSettings(8500, 16, 1e-3, 300, 1e-3, 1, 0.999, 500),
            0.15,
            0);

    /**
     * Checks the ranges.
     *
     * @param autoencoder as above
     * @param crop as above
     * @param denoiser as above
     * @param emptyPrompt as above
     * @param seed as above
     */
    public PipelineTrainingSettings {
        if (crop < 16 || crop % 16 != 0 || !(emptyPrompt >= 0 && emptyPrompt <= 1)) {
            throw new IllegalArgumentException("crop must be a multiple of 16, the share of empty prompts 0 to 1, got "
                    + crop + " and " + emptyPrompt);
        }
    }
}
