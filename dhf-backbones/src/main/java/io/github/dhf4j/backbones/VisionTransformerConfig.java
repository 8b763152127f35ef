package io.github.dhf4j.backbones;

import com.google.gson.JsonObject;
import io.github.dhf4j.image.PillowResize;
import io.github.dhf4j.io.JsonConfig;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * What {@code config.json} says of a DINO, DINOv2 or DINOv3 checkpoint in the transformers layout.
 *
 * @param family which of the forms
 * @param hiddenSize width of a token
 * @param layers blocks
 * @param heads attention heads
 * @param intermediateSize width of the feed-forward
 * @param patchSize side of a patch in pixels
 * @param imageSize side of the pictures that the position embeddings were trained for; of DINOv3, which has none, a size to begin
 *     with
 * @param registers tokens beside the class and the patches, 0 for none
 * @param swiglu whether the feed-forward is gated by half of its first layer (DINOv2 giant)
 * @param layerNormEps epsilon of the layer norms
 * @param rotary what only DINOv3 has; null for the others
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
        double layerNormEps,
        @Nullable Dinov3Config rotary) {
    /** The forms that the model types have. */
    enum Family {
        /** DINO: {@code vit}. */
        DINO("dino"),
        /** DINOv2: {@code dinov2}. */
        DINOV2("dinov2"),
        /** DINOv2 with registers: {@code dinov2_with_registers}, which interpolates positions otherwise. */
        DINOV2_REGISTERS("dinov2"),
        /** DINOv3: {@code dinov3_vit}, whose positions turn queries and keys. */
        DINOV3("dinov3");

        private final String backbone;

        Family(String backbone) {
            this.backbone = backbone;
        }

        /** As options name it. */
        String backbone() {
            return backbone;
        }

        /** What a model type is, or null. */
        static @Nullable Family of(String modelType) {
            return switch (modelType) {
                case "vit" -> DINO;
                case "dinov2" -> DINOV2;
                case "dinov2_with_registers" -> DINOV2_REGISTERS;
                case "dinov3_vit" -> DINOV3;
                default -> null;
            };
        }
    }

    static VisionTransformerConfig read(JsonObject json, Family family, String where) throws IOException {
        JsonConfig config = new JsonConfig(json, where).ignore("model_type").expect("num_channels", 3);
        VisionTransformerConfig result =
                family == Family.DINOV3 ? Dinov3Config.read(config, where) : first(config, family);
        if (result.heads < 1
                || result.hiddenSize % result.heads != 0
                || result.patchSize < 1
                || result.layers < 1
                || result.imageSize < result.patchSize
                || result.imageSize % result.patchSize != 0) {
            throw new IOException("heads must divide the width and patches the image, got " + result.heads
                    + " heads and width " + result.hiddenSize + ", patches of " + result.patchSize + " and images of "
                    + result.imageSize + ", " + result.layers + " blocks (" + where + "); fetch the file again");
        }
        if (result.rotary != null && result.headWidth() % 4 != 0) {
            throw new IOException("rotary positions need heads whose width 4 divides, got " + result.hiddenSize + " in "
                    + result.heads + " heads (" + where + "); fetch the file again");
        }
        return result;
    }

    private static VisionTransformerConfig first(JsonConfig config, Family family) throws IOException {
        config.expect("qkv_bias", true).expect("hidden_act", "gelu");
        boolean second = family != Family.DINO;
        int hidden = config.integer("hidden_size", 768);
        boolean swiglu = second && config.flag("use_swiglu_ffn", false);
        int wide = second ? hidden * config.integer("mlp_ratio", 4) : config.integer("intermediate_size", 3072);
        return new VisionTransformerConfig(
                family,
                hidden,
                config.count("num_hidden_layers", 12),
                config.integer("num_attention_heads", 12),
                swiglu ? (wide * 2 / 3 + 7) / 8 * 8 : wide,
                config.integer("patch_size", second ? 14 : 16),
                config.integer("image_size", 224),
                family == Family.DINOV2_REGISTERS ? config.integer("num_register_tokens", 4) : 0,
                swiglu,
                config.number("layer_norm_eps", second ? 1e-6 : 1e-12),
                null);
    }

    /** For fingerprints: families that were there before rotary positions are told as they were then. */
    String form() {
        return toString().replace(", rotary=null]", "]");
    }

    /** How pictures are resized: as whoever published the family does it. */
    PillowResize.Kernel kernel() {
        return family == Family.DINOV3 ? PillowResize.Kernel.BILINEAR : PillowResize.Kernel.LANCZOS;
    }

    int headWidth() {
        return hiddenSize / heads;
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
