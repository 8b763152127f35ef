package io.github.dhf4j.backbones;

import com.google.gson.JsonObject;
import io.github.dhf4j.backbones.VisionTransformerConfig.Family;
import io.github.dhf4j.io.Json;
import java.util.List;

/**
 * The sizes of a vision transformer of DINOv2's structure that is trained from nothing.
 *
 * @param side of the pictures that it is trained on, in pixels
 * @param patch side of a patch in pixels, which divides the pictures'
 * @param width of a token
 * @param blocks how many
 * @param heads attention heads, which divide the width
 */
public record TransformerForm(int side, int patch, int width, int blocks, int heads) {
    /** What one processor core can train: pictures of 96 x 96, 12 x 12 patches, 1.2 million weights. */
    public static final TransformerForm SMALL = new TransformerForm(96, 8, 128, 6, 4);

    private static final int FEED_FORWARD = 4;
    private static final double LAYER_NORM_EPS = 1e-6;

    /**
     * Checks that the sizes fit.
     *
     * @param side as above
     * @param patch as above
     * @param width as above
     * @param blocks as above
     * @param heads as above
     */
    public TransformerForm {
        if (patch < 1 || side < patch || side % patch != 0 || blocks < 1 || heads < 1 || width % heads != 0) {
            throw new IllegalArgumentException("patches must divide the pictures and heads the width, got patches of "
                    + patch + " and pictures of " + side + ", " + heads + " heads and width " + width + ", " + blocks
                    + " blocks");
        }
    }

    /**
     * Patches along a side of a picture.
     *
     * @return 1 or more
     */
    public int grid() {
        return side / patch;
    }

    VisionTransformerConfig config() {
        return new VisionTransformerConfig(
                Family.DINOV2, width, blocks, heads, FEED_FORWARD * width, patch, side, 0, false, LAYER_NORM_EPS, null);
    }

    /**
     * The form as transformers' {@code Dinov2Config} has it.
     *
     * @return what {@code config.json} holds
     */
    public JsonObject toJson() {
        JsonObject json = new JsonObject();
        json.add("architectures", Json.array(List.of("Dinov2Model")));
        json.addProperty("model_type", "dinov2");
        json.addProperty("hidden_size", width);
        json.addProperty("num_hidden_layers", blocks);
        json.addProperty("num_attention_heads", heads);
        json.addProperty("mlp_ratio", FEED_FORWARD);
        json.addProperty("hidden_act", "gelu");
        json.addProperty("layer_norm_eps", LAYER_NORM_EPS);
        json.addProperty("image_size", side);
        json.addProperty("patch_size", patch);
        json.addProperty("num_channels", 3);
        json.addProperty("qkv_bias", true);
        json.addProperty("use_swiglu_ffn", false);
        json.addProperty("torch_dtype", "float32");
        return json;
    }
}
