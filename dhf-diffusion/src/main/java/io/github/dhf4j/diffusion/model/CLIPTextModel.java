package io.github.dhf4j.diffusion.model;

import static io.github.dhf4j.diffusion.model.DiffusionOps.SCRIPT;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import io.github.dhf4j.io.HostTensors;
import io.github.dhf4j.io.TensorFile;
import io.github.dhf4j.tensor.Parameters;
import io.github.dhf4j.tensor.Weights;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The text encoder: token ids to the hidden state after the final layer norm. Causal attention, no padding mask.
 *
 * <p>Source: transformers' {@code CLIPTextModel}. Of a {@code CLIPTextModelWithProjection} or a whole {@code CLIPModel} the
 * projections and the vision tower are passed over, unless the projection is asked for.
 */
public final class CLIPTextModel implements AutoCloseable {
    private static final String TEXT_MODEL = "text_model.";

    /** What is left of a whole CLIP model beside the text encoder, and a buffer 0, 1, 2, ... of older files. */
    private static final Set<String> BESIDE = Set.of(
            "text_model.embeddings.position_ids",
            "embeddings.position_ids",
            CLIPTextProjection.KEY,
            "visual_projection.weight",
            "vision_model.",
            "logit_scale");

    private final CLIPTextConfig config;
    private final Weights weights;
    private final Parameters parameters;
    private final @Nullable CLIPTextProjection projection;

    /**
     * Declares the network and compares it with a file; reads nothing but the file's header.
     *
     * @param config the network's form
     * @param file its weights; borrowed until {@link #load} returns
     * @throws IOException naming keys that are missing, left over or of another shape
     */
    public CLIPTextModel(CLIPTextConfig config, TensorFile file) throws IOException {
        // transformers 5 leaves the first part out
        this(config, null, new Weights(file).alsoKnownAs(TEXT_MODEL, ""));
        weights.check(BESIDE);
    }

    /**
     * The same of a {@code CLIPTextModelWithProjection}, with its projection.
     *
     * @param config the network's form
     * @param projection the projection's
     * @param file its weights; borrowed until {@link #load} returns
     * @throws IOException naming keys that are missing, left over or of another shape
     */
    public CLIPTextModel(CLIPTextConfig config, CLIPTextProjection.Config projection, TensorFile file)
            throws IOException {
        this(config, projection, new Weights(file).alsoKnownAs(TEXT_MODEL, ""));
        weights.check(BESIDE);
    }

    /**
     * A network over arrays that may change, such as to train it.
     *
     * @param config the network's form
     * @param parameters an array for each key of {@link #parameterShapes}; borrowed, must outlive the network
     */
    public CLIPTextModel(CLIPTextConfig config, Map<String, NDArray> parameters) {
        this(config, null, Weights.withoutFile());
        weights.use(parameters);
    }

    private CLIPTextModel(CLIPTextConfig config, CLIPTextProjection.@Nullable Config projection, Weights weights) {
        this.config = config;
        this.weights = weights;
        int dim = config.hiddenSize();
        int wide = config.intermediateSize();
        parameters = weights.under(TEXT_MODEL)
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
        this.projection = projection == null ? null : new CLIPTextProjection(projection, dim, weights);
    }

    /**
     * What a weight file of a network must hold.
     *
     * @param config the network's form
     * @return the shape of each key
     */
    public static Map<String, long[]> parameterShapes(CLIPTextConfig config) {
        try (Weights declared = Weights.withoutFile();
                CLIPTextModel model = new CLIPTextModel(config, null, declared)) {
            return model.weights.shapes();
        }
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
     * @param type what weights are read as
     * @throws IOException if they cannot be read or are not finite
     */
    public void load(NDManager manager, DataType type) throws IOException {
        weights.load(manager, type);
    }

    /**
     * Encodes prompts.
     *
     * @param prompts token ids of each, all equally many, at most as many as the network has positions
     * @param manager owns the result
     * @return (prompts, tokens, hiddenSize)
     */
    public NDArray encode(long[][] prompts, NDManager manager) {
        return run("clip_text", prompts, config.layers(), manager);
    }

    /**
     * The hidden state that Stable Diffusion XL takes: before the last layer, without the final layer norm.
     *
     * @param prompts token ids of each, all equally many
     * @param manager owns the result
     * @return (prompts, tokens, hiddenSize)
     */
    public NDArray penultimate(long[][] prompts, NDManager manager) {
        return run("clip_layers", prompts, config.layers() - 1, manager);
    }

    /**
     * The pooled text: the hidden state at the first end token, after the final layer norm, projected.
     *
     * @param ids token ids of one prompt
     * @param last its hidden state from {@link #encode}, borrowed
     * @return (1, projectionDim), attached to the state's manager
     * @throws IllegalStateException if the network was made without a projection
     */
    public NDArray pooled(long[] ids, NDArray last) {
        if (projection == null) {
            throw new IllegalStateException("a text encoder must have a projection to pool, got one without");
        }
        return projection.pooled(ids, last);
    }

    private NDArray run(String method, long[][] prompts, int layers, NDManager manager) {
        for (long[] ids : prompts) {
            check(ids);
        }
        try (NDArray tokens = HostTensors.of(manager, prompts)) {
            return SCRIPT.run(
                    manager,
                    method,
                    tokens,
                    parameters.tensors(),
                    config.heads(),
                    layers,
                    config.quickGelu(),
                    config.layerNormEps());
        }
    }

    private void check(long[] ids) {
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
    }

    @Override
    public void close() {
        weights.close();
    }
}
