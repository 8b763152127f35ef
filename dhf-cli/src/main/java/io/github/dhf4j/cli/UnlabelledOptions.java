package io.github.dhf4j.cli;

import io.github.dhf4j.unlabelled.UnlabelledPlan;
import picocli.CommandLine.Option;

/** How correspondences are made of pictures that nobody labelled. */
final class UnlabelledOptions {
    @Option(
            names = "--warp-steps",
            paramLabel = "N",
            description = "With --pictures: steps of the first training, on warps. Default: ${DEFAULT-VALUE}.",
            defaultValue = "200")
    private int warpSteps;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            description =
                    "With --pictures: how often pictures of a category are matched by the weights so far, and new weights trained on what agrees (--steps each); 0 for warps alone. Default: ${DEFAULT-VALUE}.",
            defaultValue = "1")
    private int rounds;

    UnlabelledPlan plan() {
        return UnlabelledPlan.STANDARD.withWarpSteps(warpSteps).withRounds(rounds);
    }
}
