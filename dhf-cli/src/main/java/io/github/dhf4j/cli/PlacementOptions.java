package io.github.dhf4j.cli;

import io.github.dhf4j.matching.Localizer;
import io.github.dhf4j.matching.Placement;
import io.github.dhf4j.matching.PlaneTransform;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How points are placed in the other image. */
final class PlacementOptions {
    @Mixin
    private LocalizerOption locating = new LocalizerOption();

    @Option(
            names = "--mirror",
            description =
                    "Also try the first image mirrored, and keep which of the two aligns better; left and right parts are swapped then, where their names tell them.")
    boolean mirrored;

    @Option(
            names = "--smooth",
            description =
                    "Match all of both images so that neighbours agree, and take a point to be where that has it; --localizer is not looked at then.")
    boolean smooth;

    @Option(
            names = "--fit",
            paramLabel = "KIND",
            description =
                    "Fit one affine map or homography to the surest matches, and check every match with it: ${COMPLETION-CANDIDATES}. match says which agree; eval and table1 move points that do not, if seven of ten sure matches do.")
    PlaneTransform.@Nullable Kind fit;

    Localizer localizer() {
        return locating.localizer;
    }

    Placement placement() {
        return new Placement(locating.localizer, smooth, fit, mirrored);
    }
}
