package io.github.dhf4j.backbones;

/**
 * How transformers names the tensors of a family, without {@code .weight} and {@code .bias}.
 *
 * @param patches the convolution that makes patches tokens
 * @param blocks what a block's keys begin with, before its number
 * @param norm1 of a block, as all that follow but the last: the norm before attention
 * @param query the linear layer of queries
 * @param key of keys
 * @param value of values
 * @param output of what attention gives
 * @param norm2 the norm before the feed-forward
 * @param up the feed-forward's first linear layer; of a stacked gated one the gate and the layer
 * @param down its last
 * @param gate its gate, where that is a layer of its own; else empty
 * @param scaled whether the block has {@code layer_scale1.lambda1} and {@code layer_scale2.lambda1}
 * @param norm the network's last norm
 */
record VisionTransformerKeys(
        String patches,
        String blocks,
        String norm1,
        String query,
        String key,
        String value,
        String output,
        String norm2,
        String up,
        String down,
        String gate,
        boolean scaled,
        String norm) {

    static VisionTransformerKeys of(VisionTransformerConfig config) {
        return switch (config.family()) {
            case DINO -> first("layernorm_before", "layernorm_after", "intermediate.dense", "output.dense", false);
            case DINOV2, DINOV2_REGISTERS ->
                config.swiglu()
                        ? first("norm1", "norm2", "mlp.weights_in", "mlp.weights_out", true)
                        : first("norm1", "norm2", "mlp.fc1", "mlp.fc2", true);
            case DINOV3 ->
                new VisionTransformerKeys(
                        "embeddings.patch_embeddings",
                        "layer.",
                        "norm1",
                        "attention.q_proj",
                        "attention.k_proj",
                        "attention.v_proj",
                        "attention.o_proj",
                        "norm2",
                        "mlp.up_proj",
                        "mlp.down_proj",
                        "mlp.gate_proj",
                        true,
                        "norm");
        };
    }

    private static VisionTransformerKeys first(String norm1, String norm2, String up, String down, boolean scaled) {
        String attention = "attention.attention.";
        return new VisionTransformerKeys(
                "embeddings.patch_embeddings.projection",
                "encoder.layer.",
                norm1,
                attention + "query",
                attention + "key",
                attention + "value",
                "attention.output.dense",
                norm2,
                up,
                down,
                "",
                scaled,
                "layernorm");
    }
}
