package io.github.dhf4j.aggregation;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import com.google.gson.JsonObject;
import io.github.dhf4j.io.Json;
import io.github.dhf4j.io.SafeTensorsWriter;
import io.github.dhf4j.io.TensorFile;
import io.github.dhf4j.train.AdamW;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Where a run is, in one file that appears whole: weights, both moments, and in the metadata the number of steps, the
 * validations' state and what the run was started with. The seed and the number of steps are the random state.
 */
final class TrainingCheckpoint {
    private static final String NETWORK = "network.";
    private static final String OPTIMISER = "optimizer.";
    private static final String RUN = "run";
    private static final String PROGRESS = "progress";

    private TrainingCheckpoint() {}

    /** Where a run is, beside its tensors. */
    record Progress(int step, double loss, double bestScore, int bestStep, int stale) {
        static final Progress START = new Progress(0, Double.NaN, Double.NEGATIVE_INFINITY, 0, 0);
    }

    static void write(Path path, TrainableNetwork network, AdamW optimiser, Progress progress, JsonObject run)
            throws IOException {
        SafeTensorsWriter writer = new SafeTensorsWriter();
        network.parameters().forEach((name, array) -> writer.tensor(NETWORK + name, array));
        optimiser.state().forEach((name, array) -> writer.tensor(OPTIMISER + name, array));
        JsonObject json = new JsonObject();
        json.addProperty("step", progress.step);
        json.addProperty("loss", String.valueOf(progress.loss));
        json.addProperty("best_score", String.valueOf(progress.bestScore));
        json.addProperty("best_step", progress.bestStep);
        json.addProperty("stale", progress.stale);
        writer.metadata(RUN, run.toString()).metadata(PROGRESS, json.toString()).write(path);
    }

    /** Puts a run's tensors in place. */
    static Progress read(Path path, TrainableNetwork network, AdamW optimiser, JsonObject run) throws IOException {
        try (TensorFile file = TensorFile.open(path);
                NDManager reading = network.manager().newSubManager()) {
            String kept = file.metadata().get(RUN);
            String progress = file.metadata().get(PROGRESS);
            if (kept == null || progress == null) {
                throw new IOException("checkpoint must carry 'run' and 'progress' in its metadata, got "
                        + file.metadata().keySet() + " (" + path + "); is it another file?");
            }
            requireSame(Json.parseObject(kept), run, path);
            for (Map.Entry<String, NDArray> parameter : network.parameters().entrySet()) {
                file.require(NETWORK + parameter.getKey());
                file.read(NETWORK + parameter.getKey(), reading, DataType.FLOAT32)
                        .copyTo(parameter.getValue());
            }
            Map<String, NDArray> state = new LinkedHashMap<>();
            for (String name : optimiser.state().keySet()) {
                file.require(OPTIMISER + name);
                state.put(name, file.read(OPTIMISER + name, reading, DataType.FLOAT32));
            }
            JsonObject json = Json.parseObject(progress);
            Progress at = new Progress(
                    json.get("step").getAsInt(),
                    Double.parseDouble(json.get("loss").getAsString()),
                    Double.parseDouble(json.get("best_score").getAsString()),
                    json.get("best_step").getAsInt(),
                    json.get("stale").getAsInt());
            optimiser.restore(state, at.step());
            return at;
        } catch (IllegalArgumentException | IllegalStateException | NullPointerException e) {
            throw new IOException(
                    "checkpoint must be sound, got " + e.getMessage() + " (" + path + "); delete it to begin anew", e);
        }
    }

    private static void requireSame(JsonObject kept, JsonObject run, Path path) throws IOException {
        for (String key : run.keySet()) {
            // a run may be made longer or shorter, and watched otherwise
            if (!String.valueOf(run.get(key)).equals(String.valueOf(kept.get(key)))) {
                throw new IOException("a run must be resumed as it was begun, got " + key + " " + run.get(key)
                        + " where it was " + kept.get(key) + " (" + path
                        + "); resume with the first values, or name another folder");
            }
        }
    }
}
