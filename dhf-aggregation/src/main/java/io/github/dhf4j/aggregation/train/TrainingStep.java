package io.github.dhf4j.aggregation.train;

import com.google.gson.JsonObject;
import org.jspecify.annotations.Nullable;

/**
 * One optimiser step.
 *
 * @param step 1 for the first
 * @param steps of the whole run
 * @param loss mean over the step's pairs, before the step
 * @param learningRate of the bottlenecks in this step
 * @param seconds that the step took, features included, validation not
 * @param score of the validation after the step, null where there was none
 */
public record TrainingStep(
        int step,
        int steps,
        double loss,
        double learningRate,
        double seconds,
        @Nullable Double score) {
    /** What lines of the metrics hold, beside the step. */
    static final String[] COLUMNS = {"loss", "learning_rate", "seconds", "score"};

    JsonObject toJson() {
        JsonObject json = new JsonObject();
        json.addProperty("step", step);
        json.addProperty("loss", loss);
        json.addProperty("learning_rate", learningRate);
        json.addProperty("seconds", Math.rint(seconds * 1e4) / 1e4);
        if (score != null) {
            json.addProperty("score", score);
        }
        return json;
    }
}
