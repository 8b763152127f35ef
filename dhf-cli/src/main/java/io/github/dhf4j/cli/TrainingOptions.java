package io.github.dhf4j.cli;

import io.github.dhf4j.aggregation.train.TrainingSettings;
import io.github.dhf4j.reproduction.TrainingRecipe;
import io.github.dhf4j.train.AdamW;
import io.github.dhf4j.train.LearningRateSchedule;
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
            names = "--map-size",
            description =
                    "Side of the descriptor map, and of the grid of training points. Default: the finest map's, which is the latents'.")
    @Nullable
    Integer mapSize;

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

    /** What is wrong with the options is found here, before anything long begins. */
    TrainingRecipe recipe() {
        double end = decay == LearningRateSchedule.Decay.CONSTANT ? 1 : 0.05;
        TrainingSettings settings = TrainingSettings.builder()
                .steps(steps)
                .accumulation(accumulate)
                .learningRate(learningRate)
                .mixingLearningRate(mixingRate != null ? mixingRate : learningRate)
                .schedule(new LearningRateSchedule(decay, warmUp, hold, end))
                .optimiser(AdamW.Settings.REFERENCE.withWeightDecay(weightDecay))
                .temperature(temperature)
                .flip(flip)
                .seed(seed)
                .validateEvery(validateEvery)
                .patience(patience)
                .checkpointEvery(checkpointEvery)
                .build();
        return new TrainingRecipe(settings, projection, mapSize, validationPairs);
    }
}
