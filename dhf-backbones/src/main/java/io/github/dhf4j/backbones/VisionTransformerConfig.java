package io.github.dhf4j.backbones;

import com.google.gson.JsonObject;
import io.github.dhf4j.io.JsonConfig;
import java.io.IOException;

/**
 * What {@code config.json} says of a DINO or DINOv2 checkpoint in the transformers layout.
 *
 * @param family which of the three forms
 * @param hiddenSize width of a token
 * @param layers blocks
 * @param heads attention heads
 * @param intermediateSize width of the feed-forward
 * @param patchSize side of a patch in pixels
 * @param imageSize side of the pictures that the position embeddings were trained for
 * @param registers tokens beside the class and the patches, 0 for none
 * @param swiglu whether the feed-forward is gated (DINOv2 giant)
 * @param layerNormEps epsilon of the layer norms
 */
record VisionTransformerConfig(
        Family family,
        int hiddenSize,
        int layers,
        int heads,
        int intermediateSize,
        int patchSize,
        int imageSize,
        int registers,
        boolean swiglu,
        double layerNormEps) {
    /** The forms that the three model types have. */
    enum Family {
        /** DINO: {@code vit}. */
        DINO,
        /** DINOv2: {@code dinov2}. */
        DINOV2,
        /** DINOv2 with registers: {@code dinov2_with_registers}, which interpolates positions otherwise. */
        DINOV2_REGISTERS;

        boolean isSecond() {
            return this != DINO;
        }
    }

    static VisionTransformerConfig read(JsonObject json, String where) throws IOException {
        JsonConfig config = new JsonConfig(json, where);
        String type = config.oneOf("model_type", "none", "vit", "dinov2", "dinov2_with_registers");
        config.expect("num_channels", 3).expect("qkv_bias", true).expect("hidden_act", "gelu");
        Family family = switch (type) {
            case "vit" -> Family.DINO;
            case "dinov2" -> Family.DINOV2;
            default -> Family.DINOV2_REGISTERS;
        };
        int hidden = config.integer("hidden_size", 768);
        boolean swiglu = family.isSecond() && config.flag("use_swiglu_ffn", false);
        int wide =
                family.isSecond() ? hidden * config.integer("mlp_ratio", 4) : config.integer("intermediate_size", 3072);
        VisionTransformerConfig result = new VisionTransformerConfig(
                family,
                hidden,
                config.count("num_hidden_layers", 12),
                config.integer("num_attention_heads", 12),
                swiglu ? (wide * 2 / 3 + 7) / 8 * 8 : wide,
                config.integer("patch_size", family.isSecond() ? 14 : 16),
                config.integer("image_size", 224),
                family == Family.DINOV2_REGISTERS ? config.integer("num_register_tokens", 4) : 0,
                swiglu,
                config.number("layer_norm_eps", family.isSecond() ? 1e-6 : 1e-12));
        if (result.heads < 1
                || hidden % result.heads != 0
                || result.patchSize < 1
                || result.layers < 1
                || result.imageSize < result.patchSize
                || result.imageSize % result.patchSize != 0) {
            throw new IOException("heads must divide the width and patches the image, got " + result + " (" + where
                    + "); fetch the file again");
        }
        return result;
    }

    /** Patches along a side of the pictures that the positions were trained for. */
    int positions() {
        return imageSize / patchSize;
    }

    /** Tokens before the patches: the class and the registers. */
    int leading() {
        return 1 + registers;
    }
}
