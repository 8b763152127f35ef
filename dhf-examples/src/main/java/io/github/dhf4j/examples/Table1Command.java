package io.github.dhf4j.examples;

import ai.djl.Device;
import ai.djl.engine.Engine;
import io.github.dhf4j.DescriptorPipeline;
import io.github.dhf4j.aggregation.Aggregator;
import io.github.dhf4j.aggregation.AggregatorFile;
import io.github.dhf4j.aggregation.AggregatorTrainer;
import io.github.dhf4j.data.FeatureSource;
import io.github.dhf4j.diffusion.DiffusionFeatureExtractor;
import io.github.dhf4j.eval.data.PairDataset;
import io.github.dhf4j.eval.data.PairDatasets;
import io.github.dhf4j.eval.data.Split;
import io.github.dhf4j.eval.pck.Evaluation;
import io.github.dhf4j.eval.pck.EvaluationFiles;
import io.github.dhf4j.eval.pck.Evaluator;
import io.github.dhf4j.eval.pck.Finders;
import io.github.dhf4j.eval.pck.PointFinder;
import io.github.dhf4j.eval.pck.Threshold;
import io.github.dhf4j.feature.ExtractionSettings;
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
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code dhf table1}. */
@Command(
        name = "table1",
        mixinStandardHelpOptions = true,
        description = {
            "Lay out the paper's Table 1 for a checkpoint and a data set: train what has to be trained on its training split, choose by its validation split, score on its test split.",
            "Writes table1.md and table1.csv, a folder a row, and the trained weights. Started again on the same folder it goes on where it was stopped; finished rows are not run again."
        })
final class Table1Command implements Callable<Integer> {
    @FunctionalInterface
    private interface Finder {
        PointFinder over(FeatureSource features) throws IOException;
    }

    @Spec
    private CommandSpec spec;

    @Mixin
    private DataOptions data = new DataOptions();

    @Mixin
    private CacheOptions cache = new CacheOptions();

    @Mixin
    private TrainingOptions training = new TrainingOptions();

    @Mixin
    private CheckpointOptions checkpoint = new CheckpointOptions();

    @Option(names = "--second-model", paramLabel = "DIR", description = "Checkpoint of the row Ours-SDv2-1.")
    private @Nullable Path second;

    @Option(
            names = "--weights",
            paramLabel = "FILE",
            description = "Weights of the row Ours, instead of training them.")
    private @Nullable Path weights;

    @Option(
            names = "--transfer",
            paramLabel = "DIR|FILE",
            description = "A second data set, which is only scored: CUB in the paper.")
    private @Nullable Path transfer;

    @Option(
            names = "--held-out",
            paramLabel = "CATEGORY",
            split = ",",
            description = "Categories of the test split that are scored apart, as transfer.")
    private List<String> heldOut = List.of();

    @Option(
            names = "--match-size",
            paramLabel = "N",
            description =
                    "Side of the pixel grid that is matched on: 224 in the paper's figures. Default: the size at which the network sees images.",
            defaultValue = "0")
    private int matchSize;

    @Option(
            names = "--raw-step",
            description = "Saved index of SD-Layer-4. Default: ${DEFAULT-VALUE}.",
            defaultValue = "10")
    private int rawStep;

    @Option(names = "--out", required = true, paramLabel = "DIR", description = "The folder to write into.")
    private Path out;

    private final Table1Results results = new Table1Results();
    private @Nullable PairDataset test;
    private @Nullable PairDataset transferred;

    @Override
    public Integer call() throws IOException {
        PrintWriter print = spec.commandLine().getOut();
        training.check();
        if (transfer != null && !heldOut.isEmpty()) {
            throw new IllegalArgumentException("one of --transfer and --held-out must be given, got both");
        }
        Files.createDirectories(out);
        PairDataset all = data.read(Split.TEST, print);
        test = heldOut.isEmpty() ? all : all.categories(heldOut, false);
        if (!heldOut.isEmpty()) {
            transferred = all.categories(heldOut, true);
        } else if (transfer != null) {
            transferred =
                    PairDatasets.read(transfer, null, new PairDatasets.Selection(Split.TEST, data.pairs, data.seed));
            print.println(transferred);
        }
        Path ours = out.resolve("train-ours").resolve(AggregatorTrainer.WEIGHTS);
        ExtractionSettings full = weights == null ? ExtractionSettings.inversion() : settingsOf(weights);
        cache.with(checkpoint.folder(), full, (extractor, features) -> {
            int latent = extractor.latentSize().width();
            int grid = matchSize == 0 ? extractor.loadSize().width() : matchSize;
            row(Table1Row.PIXELS, features, grid, source -> Finders.pixels(latent, grid), "");
            row(Table1Row.POSITION, features, grid, source -> Finders.samePosition(), "");
            aggregatorRow(Table1Row.LAYER_4, features, grid, raw(DescriptorPipeline.DEFAULT_RAW_LAYER, rawStep), "");
            row(Table1Row.CONCAT_ALL, features, grid, source -> Finders.concatenation(source, latent, grid), "");
            Path file = weights != null ? weights : trained(extractor, features, ours);
            aggregatorRow(Table1Row.OURS, features, grid, Aggregator.open(file, device()), Digests.ofFile(file));
            int[] peak = peak(file);
            TrainingPictures.drawMixing(file, out.resolve("mixing.png"));
            String at = "layer " + peak[1] + " at saved index " + peak[0];
            print.println("highest mixing weight: " + at);
            Path pruned = out.resolve("pruned.safetensors");
            try (AggregatorFile of = AggregatorFile.open(file)) {
                of.savePruned(peak[0], peak[1], pruned);
            }
            aggregatorRow(Table1Row.LAYER_PRUNED, features, grid, raw(peak[1], peak[0]), at);
            aggregatorRow(
                    Table1Row.OURS_PRUNED, features, grid, Aggregator.open(pruned, device()), Digests.ofFile(pruned));
        });
        ExtractionSettings oneStep = ExtractionSettings.oneStep().withLoadSize(full.loadSize());
        cache.with(checkpoint.folder(), oneStep, (extractor, features) -> {
            int grid = matchSize == 0 ? extractor.loadSize().width() : matchSize;
            Path file =
                    trained(extractor, features, out.resolve("train-one-step").resolve(AggregatorTrainer.WEIGHTS));
            aggregatorRow(Table1Row.ONE_STEP, features, grid, Aggregator.open(file, device()), Digests.ofFile(file));
        });
        if (second == null) {
            results.skip(Table1Row.SECOND.name(), "no --second-model was given");
        } else {
            cache.with(second, ExtractionSettings.inversion(), (extractor, features) -> {
                int grid = matchSize == 0 ? extractor.loadSize().width() : matchSize;
                Path file =
                        trained(extractor, features, out.resolve("train-second").resolve(AggregatorTrainer.WEIGHTS));
                aggregatorRow(Table1Row.SECOND, features, grid, Aggregator.open(file, device()), Digests.ofFile(file));
            });
        }
        results.write(out);
        print.println();
        print.print(results.markdown());
        print.println("written to " + out.resolve("table1.md"));
        return 0;
    }

    private static Device device() {
        return Engine.getEngine("PyTorch").defaultDevice();
    }

    private static ExtractionSettings settingsOf(Path weights) throws IOException {
        try (AggregatorFile file = AggregatorFile.open(weights)) {
            return file.config().settings();
        }
    }

    private static FeatureAggregator raw(int layer, int saveIndex) throws IOException {
        return DescriptorPipeline.builder().raw(layer, saveIndex).openAggregator();
    }

    private Path trained(DiffusionFeatureExtractor extractor, FeatureSource features, Path file) throws IOException {
        Path run = file.toAbsolutePath().getParent();
        if (run == null) {
            throw new IllegalArgumentException("weights must lie in a folder, got " + file);
        }
        PrintWriter print = spec.commandLine().getOut();
        PairDataset train = data.read(Split.TRAIN, heldOut, print);
        PairDataset validation = training.validateEvery == 0 ? null : data.read(Split.VALIDATION, heldOut, print);
        training.train(extractor, features, train, validation, run, print);
        return file;
    }

    private static int[] peak(Path weights) throws IOException {
        try (Aggregator aggregator = Aggregator.open(weights, Device.cpu())) {
            List<Integer> saved = aggregator.config().saveTimesteps();
            List<Integer> layers = aggregator.config().layers();
            int[] best = new int[2];
            for (int s = 0; s < saved.size(); s++) {
                for (int l = 0; l < layers.size(); l++) {
                    if (aggregator.mixingWeight(s, l) > aggregator.mixingWeight(best[0], best[1])) {
                        best = new int[] {s, l};
                    }
                }
            }
            return new int[] {saved.get(best[0]), layers.get(best[1])};
        }
    }

    /** A row by an aggregator, which is closed after it. */
    private void aggregatorRow(
            Table1Row row, FeatureSource features, int grid, FeatureAggregator aggregator, String what)
            throws IOException {
        try (aggregator) {
            row(row, features, grid, source -> Finders.descriptors(source, aggregator, grid), aggregator.name() + what);
        }
    }

    /** Runs a row, or reads what an earlier call left of it if that is of the same features, data and weights. */
    private void row(Table1Row row, FeatureSource features, int grid, Finder finder, String what) throws IOException {
        if (test == null) {
            throw new IllegalStateException("rows come after the data set");
        }
        Evaluation main = evaluate(row, "test", test, features, grid, finder, what);
        Evaluation other =
                transferred == null ? null : evaluate(row, "transfer", transferred, features, grid, finder, what);
        results.add(new Table1Results.Result(row, main, other));
        results.write(out);
    }

    private Evaluation evaluate(
            Table1Row row,
            String set,
            PairDataset dataset,
            FeatureSource features,
            int grid,
            Finder finder,
            String what)
            throws IOException {
        Path folder = out.resolve(row.folder()).resolve(set);
        Path mark = folder.resolve("made-of.txt");
        List<String> ids = new ArrayList<>();
        dataset.pairs().forEach(pair -> ids.add(pair.id() + pair.sourcePoints() + pair.targetPoints()));
        String key = Digests.of(String.join("\n", features.fingerprint(), String.valueOf(grid), what, ids.toString()));
        PrintWriter print = spec.commandLine().getOut();
        if (Files.exists(mark) && Files.readString(mark).strip().equals(key)) {
            return EvaluationFiles.read(folder);
        }
        long began = System.nanoTime();
        Evaluation evaluation = Evaluator.evaluate(
                row.name(), finder.over(features), dataset, grid, new RunMonitor(new ConsoleProgress(), () -> false));
        EvaluationFiles.write(
                evaluation,
                List.of(new Threshold(0.1, Threshold.Of.IMG), new Threshold(0.1, Threshold.Of.BBOX)),
                dataset.remarks(),
                folder);
        AtomicFiles.write(mark, path -> Files.writeString(path, key + "\n"));
        print.printf(
                java.util.Locale.ROOT,
                "%s, %s: PCK@0.1 img %.1f (%.1f s)%n",
                row.name(),
                set,
                100 * evaluation.pck(new Threshold(0.1, Threshold.Of.IMG), Evaluation.Average.PER_POINT),
                (System.nanoTime() - began) / 1e9);
        print.flush();
        return evaluation;
    }
}
