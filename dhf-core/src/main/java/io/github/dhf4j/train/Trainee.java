package io.github.dhf4j.train;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a {@link TrainingRun} trains: tensors, and how one step changes them. */
public interface Trainee {
    /**
     * What came out of a step.
     *
     * @param loss mean over the step's batch, before the step
     * @param norm of the gradients before they were shortened, null where none are
     */
    record Outcome(double loss, @Nullable Double norm) {}

    /**
     * All that changes from step to step; random choices are not among it, since they are the step's.
     *
     * @return the same at each call
     */
    TrainedTensors tensors();

    /**
     * What the lines of a run's metrics hold beside the step.
     *
     * @return column names, of those of {@link TrainingStep}
     */
    List<String> metrics();

    /**
     * Makes one step. Where loss or norm are not finite, weights may be left as they are: the run ends.
     *
     * @param step 0 first
     * @param factor what the schedule multiplies base rates with
     * @return what came out
     * @throws IOException if data cannot be read, which ends the run
     */
    Outcome step(int step, double factor) throws IOException;
}
