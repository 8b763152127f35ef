package io.github.dhf4j.eval.pck;

import io.github.dhf4j.data.Box;
import io.github.dhf4j.data.KeypointPair;
import io.github.dhf4j.data.PointFinder;
import io.github.dhf4j.eval.data.PairDataset;
import io.github.dhf4j.feature.RunMonitor;
import io.github.dhf4j.matching.Point;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs a method over a data set.
 *
 * {@snippet file="EvaluatePck.java" region="evaluate"}
 */
public final class Evaluator {
    private Evaluator() {}

    /**
     * Evaluates.
     *
     * @param method its name, for reports
     * @param finder the method
     * @param dataset the pairs
     * @param matchSize side of the pixel grid that is matched on, for reports
     * @param monitor hears of progress, one step a pair, and can cancel
     * @return the evaluation
     * @throws IOException if an image cannot be read
     */
    public static Evaluation evaluate(
            String method, PointFinder finder, PairDataset dataset, int matchSize, RunMonitor monitor)
            throws IOException {
        List<PointScore> scores = new ArrayList<>();
        monitor.start("evaluating " + method, dataset.pairs().size());
        int done = 0;
        for (KeypointPair pair : dataset.pairs()) {
            monitor.checkCancelled();
            PointFinder.Found found = finder.find(pair);
            scores.addAll(score(pair, found));
            monitor.step(++done);
        }
        monitor.end();
        return new Evaluation(method, dataset.name(), matchSize, scores);
    }

    static List<PointScore> score(KeypointPair pair, PointFinder.Found found) {
        if (found.points().size() != pair.targetPoints().size()) {
            throw new IllegalStateException("a method must find every point of a pair, got "
                    + found.points().size() + " of " + pair.targetPoints().size() + " (" + pair.id() + ")");
        }
        Box box = pair.targetBox();
        List<Integer> twins = pair.twins();
        List<PointScore> scores = new ArrayList<>();
        for (int i = 0; i < pair.targetPoints().size(); i++) {
            Point target = pair.targetPoints().get(i);
            Point at = found.points().get(i);
            int twin = twins.get(i);
            scores.add(new PointScore(
                    pair.id(),
                    pair.category(),
                    pair.keypoints().isEmpty()
                            ? String.valueOf(i + 1)
                            : pair.keypoints().get(i),
                    pair.sourcePoints().get(i),
                    target,
                    at,
                    at.distanceTo(target),
                    found.targetSize().longerSide(),
                    box == null ? Double.NaN : box.longerSide(),
                    twin < 0 ? Double.NaN : at.distanceTo(pair.targetPoints().get(twin))));
        }
        return scores;
    }
}
