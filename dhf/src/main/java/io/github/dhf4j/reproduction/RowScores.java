package io.github.dhf4j.reproduction;

import ai.djl.ndarray.NDManager;
import io.github.dhf4j.data.FeatureSource;
import io.github.dhf4j.data.PointFinder;
import io.github.dhf4j.eval.data.PairDataset;
import io.github.dhf4j.eval.pck.Evaluation;
import io.github.dhf4j.eval.pck.EvaluationFiles;
import io.github.dhf4j.eval.pck.Evaluator;
import io.github.dhf4j.eval.pck.Finders;
import io.github.dhf4j.eval.pck.MatchGrid;
import io.github.dhf4j.eval.pck.PairCost;
import io.github.dhf4j.eval.pck.Threshold;
import io.github.dhf4j.feature.FeatureAggregator;
import io.github.dhf4j.feature.FeatureExtractor;
import io.github.dhf4j.feature.RunMonitor;
import io.github.dhf4j.io.AtomicFiles;
import io.github.dhf4j.io.Digests;
import io.github.dhf4j.io.TextFiles;
import io.github.dhf4j.matching.Localizer;
import io.github.dhf4j.matching.Nearest;
import io.github.dhf4j.matching.Placement;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/** Scores rows on both data sets, a folder a row; what an earlier call finished of the same inputs is read. */
final class RowScores {
    private static final Threshold IMG = new Threshold(0.1, Threshold.Of.IMG);
    private static final Threshold BBOX = new Threshold(0.1, Threshold.Of.BBOX);

    private final Path out;
    private final Sets sets;
    private final boolean costs;
    private final Table1Results results;
    private final RunMonitor monitor;
    private final Consumer<String> log;

    RowScores(Path out, Sets sets, boolean costs, Table1Results results, RunMonitor monitor, Consumer<String> log) {
        this.out = out;
        this.sets = sets;
        this.costs = costs;
        this.results = results;
        this.monitor = monitor;
        this.log = log;
    }

    /** What finds a row's points over the features that are given to it. */
    @FunctionalInterface
    interface Finder {
        PointFinder over(FeatureSource features) throws IOException;
    }

    /** A row by an aggregator, which is closed after it; {@code what} tells apart weights of one name. */
    void add(Row row, int seed, Features features, MatchGrid grid, FeatureAggregator aggregator, String what)
            throws IOException {
        try (aggregator) {
            add(
                    row,
                    seed,
                    features,
                    features.alone(aggregator),
                    grid,
                    source -> Finders.descriptors(source, aggregator, grid),
                    aggregator.name() + what);
        }
    }

    /** A row that nothing is trained for. */
    void add(Row row, Features features, MatchGrid grid, Finder finder) throws IOException {
        add(row, 0, features, features.extractor(), grid, finder, "");
    }

    private void add(
            Row row, int seed, Features features, FeatureExtractor own, MatchGrid grid, Finder finder, String what)
            throws IOException {
        try (NDManager manager = features.runtime().newManager()) {
            FeatureSource fresh = FeatureSource.of(own, manager, new RunMonitor(null, monitor.cancelled()));
            add(
                    row,
                    seed,
                    grid.matchSize(),
                    features.cached().fingerprint() + what + located(grid),
                    finder.over(features.cached()),
                    finder.over(fresh));
        }
    }

    /** What the mark of a row says of how points are placed; nothing of the usual way, as ever. */
    static String located(MatchGrid grid) {
        Placement placement = grid.placement();
        Localizer chosen = placement.localizer();
        String localizer = chosen instanceof Nearest || chosen.equals(Localizer.USUAL) ? "" : " " + chosen.word();
        return placement.isPlain() ? localizer : localizer + " " + placement.extras();
    }

    /**
     * A row by a method that nothing is trained for; {@code inputs} tells apart what it depends on. Its cost is measured
     * with {@code fresh}, the method over features that are not cached.
     */
    void add(Row row, int matchSize, String inputs, PointFinder finder, PointFinder fresh) throws IOException {
        add(row, 0, matchSize, inputs, finder, fresh);
    }

    private void add(Row row, int seed, int matchSize, String inputs, PointFinder finder, PointFinder fresh)
            throws IOException {
        Evaluation main = evaluate(row, seed, "test", sets.test(), matchSize, finder, inputs);
        PairDataset second = sets.transfer();
        Evaluation other = second == null ? null : evaluate(row, seed, "transfer", second, matchSize, finder, inputs);
        results.add(row, seed, main, other, costs && seed == 0 ? cost(row, fresh) : null);
        results.write(out);
    }

    /** Measured where the row is scored, and kept with it. */
    private PairCost cost(Row row, PointFinder fresh) throws IOException {
        Path file = out.resolve(row.folder(0)).resolve("test").resolve("cost.txt");
        if (Files.exists(file)) {
            return PairCost.read(file);
        }
        PairCost cost = PairCost.measure(fresh, sets.test().pairs());
        cost.write(file);
        return cost;
    }

    private Evaluation evaluate(
            Row row, int seed, String set, PairDataset dataset, int matchSize, PointFinder finder, String inputs)
            throws IOException {
        Path folder = out.resolve(row.folder(seed)).resolve(set);
        Path mark = folder.resolve("made-of.txt");
        List<String> ids = new ArrayList<>();
        dataset.pairs().forEach(pair -> ids.add(pair.id() + pair.sourcePoints() + pair.targetPoints()));
        String key = Digests.of(String.join("\n", inputs, String.valueOf(matchSize), ids.toString()));
        if (Files.exists(mark) && TextFiles.read(mark).strip().equals(key)) {
            return EvaluationFiles.read(folder);
        }
        Files.deleteIfExists(folder.resolve("cost.txt"));
        long began = System.nanoTime();
        Evaluation evaluation = Evaluator.evaluate(row.name(), finder, dataset, matchSize, monitor);
        EvaluationFiles.write(evaluation, List.of(IMG, BBOX), dataset.remarks(), results.context(), folder);
        AtomicFiles.write(mark, path -> Files.writeString(path, key + "\n"));
        log.accept(String.format(
                Locale.ROOT,
                "%s, %s%s: PCK@0.1 img %.1f (%.1f s)",
                row.name(),
                set,
                seed == 0 ? "" : ", seed " + (seed + 1),
                100 * evaluation.pck(IMG, Evaluation.Average.PER_POINT),
                (System.nanoTime() - began) / 1e9));
        return evaluation;
    }
}
