package io.github.dhf4j.diffusion.model;

import static io.github.dhf4j.diffusion.model.DiffusionOps.replace;

import ai.djl.ndarray.NDArray;
import io.github.dhf4j.tensor.Packing;
import io.github.dhf4j.tensor.TensorList;
import io.github.dhf4j.tensor.Weights;

/** {@code UNetMidBlock2DCrossAttn}: residual block, transformer, residual block at the deepest level. */
final class MidBlock2D {
    final Transformer2DModel attention;
    private final ResnetBlock2D first;
    private final ResnetBlock2D last;

    MidBlock2D(Weights weights, UNet2DConditionConfig config, int time) {
        int deepest = config.levels() - 1;
        int width = config.blockOutChannels().get(deepest);
        first = new ResnetBlock2D(
                weights, "mid_block.resnets.0.", width, width, time, config.normGroups(), config.normEps());
        attention = new Transformer2DModel(
                weights,
                "mid_block.attentions.0.",
                width,
                config.heads().get(deepest),
                config.transformerLayers().get(deepest),
                config.crossAttentionDim(),
                config.normGroups());
        last = new ResnetBlock2D(
                weights, "mid_block.resnets.1.", width, width, time, config.normGroups(), config.normEps());
    }

    /** x (B, C, h, w), borrowed; the result has its shape and is attached to its manager. */
    NDArray forward(NDArray x, NDArray temb, TensorList keysValues) {
        NDArray h = first.forward(x, temb);
        h = replace(h, attention.forward(h, keysValues));
        return replace(h, last.forward(h, temb));
    }

    void pack(Packing packing, int height, int width) {
        first.pack(packing, height, width);
        attention.pack(packing, height, width);
        last.pack(packing, height, width);
    }
}
