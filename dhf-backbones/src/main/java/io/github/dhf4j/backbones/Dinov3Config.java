package io.github.dhf4j.backbones;

import io.github.dhf4j.io.JsonConfig;
import java.io.IOException;

/**
 * What {@code config.json} says of a DINOv3 vision transformer that other families do not have.
 *
 * @param theta base of the rotary positions' frequencies
 * @param gated whether the feed-forward has a gate
 * @param activation the activation, by its number in {@code vit.py}
 * @param queryBias whether the linear layer of queries has a bias
 * @param keyBias of keys
 * @param valueBias of values
 * @param outputBias of what attention gives
 * @param mlpBias of the feed-forward
 */
record Dinov3Config(
        double theta,
        boolean gated,
        int activation,
        boolean queryBias,
        boolean keyBias,
        boolean valueBias,
        boolean outputBias,
        boolean mlpBias) {
    /** The exact one. */
    static final int GELU = 0;

    /** What gates DINOv2's giant. */
    static final int SILU = 4;

    /** Transformers' names; those that stand for the same function have the same number. */
    private static int activation(String name) {
        return switch (name) {
            case "gelu_new", "gelu_pytorch_tanh" -> 1;
            case "quick_gelu" -> 2;
            case "relu" -> 3;
            case "silu", "swish" -> SILU;
            default -> GELU;
        };
    }

    /** The whole form; a key that is not known is refused, since it may change the network. */
    static VisionTransformerConfig read(JsonConfig config, String where) throws IOException {
        Dinov3Config own = new Dinov3Config(
                config.number("rope_theta", 100),
                config.flag("use_gated_mlp", false),
                activation(config.oneOf(
                        "hidden_act",
                        "gelu",
                        "gelu",
                        "gelu_new",
                        "gelu_pytorch_tanh",
                        "quick_gelu",
                        "relu",
                        "silu",
                        "swish")),
                config.flag("query_bias", true),
                config.flag("key_bias", false),
                config.flag("value_bias", true),
                config.flag("proj_bias", true),
                config.flag("mlp_bias", true));
        if (own.theta < 1) {
            throw new IOException("'rope_theta' must be 1 or more, got " + own.theta + " (" + where
                    + "); this library supports nothing else here");
        }
        int patch = config.integer("patch_size", 16);
        int image = config.integer("image_size", 224);
        VisionTransformerConfig result = new VisionTransformerConfig(
                VisionTransformerConfig.Family.DINOV3,
                config.integer("hidden_size", 384),
                config.count("num_hidden_layers", 12),
                config.integer("num_attention_heads", 6),
                config.integer("intermediate_size", 1536),
                patch,
                // without effect on the network: the nearest size below that the patch divides
                patch < 1 ? image : Math.max(1, image / patch) * patch,
                config.integer("num_register_tokens", 0),
                false,
                config.number("layer_norm_eps", 1e-5),
                own);
        config.ignore("pos_embed_shift", "pos_embed_jitter", "pos_embed_rescale") // while it was trained
                .ignore("attention_dropout", "drop_path_rate", "initializer_range", "layerscale_value")
                .ignore("apply_layernorm", "reshape_hidden_states", "out_features", "out_indices", "stage_names")
                .ignore("architectures", "dtype", "torch_dtype", "transformers_version", "return_dict")
                .ignore("id2label", "label2id", "problem_type", "tie_word_embeddings", "chunk_size_feed_forward")
                .finish();
        return result;
    }
}
