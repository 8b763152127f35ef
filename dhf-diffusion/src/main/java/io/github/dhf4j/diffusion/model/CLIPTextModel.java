package io.github.dhf4j.diffusion.model;

import static io.github.dhf4j.diffusion.model.DiffusionOps.SCRIPT;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.github.dhf4j.io.TensorFile;
import io.github.dhf4j.tensor.Parameters;
import io.github.dhf4j.tensor.Weights;
import java.io.IOException;
import java.util.Set;

/**
 * The text encoder: token ids to the hidden state after the final layer norm. Causal attention, no padding mask.
 *
 * <p>Source: transformers' {@code CLIPTextModel}.
 */
public final class CLIPTextModel implements AutoCloseable {
    private final CLIPTextConfig config;
    private final Weights weights;
    private final Parameters parameters;

    /**
     * Declares the network and compares it with a file; reads nothing but the file's header.
     *
     * @param config the network's form
     * @param file its weights; borrowed until {@link #load} returns
     * @throws IOException naming keys that are missing, left over or of another shape
     */
    public CLIPTextModel(CLIPTextConfig config, TensorFile file) throws IOException {
        this.config = config;
        weights = new Weights(file);
        int dim = config.hiddenSize();
        int wide = config.intermediateSize();
        parameters = weights.under("text_model.")
                .tensor("embeddings.token_embedding.weight", config.vocabSize(), dim)
                .tensor("embeddings.position_embedding.weight", config.maxPositions(), dim);
        for (int i = 0; i < config.layers(); i++) {
            parameters.nested(
                    "encoder.layers." + i + ".",
                    layer -> layer.norm("layer_norm1", dim)
                            .linear("self_attn.q_proj", dim, dim)
                            .linear("self_attn.k_proj", dim, dim)
                            .linear("self_attn.v_proj", dim, dim)
                            .linear("self_attn.out_proj", dim, dim)
                            .norm("layer_norm2", dim)
                            .linear("mlp.fc1", wide, dim)
                            .linear("mlp.fc2", dim, wide));
        }
        parameters.norm("final_layer_norm", dim);
        // a buffer 0, 1, 2, ... that older files carry
        weights.check(Set.of("text_model.embeddings.position_ids"));
    }

    /**
     * The number of weights.
     *
     * @return parameters
     */
    public long parameterCount() {
        return weights.parameterCount();
    }

    /**
     * Reads the weights.
     *
     * @param manager gives the device
     * @throws IOException if they cannot be read or are not finite
     */
    public void load(NDManager manager) throws IOException {
        weights.load(manager);
    }

    /**
     * Encodes a prompt.
     *
     * @param ids token ids, at most as many as the network has positions
     * @param manager owns the result
     * @return (1, tokens, hiddenSize)
     */
    public NDArray encode(long[] ids, NDManager manager) {
        if (ids.length > config.maxPositions()) {
            throw new IllegalArgumentException(
                    "prompt must have at most " + config.maxPositions() + " tokens, got " + ids.length);
        }
        for (long id : ids) {
            if (id < 0 || id >= config.vocabSize()) {
                throw new IllegalArgumentException("token ids must be below the vocabulary's " + config.vocabSize()
                        + ", got " + id + "; tokenizer and text encoder must be of one checkpoint");
            }
        }
        try (NDArray tokens = manager.create(ids).expandDims(0)) {
            return SCRIPT.run(
                    manager,
                    "clip_text",
                    tokens,
                    parameters.tensors(),
                    config.heads(),
                    config.layers(),
                    config.quickGelu(),
                    config.layerNormEps());
        }
    }

    @Override
    public void close() {
        weights.close();
    }
}
