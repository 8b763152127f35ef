package io.github.dhf4j.cli;

import ai.djl.ndarray.NDManager;
import io.github.dhf4j.data.FeatureSource;
import io.github.dhf4j.data.PointFinder;
import io.github.dhf4j.eval.data.PairDataset;
import io.github.dhf4j.eval.pck.Evaluation;
import io.github.dhf4j.eval.pck.EvaluationContext;
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
import io.github.dhf4j.match.Nearest;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Scores rows on both data sets, a folder a row; what an earlier call finished of the same inputs is read. */
final class Table1Rows {
    private static final Threshold IMG = new Threshold(0.1, Threshold.Of.IMG);
    private static final Threshold BBOX = new Threshold(0.1, Threshold.Of.BBOX);

    private final Path out;
    private final PairDataset test;
    private final @Nullable PairDataset transfer;
    private final boolean costs;
    private final Table1Results results;
    private final PrintWriter print;

    Table1Rows(
            Path out,
            PairDataset test,
            @Nullable PairDataset transfer,
            boolean costs,
            Table1Results results,
            PrintWriter print) {
        this.out = out;
        this.test = test;
        this.transfer = transfer;
        this.costs = costs;
        this.results = results;
        this.print = print;
    }

    /** What finds a row's points over the features that are given to it. */
    @FunctionalInterface
    interface Finder {
        PointFinder over(FeatureSource features) throws IOException;
    }

    /**
     * Features that rows are made of.
     *
     * @param extractor their network, with all that any row wants
     * @param cached for scores
     * @param grid how points are matched
     */
    record Features(FeatureExtractor extractor, FeatureSource cached, MatchGrid grid) {
        /** The network with no more than an aggregator wants, at the same load size: what the aggregator alone costs. */
        FeatureExtractor alone(FeatureAggregator aggregator) {
            return extractor.withSettings(
                    aggregator.settings().withLoadSize(extractor.loadSize().width()));
        }
    }

    /** A row by an aggregator, which is closed after it; {@code what} tells apart weights of one name. */
    void add(Table1Row row, int seed, Features features, FeatureAggregator aggregator, String what) throws IOException {
        try (aggregator) {
            add(
                    row,
                    seed,
                    features,
                    features.alone(aggregator),
                    source -> Finders.descriptors(source, aggregator, features.grid()),
                    aggregator.name() + what);
        }
    }

    /** A row; {@code seed} is the place of the training's seed among those that are run, 0 where nothing is trained. */
    void add(Table1Row row, int seed, Features features, Finder finder, String what) throws IOException {
        add(row, seed, features, features.extractor(), finder, what);
    }

    private void add(Table1Row row, int seed, Features features, FeatureExtractor own, Finder finder, String what)
            throws IOException {
        try (NDManager manager = Table1Command.runtime().newManager()) {
            FeatureSource fresh = FeatureSource.of(own, manager, RunMonitor.NONE);
            add(
                    row,
                    seed,
                    features.grid().side(),
                    features.cached().fingerprint() + what + located(features.grid()),
                    finder.over(features.cached()),
                    finder.over(fresh));
        }
    }

    /** What the mark of a row says of its localizer; nothing of the usual one, as ever. */
    static String located(MatchGrid grid) {
        return grid.localizer() instanceof Nearest ? "" : " " + grid.localizer().word();
    }

    /**
     * A row by a method; {@code inputs} tells apart what it depends on. Its cost is measured with {@code fresh}, the
     * method over features that are not cached.
     */
    void add(Table1Row row, int seed, int grid, String inputs, PointFinder finder, PointFinder fresh)
            throws IOException {
        Evaluation main = evaluate(row, seed, "test", test, grid, finder, inputs);
        Evaluation other = transfer == null ? null : evaluate(row, seed, "transfer", transfer, grid, finder, inputs);
        results.add(row, seed, main, other, costs && seed == 0 ? cost(row, fresh) : null);
        results.write(out);
    }

    /** Measured where the row is scored, and kept with it. */
    private PairCost cost(Table1Row row, PointFinder fresh) throws IOException {
        Path file = out.resolve(row.folder(0)).resolve("test").resolve("cost.txt");
        if (Files.exists(file)) {
            return PairCost.read(file);
        }
        PairCost cost = PairCost.measure(fresh, test.pairs());
        cost.write(file);
        return cost;
    }

    private Evaluation evaluate(
            Table1Row row, int seed, String set, PairDataset dataset, int grid, PointFinder finder, String inputs)
            throws IOException {
        Path folder = out.resolve(row.folder(seed)).resolve(set);
        Path mark = folder.resolve("made-of.txt");
        List<String> ids = new ArrayList<>();
        dataset.pairs().forEach(pair -> ids.add(pair.id() + pair.sourcePoints() + pair.targetPoints()));
        String key = Digests.of(String.join("\n", inputs, String.valueOf(grid), ids.toString()));
        if (Files.exists(mark) && TextFiles.read(mark).strip().equals(key)) {
            return EvaluationFiles.read(folder);
        }
        Files.deleteIfExists(folder.resolve("cost.txt"));
        long began = System.nanoTime();
        Evaluation evaluation = Evaluator.evaluate(row.name(), finder, dataset, grid, ConsoleProgress.monitor());
        EvaluationContext context = results.context();
        EvaluationFiles.write(evaluation, List.of(IMG, BBOX), dataset.remarks(), context, folder);
        AtomicFiles.write(mark, path -> Files.writeString(path, key + "\n"));
        print.printf(
                Locale.ROOT,
                "%s, %s%s: PCK@0.1 img %.1f (%.1f s)%n",
                row.name(),
                set,
                seed == 0 ? "" : ", seed " + (seed + 1),
                100 * evaluation.pck(IMG, Evaluation.Average.PER_POINT),
                (System.nanoTime() - began) / 1e9);
        print.flush();
        return evaluation;
    }
}
