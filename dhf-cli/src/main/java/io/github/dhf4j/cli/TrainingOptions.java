package io.github.dhf4j.cli;

import io.github.dhf4j.aggregation.Aggregator;
import io.github.dhf4j.aggregation.AggregatorConfig;
import io.github.dhf4j.aggregation.TrainingHooks;
import io.github.dhf4j.aggregation.TrainingResult;
import io.github.dhf4j.aggregation.TrainingSettings;
import io.github.dhf4j.aggregation.TrainingValidator;
import io.github.dhf4j.data.FeatureSource;
import io.github.dhf4j.eval.data.PairDataset;
import io.github.dhf4j.eval.pck.Evaluation;
import io.github.dhf4j.eval.pck.Evaluator;
import io.github.dhf4j.eval.pck.Finders;
import io.github.dhf4j.eval.pck.MatchGrid;
import io.github.dhf4j.eval.pck.Threshold;
import io.github.dhf4j.feature.FeatureExtractor;
import io.github.dhf4j.feature.RunMonitor;
import io.github.dhf4j.train.AdamW;
import io.github.dhf4j.train.LearningRateSchedule;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How weights are trained; the defaults are the paper's. */
final class TrainingOptions {
    @Option(names = "--steps", description = "Default: ${DEFAULT-VALUE}, the paper's.", defaultValue = "5000")
    int steps;

    @Option(
            names = "--projection",
            description = "Width of a descriptor. Default: ${DEFAULT-VALUE}.",
            defaultValue = "384")
    int projection;

    @Option(
            names = "--resolution",
            description =
                    "Side of the descriptor map, and of the grid of training points. Default: the finest map's, which is the latents'.")
    @Nullable
    Integer resolution;

    @Option(names = "--lr", description = "Learning rate. Default: ${DEFAULT-VALUE}.", defaultValue = "1e-3")
    double learningRate;

    @Option(names = "--mixing-lr", description = "Learning rate of the mixing weights. Default: that of --lr.")
    @Nullable
    Double mixingRate;

    @Option(
            names = "--decay",
            description = "How rates fall: ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.",
            defaultValue = "CONSTANT")
    LearningRateSchedule.Decay decay;

    @Option(
            names = "--hold",
            description = "Share of the run before rates fall. Default: ${DEFAULT-VALUE}.",
            defaultValue = "0.6")
    double hold;

    @Option(
            names = "--warm-up",
            description = "Steps over which rates rise. Default: ${DEFAULT-VALUE}.",
            defaultValue = "0")
    int warmUp;

    @Option(names = "--weight-decay", description = "Default: ${DEFAULT-VALUE}.", defaultValue = "0")
    double weightDecay;

    @Option(names = "--temperature", description = "Default: ${DEFAULT-VALUE}.", defaultValue = "0.07")
    double temperature;

    @Option(
            names = "--accumulate",
            paramLabel = "N",
            description = "Pairs a step. Default: ${DEFAULT-VALUE}.",
            defaultValue = "1")
    int accumulate;

    @Option(
            names = "--flip",
            paramLabel = "P",
            description = "Probability that both images of a pair are mirrored. Default: ${DEFAULT-VALUE}.",
            defaultValue = "0")
    double flip;

    @Option(names = "--seed", description = "Default: ${DEFAULT-VALUE}.", defaultValue = "0")
    long seed;

    @Option(
            names = "--validate-every",
            paramLabel = "N",
            description =
                    "Steps between validations by PCK@0.1 on the validation split; 0 for none. Default: ${DEFAULT-VALUE}.",
            defaultValue = "1000")
    int validateEvery;

    @Option(
            names = "--validation-pairs",
            paramLabel = "N",
            description = "Validate on N pairs of each category at most. Default: all.",
            defaultValue = "0")
    int validationPairs;

    @Option(
            names = "--patience",
            paramLabel = "N",
            description = "Stop after N validations without a better score; 0 for never. Default: ${DEFAULT-VALUE}.",
            defaultValue = "0")
    int patience;

    @Option(
            names = "--checkpoint-every",
            paramLabel = "N",
            description = "Default: ${DEFAULT-VALUE}.",
            defaultValue = "100")
    int checkpointEvery;

    /** Finds what is wrong with the options before anything long begins. */
    void check() {
        AggregatorConfig.requireProjection(projection);
        settings(seed);
    }

    /** In words, for reports. */
    String summary() {
        return settings(seed).toJson() + ", projection " + projection;
    }

    private TrainingSettings settings(long seed) {
        return new TrainingSettings(
                steps,
                accumulate,
                learningRate,
                mixingRate != null ? mixingRate : learningRate,
                new LearningRateSchedule(decay, warmUp, hold, decay == LearningRateSchedule.Decay.CONSTANT ? 1 : 0.05),
                AdamW.Settings.REFERENCE.withWeightDecay(weightDecay),
                temperature,
                flip,
                seed,
                validateEvery,
                patience,
                checkpointEvery);
    }

    /** The form of weights for an extractor's features. */
    AggregatorConfig config(FeatureExtractor extractor) {
        Path checkpoint = extractor.checkpoint().getFileName();
        return AggregatorConfig.of(
                checkpoint == null ? "unknown" : checkpoint.toString(),
                extractor.settings(),
                extractor.layout(),
                projection,
                resolution != null ? resolution : extractor.mapSize().width());
    }

    /** Trains in a folder, or goes on there, and draws what came out. */
    TrainingResult train(
            FeatureExtractor extractor,
            FeatureSource features,
            PairDataset train,
            @Nullable PairDataset validation,
            long runSeed,
            Path out,
            PrintWriter print)
            throws IOException {
        Files.createDirectories(out);
        PairDataset held =
                validation != null && validationPairs > 0 ? validation.sample(validationPairs, seed) : validation;
        TrainingResult result = Aggregator.train(
                config(extractor),
                settings(runSeed),
                train.pairs(),
                features,
                validator(held, features, print),
                TrainingHooks.NONE,
                ConsoleProgress.monitor(),
                out);
        TrainingPictures.draw(out);
        return result;
    }

    private static @Nullable TrainingValidator validator(
            @Nullable PairDataset validation, FeatureSource features, PrintWriter print) {
        if (validation == null) {
            return null;
        }
        return (aggregator, step) -> {
            Evaluation evaluation = Evaluator.evaluate(
                    "validation",
                    Finders.descriptors(features, aggregator, MatchGrid.of(0)),
                    validation,
                    features.loadSize().width(),
                    RunMonitor.NONE);
            double pck = evaluation.pck(new Threshold(0.1, Threshold.Of.IMG), Evaluation.Average.PER_POINT);
            print.printf(Locale.ROOT, "step %d: validation PCK@0.1 img %.1f%n", step, 100 * pck);
            print.flush();
            return pck;
        };
    }
}
