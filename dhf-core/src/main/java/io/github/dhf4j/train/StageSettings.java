package io.github.dhf4j.train;

import com.google.gson.JsonObject;

/**
 * How a network is trained whose gradients the engine records.
 *
 * @param steps optimiser steps
 * @param batch pictures a step
 * @param learningRate AdamW's, before the schedule: warm-up, then half a cosine to a hundredth
 * @param warmUp steps of the warm-up
 * @param weightDecay AdamW's
 * @param maxNorm gradients of a larger norm are shortened to it
 * @param average decay of the weights' moving average, which is what is kept in the end
 * @param checkpointEvery steps between checkpoints
 */
public record StageSettings(
        int steps,
        int batch,
        double learningRate,
        int warmUp,
        double weightDecay,
        double maxNorm,
        double average,
        int checkpointEvery) {
    /**
     * Checks the ranges.
     *
     * @param steps as above
     * @param batch as above
     * @param learningRate as above
     * @param warmUp as above
     * @param weightDecay as above
     * @param maxNorm as above
     * @param average as above
     * @param checkpointEvery as above
     */
    public StageSettings {
        if (steps < 1 || batch < 1 || warmUp < 0 || checkpointEvery < 1) {
            throw new IllegalArgumentException("steps, batch and steps between checkpoints must be 1 or more, warm-up"
                    + " 0 or more, got " + steps + ", " + batch + ", " + checkpointEvery + ", " + warmUp);
        }
        if (!(learningRate > 0) || !(weightDecay >= 0) || !(maxNorm > 0) || !(average >= 0 && average < 1)) {
            throw new IllegalArgumentException("learning rate and largest norm must be above 0, weight decay 0 or more,"
                    + " the average's decay 0 to 1, got " + learningRate + ", " + maxNorm + ", " + weightDecay + ", "
                    + average);
        }
    }

    /**
     * How long, and how fast when.
     *
     * @return the plan of a {@link TrainingRun}
     */
    public TrainingPlan plan() {
        LearningRateSchedule schedule = new LearningRateSchedule(LearningRateSchedule.Decay.COSINE, warmUp, 0, 0.01);
        return new TrainingPlan(steps, learningRate, schedule, checkpointEvery);
    }

    /**
     * The same for a run of another length, whose warm-up is a tenth of it at most.
     *
     * @param newSteps optimiser steps
     * @param newBatch pictures a step
     * @param newRate before the schedule
     * @param interval steps between checkpoints
     * @return changed settings
     */
    public StageSettings with(int newSteps, int newBatch, double newRate, int interval) {
        return new StageSettings(
                newSteps, newBatch, newRate, Math.min(warmUp, newSteps / 10), weightDecay, maxNorm, average, interval);
    }

    /**
     * The optimiser's numbers.
     *
     * @return AdamW's
     */
    public AdamW.Settings optimiser() {
        return new AdamW.Settings(0.9, 0.99, 1e-8, weightDecay);
    }

    /**
     * What the outcome depends on.
     *
     * @return a part of a run's description
     */
    public JsonObject toJson() {
        JsonObject json = new JsonObject();
        json.addProperty("steps", steps);
        json.addProperty("batch", batch);
        json.addProperty("learning_rate", learningRate);
        json.addProperty("warm_up", warmUp);
        json.addProperty("weight_decay", weightDecay);
        json.addProperty("max_norm", maxNorm);
        json.addProperty("average", average);
        return json;
    }
}
