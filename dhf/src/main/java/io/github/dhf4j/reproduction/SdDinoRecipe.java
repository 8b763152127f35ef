package io.github.dhf4j.reproduction;

import io.github.dhf4j.backbones.Dinov2;
import io.github.dhf4j.data.FeatureSource;
import io.github.dhf4j.diffusion.SdDino;
import io.github.dhf4j.eval.pck.Finders;
import io.github.dhf4j.eval.pck.MatchGrid;
import io.github.dhf4j.feature.ExtractionSettings;
import io.github.dhf4j.feature.FeatureAggregator;
import io.github.dhf4j.feature.FeatureExtractor;
import java.io.IOException;

/** SD + DINO on the diffusion checkpoint, with each category's prompt, and Stable Diffusion's half of it. */
final class SdDinoRecipe {
    private SdDinoRecipe() {}

    /** Stable Diffusion's half. */
    static void half(Row row, Bench bench) throws IOException {
        FeatureExtractor extractor = CategoryPrompts.extractor(bench.features().extractor(), SdDino.of(""));
        MatchGrid grid = bench.grid(extractor);
        CategoryPrompts.Method method = features -> Finders.jointComponents(features, SdDino.COMPONENTS, grid);
        CategoryPrompts.score(row, bench, extractor, grid, "", method, method);
    }

    /** Both halves. */
    static void whole(Row row, Bench bench) throws IOException {
        FeatureExtractor extractor = CategoryPrompts.extractor(bench.features().extractor(), SdDino.of(""));
        MatchGrid grid = bench.grid(extractor);
        ExtractionSettings paper = Dinov2.paper();
        boolean full = CategoryPrompts.isFullSize(bench.features().extractor());
        Source.Network tokens = new Source.Network(
                bench.inputs().require(Table1Checkpoint.DINOV2, "dinov2"),
                full ? paper.withLoadSize(SdDino.DINO_SIDE) : paper);
        try (Features dinov2 = bench.open(tokens);
                FeatureAggregator raw = Recipes.raw(tokens.settings())) {
            FeatureSource alone = FeatureSource.of(dinov2.extractor(), dinov2.manager(), bench.quiet());
            CategoryPrompts.score(
                    row,
                    bench,
                    extractor,
                    grid,
                    dinov2.cached().fingerprint(),
                    features -> Finders.jointFusion(features, SdDino.COMPONENTS, dinov2.cached(), raw, grid),
                    features -> Finders.jointFusion(features, SdDino.COMPONENTS, alone, raw, grid));
        }
    }
}
