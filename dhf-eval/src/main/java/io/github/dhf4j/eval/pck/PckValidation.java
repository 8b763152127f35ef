package io.github.dhf4j.eval.pck;

import io.github.dhf4j.data.FeatureSource;
import io.github.dhf4j.data.PointFinder;
import io.github.dhf4j.eval.data.PairDataset;
import io.github.dhf4j.feature.FeatureAggregator;
import io.github.dhf4j.feature.RunMonitor;
import java.io.IOException;

/**
 * Validation by PCK: what weights in training score on held-out pairs, for the validator of any trainer. Of an
 * aggregator's: {@code (aggregator, own, step) -> validation.score(features, aggregator)}.
 *
 * @param pairs what is scored on; one or more, with boxes where the threshold is of boxes
 * @param threshold how near is near enough
 * @param grid how points are matched
 * @param monitor hears of the pairs of each validation, and can cancel between them
 */
public record PckValidation(PairDataset pairs, Threshold threshold, MatchGrid grid, RunMonitor monitor) {
    /**
     * Checks that there is something to score.
     *
     * @param pairs as above
     * @param threshold as above
     * @param grid as above
     * @param monitor as above
     */
    public PckValidation {
        boolean boxes = threshold.of() == Threshold.Of.BBOX;
        if (pairs.pairs().stream().noneMatch(pair -> !boxes || pair.targetBox() != null)) {
            throw new IllegalArgumentException(
                    "validation by " + threshold + " must have pairs" + (boxes ? " with boxes" : "")
                            + ", got none among " + pairs.pairs().size() + " (" + pairs.name() + "); give others"
                            + (boxes ? ", or score by the image's side" : ""));
        }
    }

    /**
     * Validation by PCK@0.1 of the image, at the size at which the network sees images.
     *
     * @param pairs what is scored on
     * @param monitor hears of the pairs of each validation, and can cancel between them
     * @return the validation
     */
    public static PckValidation of(PairDataset pairs, RunMonitor monitor) {
        return new PckValidation(pairs, new Threshold(0.1, Threshold.Of.IMG), MatchGrid.of(0), monitor);
    }

    /**
     * Scores descriptors by their nearest neighbours.
     *
     * @param features of the network that the weights are for; borrowed
     * @param aggregator the weights as they are now; borrowed
     * @return all points pooled, 0 to 1; higher is better
     * @throws IOException if an image cannot be read
     * @throws java.util.concurrent.CancellationException if the monitor cancels
     */
    public double score(FeatureSource features, FeatureAggregator aggregator) throws IOException {
        return score(Finders.descriptors(features, aggregator, grid));
    }

    /**
     * Scores whatever finds points.
     *
     * @param method over the weights as they are now; {@link #grid} is not looked at
     * @return all points pooled, 0 to 1; higher is better
     * @throws IOException if an image cannot be read
     * @throws java.util.concurrent.CancellationException if the monitor cancels
     */
    public double score(PointFinder method) throws IOException {
        return Evaluator.evaluate("validation", method, pairs, grid.matchSize(), monitor)
                .pck(threshold, Evaluation.Average.PER_POINT);
    }
}
