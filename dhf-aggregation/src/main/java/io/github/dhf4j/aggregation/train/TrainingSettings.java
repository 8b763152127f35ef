package io.github.dhf4j.aggregation.train;

import com.google.gson.JsonObject;
import io.github.dhf4j.train.AdamW;
import io.github.dhf4j.train.LearningRateSchedule;

/**
 * How an aggregator is trained. Immutable; {@code with...} methods return changed copies.
 *
 * @param steps optimiser steps of the run
 * @param accumulation pairs whose mean gradient makes a step
 * @param learningRate base rate of the bottlenecks
 * @param mixingLearningRate base rate of the mixing weights
 * @param schedule what the base rates are multiplied with
 * @param optimiser AdamW's numbers
 * @param temperature what cosines are divided by in the loss; fixed
 * @param flip probability that both images of a pair are mirrored
 * @param seed of the first weights, of the pairs' order and of the flips
 * @param validateEvery steps between validations, which need a {@link TrainingValidator}; 0 for none
 * @param patience validations without a better score after which the run stops; 0 for never
 * @param checkpointEvery steps between checkpoints
 */
public record TrainingSettings(
        int steps,
        int accumulation,
        double learningRate,
        double mixingLearningRate,
        LearningRateSchedule schedule,
        AdamW.Settings optimiser,
        double temperature,
        double flip,
        long seed,
        int validateEvery,
        int patience,
        int checkpointEvery) {
    /**
     * The reference's: 5000 steps of one pair, AdamW at 1e-3 without decay, temperature 0.07, no flips, validation
     * every 1000 steps.
     */
    public static final TrainingSettings REFERENCE = new TrainingSettings(
            5000, 1, 1e-3, 1e-3, LearningRateSchedule.REFERENCE, AdamW.Settings.REFERENCE, 0.07, 0, 0, 1000, 0, 100);

    /**
     * Checks the ranges.
     *
     * @param steps as above
     * @param accumulation as above
     * @param learningRate as above
     * @param mixingLearningRate as above
     * @param schedule as above
     * @param optimiser as above
     * @param temperature as above
     * @param flip as above
     * @param seed as above
     * @param validateEvery as above
     * @param patience as above
     * @param checkpointEvery as above
     */
    public TrainingSettings {
        if (steps < 1 || accumulation < 1 || checkpointEvery < 1 || validateEvery < 0 || patience < 0) {
            throw new IllegalArgumentException(
                    "steps, accumulation and checkpoint interval must be 1 or more, validation"
                            + " interval and patience 0 or more, got " + steps + ", " + accumulation + ", "
                            + checkpointEvery
                            + ", " + validateEvery + ", " + patience);
        }
        if (!(learningRate > 0 && mixingLearningRate >= 0 && temperature > 0)
                || !Double.isFinite(learningRate + mixingLearningRate + temperature)) {
            throw new IllegalArgumentException("learning rates and temperature must be above 0, got " + learningRate
                    + ", " + mixingLearningRate + ", " + temperature);
        }
        if (!(flip >= 0 && flip <= 1)) {
            throw new IllegalArgumentException("probability of a flip must be 0 to 1, got " + flip);
        }
    }

    /**
     * Another length.
     *
     * @param count optimiser steps
     * @return a changed copy
     */
    public TrainingSettings withSteps(int count) {
        return new TrainingSettings(
                count,
                accumulation,
                learningRate,
                mixingLearningRate,
                schedule,
                optimiser,
                temperature,
                flip,
                seed,
                validateEvery,
                patience,
                checkpointEvery);
    }

    /**
     * Other learning rates.
     *
     * @param bottlenecks base rate of the bottlenecks
     * @param mixing base rate of the mixing weights
     * @param over what both are multiplied with
     * @return a changed copy
     */
    public TrainingSettings withLearningRates(double bottlenecks, double mixing, LearningRateSchedule over) {
        return new TrainingSettings(
                steps,
                accumulation,
                bottlenecks,
                mixing,
                over,
                optimiser,
                temperature,
                flip,
                seed,
                validateEvery,
                patience,
                checkpointEvery);
    }

    /**
     * Other intervals.
     *
     * @param validation steps between validations; 0 for none
     * @param stopAfter validations without a better score after which the run stops; 0 for never
     * @param checkpoint steps between checkpoints
     * @return a changed copy
     */
    public TrainingSettings withIntervals(int validation, int stopAfter, int checkpoint) {
        return new TrainingSettings(
                steps,
                accumulation,
                learningRate,
                mixingLearningRate,
                schedule,
                optimiser,
                temperature,
                flip,
                seed,
                validation,
                stopAfter,
                checkpoint);
    }

    /**
     * Another seed, and flips.
     *
     * @param number the seed
     * @param probability that both images of a pair are mirrored
     * @return a changed copy
     */
    public TrainingSettings withSeed(long number, double probability) {
        return new TrainingSettings(
                steps,
                accumulation,
                learningRate,
                mixingLearningRate,
                schedule,
                optimiser,
                temperature,
                probability,
                number,
                validateEvery,
                patience,
                checkpointEvery);
    }

    /**
     * The same as JSON, for provenance and to tell whether a run may be resumed.
     *
     * @return a new object
     */
    public JsonObject toJson() {
        JsonObject json = new JsonObject();
        json.addProperty("steps", steps);
        json.addProperty("accumulation", accumulation);
        json.addProperty("learning_rate", learningRate);
        json.addProperty("mixing_learning_rate", mixingLearningRate);
        json.addProperty("schedule", schedule.toString());
        json.addProperty("optimiser", "AdamW " + optimiser);
        json.addProperty("temperature", temperature);
        json.addProperty("flip", flip);
        json.addProperty("seed", seed);
        json.addProperty("validate_every", validateEvery);
        json.addProperty("patience", patience);
        json.addProperty("checkpoint_every", checkpointEvery);
        return json;
    }
}
