package io.github.dhf4j.train;

import com.google.gson.JsonObject;
import org.jspecify.annotations.Nullable;

/**
 * One optimiser step, as it is reported.
 *
 * @param step 1 for the first
 * @param steps of the whole run
 * @param loss mean over the step's batch, before the step
 * @param norm of the gradients before they were shortened, null where none are
 * @param learningRate in this step
 * @param seconds that the step took, data included, validation not
 * @param score of the validation after the step, null where there was none
 */
public record TrainingStep(
        int step,
        int steps,
        double loss,
        @Nullable Double norm,
        double learningRate,
        double seconds,
        @Nullable Double score) {
    JsonObject toJson() {
        JsonObject json = new JsonObject();
        json.addProperty("step", step);
        json.addProperty("loss", loss);
        if (norm != null) {
            json.addProperty("norm", norm);
        }
        json.addProperty("learning_rate", learningRate);
        json.addProperty("seconds", Math.rint(seconds * 1e4) / 1e4);
        if (score != null) {
            json.addProperty("score", score);
        }
        return json;
    }
}
