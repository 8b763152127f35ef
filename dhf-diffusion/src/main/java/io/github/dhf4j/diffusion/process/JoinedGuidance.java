package io.github.dhf4j.diffusion.process;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.github.dhf4j.diffusion.model.DiffusionOps;
import io.github.dhf4j.diffusion.model.FeatureTaps;
import org.jspecify.annotations.Nullable;

/**
 * {@link ClassifierFreeGuidance} in one call of a batch twice as large: the first half is told the negative prompt, the
 * second the prompt. Where no output is needed the call is the prompt's alone.
 */
public final class JoinedGuidance implements Denoiser.Conditioned {
    private final Denoiser.Conditioned both;
    private final Denoiser.Conditioned prompt;
    private final double guidance;

    /**
     * Joins two.
     *
     * @param both tells the first half of a batch the negative prompt and the second the prompt; closed with this
     * @param prompt told the prompt; closed with this
     * @param guidance how strongly
     */
    public JoinedGuidance(Denoiser.Conditioned both, Denoiser.Conditioned prompt, double guidance) {
        this.both = both;
        this.prompt = prompt;
        this.guidance = guidance;
    }

    @Override
    public @Nullable NDArray forward(NDArray latents, int timestep, FeatureTaps taps, boolean needsOutput) {
        if (!needsOutput) {
            return prompt.forward(latents, timestep, taps, false);
        }
        try (NDManager call = latents.getManager().newSubManager()) {
            NDArray twice = latents.concat(latents, 0);
            twice.attach(call);
            NDArray output = both.forward(twice, timestep, new SecondHalf(taps), true);
            if (output == null) {
                throw new IllegalStateException("the network gave no output where one was needed");
            }
            NDArray guided = DiffusionOps.guideHalves(output, guidance);
            guided.attach(latents.getManager());
            return guided;
        }
    }

    @Override
    public void close() {
        both.close();
        prompt.close();
    }

    /** Features of the images that were told the prompt. */
    private record SecondHalf(FeatureTaps taps) implements FeatureTaps {
        @Override
        public boolean wants(int layer) {
            return taps.wants(layer);
        }

        @Override
        public void tap(int layer, NDArray feature) {
            try (NDArray half = DiffusionOps.secondHalf(feature)) {
                taps.tap(layer, half);
            }
        }
    }
}
