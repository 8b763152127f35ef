package io.github.dhf4j.diffusion.model;

import static io.github.dhf4j.diffusion.model.DiffusionOps.SCRIPT;

import ai.djl.ndarray.NDArray;
import io.github.dhf4j.tensor.Packing;
import io.github.dhf4j.tensor.Parameters;
import io.github.dhf4j.tensor.TensorList;
import io.github.dhf4j.tensor.Weights;
import java.util.stream.LongStream;

/**
 * Pixels as tokens through {@code depth} basic transformer blocks: self-attention, cross-attention with the text,
 * gated feed-forward. Projections around it are 1x1 convolutions in SD 1.x and linear layers in SD 2.x: the same sums.
 */
final class Transformer2DModel {
    private final Parameters parameters;
    private final int heads;
    private final int groups;
    private final int depth;

    Transformer2DModel(Weights weights, String prefix, int channels, int heads, int depth, int crossDim, int groups) {
        this.heads = heads;
        this.groups = groups;
        this.depth = depth;
        parameters = weights.under(prefix).norm("norm", channels).linear("proj_in", channels, channels);
        for (int i = 0; i < depth; i++) {
            parameters.nested(
                    "transformer_blocks." + i + ".",
                    block -> block.norm("norm1", channels)
                            .tensor("attn1.to_q.weight", channels, channels)
                            .tensor("attn1.to_k.weight", channels, channels)
                            .tensor("attn1.to_v.weight", channels, channels)
                            .linear("attn1.to_out.0", channels, channels)
                            .norm("norm2", channels)
                            .tensor("attn2.to_q.weight", channels, channels)
                            .tensor("attn2.to_k.weight", channels, crossDim)
                            .tensor("attn2.to_v.weight", channels, crossDim)
                            .linear("attn2.to_out.0", channels, channels)
                            .norm("norm3", channels)
                            .linear("ff.net.0.proj", 8L * channels, channels)
                            .linear("ff.net.2", channels, 4L * channels));
        }
        parameters.linear("proj_out", channels, channels);
    }

    /** Keys and values that cross-attention makes of a text: the same at every timestep. The caller closes them. */
    TensorList keysValues(NDArray text) {
        return SCRIPT.runToList("text_keys_values", text, parameters.tensors(), heads, depth);
    }

    /** Packs the linear layers that see every token, for inputs of a size; see {@link Packing}. */
    void pack(Packing packing, int height, int width) {
        packing.linears(parameters, places(), height * width);
    }

    /** Where the script takes those layers' weights. */
    private long[] places() {
        return LongStream.concat(
                        LongStream.of(2, 4 + 20L * depth),
                        LongStream.range(0, depth)
                                .flatMap(i ->
                                        LongStream.of(2, 3, 4, 5, 9, 12, 16, 18).map(place -> 4 + 20 * i + place)))
                .toArray();
    }

    /** x (B, C, h, w), borrowed; the result has its shape and is attached to its manager. */
    NDArray forward(NDArray x, TensorList keysValues) {
        return SCRIPT.run(x.getManager(), "transformer", x, parameters.tensors(), keysValues, heads, groups, depth);
    }
}
