package io.github.dhf4j.diffusion.train;

import io.github.dhf4j.diffusion.model.AutoencoderKLConfig;
import io.github.dhf4j.diffusion.model.CLIPTextConfig;
import io.github.dhf4j.diffusion.model.UNet2DConditionConfig;
import java.util.List;

/**
 * The sizes of a pipeline's networks.
 *
 * @param vae the autoencoder; its scaling factor is measured after its training
 * @param text the text encoder; its vocabulary's size is that of the captions
 * @param unet the denoising network
 */
public record PipelineForm(AutoencoderKLConfig vae, CLIPTextConfig text, UNet2DConditionConfig unet) {
    /**
     * Stable Diffusion's structure at a size that two processor cores can train: pictures of 96 x 96, latents of 24 x 24,
     * 12 decoder layers of 3 x 3 to 24 x 24 cells.
     */
    public static final PipelineForm SMALL = new PipelineForm(
            new AutoencoderKLConfig(4, List.of(16, 32, 64), 1, 8, 1, true, true, true),
            new CLIPTextConfig(0, 16, 64, 128, 2, 2, true, 1e-5),
            UNet2DConditionConfig.stableDiffusion(
                    24, List.of(32, 64, 96, 112), List.of(false, true, true, false), 2, 64, 16));

    /**
     * Checks that the parts fit.
     *
     * @param vae as above
     * @param text as above
     * @param unet as above
     */
    public PipelineForm {
        if (vae.latentChannels() != unet.inChannels() || text.hiddenSize() != unet.crossAttentionDim()) {
            throw new IllegalArgumentException("parts of a pipeline must fit, got latents of " + vae.latentChannels()
                    + " channels for " + unet.inChannels() + ", texts of width " + text.hiddenSize() + " for "
                    + unet.crossAttentionDim());
        }
    }

    /**
     * The side of the pictures.
     *
     * @return pixels
     */
    public int side() {
        return unet.sampleSize() * vae.factor();
    }

    CLIPTextConfig text(CaptionVocabulary vocabulary) {
        return new CLIPTextConfig(
                vocabulary.size(),
                text.maxPositions(),
                text.hiddenSize(),
                text.intermediateSize(),
                text.layers(),
                text.heads(),
                text.quickGelu(),
                text.layerNormEps());
    }
}
