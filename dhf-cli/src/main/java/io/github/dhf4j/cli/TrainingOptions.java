package io.github.dhf4j.cli;

import io.github.dhf4j.aggregation.train.TrainingSettings;
import io.github.dhf4j.reproduction.TrainingRecipe;
import io.github.dhf4j.train.LearningRateSchedule;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How weights are trained: as a recipe says, but for what is given beside it. */
final class TrainingOptions {
    /** Where torch's one cycle ends: a ten thousandth of where it begins. */
    private static final double LAST_OF_CYCLE = 4e-6;

    @Option(
            names = "--recipe",
            paramLabel = "NAME",
            description =
                    "What the options below begin with: paper, as it trains; strong, which gained most on rendered pictures: high rates that fall, two pairs a step, a temperature that is learned, 9000 steps. Default: ${DEFAULT-VALUE}.",
            defaultValue = "paper")
    private TrainingRecipe recipe = TrainingRecipe.PAPER;

    @Option(names = "--steps", description = "Default: the recipe's, 5000 in the paper.")
    private @Nullable Integer steps;

    @Option(names = "--projection", description = "Width of a descriptor. Default: the recipe's, 384 in the paper.")
    private @Nullable Integer projection;

    @Option(
            names = "--map-size",
            description =
                    "Side of the descriptor map, and of the grid of training points. Default: the finest map's, which is the latents'.")
    private @Nullable Integer mapSize;

    @Option(names = "--lr", description = "Learning rate. Default: the recipe's, 1e-3 in the paper.")
    private @Nullable Double learningRate;

    @Option(
            names = "--mixing-lr",
            description =
                    "Learning rate of the mixing weights. Default: as much beside --lr as in the recipe, the same in the paper.")
    private @Nullable Double mixingRate;

    @Option(
            names = "--decay",
            description = "How rates fall: ${COMPLETION-CANDIDATES}. Default: the recipe's, CONSTANT in the paper.")
    private LearningRateSchedule.@Nullable Decay decay;

    @Option(
            names = "--hold",
            description =
                    "Share of the run before rates fall; of ONE_CYCLE, in which they rise. Default: 0.6, and 0.3 of ONE_CYCLE.")
    private @Nullable Double hold;

    @Option(names = "--warm-up", description = "Steps over which rates rise. Default: the recipe's, 0 in the paper.")
    private @Nullable Integer warmUp;

    @Option(names = "--weight-decay", description = "Default: the recipe's, 0 in the paper.")
    private @Nullable Double weightDecay;

    @Mixin
    private CorrespondenceOptions correspondence = new CorrespondenceOptions();

    @Option(
            names = "--accumulate",
            paramLabel = "N",
            description = "Pairs a step. Default: the recipe's, 1 in the paper.")
    private @Nullable Integer accumulate;

    @Option(
            names = "--flip",
            paramLabel = "P",
            description = "Probability that both images of a pair are mirrored. Default: the recipe's, 0 in the paper.")
    private @Nullable Double flip;

    @Option(
            names = "--dropout",
            paramLabel = "SHARE",
            description = "Share of the maps' numbers that are left out. Default: the recipe's, 0 in the paper.")
    private @Nullable Double dropout;

    @Option(
            names = "--averaging",
            paramLabel = "DECAY",
            description =
                    "Validate and keep the moving average of the weights, such as 0.99; 0 for the weights themselves. Default: the recipe's, 0 in the paper.")
    private @Nullable Double averaging;

    @Option(names = "--seed", description = "Default: ${DEFAULT-VALUE}.", defaultValue = "0")
    private long seed;

    @Option(
            names = "--validate-every",
            paramLabel = "N",
            description =
                    "Steps between validations by PCK@0.1 on the validation split; 0 for none. Default: the recipe's, 1000 in the paper.")
    private @Nullable Integer validateEvery;

    @Option(
            names = "--validation-pairs",
            paramLabel = "N",
            description = "Validate on N pairs of each category at most. Default: all.")
    private @Nullable Integer validationPairs;

    @Option(
            names = "--patience",
            paramLabel = "N",
            description =
                    "Stop after N validations without a better score; 0 for never. Default: the recipe's, 0 in the paper.")
    private @Nullable Integer patience;

    @Option(names = "--checkpoint-every", paramLabel = "N", description = "Default: the recipe's, 100 in the paper.")
    private @Nullable Integer checkpointEvery;

    /** What is wrong with the options is found here, before anything long begins. */
    TrainingRecipe recipe() {
        TrainingSettings begun = recipe.settings();
        double rate = given(learningRate, begun.learningRate());
        TrainingSettings settings = TrainingSettings.builder()
                .steps(given(steps, begun.steps()))
                .accumulation(given(accumulate, begun.accumulation()))
                .learningRate(rate)
                .mixingLearningRate(given(mixingRate, rate * (begun.mixingLearningRate() / begun.learningRate())))
                .schedule(schedule(begun.schedule()))
                .optimiser(begun.optimiser()
                        .withWeightDecay(given(weightDecay, begun.optimiser().weightDecay())))
                .correspondence(correspondence.settings(begun.correspondence()))
                .flip(given(flip, begun.flip()))
                .dropout(given(dropout, begun.dropout()))
                .averaging(given(averaging, begun.averaging()))
                .seed(seed)
                .validateEvery(given(validateEvery, begun.validateEvery()))
                .patience(given(patience, begun.patience()))
                .checkpointEvery(given(checkpointEvery, begun.checkpointEvery()))
                .build();
        return new TrainingRecipe(
                settings,
                given(projection, recipe.projection()),
                mapSize != null ? mapSize : recipe.mapSize(),
                given(validationPairs, recipe.validationPairs()));
    }

    private LearningRateSchedule schedule(LearningRateSchedule begun) {
        int rise = given(warmUp, begun.warmUp());
        if (decay == null) {
            return new LearningRateSchedule(begun.decay(), rise, given(hold, begun.hold()), begun.end());
        }
        boolean cycle = decay == LearningRateSchedule.Decay.ONE_CYCLE;
        double end = decay == LearningRateSchedule.Decay.CONSTANT ? 1 : cycle ? LAST_OF_CYCLE : 0.05;
        return new LearningRateSchedule(decay, rise, given(hold, cycle ? 0.3 : 0.6), end);
    }

    static <T> T given(@Nullable T value, T otherwise) {
        return value != null ? value : otherwise;
    }
}
