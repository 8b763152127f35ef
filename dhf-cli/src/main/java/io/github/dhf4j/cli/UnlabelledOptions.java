package io.github.dhf4j.cli;

import io.github.dhf4j.unlabelled.UnlabelledPlan;
import picocli.CommandLine.Option;

/** How correspondences are made of pictures that nobody labelled. */
final class UnlabelledOptions {
    @Option(
            names = "--matches",
            paramLabel = "N",
            description =
                    "With --pictures: with how many others of its category, aligned with it, a picture is matched; 0 for warps alone. Default: ${DEFAULT-VALUE}.",
            defaultValue = "5")
    private int matches;

    UnlabelledPlan plan() {
        return UnlabelledPlan.STANDARD.withMatches(matches);
    }
}
