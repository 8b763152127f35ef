package io.github.dhf4j.cli;

import io.github.dhf4j.aggregation.train.CorrespondenceSettings;
import io.github.dhf4j.aggregation.train.MirroredPairs;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What is asked of key-point pairs in training; the defaults are the paper's. */
final class CorrespondenceOptions {
    @Option(
            names = "--temperature",
            description = "What cosines are divided by. Default: ${DEFAULT-VALUE}.",
            defaultValue = "0.07")
    private double temperature;

    @Option(
            names = "--learn-temperature",
            description = "Train the temperature as well, from that of --temperature on.")
    private boolean learned;

    @Option(
            names = "--sigma",
            paramLabel = "CELLS",
            description =
                    "A Gaussian of this deviation around the true place is right, and not its cell alone. Default: ${DEFAULT-VALUE}.",
            defaultValue = "0")
    private double sigma;

    @Option(
            names = "--last-sigma",
            paramLabel = "CELLS",
            description = "The deviation at the end of the run. Default: that of --sigma.")
    private @Nullable Double lastSigma;

    @Option(
            names = "--place-weight",
            paramLabel = "W",
            description =
                    "Weight of the distance of the soft arg max from the true place, in cells, beside the paper's loss. Default: ${DEFAULT-VALUE}.",
            defaultValue = "0")
    private double placeWeight;

    @Option(
            names = "--jitter",
            paramLabel = "SHARE",
            description =
                    "Deviation by which that true place is moved at random, as a share of half the object's box. Default: ${DEFAULT-VALUE}.",
            defaultValue = "0")
    private double jitter;

    @Option(
            names = "--mirrored-pairs",
            paramLabel = "KIND",
            split = ",",
            description =
                    "Train on mirrored pairs too, left parts taken for right ones: ${COMPLETION-CANDIDATES} (the first image mirrored; the first image with its own mirror image).")
    private Set<MirroredPairs> mirroredPairs = EnumSet.noneOf(MirroredPairs.class);

    CorrespondenceSettings settings() {
        return CorrespondenceSettings.REFERENCE
                .withTemperature(temperature)
                .withLearnedTemperature(learned)
                .withSigma(sigma, lastSigma != null ? lastSigma : sigma)
                .withPlace(placeWeight, jitter)
                .withMirroredPairs(mirroredPairs);
    }
}
