package io.github.dhf4j.aggregation.train;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What a training run came to.
 *
 * @param weights the file of the best weights by validation, or of the last where there was none; it exists
 * @param steps how many steps were made in all, before and after a resume
 * @param loss of the last step
 * @param bestScore of the validations, null where there was none
 * @param bestStep after how many steps the weights in the file were
 * @param stoppedEarly whether patience ended the run
 */
public record TrainingResult(
        Path weights, int steps, double loss, @Nullable Double bestScore, int bestStep, boolean stoppedEarly) {}
