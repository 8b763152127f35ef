package io.github.dhf4j.diffusion.model;

import static io.github.dhf4j.diffusion.model.DiffusionOps.SCRIPT;

import ai.djl.ndarray.NDArray;
import io.github.dhf4j.tensor.Packing;
import io.github.dhf4j.tensor.Parameters;
import io.github.dhf4j.tensor.Weights;

/** norm, silu, conv, + time, norm, silu, conv, + input. With a time embedding in the UNet, without in the VAE. */
final class ResnetBlock2D {
    private final Parameters parameters;
    private final int groups;
    private final double eps;
    private final int out;

    /** {@code time} is the width of the time embedding, 0 for none. */
    ResnetBlock2D(Weights weights, String prefix, int in, int out, int time, int groups, double eps) {
        this.groups = groups;
        this.eps = eps;
        this.out = out;
        parameters = weights.under(prefix).norm("norm1", in).conv("conv1", out, in, 3);
        if (time > 0) {
            parameters.linear("time_emb_proj", out, time);
        }
        parameters.norm("norm2", out).conv("conv2", out, out, 3);
        if (in != out) {
            parameters.conv("conv_shortcut", out, in, 1);
        }
    }

    int outChannels() {
        return out;
    }

    /**
     * The VAE's form. x (B, in, h, w) is used up: the result (B, out, h, w), attached to its manager, may lie in its memory.
     * What {@code scratch} holds, of at least the result's size, is written over.
     */
    NDArray forwardVae(NDArray x, NDArray scratch) {
        return SCRIPT.run(x.getManager(), "resnet_plain", x, scratch, parameters.tensors(), groups, eps);
    }

    /** The UNet's form; {@code temb} (1, time) is the embedding after silu. */
    NDArray forward(NDArray x, NDArray temb) {
        return SCRIPT.run(x.getManager(), "resnet", x, temb, parameters.tensors(), groups, eps);
    }

    /**
     * The decoder's form: the input is x and the skip joined along channels. Returns the tap (the second convolution's
     * output, before the residual sum) if {@code tap}, then the block's output unless {@code last}.
     */
    NDArray[] forwardUp(NDArray x, NDArray skip, NDArray temb, boolean tap, boolean last) {
        return SCRIPT.runToArrays(
                x.getManager(), "resnet_up", x, skip, temb, parameters.tensors(), groups, eps, tap, last);
    }

    /** Packs the convolutions for inputs of a size; see {@link Packing}. */
    void pack(Packing packing, int height, int width) {
        packing.convolutions(parameters, 1, 1, height, width);
    }
}
