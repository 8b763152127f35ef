package io.github.dhf4j.cli;

import io.github.dhf4j.aggregation.train.CorrespondenceSettings;
import io.github.dhf4j.aggregation.train.MirroredPairs;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What is asked of key-point pairs in training: as a recipe says, but for what is given beside it. */
final class CorrespondenceOptions {
    @Option(
            names = "--temperature",
            description = "What cosines are divided by. Default: the recipe's, 0.07 in the paper.")
    private @Nullable Double temperature;

    @Option(
            names = "--learn-temperature",
            negatable = true,
            description = "Train the temperature as well, from that of --temperature on.")
    private @Nullable Boolean learned;

    @Option(
            names = "--sigma",
            paramLabel = "CELLS",
            description =
                    "A Gaussian of this deviation around the true place is right, and not its cell alone. Default: the recipe's, 0 in the paper.")
    private @Nullable Double sigma;

    @Option(
            names = "--last-sigma",
            paramLabel = "CELLS",
            description = "The deviation at the end of the run. Default: that of --sigma.")
    private @Nullable Double lastSigma;

    @Option(
            names = "--place-weight",
            paramLabel = "W",
            description =
                    "Weight of the distance of the soft arg max from the true place, in cells, beside the paper's loss. Default: the recipe's, 0 in the paper.")
    private @Nullable Double placeWeight;

    @Option(
            names = "--jitter",
            paramLabel = "SHARE",
            description =
                    "Deviation by which that true place is moved at random, as a share of half the object's box. Default: the recipe's, 0 in the paper.")
    private @Nullable Double jitter;

    @Option(
            names = "--mirrored-pairs",
            paramLabel = "KIND",
            split = ",",
            description =
                    "Train on mirrored pairs too, left parts taken for right ones: ${COMPLETION-CANDIDATES} (the first image mirrored; the first image with its own mirror image).")
    private @Nullable Set<MirroredPairs> mirroredPairs;

    CorrespondenceSettings settings(CorrespondenceSettings begun) {
        double first = TrainingOptions.given(sigma, begun.sigma());
        double last = TrainingOptions.given(lastSigma, sigma != null ? sigma : begun.lastSigma());
        return begun.withTemperature(TrainingOptions.given(temperature, begun.temperature()))
                .withLearnedTemperature(TrainingOptions.given(learned, begun.learnedTemperature()))
                .withSigma(first, last)
                .withPlace(
                        TrainingOptions.given(placeWeight, begun.placeWeight()),
                        TrainingOptions.given(jitter, begun.jitter()))
                .withMirroredPairs(TrainingOptions.given(mirroredPairs, begun.mirroredPairs()));
    }
}
