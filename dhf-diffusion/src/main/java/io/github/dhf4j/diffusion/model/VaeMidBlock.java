package io.github.dhf4j.diffusion.model;

import static io.github.dhf4j.diffusion.model.DiffusionOps.SCRIPT;
import static io.github.dhf4j.diffusion.model.DiffusionOps.replace;

import ai.djl.ndarray.NDArray;
import io.github.dhf4j.tensor.Parameters;
import io.github.dhf4j.tensor.Weights;
import org.jspecify.annotations.Nullable;

/** The autoencoder's middle: residual block, attention over all cells with one head, residual block. */
final class VaeMidBlock {
    static final double EPS = 1e-6;

    private final ResnetBlock2D first;
    private final @Nullable Parameters attention;
    private final ResnetBlock2D last;
    private final int groups;

    VaeMidBlock(Weights weights, String prefix, int channels, AutoencoderKLConfig config) {
        groups = config.normGroups();
        first = new ResnetBlock2D(weights, prefix + "resnets.0.", channels, channels, 0, groups, EPS);
        attention = !config.midAttention()
                ? null
                : weights.under(prefix + "attentions.0.")
                        .norm("group_norm", channels)
                        .linear("to_q", channels, channels)
                        .linear("to_k", channels, channels)
                        .linear("to_v", channels, channels)
                        .linear("to_out.0", channels, channels);
        last = new ResnetBlock2D(weights, prefix + "resnets.1.", channels, channels, 0, groups, EPS);
    }

    /** The input is used up; see {@link ResnetBlock2D#forwardVae}. */
    NDArray forward(NDArray input, NDArray scratch) {
        NDArray x = first.forwardVae(input, scratch);
        if (attention != null) {
            x = replace(x, SCRIPT.run(x.getManager(), "vae_attention", x, attention.tensors(), groups, EPS));
        }
        return replace(x, last.forwardVae(x, scratch));
    }
}
