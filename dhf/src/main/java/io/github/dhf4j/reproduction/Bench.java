package io.github.dhf4j.reproduction;

import io.github.dhf4j.aggregation.AggregatorFile;
import io.github.dhf4j.aggregation.train.AggregatorTrainer;
import io.github.dhf4j.eval.data.PairDataset;
import io.github.dhf4j.eval.data.Split;
import io.github.dhf4j.eval.pck.MatchGrid;
import io.github.dhf4j.feature.ExtractionSettings;
import io.github.dhf4j.feature.FeatureAggregator;
import io.github.dhf4j.feature.FeatureExtractor;
import io.github.dhf4j.feature.RunMonitor;
import io.github.dhf4j.spi.Checkpoint;
import io.github.dhf4j.tensor.TorchRuntime;
import io.github.dhf4j.unlabelled.UnlabelledPictures;
import io.github.dhf4j.unlabelled.UnlabelledPlan;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What recipes work with: the inputs, the open network, and where rows are scored and trained. */
final class Bench {
    private final Table1Inputs inputs;
    private final Path folder;
    private final RunMonitor monitor;
    private final Consumer<String> log;
    private final Sets sets;
    private final RowScores scores;
    private final Map<String, Path> trained = new HashMap<>();
    private final Checkpoint model;
    private final ExtractionSettings process;
    private @Nullable Features features;

    Bench(Table1Inputs inputs, Sets sets, RowScores scores, Path folder, RunMonitor monitor, Consumer<String> log)
            throws IOException {
        this.inputs = inputs;
        this.sets = sets;
        this.scores = scores;
        this.folder = folder;
        this.monitor = monitor;
        this.log = log;
        this.model = inputs.model();
        this.process = process(inputs.given(Table1Checkpoint.WEIGHTS));
    }

    private static ExtractionSettings process(@Nullable Path weights) throws IOException {
        if (weights == null) {
            return ExtractionSettings.inversion();
        }
        try (AggregatorFile file = AggregatorFile.open(weights)) {
            return file.config().settings();
        }
    }

    /** Where all of it runs. */
    TorchRuntime runtime() {
        return inputs.runtime;
    }

    Table1Inputs inputs() {
        return inputs;
    }

    /** Where the table is written. */
    Path folder() {
        return folder;
    }

    /** The diffusion checkpoint. */
    Checkpoint model() {
        return model;
    }

    /** That of the given weights, or the paper's. */
    ExtractionSettings process() {
        return process;
    }

    /** For what is part of a step: it can be cancelled, and nobody hears of it. */
    RunMonitor quiet() {
        return new RunMonitor(null, monitor.cancelled());
    }

    void say(String line) {
        log.accept(line);
    }

    RowScores scores() {
        return scores;
    }

    /** Scores a row by an aggregator over its source, which is closed; {@code what} tells apart weights of one name. */
    void score(Row row, int seed, FeatureAggregator aggregator, String what) throws IOException {
        scores.add(row, seed, features(), grid(), aggregator, what);
    }

    /** Scores a row by a method over its source, which nothing is trained for. */
    void score(Row row, RowScores.Finder finder) throws IOException {
        scores.add(row, features(), grid(), finder);
    }

    /** Does something while a network is the one that rows read. */
    void with(Source.Network network, Work work) throws IOException {
        try (Features open = open(network)) {
            features = open;
            work.run();
        } finally {
            features = null;
        }
    }

    @FunctionalInterface
    interface Work {
        void run() throws IOException;
    }

    /** A network; the caller closes it. */
    Features open(Source.Network network) throws IOException {
        return Features.open(network, inputs.cache, inputs.runtime, quiet());
    }

    /** Of the row's source. */
    Features features() {
        if (features == null) {
            throw new IllegalStateException("a row that reads features must name their source");
        }
        return features;
    }

    /** How points are matched by the features of the row's source. */
    MatchGrid grid() {
        return grid(features().extractor());
    }

    MatchGrid grid(FeatureExtractor extractor) {
        int matchSize = inputs.grid.matchSize() == 0 ? extractor.loadSize().width() : inputs.grid.matchSize();
        return new MatchGrid(matchSize, inputs.grid.placement());
    }

    /** The weights of the row Ours: given, or trained by this call or an earlier one. */
    Path ours(int seed) throws IOException {
        Path given = inputs.given(Table1Checkpoint.WEIGHTS);
        return given != null ? given : train("train-ours", seed);
    }

    /** Trains over the row's source in a folder, or goes on there; gives the weights. */
    Path train(String name, int seed) throws IOException {
        return trained(Row.seeded(name, seed), run -> trainOnPairs(run, seed));
    }

    /** The same on the pictures of the training split alone, without their key points. */
    Path trainUnlabelled(String name, int seed) throws IOException {
        TrainingRecipe recipe = inputs.training;
        return trained(
                Row.seeded(name, seed),
                run -> recipe.train(
                        features().extractor(),
                        features().cached(),
                        UnlabelledPictures.of(sets.of(Split.TRAIN).pairs()),
                        UnlabelledPlan.STANDARD,
                        recipe.settings().seed() + seed,
                        run,
                        inputs.runtime,
                        monitor,
                        log));
    }

    @FunctionalInterface
    private interface Training {
        void in(Path run) throws IOException;
    }

    /** The weights of a training that is run once. */
    private Path trained(String place, Training training) throws IOException {
        Path done = trained.get(place);
        if (done != null) {
            return done;
        }
        Path run = folder.resolve(place);
        training.in(run);
        Path weights = run.resolve(AggregatorTrainer.WEIGHTS);
        trained.put(place, weights);
        return weights;
    }

    private void trainOnPairs(Path run, int seed) throws IOException {
        TrainingRecipe recipe = inputs.training;
        PairDataset train = sets.of(Split.TRAIN);
        PairDataset validation = recipe.settings().validateEvery() == 0 ? null : sets.of(Split.VALIDATION);
        recipe.train(
                features().extractor(),
                features().cached(),
                train,
                validation,
                recipe.settings().seed() + seed,
                run,
                inputs.runtime,
                monitor,
                log);
    }
}
