package io.github.dhf4j.diffusion.model;

import ai.djl.ndarray.NDArray;
import org.jspecify.annotations.Nullable;

/**
 * What a network is told beside the timestep; all arrays are borrowed.
 *
 * @param text (1 or B, tokens, crossAttentionDim)
 * @param added what Stable Diffusion XL adds to the timestep's embedding; null for other networks
 * @param guidance the guidance scale, for networks that take it as a number ({@code time_cond_proj_dim}); null for none
 */
public record Conditions(
        NDArray text, @Nullable Added added, @Nullable Double guidance) {
    /**
     * Pooled text and sizes.
     *
     * @param pooled (1 or B, pooledWidth)
     * @param timeIds (1 or B, 6): original height and width, top and left of the crop, target height and width, in pixels
     */
    public record Added(NDArray pooled, NDArray timeIds) {}

    /**
     * Text alone.
     *
     * @param text as above
     * @return the conditions of SD 1.x and 2.x
     */
    public static Conditions of(NDArray text) {
        return new Conditions(text, null, null);
    }

    /**
     * The same at a guidance scale.
     *
     * @param scale such as 8.5; null for none
     * @return a changed copy
     */
    public Conditions withGuidance(@Nullable Double scale) {
        return new Conditions(text, added, scale);
    }
}
