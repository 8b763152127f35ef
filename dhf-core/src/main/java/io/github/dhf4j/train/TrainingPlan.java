package io.github.dhf4j.train;

/**
 * How long a run is, and how fast it learns when.
 *
 * @param steps optimiser steps
 * @param learningRate base rate
 * @param schedule what base rates are multiplied with
 * @param checkpointEvery steps between checkpoints; there is one after the last
 */
public record TrainingPlan(int steps, double learningRate, LearningRateSchedule schedule, int checkpointEvery) {
    /**
     * Checks the counts.
     *
     * @param steps as above
     * @param learningRate as above
     * @param schedule as above
     * @param checkpointEvery as above
     */
    public TrainingPlan {
        if (steps < 1 || checkpointEvery < 1) {
            throw new IllegalArgumentException(
                    "steps and steps between checkpoints must be 1 or more, got " + steps + " and " + checkpointEvery);
        }
    }
}
