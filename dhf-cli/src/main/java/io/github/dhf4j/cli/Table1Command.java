package io.github.dhf4j.cli;

import io.github.dhf4j.DescriptorPipeline;
import io.github.dhf4j.DescriptorPipelineBuilder;
import io.github.dhf4j.aggregation.Aggregator;
import io.github.dhf4j.aggregation.AggregatorFile;
import io.github.dhf4j.aggregation.AggregatorTrainer;
import io.github.dhf4j.data.FeatureCache;
import io.github.dhf4j.data.FeatureSource;
import io.github.dhf4j.diffusion.train.RandomPipeline;
import io.github.dhf4j.eval.data.PairDataset;
import io.github.dhf4j.eval.data.PairDatasets;
import io.github.dhf4j.eval.data.Split;
import io.github.dhf4j.eval.pck.EvaluationContext;
import io.github.dhf4j.eval.pck.Finders;
import io.github.dhf4j.eval.pck.MatchGrid;
import io.github.dhf4j.feature.ExtractionSettings;
import io.github.dhf4j.feature.FeatureAggregator;
import io.github.dhf4j.feature.FeatureExtractor;
import io.github.dhf4j.io.Digests;
import io.github.dhf4j.tensor.TorchRuntime;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
final class Table1Command implements Callable<Integer>, Outputs.IntoFolder {
    private static final int LAYER_4 = DescriptorPipeline.DEFAULT_RAW_LAYER;

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
    private @Nullable Path secondModel;

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

    @Mixin
    private LocalizerOption locating = new LocalizerOption();

    @Option(
            names = "--raw-step",
            description = "Saved index of SD-Layer-4. Default: ${DEFAULT-VALUE}.",
            defaultValue = "10")
    private int rawStep;

    @Option(names = "--out", required = true, paramLabel = "DIR", description = "The folder to write into.")
    private Path out;

    @Option(
            names = "--seeds",
            paramLabel = "N",
            description = "Train this many times, with --seed, --seed + 1, ... Default: ${DEFAULT-VALUE}.",
            defaultValue = "1")
    private int seeds;

    @Option(
            names = "--floors",
            description = "A row more: an aggregator trained over a denoising network with random weights.")
    private boolean floors;

    @Option(
            names = "--no-costs",
            description = "Leave out time and memory a pair, which take two pairs a row that are not cached.")
    private boolean noCosts;

    @Mixin
    private Table1Baselines baselines = new Table1Baselines();

    private final Table1Results results = new Table1Results();

    @Override
    public List<String> written() {
        return List.of("table1.md", "table1.csv", "pruned.safetensors", "mixing.png");
    }

    @Override
    public Integer call() throws IOException {
        PrintWriter print = spec.commandLine().getOut();
        training.check();
        baselines.check();
        if (transfer != null && !heldOut.isEmpty()) {
            throw new IllegalArgumentException("one of --transfer and --held-out must be given, got both");
        }
        if (seeds < 1 || (weights != null && seeds > 1)) {
            throw new IllegalArgumentException("--seeds must be 1 or more, and 1 with --weights, got " + seeds);
        }
        Files.createDirectories(out);
        PairDataset all = data.read(Split.TEST, print);
        PairDataset test = heldOut.isEmpty() ? all : all.categories(heldOut, false);
        PairDataset second = null;
        if (!heldOut.isEmpty()) {
            second = all.categories(heldOut, true);
        } else if (transfer != null) {
            second = PairDatasets.read(transfer, null, new PairDatasets.Selection(Split.TEST, data.pairs, data.seed));
            print.println(second);
            second.remarks().forEach(remark -> print.println("  " + remark));
        }
        results.describe(context());
        Table1Rows rows = new Table1Rows(out, test, second, !noCosts, results, print);
        ExtractionSettings full = weights == null ? ExtractionSettings.inversion() : settingsOf(weights);
        cache.with(of(checkpoint.folder()), full, (extractor, features) -> {
            fullProcess(rows, features(extractor, features));
            baselines.addWithDiffusion(this, rows, features(extractor, features), raw(LAYER_4, rawStep));
        });
        ExtractionSettings oneStep = ExtractionSettings.oneStep().withLoadSize(full.loadSize());
        cache.with(of(checkpoint.folder()), oneStep, (extractor, features) -> {
            for (int seed = 0; seed < seeds; seed++) {
                trainedRow(Table1Row.ONE_STEP, "train-one-step", seed, rows, features(extractor, features));
            }
        });
        if (floors) {
            Path random = out.resolve("random-pipeline");
            RandomPipeline.write(checkpoint.folder(), training.seed, random);
            cache.with(of(random), full, (extractor, features) -> {
                trainedRow(Table1Row.RANDOM, "train-random-unet", 0, rows, features(extractor, features));
            });
        }
        if (secondModel == null) {
            results.skip(Table1Row.SECOND.name(), "no --second-model was given");
        } else {
            cache.with(of(secondModel), ExtractionSettings.inversion(), (extractor, features) -> {
                trainedRow(Table1Row.SECOND, "train-second", 0, rows, features(extractor, features));
            });
        }
        baselines.add(this, rows);
        results.write(out);
        print.println();
        print.print(results.markdown());
        print.println("written to " + out.resolve("table1.md"));
        return 0;
    }

    private EvaluationContext context() throws IOException {
        String note = checkpoint.note();
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("checkpoint", note.isEmpty() ? RunSettings.last(checkpoint.folder()) : "bundled pipeline");
        if (weights != null) {
            settings.put("weights", RunSettings.last(weights));
        } else {
            settings.put("training", training.summary());
        }
        settings.put("localizer", locating.localizer.word());
        data.addTo(settings, Split.TEST);
        if (transfer != null) {
            settings.put("transfer", RunSettings.last(transfer));
        }
        if (!heldOut.isEmpty()) {
            settings.put("held_out", String.join(", ", heldOut));
        }
        return new EvaluationContext(settings, note);
    }

    /** All rows of the checkpoint's own features by the whole process. */
    private void fullProcess(Table1Rows rows, Table1Rows.Features features) throws IOException {
        int latent = features.extractor().mapSize().width();
        MatchGrid grid = features.grid();
        rows.add(Table1Row.PIXELS, 0, features, source -> Finders.pixels(latent, grid), "");
        rows.add(Table1Row.POSITION, 0, features, source -> Finders.samePosition(), "");
        rows.add(Table1Row.LAYER_4, 0, features, raw(LAYER_4, rawStep), "");
        rows.add(Table1Row.CONCAT_ALL, 0, features, source -> Finders.concatenation(source, latent, grid), "");
        if (weights == null) {
            rows.add(
                    Table1Row.UNTRAINED,
                    0,
                    features,
                    Aggregator.untrained(training.config(features.extractor()), training.seed, runtime()),
                    "");
        }
        for (int seed = 0; seed < seeds; seed++) {
            Path file = weights != null ? weights : trainedRow(Table1Row.OURS, "train-ours", seed, rows, features);
            if (weights != null) {
                rows.add(Table1Row.OURS, 0, features, Aggregator.open(file, runtime()), Digests.ofFile(file));
            }
            int[] peak = peak(file);
            String at = "layer " + peak[1] + " at saved index " + peak[0];
            spec.commandLine().getOut().println("highest mixing weight: " + at);
            Path pruned = out.resolve("pruned" + (seed == 0 ? "" : "-seed-" + (seed + 1)) + ".safetensors");
            try (AggregatorFile of = AggregatorFile.open(file)) {
                of.savePruned(peak[0], peak[1], pruned);
            }
            rows.add(Table1Row.LAYER_PRUNED, seed, features, raw(peak[1], peak[0]), at);
            rows.add(Table1Row.OURS_PRUNED, seed, features, Aggregator.open(pruned, runtime()), Digests.ofFile(pruned));
            if (seed == 0) {
                TrainingPictures.drawMixing(file, out.resolve("mixing.png"));
            }
        }
    }

    Table1Rows.Features features(FeatureExtractor extractor, FeatureSource cached) {
        int side = matchSize == 0 ? extractor.loadSize().width() : matchSize;
        return new Table1Rows.Features(extractor, cached, new MatchGrid(side, locating.localizer));
    }

    /** Does something with a checkpoint and its cached features. */
    void with(DescriptorPipelineBuilder pipeline, ExtractionSettings settings, CacheOptions.Work work)
            throws IOException {
        cache.with(pipeline, settings, work);
    }

    FeatureCache openCache() {
        return cache.open();
    }

    void skip(Table1Row row, String why) {
        results.skip(row.name(), why);
    }

    /** A row of weights that are trained first, or were by an earlier call; gives the weights. */
    Path trainedRow(Table1Row row, String folder, int seed, Table1Rows rows, Table1Rows.Features features)
            throws IOException {
        PrintWriter print = spec.commandLine().getOut();
        Path run = out.resolve(folder + (seed == 0 ? "" : "-seed-" + (seed + 1)));
        PairDataset train = data.read(Split.TRAIN, heldOut, print);
        PairDataset validation = training.validateEvery == 0 ? null : data.read(Split.VALIDATION, heldOut, print);
        training.train(features.extractor(), features.cached(), train, validation, training.seed + seed, run, print);
        Path file = run.resolve(AggregatorTrainer.WEIGHTS);
        rows.add(row, seed, features, Aggregator.open(file, runtime()), Digests.ofFile(file));
        return file;
    }

    private static DescriptorPipelineBuilder of(Path checkpoint) {
        return DescriptorPipeline.builder().backbone("diffusion").model(checkpoint);
    }

    static TorchRuntime runtime() {
        return TorchRuntime.best();
    }

    private static ExtractionSettings settingsOf(Path weights) throws IOException {
        try (AggregatorFile file = AggregatorFile.open(weights)) {
            return file.config().settings();
        }
    }

    private static FeatureAggregator raw(int layer, int saveIndex) throws IOException {
        return DescriptorPipeline.builder().raw(layer, saveIndex).openAggregator();
    }

    private static int[] peak(Path weights) throws IOException {
        try (Aggregator aggregator = Aggregator.open(weights, TorchRuntime.cpu())) {
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
}
