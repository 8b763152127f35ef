package io.github.dhf4j.examples;

import io.github.dhf4j.data.FeatureSource;
import io.github.dhf4j.eval.data.PairDataset;
import io.github.dhf4j.eval.pck.Evaluation;
import io.github.dhf4j.eval.pck.EvaluationFiles;
import io.github.dhf4j.eval.pck.Evaluator;
import io.github.dhf4j.eval.pck.Finders;
import io.github.dhf4j.eval.pck.PointFinder;
import io.github.dhf4j.eval.pck.Threshold;
import io.github.dhf4j.feature.FeatureAggregator;
import io.github.dhf4j.feature.RunMonitor;
import io.github.dhf4j.io.AtomicFiles;
import io.github.dhf4j.io.Digests;
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
    private final Table1Results results;
    private final PrintWriter print;

    Table1Rows(Path out, PairDataset test, @Nullable PairDataset transfer, Table1Results results, PrintWriter print) {
        this.out = out;
        this.test = test;
        this.transfer = transfer;
        this.results = results;
        this.print = print;
    }

    /** What finds a row's points over the features that are given to it. */
    @FunctionalInterface
    interface Finder {
        PointFinder over(FeatureSource features) throws IOException;
    }

    /** A row by an aggregator, which is closed after it; {@code what} tells apart weights of one name. */
    void add(Table1Row row, int seed, FeatureSource features, int grid, FeatureAggregator aggregator, String what)
            throws IOException {
        try (aggregator) {
            add(
                    row,
                    seed,
                    features,
                    grid,
                    source -> Finders.descriptors(source, aggregator, grid),
                    aggregator.name() + what);
        }
    }

    /** A row; {@code seed} is the place of the training's seed among those that are run, 0 where nothing is trained. */
    void add(Table1Row row, int seed, FeatureSource features, int grid, Finder finder, String what) throws IOException {
        Evaluation main = evaluate(row, seed, "test", test, features, grid, finder, what);
        Evaluation other =
                transfer == null ? null : evaluate(row, seed, "transfer", transfer, features, grid, finder, what);
        results.add(row, seed, main, other);
        results.write(out);
    }

    private Evaluation evaluate(
            Table1Row row,
            int seed,
            String set,
            PairDataset dataset,
            FeatureSource features,
            int grid,
            Finder finder,
            String what)
            throws IOException {
        Path folder = out.resolve(row.folder(seed)).resolve(set);
        Path mark = folder.resolve("made-of.txt");
        List<String> ids = new ArrayList<>();
        dataset.pairs().forEach(pair -> ids.add(pair.id() + pair.sourcePoints() + pair.targetPoints()));
        String key = Digests.of(String.join("\n", features.fingerprint(), String.valueOf(grid), what, ids.toString()));
        if (Files.exists(mark) && Files.readString(mark).strip().equals(key)) {
            return EvaluationFiles.read(folder);
        }
        long began = System.nanoTime();
        Evaluation evaluation = Evaluator.evaluate(
                row.name(), finder.over(features), dataset, grid, new RunMonitor(new ConsoleProgress(), () -> false));
        EvaluationFiles.write(evaluation, List.of(IMG, BBOX), dataset.remarks(), folder);
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
