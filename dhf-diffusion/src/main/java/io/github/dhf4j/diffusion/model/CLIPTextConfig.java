package io.github.dhf4j.diffusion.model;

import com.google.gson.JsonObject;
import io.github.dhf4j.io.Json;
import io.github.dhf4j.io.JsonConfig;
import java.io.IOException;
import java.util.List;

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
     * Reads the configuration: that of a text encoder, or that of a whole CLIP model, of which the text's part is taken.
     *
     * @param json the file's content
     * @param where the file's path, for messages
     * @return the configuration
     * @throws IOException naming the first setting that is not supported
     */
    public static CLIPTextConfig read(JsonObject json, String where) throws IOException {
        if (json.get("text_config") instanceof JsonObject text
                && new JsonConfig(json, where).text("model_type", "").equals("clip")) {
            return read(text, where);
        }
        JsonConfig config = new JsonConfig(json, where);
        config.expect("model_type", "clip_text_model");
        CLIPTextConfig result = new CLIPTextConfig(
                config.integer("vocab_size", 49408),
                config.integer("max_position_embeddings", 77),
                config.integer("hidden_size", 512),
                config.integer("intermediate_size", 2048),
                config.count("num_hidden_layers", 12),
                config.integer("num_attention_heads", 8),
                config.oneOf("hidden_act", "quick_gelu", "quick_gelu", "gelu").equals("quick_gelu"),
                config.number("layer_norm_eps", 1e-5));
        if (result.heads < 1 || result.hiddenSize % result.heads != 0) {
            throw new IOException("num_attention_heads must divide hidden_size, got " + result.heads + " and "
                    + result.hiddenSize + " (" + where + "); fetch the file again");
        }
        return result;
    }

    /**
     * The configuration as transformers reads it.
     *
     * @param startId token id of the start of a text
     * @param endId token id of its end, and of the padding
     * @return the content of {@code text_encoder/config.json}
     */
    public JsonObject toJson(long startId, long endId) {
        JsonObject json = new JsonObject();
        json.add("architectures", Json.array(List.of("CLIPTextModel")));
        json.addProperty("model_type", "clip_text_model");
        json.addProperty("vocab_size", vocabSize);
        json.addProperty("max_position_embeddings", maxPositions);
        json.addProperty("hidden_size", hiddenSize);
        json.addProperty("projection_dim", hiddenSize);
        json.addProperty("intermediate_size", intermediateSize);
        json.addProperty("num_hidden_layers", layers);
        json.addProperty("num_attention_heads", heads);
        json.addProperty("hidden_act", quickGelu ? "quick_gelu" : "gelu");
        json.addProperty("layer_norm_eps", layerNormEps);
        json.addProperty("bos_token_id", startId);
        json.addProperty("eos_token_id", endId);
        json.addProperty("pad_token_id", endId);
        return json;
    }
}
