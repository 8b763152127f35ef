package io.github.dhf4j.diffusion.model;

import com.google.gson.JsonObject;
import io.github.dhf4j.io.JsonConfig;
import java.io.IOException;

/**
 * What {@code text_encoder/config.json} says.
 *
 * @param vocabSize tokens of the vocabulary
 * @param maxPositions tokens of a prompt
 * @param hiddenSize width of the embedding
 * @param intermediateSize width of the feed-forward
 * @param layers transformer layers
 * @param heads attention heads
 * @param quickGelu x sigmoid(1.702 x) instead of the exact gelu
 * @param layerNormEps epsilon of the layer norms
 */
public record CLIPTextConfig(
        int vocabSize,
        int maxPositions,
        int hiddenSize,
        int intermediateSize,
        int layers,
        int heads,
        boolean quickGelu,
        double layerNormEps) {

    /**
     * Reads the configuration.
     *
     * @param json the file's content
     * @param where the file's path, for messages
     * @return the configuration
     * @throws IOException naming the first setting that is not supported
     */
    public static CLIPTextConfig read(JsonObject json, String where) throws IOException {
        JsonConfig config = new JsonConfig(json, where);
        config.expect("model_type", "clip_text_model");
        CLIPTextConfig result = new CLIPTextConfig(
                config.integer("vocab_size", 49408),
                config.integer("max_position_embeddings", 77),
                config.integer("hidden_size", 512),
                config.integer("intermediate_size", 2048),
                config.integer("num_hidden_layers", 12),
                config.integer("num_attention_heads", 8),
                config.oneOf("hidden_act", "quick_gelu", "quick_gelu", "gelu").equals("quick_gelu"),
                config.number("layer_norm_eps", 1e-5));
        if (result.heads < 1 || result.hiddenSize % result.heads != 0) {
            throw new IOException("num_attention_heads must divide hidden_size, got " + result.heads + " and "
                    + result.hiddenSize + " (" + where + "); fetch the file again");
        }
        return result;
    }
}
