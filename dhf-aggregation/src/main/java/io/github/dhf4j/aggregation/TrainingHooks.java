package io.github.dhf4j.aggregation;

import java.io.IOException;

/** Who is asked and told during a training run. All calls come on the training thread. */
public interface TrainingHooks {
    /** Scores nothing and tells nobody. */
    TrainingHooks NONE = new TrainingHooks() {};

    /**
     * Scores the weights on held-out pairs; called every {@link TrainingSettings#validateEvery} steps.
     *
     * @param aggregator the weights as they are now; borrowed
     * @param step how many steps made them
     * @return the score, higher is better, such as PCK
     * @throws IOException if the score cannot be computed, which ends the run
     */
    default double validate(Aggregator aggregator, int step) throws IOException {
        return Double.NaN;
    }

    /**
     * Hears of each step.
     *
     * @param step what happened
     */
    default void onStep(TrainingStep step) {}
}
