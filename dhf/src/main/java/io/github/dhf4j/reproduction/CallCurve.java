package io.github.dhf4j.reproduction;

import ai.djl.ndarray.NDManager;
import io.github.dhf4j.aggregation.Aggregator;
import io.github.dhf4j.aggregation.AggregatorConfig;
import io.github.dhf4j.aggregation.AggregatorFile;
import io.github.dhf4j.data.FeatureCache;
import io.github.dhf4j.data.FeatureSource;
import io.github.dhf4j.eval.data.PairDataset;
import io.github.dhf4j.eval.pck.Bootstrap;
import io.github.dhf4j.eval.pck.Evaluation;
import io.github.dhf4j.eval.pck.Evaluator;
import io.github.dhf4j.eval.pck.Finders;
import io.github.dhf4j.eval.pck.MatchGrid;
import io.github.dhf4j.eval.pck.Threshold;
import io.github.dhf4j.feature.CallBudget;
import io.github.dhf4j.feature.ExtractionProcess;
import io.github.dhf4j.feature.FeatureExtractor;
import io.github.dhf4j.feature.Inversion;
import io.github.dhf4j.feature.RunMonitor;
import io.github.dhf4j.tensor.TorchRuntime;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What fewer network calls an image cost: PCK@0.1 of the image by one weights file, over the paper's walk and over some of
 * the timesteps that the weights look at.
 *
 * @param dataset which pairs, in words
 * @param pairs how many
 * @param rows a budget each, the paper's walk first
 */
public record CallCurve(String dataset, int pairs, List<Row> rows) {
    /** A loss that counts as none: half a point. */
    public static final double TOLERATED = 0.005;

    private static final Threshold THRESHOLD = new Threshold(0.1, Threshold.Of.IMG);
    private static final Evaluation.Average AVERAGE = Evaluation.Average.PER_POINT;
    private static final int[] USUAL = {6, 4, 3, 2, 1};

    /**
     * One budget.
     *
     * @param budget how many calls were allowed
     * @param calls how many an image takes
     * @param saveIndices the timesteps whose maps are summed
     * @param pck of all points, 0 to 1
     * @param difference against the paper's walk, with its interval over pairs
     */
    public record Row(
            CallBudget budget, int calls, List<Integer> saveIndices, double pck, Bootstrap.Comparison difference) {
        /**
         * Whether the budget is as good as the paper's walk.
         *
         * @return true if the mean loss is at most {@link #TOLERATED}
         */
        public boolean holds() {
            return difference.difference() >= -TOLERATED;
        }
    }

    /**
     * Copies the list.
     *
     * @param dataset as above
     * @param pairs as above
     * @param rows as above
     */
    public CallCurve {
        rows = List.copyOf(rows);
    }

    /**
     * The budgets that are usually looked at: the paper's walk, all timesteps that the weights look at, and 6, 4, 3, 2 and
     * 1 of them.
     *
     * @param config what the weights were made for
     * @return the paper's walk first
     */
    public static List<CallBudget> usualBudgets(AggregatorConfig config) {
        int saved = config.saveIndices().size();
        return Stream.concat(
                        Stream.of(CallBudget.PAPER),
                        IntStream.concat(
                                        IntStream.of(saved), IntStream.of(USUAL).filter(calls -> calls < saved))
                                .mapToObj(CallBudget::of))
                .toList();
    }

    /**
     * Measures. Features are kept in the cache, so that what was interrupted goes on where it was.
     *
     * @param network whose weights are matched with; borrowed
     * @param weights aggregation weights of an inversion of that network
     * @param cache keeps the features of each walk
     * @param dataset the pairs
     * @param budgets as many calls as are to be tried; the paper's walk is added where it is missing
     * @param runtime where the weights run
     * @param monitor hears of progress, one step a pair, a run for each budget, and can cancel
     * @return the curve
     * @throws IOException if a file cannot be read
     * @throws IllegalArgumentException if the weights cannot be used with a budget; nothing has run then
     */
    public static CallCurve measure(
            FeatureExtractor network,
            Path weights,
            FeatureCache cache,
            PairDataset dataset,
            List<CallBudget> budgets,
            TorchRuntime runtime,
            RunMonitor monitor)
            throws IOException {
        List<CallBudget> all = Stream.concat(Stream.of(CallBudget.PAPER), budgets.stream())
                .distinct()
                .toList();
        try (AggregatorFile file = AggregatorFile.open(weights)) {
            all.forEach(budget -> file.config().within(budget));
        }
        List<Row> rows = new ArrayList<>();
        Evaluation whole = null;
        for (CallBudget budget : all) {
            try (Aggregator aggregator = Aggregator.open(weights, budget, runtime);
                    FeatureExtractor extractor = network.withSettings(aggregator.settings());
                    NDManager manager = runtime.newManager()) {
                aggregator.requireFits(extractor.layout(), extractor.name());
                FeatureSource features = cache.over(extractor, manager, new RunMonitor(null, monitor.cancelled()));
                int side = extractor.loadSize().width();
                Evaluation evaluation = Evaluator.evaluate(
                        budget + " calls",
                        Finders.descriptors(features, aggregator, MatchGrid.of(side)),
                        dataset,
                        side,
                        monitor);
                whole = whole == null ? evaluation : whole;
                rows.add(new Row(
                        budget,
                        calls(aggregator.settings().process()),
                        aggregator.config().saveIndices(),
                        evaluation.pck(THRESHOLD, AVERAGE),
                        Bootstrap.compare(evaluation, whole, THRESHOLD, AVERAGE)));
            }
        }
        return new CallCurve(dataset.name(), dataset.pairs().size(), rows);
    }

    /** A walk ends after the last call whose maps are kept. */
    private static int calls(ExtractionProcess process) {
        int last = Collections.min(process.saveIndices());
        return process instanceof Inversion walk && !walk.calls().isEmpty()
                ? (int) walk.calls().stream().filter(index -> index >= last).count()
                : process.timesteps() - last;
    }

    /**
     * The budget that the curve speaks for.
     *
     * @return of those that hold the one with the fewest calls
     */
    public Row choice() {
        return rows.stream()
                .filter(Row::holds)
                .min(Comparator.comparingInt(Row::calls))
                .orElse(rows.get(0));
    }
}
