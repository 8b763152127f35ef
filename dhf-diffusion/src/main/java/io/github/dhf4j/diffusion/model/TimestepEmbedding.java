package io.github.dhf4j.diffusion.model;

import static io.github.dhf4j.diffusion.model.DiffusionOps.SCRIPT;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.github.dhf4j.tensor.Parameters;
import io.github.dhf4j.tensor.TensorList;
import io.github.dhf4j.tensor.Weights;
import org.jspecify.annotations.Nullable;

/**
 * The timestep, and what is added to it: a guidance scale before it is projected ({@code cond_proj}), pooled text and
 * sizes after it ({@code add_embedding}). Both are the same at every timestep and made once.
 */
final class TimestepEmbedding {
    private final UNet2DConditionConfig config;
    private final Parameters parameters;
    private final @Nullable Parameters addEmbedding;

    TimestepEmbedding(Weights weights, UNet2DConditionConfig config, int time) {
        this.config = config;
        int first = config.blockOutChannels().get(0);
        parameters =
                weights.under("time_embedding.").linear("linear_1", time, first).linear("linear_2", time, time);
        if (config.guidanceWidth() > 0) {
            parameters.tensor("cond_proj.weight", first, config.guidanceWidth());
        }
        TextTime textTime = config.textTime();
        addEmbedding = textTime == null
                ? null
                : weights.under("add_embedding.")
                        .linear("linear_1", time, textTime.inputWidth())
                        .linear("linear_2", time, time);
    }

    /** Says that a network is told what it takes. */
    void require(Conditions told) {
        boolean takesGuidance = config.guidanceWidth() > 0;
        if ((told.added() == null) != (addEmbedding == null) || (told.guidance() != null && !takesGuidance)) {
            throw new IllegalArgumentException("conditions must be what the network takes, text, "
                    + (addEmbedding == null ? "no pooled text" : "pooled text and sizes")
                    + (takesGuidance ? ", guidance or none" : ", no guidance") + ", got text, "
                    + (told.added() == null ? "no pooled text" : "pooled text and sizes")
                    + (told.guidance() == null ? ", no guidance" : ", guidance " + told.guidance()));
        }
    }

    /** Not the timestep's frequencies: sines first, and the last of a half's is 1 / 10000. The caller closes it. */
    TensorList guidance(Conditions told) {
        Double scale = told.guidance();
        if (scale == null) {
            return TensorList.of();
        }
        return SCRIPT.runToList("guidance_embedding", scale, parameters.tensors());
    }

    /** The caller closes it. */
    TensorList added(Conditions told) {
        Conditions.Added added = told.added();
        TextTime textTime = config.textTime();
        return added == null || textTime == null || addEmbedding == null
                ? TensorList.of()
                : SCRIPT.runToList(
                        "text_time_embedding",
                        added.pooled(),
                        added.timeIds(),
                        addEmbedding.tensors(),
                        textTime.timeWidth(),
                        config.flipSinToCos(),
                        config.freqShift());
    }

    /** The same of one timestep for all, which goes to the device as a number of the call. */
    NDArray forward(double timestep, TextConditioning text, NDManager owner) {
        try (NDArray one = SCRIPT.run(owner, "timestep", timestep, parameters.tensors())) {
            return forward(one, text, owner);
        }
    }

    /** What every residual block is told, after its silu: (B or 1, time). */
    NDArray forward(NDArray timesteps, TextConditioning text, NDManager owner) {
        return SCRIPT.run(
                owner,
                "timestep_embedding",
                timesteps,
                parameters.tensors(),
                config.flipSinToCos(),
                config.freqShift(),
                text.guidance(),
                text.added());
    }
}
