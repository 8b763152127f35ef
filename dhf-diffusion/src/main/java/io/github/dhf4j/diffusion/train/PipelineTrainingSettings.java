package io.github.dhf4j.diffusion.train;

import io.github.dhf4j.train.StageSettings;

/**
 * How a pipeline is trained.
 *
 * @param autoencoder the first stage
 * @param crop side of the squares that the autoencoder is trained on
 * @param denoiser the second stage: denoising network and text encoder together
 * @param emptyPrompt share of the pictures whose caption is left out, so that the network knows the empty prompt
 * @param snrGamma the noise-prediction loss of a timestep is weighted by min(SNR, gamma) / SNR, so that little noise, where
 *     only texture is learned, does not outweigh the rest; 0 for no weights. Source: Hang et al., Min-SNR, arXiv 2303.09556
 * @param noiseOffset noise of this deviation that is one number over all of a channel is added, so that the colour of a
 *     picture cannot be read off the noisiest latents; 0 for none. Source: diffusers' training scripts
 * @param seed of weights, order, noise and all else
 */
public record PipelineTrainingSettings(
        StageSettings autoencoder,
        int crop,
        StageSettings denoiser,
        double emptyPrompt,
        double snrGamma,
        double noiseOffset,
        long seed) {
    /** What trains {@link PipelineForm#SMALL} in about an hour and three quarters on two cores. */
    public static final PipelineTrainingSettings SMALL = new PipelineTrainingSettings(
            new StageSettings(4000, 8, 4e-4, 100, 1e-4, 1, 0.995, 500),
            64,
            new StageSettings(24000, 16, 1e-3, 300, 1e-3, 1, 0.999, 500),
            0.15,
            5,
            0.1,
            0);

    /**
     * Checks the ranges.
     *
     * @param autoencoder as above
     * @param crop as above
     * @param denoiser as above
     * @param emptyPrompt as above
     * @param snrGamma as above
     * @param noiseOffset as above
     * @param seed as above
     */
    public PipelineTrainingSettings {
        if (crop < 16 || crop % 16 != 0 || !(emptyPrompt >= 0 && emptyPrompt <= 1)) {
            throw new IllegalArgumentException("crop must be a multiple of 16, the share of empty prompts 0 to 1, got "
                    + crop + " and " + emptyPrompt);
        }
        if (!(snrGamma >= 0) || !(noiseOffset >= 0 && noiseOffset <= 1)) {
            throw new IllegalArgumentException(
                    "gamma of the loss' weights must be 0 or more, the noise's offset 0 to 1," + " got " + snrGamma
                            + " and " + noiseOffset);
        }
    }
}
