package io.github.dhf4j.diffusion;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import io.github.dhf4j.diffusion.model.CLIPTextConfig;
import io.github.dhf4j.diffusion.model.CLIPTextModel;
import io.github.dhf4j.diffusion.model.CLIPTextProjection;
import io.github.dhf4j.io.TensorFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** One text encoder of a pipeline and its tokenizer. The encoder's weights are read for each use and freed after it. */
final class TextPart implements AutoCloseable {
    private final DiffusersFolder folder;
    private final String encoder;
    private final CLIPTextConfig config;
    private final CLIPTextProjection.@Nullable Config projection;
    private final ClipTokenizer tokenizer;

    private TextPart(
            DiffusersFolder folder,
            String encoder,
            CLIPTextConfig config,
            CLIPTextProjection.@Nullable Config projection,
            ClipTokenizer tokenizer) {
        this.folder = folder;
        this.encoder = encoder;
        this.config = config;
        this.projection = projection;
        this.tokenizer = tokenizer;
    }

    /** Opens a part; compares the encoder's keys and shapes with its file. */
    static TextPart open(DiffusersFolder folder, PipelineFamily.Text text) throws IOException {
        CLIPTextConfig config = folder.textConfig(text.encoder());
        CLIPTextProjection.Config projection = text.pools() ? folder.projectionConfig(text.encoder()) : null;
        try (TensorFile file = folder.weights(text.encoder())) {
            model(config, projection, file).close();
        }
        ClipTokenizer tokenizer = ClipTokenizer.open(folder.file(text.tokenizer(), ""), config.maxPositions());
        return new TextPart(folder, text.encoder(), config, projection, tokenizer);
    }

    static CLIPTextModel model(CLIPTextConfig config, CLIPTextProjection.@Nullable Config projection, TensorFile file)
            throws IOException {
        return projection == null ? new CLIPTextModel(config, file) : new CLIPTextModel(config, projection, file);
    }

    CLIPTextConfig config() {
        return config;
    }

    CLIPTextProjection.@Nullable Config projection() {
        return projection;
    }

    long[] tokens(String prompt) {
        return tokenizer.encode(prompt);
    }

    /** Uses the encoder; what leaves must be attached elsewhere than to the manager that {@code use} is given. */
    <T> T run(NDManager manager, BiFunction<CLIPTextModel, NDManager, T> use) {
        try (TensorFile file = folder.weights(encoder);
                NDManager work = manager.newSubManager();
                CLIPTextModel model = model(config, projection, file)) {
            // what it gives is kept as float32, a prompt once
            model.load(work, DataType.FLOAT32);
            return use.apply(model, work);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        tokenizer.close();
    }
}
