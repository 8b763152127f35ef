package io.github.dhf4j.diffusion.model;

import static io.github.dhf4j.diffusion.model.DiffusionOps.SCRIPT;

import ai.djl.ndarray.NDArray;
import io.github.dhf4j.tensor.Packing;
import io.github.dhf4j.tensor.Parameters;
import io.github.dhf4j.tensor.Weights;

/** {@code Downsample2D} (a convolution of stride 2) and {@code Upsample2D} (nearest neighbour, then a convolution). */
final class Resampling {
    private final Parameters parameters;
    private final boolean down;
    private final int pad;

    private Resampling(Parameters parameters, boolean down, int pad) {
        this.parameters = parameters;
        this.down = down;
        this.pad = pad;
    }

    /** {@code pad} is 1 in the UNet; 0 in the VAE, which pads right and below only. */
    static Resampling down(Weights weights, String prefix, int channels, int pad) {
        return new Resampling(weights.under(prefix).conv("conv", channels, channels, 3), true, pad);
    }

    static Resampling up(Weights weights, String prefix, int channels) {
        return new Resampling(weights.under(prefix).conv("conv", channels, channels, 3), false, 1);
    }

    NDArray forward(NDArray x) {
        return SCRIPT.run(x.getManager(), "downsample", x, parameters.tensors(), pad);
    }

    NDArray forward(NDArray x, long height, long width) {
        return SCRIPT.run(x.getManager(), "upsample", x, parameters.tensors(), new long[] {height, width});
    }

    /** {@code height} and {@code width} are those of the convolution's input. */
    void pack(Packing packing, int height, int width) {
        packing.convolutions(parameters, down ? 2 : 1, pad, height, width);
    }
}
