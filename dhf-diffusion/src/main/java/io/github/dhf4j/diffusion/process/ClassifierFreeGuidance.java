package io.github.dhf4j.diffusion.process;

import ai.djl.ndarray.NDArray;
import io.github.dhf4j.diffusion.model.DiffusionOps;
import io.github.dhf4j.diffusion.model.FeatureTaps;
import org.jspecify.annotations.Nullable;

/**
 * A network called twice, led away from what the second is told. Features are those of the first.
 *
 * <p>Source: Ho and Salimans, arXiv 2207.12598; reference, extraction step 5.
 */
public final class ClassifierFreeGuidance implements Denoiser.Conditioned {
    private final Denoiser.Conditioned prompt;
    private final Denoiser.Conditioned negative;
    private final double guidance;

    /**
     * Pairs two.
     *
     * @param prompt told the prompt; closed with this
     * @param negative told the negative prompt; closed with this
     * @param guidance how strongly
     */
    public ClassifierFreeGuidance(Denoiser.Conditioned prompt, Denoiser.Conditioned negative, double guidance) {
        this.prompt = prompt;
        this.negative = negative;
        this.guidance = guidance;
    }

    @Override
    public @Nullable NDArray forward(NDArray latents, int timestep, FeatureTaps taps, boolean needsOutput) {
        NDArray cond = prompt.forward(latents, timestep, taps, needsOutput);
        if (cond == null || !needsOutput) {
            return cond;
        }
        NDArray uncond = negative.forward(latents, timestep, FeatureTaps.NONE, true);
        if (uncond == null) {
            throw new IllegalStateException("the network gave no output where one was needed");
        }
        return DiffusionOps.guide(uncond, cond, guidance);
    }

    @Override
    public void close() {
        prompt.close();
        negative.close();
    }
}
