package io.github.dhf4j.aggregation.train;

import com.google.gson.JsonObject;
import io.github.dhf4j.train.AdamW;
import io.github.dhf4j.train.LearningRateSchedule;
import io.github.dhf4j.train.TrainingPlan;
import java.io.IOException;

/**
 * How an aggregator is trained; {@link #builder} makes it.
 *
 * @param steps optimiser steps of the run
 * @param accumulation pairs whose mean gradient makes a step
 * @param learningRate base rate of the bottlenecks
 * @param mixingLearningRate base rate of the mixing weights
 * @param schedule what the base rates are multiplied with
 * @param optimiser AdamW's numbers
 * @param correspondence what the loss of key-point pairs asks; other losses pass it over
 * @param flip probability that all images of an example are mirrored
 * @param dropout share of each map's numbers that are left out in training, 0 to below 1, the others made larger for it
 * @param averaging decay of the weights' moving average, 0 to below 1, which is validated and kept in place of the weights; 0
 *     for none
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
        CorrespondenceSettings correspondence,
        double flip,
        double dropout,
        double averaging,
        long seed,
        int validateEvery,
        int patience,
        int checkpointEvery) {
    /**
     * The reference's: 5000 steps of one pair, AdamW at 1e-3 without decay, temperature 0.07, no flips, validation
     * every 1000 steps.
     */
    public static final TrainingSettings REFERENCE = builder().build();

    /**
     * Checks the ranges.
     *
     * @param steps as above
     * @param accumulation as above
     * @param learningRate as above
     * @param mixingLearningRate as above
     * @param schedule as above
     * @param optimiser as above
     * @param correspondence as above
     * @param flip as above
     * @param dropout as above
     * @param averaging as above
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
        if (!(learningRate > 0 && mixingLearningRate >= 0) || !Double.isFinite(learningRate + mixingLearningRate)) {
            throw new IllegalArgumentException(
                    "learning rates must be above 0, got " + learningRate + ", " + mixingLearningRate);
        }
        if (!(flip >= 0 && flip <= 1)) {
            throw new IllegalArgumentException("probability of a flip must be 0 to 1, got " + flip);
        }
        if (!(dropout >= 0 && dropout < 1 && averaging >= 0 && averaging < 1)) {
            throw new IllegalArgumentException("dropout and decay of the moving average must be 0 to below 1, got "
                    + dropout + " and " + averaging);
        }
    }

    /**
     * Begins with the reference's settings.
     *
     * @return a new builder
     */
    public static TrainingSettingsBuilder builder() {
        return new TrainingSettingsBuilder();
    }

    /**
     * Begins with these.
     *
     * @return a new builder
     */
    public TrainingSettingsBuilder toBuilder() {
        return new TrainingSettingsBuilder()
                .steps(steps)
                .accumulation(accumulation)
                .learningRate(learningRate)
                .mixingLearningRate(mixingLearningRate)
                .schedule(schedule)
                .optimiser(optimiser)
                .correspondence(correspondence)
                .flip(flip)
                .dropout(dropout)
                .averaging(averaging)
                .seed(seed)
                .validateEvery(validateEvery)
                .patience(patience)
                .checkpointEvery(checkpointEvery);
    }

    TrainingPlan plan() {
        return new TrainingPlan(steps, learningRate, schedule, checkpointEvery);
    }

    /**
     * The same as JSON, for provenance and to tell whether a run may be resumed.
     *
     * @return a new object
     */
    public JsonObject toJson() {
        return TrainingSettingsCodec.toJson(this);
    }

    /**
     * Reads what {@link #toJson} wrote, now or before; further keys are passed over.
     *
     * @param json such as the provenance of weights
     * @param where its file, for messages
     * @return the settings
     * @throws IOException naming what is missing or is none
     */
    public static TrainingSettings fromJson(JsonObject json, String where) throws IOException {
        return TrainingSettingsCodec.fromJson(json, where);
    }
}
