package io.github.dhf4j.diffusion;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.github.dhf4j.diffusion.model.FeatureTaps;
import io.github.dhf4j.diffusion.model.TextConditioning;
import io.github.dhf4j.diffusion.model.UNet2DConditionModel;
import io.github.dhf4j.diffusion.process.ClassifierFreeGuidance;
import io.github.dhf4j.diffusion.process.Denoiser;
import io.github.dhf4j.diffusion.process.JoinedGuidance;
import io.github.dhf4j.feature.ExtractionProcess;
import io.github.dhf4j.feature.Generation;
import io.github.dhf4j.image.Size;
import org.jspecify.annotations.Nullable;

/**
 * A UNet and what its family makes of prompts. Generation is guided by the negative prompt, in a second call or in the
 * other half of a call, unless the network takes the guidance scale as a number ({@code time_cond_proj_dim}): then it is told the scale, in one call, and
 * the negative prompt is not used. Inversion, noised and clean timesteps have no guidance, and such a network is told none.
 *
 * <p>Source: diffusers' {@code LatentConsistencyModelPipeline} for the scale.
 */
final class UNetDenoiser implements Denoiser {
    private record Told(UNet2DConditionModel unet, TextConditioning conditioning) implements Conditioned {
        @Override
        public @Nullable NDArray forward(NDArray latents, int timestep, FeatureTaps taps, boolean needsOutput) {
            return unet.forward(latents, timestep, conditioning, taps, needsOutput);
        }

        @Override
        public void close() {
            conditioning.close();
        }
    }

    private final UNet2DConditionModel unet;
    private final PromptEncoder prompts;
    private final NDManager manager;
    private final boolean guidesInOneCall;

    /** All are borrowed; guided generation is one call of both halves, or two calls. */
    UNetDenoiser(UNet2DConditionModel unet, PromptEncoder prompts, NDManager manager, boolean guidesInOneCall) {
        this.guidesInOneCall = guidesInOneCall;
        this.unet = unet;
        this.prompts = prompts;
        this.manager = manager;
    }

    @Override
    public int layers() {
        return unet.config().layers();
    }

    @Override
    public int taps() {
        return unet.config().features();
    }

    @Override
    public int tapChannels(int tap) {
        return unet.config().layerChannels(tap);
    }

    @Override
    public int inChannels() {
        return unet.config().inChannels();
    }

    @Override
    public Conditioned condition(ExtractionProcess process, NDArray latents, Size size) {
        boolean takesScale = unet.config().guidanceWidth() > 0;
        if (!(process instanceof Generation generation)) {
            return new Told(unet, conditioning(process.prompt(), size, null));
        }
        Told prompt = new Told(unet, conditioning(process.prompt(), size, takesScale ? generation.guidance() : null));
        if (takesScale || !generation.isGuided()) {
            return prompt;
        }
        try {
            Told negative = new Told(unet, conditioning(generation.negativePrompt(), size, null));
            if (!guidesInOneCall) {
                return new ClassifierFreeGuidance(prompt, negative, generation.guidance());
            }
            try (negative) {
                Told both = new Told(unet, TextConditioning.ofHalves(negative.conditioning, prompt.conditioning));
                return new JoinedGuidance(both, prompt, generation.guidance());
            }
        } catch (RuntimeException e) {
            prompt.close();
            throw e;
        }
    }

    /** What the network makes of a prompt; the caller closes it. */
    TextConditioning conditioning(@Nullable String prompt, Size size, @Nullable Double guidance) {
        try (NDManager work = manager.newSubManager()) {
            return unet.condition(prompts.encode(prompt, size, work).withGuidance(guidance));
        }
    }
}
