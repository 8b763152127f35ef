package io.github.dhf4j.reproduction;

import io.github.dhf4j.aggregation.Aggregator;
import io.github.dhf4j.aggregation.AggregatorConfig;
import io.github.dhf4j.aggregation.AggregatorNetwork;
import io.github.dhf4j.aggregation.AggregatorWriter;
import io.github.dhf4j.aggregation.train.AggregatorTrainer;
import io.github.dhf4j.aggregation.train.CorrespondenceSettings;
import io.github.dhf4j.aggregation.train.TrainingHooks;
import io.github.dhf4j.aggregation.train.TrainingResult;
import io.github.dhf4j.aggregation.train.TrainingSettings;
import io.github.dhf4j.aggregation.train.TrainingValidator;
import io.github.dhf4j.data.FeatureSource;
import io.github.dhf4j.eval.data.PairDataset;
import io.github.dhf4j.eval.pck.ConfidenceSample;
import io.github.dhf4j.eval.pck.MatchGrid;
import io.github.dhf4j.eval.pck.PckValidation;
import io.github.dhf4j.feature.CallBudget;
import io.github.dhf4j.feature.ConfidenceModel;
import io.github.dhf4j.feature.FeatureExtractor;
import io.github.dhf4j.feature.RunMonitor;
import io.github.dhf4j.tensor.TorchRuntime;
import io.github.dhf4j.train.LearningRateSchedule;
import io.github.dhf4j.unlabelled.UnlabelledPictures;
import io.github.dhf4j.unlabelled.UnlabelledPlan;
import io.github.dhf4j.unlabelled.UnlabelledTraining;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * How weights are trained over a network and chosen by PCK@0.1 of the image on held-out pairs.
 *
 * @param settings of the training
 * @param projection width of a descriptor, a multiple of 128
 * @param mapSize side of the descriptor map, and of the grid of training points; null for the finest map's
 * @param validationPairs how many pairs of each category are validated on at most; 0 for all
 */
public record TrainingRecipe(
        TrainingSettings settings, int projection, @Nullable Integer mapSize, int validationPairs) {
    /** The paper's. */
    public static final TrainingRecipe PAPER = new TrainingRecipe(TrainingSettings.REFERENCE, 384, null, 0);

    /**
     * What gained most on the rendered world ({@code docs/results.md}): four times the paper's rate, ten
     * times for the mixing weights, both falling after 0.6 of 9000 steps of two pairs, and a temperature that is learned. The
     * bundled weights are trained by it.
     */
    public static final TrainingRecipe STRONG = new TrainingRecipe(
            TrainingSettings.builder()
                    .steps(9000)
                    .accumulation(2)
                    .learningRate(4e-3)
                    .mixingLearningRate(1e-2)
                    .schedule(new LearningRateSchedule(LearningRateSchedule.Decay.LINEAR, 0, 0.6, 0.05))
                    .correspondence(CorrespondenceSettings.REFERENCE.withLearnedTemperature(true))
                    .validateEvery(750)
                    .build(),
            384,
            null,
            0);

    /**
     * Checks the width.
     *
     * @param settings as above
     * @param projection as above
     * @param mapSize as above
     * @param validationPairs as above
     */
    public TrainingRecipe {
        AggregatorConfig.requireProjection(projection);
    }

    /**
     * The recipe of a name.
     *
     * @param name {@code paper} or {@code strong}
     * @return the recipe
     * @throws IllegalArgumentException naming those there are
     */
    public static TrainingRecipe of(String name) {
        return switch (name) {
            case "paper" -> PAPER;
            case "strong" -> STRONG;
            default -> throw new IllegalArgumentException("recipe must be paper or strong, got '" + name + "'");
        };
    }

    /**
     * In words, for reports.
     *
     * @return settings and width
     */
    public String summary() {
        return settings.toJson() + ", projection " + projection;
    }

    /**
     * The form of weights for a network.
     *
     * @param extractor the network, or several joined, with the maps that are summed; borrowed
     * @return the form
     */
    public AggregatorConfig config(FeatureExtractor extractor) {
        List<FeatureExtractor> networks = extractor.networks();
        return AggregatorConfig.of(
                networks.stream()
                        .map(each -> network(each, networks.size() > 1))
                        .toList(),
                projection,
                mapSize != null ? mapSize : extractor.mapSize().width());
    }

    /** Of one of several the digest is written down, since they can be taken for one another. */
    private static AggregatorNetwork network(FeatureExtractor extractor, boolean ofSeveral) {
        Path checkpoint = extractor.checkpoint().getFileName();
        return AggregatorNetwork.of(
                checkpoint == null ? "unknown" : checkpoint.toString(),
                ofSeveral ? extractor.origin().digest().orElse(null) : null,
                extractor.settings(),
                extractor.layout().networks().get(0));
    }

    /**
     * Trains, or goes on with a run that was stopped, and draws what came out: {@code curves.png} and {@code mixing.png}
     * beside the files of the run. The weights carry how far their matches can be trusted, fitted to the validation pairs,
     * where these are enough.
     *
     * @param extractor the network; borrowed
     * @param features its maps; borrowed
     * @param train pairs to train on
     * @param validation pairs to choose by; null where the settings ask for no validation
     * @param seed in place of the settings'
     * @param folder where the run lives
     * @param runtime where to train
     * @param monitor hears of progress, one step a step, and can cancel
     * @param log hears a line a validation
     * @return what came out
     * @throws IOException if an image or the folder fails, or if the folder holds a run that was begun otherwise
     */
    public TrainingResult train(
            FeatureExtractor extractor,
            FeatureSource features,
            PairDataset train,
            @Nullable PairDataset validation,
            long seed,
            Path folder,
            TorchRuntime runtime,
            RunMonitor monitor,
            Consumer<String> log)
            throws IOException {
        Files.createDirectories(folder);
        PairDataset held = validation != null && validationPairs > 0
                ? validation.sample(validationPairs, settings.seed()) // the same of all seeds
                : validation;
        AggregatorTrainer trainer = new AggregatorTrainer(
                config(extractor),
                settings.toBuilder().seed(seed).build(),
                train.pairs(),
                features,
                held == null ? null : validator(held, features, monitor, log),
                TrainingHooks.NONE,
                monitor);
        TrainingResult result = trainer.run(folder, runtime);
        TrainingPictures.draw(folder);
        if (held != null) {
            calibrate(folder.resolve(AggregatorTrainer.WEIGHTS), features, held, runtime, monitor, log);
        }
        return result;
    }

    /**
     * Trains on pictures of which nobody said where anything is, or goes on, and draws what came out. Nothing is validated on,
     * and matches by the weights carry the default confidence.
     *
     * @param extractor the network; borrowed
     * @param features its maps; borrowed
     * @param pictures what is trained on
     * @param plan how correspondences are made of them
     * @param seed in place of the settings'
     * @param folder where the run lives
     * @param runtime where to train
     * @param monitor hears of progress, and can cancel
     * @param log hears a line of each part
     * @return what came out
     * @throws IOException if a picture or the folder fails, or if the folder holds a run that was begun otherwise
     */
    public TrainingResult train(
            FeatureExtractor extractor,
            FeatureSource features,
            UnlabelledPictures pictures,
            UnlabelledPlan plan,
            long seed,
            Path folder,
            TorchRuntime runtime,
            RunMonitor monitor,
            Consumer<String> log)
            throws IOException {
        TrainingSettings seeded = settings.toBuilder().seed(seed).build();
        TrainingResult result = new UnlabelledTraining(config(extractor), seeded, plan)
                .run(pictures.pictures(), features, folder, runtime, monitor, log);
        TrainingPictures.draw(folder);
        return result;
    }

    private static void calibrate(
            Path weights,
            FeatureSource features,
            PairDataset held,
            TorchRuntime runtime,
            RunMonitor monitor,
            Consumer<String> log)
            throws IOException {
        try (Aggregator aggregator = Aggregator.open(weights, CallBudget.PAPER, runtime)) {
            ConfidenceSample sample = ConfidenceSample.of(
                    held, features, aggregator, MatchGrid.of(0), new RunMonitor(null, monitor.cancelled()));
            Optional<ConfidenceModel> fitted = sample.fit();
            if (fitted.isPresent()) {
                AggregatorWriter.calibrate(weights, fitted.get());
            }
            log.accept((fitted.isPresent() ? "confidence fitted to " : "confidence not fitted, too few: ") + sample);
        }
    }

    private static TrainingValidator validator(
            PairDataset held, FeatureSource features, RunMonitor monitor, Consumer<String> log) {
        PckValidation pck = PckValidation.of(held, new RunMonitor(null, monitor.cancelled()));
        return (aggregator, own, step) -> {
            double score = pck.score(features, aggregator);
            log.accept(String.format(Locale.ROOT, "step %d: validation %s %.1f", step, pck.threshold(), 100 * score));
            return score;
        };
    }
}
