package io.github.dhf4j.diffusion.model;

import static io.github.dhf4j.diffusion.model.DiffusionOps.SCRIPT;

import ai.djl.ndarray.NDArray;
import com.google.gson.JsonObject;
import io.github.dhf4j.io.JsonConfig;
import io.github.dhf4j.tensor.Parameters;
import io.github.dhf4j.tensor.Weights;
import java.io.IOException;

/** What {@code CLIPTextModelWithProjection} has beside {@code CLIPTextModel}: one vector of a whole text. */
public final class CLIPTextProjection {
    static final String KEY = "text_projection.weight";

    /** What configurations of before transformers 4.31 name, whatever the vocabulary's end token is. */
    private static final int END_OF_OLDER_FILES = 2;

    /**
     * What {@code config.json} says of it.
     *
     * @param projectionDim width of the pooled text
     * @param endId token id of a text's end; 2 in older files, where the highest id is meant
     */
    public record Config(int projectionDim, int endId) {
        /**
         * Reads the configuration.
         *
         * @param json the file's content
         * @param where the file's path, for messages
         * @return the configuration
         * @throws IOException if a number is none
         */
        public static Config read(JsonObject json, String where) throws IOException {
            JsonConfig config = new JsonConfig(json, where);
            return new Config(config.integer("projection_dim", 512), config.integer("eos_token_id", 49407));
        }
    }

    private final Parameters parameters;
    private final int endId;

    CLIPTextProjection(Config config, int hiddenSize, Weights weights) {
        endId = config.endId();
        parameters = weights.under("").tensor(KEY, config.projectionDim(), hiddenSize);
    }

    /** {@code last} (1, tokens, hiddenSize), borrowed; the result (1, projectionDim) is attached to its manager. */
    NDArray pooled(long[] ids, NDArray last) {
        return SCRIPT.run(last.getManager(), "clip_pooled", last, endOf(ids), parameters.tensors());
    }

    /** The first place of the end token, 0 where there is none, as transformers finds it. */
    private int endOf(long[] ids) {
        int place = 0;
        for (int i = ids.length - 1; i >= 0; i--) {
            boolean end = endId == END_OF_OLDER_FILES ? ids[i] >= ids[place] : ids[i] == endId;
            place = end ? i : place;
        }
        return place;
    }
}
