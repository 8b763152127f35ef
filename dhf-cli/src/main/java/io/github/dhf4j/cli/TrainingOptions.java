package io.github.dhf4j.cli;

import io.github.dhf4j.aggregation.train.TrainingSettings;
import io.github.dhf4j.reproduction.TrainingRecipe;
import io.github.dhf4j.train.AdamW;
import io.github.dhf4j.train.LearningRateSchedule;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How weights are trained; the defaults are the paper's. */
final class TrainingOptions {
    /** Where torch's one cycle ends: a ten thousandth of where it begins. */
    private static final double LAST_OF_CYCLE = 4e-6;

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
            description =
                    "Share of the run before rates fall; of ONE_CYCLE, in which they rise. Default: 0.6, and 0.3 of ONE_CYCLE.")
    @Nullable
    Double hold;

    @Option(
            names = "--warm-up",
            description = "Steps over which rates rise. Default: ${DEFAULT-VALUE}.",
            defaultValue = "0")
    int warmUp;

    @Option(names = "--weight-decay", description = "Default: ${DEFAULT-VALUE}.", defaultValue = "0")
    double weightDecay;

    @Mixin
    private CorrespondenceOptions correspondence = new CorrespondenceOptions();

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

    @Option(
            names = "--dropout",
            paramLabel = "SHARE",
            description = "Share of the maps' numbers that are left out. Default: ${DEFAULT-VALUE}.",
            defaultValue = "0")
    double dropout;

    @Option(
            names = "--averaging",
            paramLabel = "DECAY",
            description =
                    "Validate and keep the moving average of the weights, such as 0.99; 0 for the weights themselves. Default: ${DEFAULT-VALUE}.",
            defaultValue = "0")
    double averaging;

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
        boolean cycle = decay == LearningRateSchedule.Decay.ONE_CYCLE;
        double end = decay == LearningRateSchedule.Decay.CONSTANT ? 1 : cycle ? LAST_OF_CYCLE : 0.05;
        double share = hold != null ? hold : cycle ? 0.3 : 0.6;
        TrainingSettings settings = TrainingSettings.builder()
                .steps(steps)
                .accumulation(accumulate)
                .learningRate(learningRate)
                .mixingLearningRate(mixingRate != null ? mixingRate : learningRate)
                .schedule(new LearningRateSchedule(decay, warmUp, share, end))
                .optimiser(AdamW.Settings.REFERENCE.withWeightDecay(weightDecay))
                .correspondence(correspondence.settings())
                .flip(flip)
                .dropout(dropout)
                .averaging(averaging)
                .seed(seed)
                .validateEvery(validateEvery)
                .patience(patience)
                .checkpointEvery(checkpointEvery)
                .build();
        return new TrainingRecipe(settings, projection, mapSize, validationPairs);
    }
}
