package io.github.dhf4j.aggregation.train;

import ai.djl.ndarray.NDArray;
import io.github.dhf4j.aggregation.Aggregator;
import java.io.IOException;
import java.util.Map;

/** Scores weights on held-out images, so that a run keeps the best. Called on the training thread. */
@FunctionalInterface
public interface TrainingValidator {
    /**
     * Scores the weights as they are now; called every {@link TrainingSettings#validateEvery} steps and after the last.
     *
     * @param aggregator the weights; borrowed
     * @param own those that the loss has of its own, by its names, such as a head; borrowed, and none for most losses
     * @param step how many steps made them
     * @return the score, higher is better, such as PCK; one that is not a finite number ends the run
     * @throws IOException if the score cannot be computed, which ends the run
     */
    double score(Aggregator aggregator, Map<String, NDArray> own, int step) throws IOException;
}
