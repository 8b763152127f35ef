package io.github.dhf4j.feature;

import ai.djl.util.Progress;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Watches a long run: hears of progress, one step a network call, and can stop it between two calls.
 *
 * @param progress is told of each step, such as DJL's {@link ai.djl.training.util.ProgressBar}; null for nobody
 * @param cancelled is asked before each call; true ends the run with {@link CancellationException}
 */
public record RunMonitor(@Nullable Progress progress, BooleanSupplier cancelled) {
    /** Hears nothing and never stops. */
    public static final RunMonitor NONE = new RunMonitor(null, () -> false);

    /**
     * Announces a run.
     *
     * @param message what runs
     * @param steps how many steps it has
     */
    public void start(String message, int steps) {
        if (progress != null) {
            progress.reset(message, steps);
            progress.start(0);
        }
    }

    /**
     * Reports a step done.
     *
     * @param done how many are
     */
    public void step(int done) {
        if (progress != null) {
            progress.update(done - 1);
        }
    }

    /**
     * Reports a step done, with words to show beside it.
     *
     * @param done how many are
     * @param message such as a loss
     */
    public void step(int done, String message) {
        if (progress != null) {
            progress.update(done - 1, message);
        }
    }

    /** Reports the end. */
    public void end() {
        if (progress != null) {
            progress.end();
        }
    }

    /**
     * Stops the run if that was asked for, by the flag or by interrupting the thread.
     *
     * @throws CancellationException if so
     */
    public void checkCancelled() {
        if (cancelled.getAsBoolean() || Thread.currentThread().isInterrupted()) {
            throw new CancellationException("the run was cancelled");
        }
    }
}
