package io.github.dhf4j.train;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * When a run looks at held-out data, what becomes of the best weights, and when it gives up.
 *
 * @param every steps between validations, 1 or more; there is one after the last
 * @param patience validations without a better score after which the run ends; 0 for never
 * @param best the file of the best weights so far
 * @param candidate the weights as they are
 */
public record Validation(int every, int patience, Path best, Candidate candidate) {
    /** Weights that are scored, and kept where they are the best so far. Called on the training thread. */
    public interface Candidate {
        /**
         * Scores the weights as they are now.
         *
         * @param step how many steps made them
         * @return higher is better; one that is not a finite number ends the run
         * @throws IOException if it cannot be computed, which ends the run
         */
        double score(int step) throws IOException;

        /**
         * Writes the weights as they are now to {@link Validation#best}.
         *
         * @param step how many steps made them
         * @param score better than any before
         * @throws IOException if it fails, which ends the run
         */
        void keep(int step, double score) throws IOException;
    }

    boolean isDue(int step, int steps) {
        return step % every == 0 || step == steps;
    }

    boolean isHopeless(RunProgress at) {
        return patience > 0 && at.stale() >= patience;
    }

    double score(int step) throws IOException {
        double score = candidate.score(step);
        if (!Double.isFinite(score)) {
            throw new IllegalStateException("score of a validation must be a finite number, got " + score
                    + " after step " + step + "; validate on pairs with points; the last checkpoint is whole");
        }
        return score;
    }

    /** A run whose best weights were taken away cannot give them back. */
    void requireBest(RunProgress at, boolean over) throws IOException {
        if (!Files.isRegularFile(best) && (at.bestStep() > 0 || over)) {
            throw new IOException("folder of a run must hold its best weights, those after step " + at.bestStep()
                    + ", got no file " + best + "; put it back, or delete " + TrainingRun.CHECKPOINT
                    + " to begin anew");
        }
    }
}
