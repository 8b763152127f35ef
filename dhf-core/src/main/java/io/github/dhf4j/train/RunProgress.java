package io.github.dhf4j.train;

import com.google.gson.JsonObject;
import io.github.dhf4j.io.Texts;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Where a run is, beside its tensors.
 *
 * @param step how many steps were made
 * @param loss of the last step; NaN before the first
 * @param bestScore of the validations so far; negative infinity before the first
 * @param bestStep after how many steps it was reached; 0 before the first
 * @param stale validations since, none of them better
 */
public record RunProgress(int step, double loss, double bestScore, int bestStep, int stale) {
    /** Before the first step. */
    public static final RunProgress START = new RunProgress(0, Double.NaN, Double.NEGATIVE_INFINITY, 0, 0);

    static RunProgress of(JsonObject json, Path path) throws IOException {
        try {
            int step = json.get("step").getAsInt();
            if (!json.has("loss")) {
                // runs without validation once wrote no more than the step
                return new RunProgress(step, START.loss, START.bestScore, START.bestStep, START.stale);
            }
            return new RunProgress(
                    step,
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

    RunProgress stepped(double nextLoss) {
        return new RunProgress(step + 1, nextLoss, bestScore, bestStep, stale);
    }

    RunProgress scored(double score) {
        return score > bestScore
                ? new RunProgress(step, loss, score, step, 0)
                : new RunProgress(step, loss, bestScore, bestStep, stale + 1);
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
