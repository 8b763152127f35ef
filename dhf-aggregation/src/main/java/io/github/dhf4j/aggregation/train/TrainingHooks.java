package io.github.dhf4j.aggregation.train;

import io.github.dhf4j.train.TrainingStep;

/** Who is told during a training run. All calls come on the training thread. */
public interface TrainingHooks {
    /** Tells nobody. */
    TrainingHooks NONE = new TrainingHooks() {};

    /**
     * Hears of each step.
     *
     * @param step what happened
     */
    default void onStep(TrainingStep step) {}
}
