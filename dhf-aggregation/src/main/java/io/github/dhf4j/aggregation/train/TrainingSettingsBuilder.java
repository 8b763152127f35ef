package io.github.dhf4j.aggregation.train;

import io.github.dhf4j.train.AdamW;
import io.github.dhf4j.train.LearningRateSchedule;

/** Makes {@link TrainingSettings}; what is not set is as in {@link TrainingSettings#REFERENCE}. */
public final class TrainingSettingsBuilder {
    private int steps = 5000;
    private int accumulation = 1;
    private double learningRate = 1e-3;
    private double mixingLearningRate = 1e-3;
    private LearningRateSchedule schedule = LearningRateSchedule.REFERENCE;
    private AdamW.Settings optimiser = AdamW.Settings.REFERENCE;
    private CorrespondenceSettings correspondence = CorrespondenceSettings.REFERENCE;
    private double flip;
    private double dropout;
    private double averaging;
    private long seed;
    private int validateEvery = 1000;
    private int patience;
    private int checkpointEvery = 100;

    TrainingSettingsBuilder() {}

    /**
     * Optimiser steps of the run.
     *
     * @param value 1 or more
     * @return this
     */
    public TrainingSettingsBuilder steps(int value) {
        steps = value;
        return this;
    }

    /**
     * Pairs whose mean gradient makes a step.
     *
     * @param value 1 or more
     * @return this
     */
    public TrainingSettingsBuilder accumulation(int value) {
        accumulation = value;
        return this;
    }

    /**
     * Base rate of the bottlenecks.
     *
     * @param value above 0
     * @return this
     */
    public TrainingSettingsBuilder learningRate(double value) {
        learningRate = value;
        return this;
    }

    /**
     * Base rate of the mixing weights.
     *
     * @param value 0 or more; 0 leaves all shares equal
     * @return this
     */
    public TrainingSettingsBuilder mixingLearningRate(double value) {
        mixingLearningRate = value;
        return this;
    }

    /**
     * What the base rates are multiplied with.
     *
     * @param value over the run
     * @return this
     */
    public TrainingSettingsBuilder schedule(LearningRateSchedule value) {
        schedule = value;
        return this;
    }

    /**
     * AdamW's numbers.
     *
     * @param value the same for all weights
     * @return this
     */
    public TrainingSettingsBuilder optimiser(AdamW.Settings value) {
        optimiser = value;
        return this;
    }

    /**
     * What the loss of key-point pairs asks.
     *
     * @param value for other losses without a meaning
     * @return this
     */
    public TrainingSettingsBuilder correspondence(CorrespondenceSettings value) {
        correspondence = value;
        return this;
    }

    /**
     * How often all images of an example are mirrored.
     *
     * @param value probability, 0 to 1
     * @return this
     */
    public TrainingSettingsBuilder flip(double value) {
        flip = value;
        return this;
    }

    /**
     * Leaves numbers of the maps out in training.
     *
     * @param value their share, 0 to below 1
     * @return this
     */
    public TrainingSettingsBuilder dropout(double value) {
        dropout = value;
        return this;
    }

    /**
     * Validates and keeps the weights' moving average in place of the weights.
     *
     * @param value its decay, 0 to below 1; 0 for the weights themselves
     * @return this
     */
    public TrainingSettingsBuilder averaging(double value) {
        averaging = value;
        return this;
    }

    /**
     * The seed of the first weights, of the pairs' order and of the flips.
     *
     * @param value any
     * @return this
     */
    public TrainingSettingsBuilder seed(long value) {
        seed = value;
        return this;
    }

    /**
     * How often to validate, which needs a {@link TrainingValidator}.
     *
     * @param value steps between validations; 0 for none
     * @return this
     */
    public TrainingSettingsBuilder validateEvery(int value) {
        validateEvery = value;
        return this;
    }

    /**
     * When to give up.
     *
     * @param value validations without a better score after which the run stops; 0 for never
     * @return this
     */
    public TrainingSettingsBuilder patience(int value) {
        patience = value;
        return this;
    }

    /**
     * How often to write a checkpoint.
     *
     * @param value steps between checkpoints
     * @return this
     */
    public TrainingSettingsBuilder checkpointEvery(int value) {
        checkpointEvery = value;
        return this;
    }

    /**
     * Checks the ranges.
     *
     * @return the settings
     * @throws IllegalArgumentException naming what is out of its range
     */
    public TrainingSettings build() {
        return new TrainingSettings(
                steps,
                accumulation,
                learningRate,
                mixingLearningRate,
                schedule,
                optimiser,
                correspondence,
                flip,
                dropout,
                averaging,
                seed,
                validateEvery,
                patience,
                checkpointEvery);
    }
}
