package io.github.dhf4j.aggregation.train;

import ai.djl.ndarray.NDArray;
import com.google.gson.JsonObject;
import io.github.dhf4j.io.Texts;
import io.github.dhf4j.train.AdamW;
import io.github.dhf4j.train.RunState;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a run's {@link RunState} is: weights, both moments, the number of steps and the validations' state. */
final class TrainingCheckpoint {
    private TrainingCheckpoint() {}

    /** Where a run is, beside its tensors. */
    record Progress(int step, double loss, double bestScore, int bestStep, int stale) {
        static final Progress START = new Progress(0, Double.NaN, Double.NEGATIVE_INFINITY, 0, 0);

        static Progress of(JsonObject json, Path path) throws IOException {
            try {
                return new Progress(
                        json.get("step").getAsInt(),
                        Double.parseDouble(json.get("loss").getAsString()),
                        Double.parseDouble(json.get("best_score").getAsString()),
                        json.get("best_step").getAsInt(),
                        json.get("stale").getAsInt());
            } catch (RuntimeException e) {
                throw new IOException(
                        "checkpoint must say where the run is, got " + Texts.shown(json) + " (" + path
                                + "); delete it to begin anew",
                        e);
            }
        }

        /** The same after a validation. */
        Progress scored(double score) {
            return score > bestScore
                    ? new Progress(step, loss, score, step, 0)
                    : new Progress(step, loss, bestScore, bestStep, stale + 1);
        }

        JsonObject toJson() {
            JsonObject json = new JsonObject();
            json.addProperty("step", step);
            json.addProperty("loss", String.valueOf(loss));
            json.addProperty("best_score", String.valueOf(bestScore));
            json.addProperty("best_step", bestStep);
            json.addProperty("stale", stale);
            return json;
        }
    }

    static void write(Path path, TrainableNetwork network, AdamW optimiser, Progress progress, JsonObject run)
            throws IOException {
        RunState.write(path, tensors(network, optimiser), progress.toJson(), run);
    }

    /** Puts a run's tensors in place. */
    static Progress read(Path path, TrainableNetwork network, AdamW optimiser, JsonObject run) throws IOException {
        JsonObject progress = RunState.read(path, tensors(network, optimiser), run, network.manager());
        Progress at = Progress.of(progress, path);
        optimiser.resumeAt(at.step());
        return at;
    }

    private static Map<String, NDArray> tensors(TrainableNetwork network, AdamW optimiser) {
        Map<String, NDArray> tensors = new LinkedHashMap<>();
        network.weights().forEach((name, array) -> tensors.put("network." + name, array));
        optimiser.state().forEach((name, array) -> tensors.put("optimizer." + name, array));
        return tensors;
    }
}
