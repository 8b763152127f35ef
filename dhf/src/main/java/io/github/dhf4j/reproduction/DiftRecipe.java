package io.github.dhf4j.reproduction;

import io.github.dhf4j.diffusion.Dift;
import io.github.dhf4j.eval.pck.Finders;
import io.github.dhf4j.eval.pck.MatchGrid;
import io.github.dhf4j.feature.FeatureAggregator;
import io.github.dhf4j.feature.FeatureExtractor;
import java.io.IOException;

/** DIFT on the diffusion checkpoint, with each category's prompt. */
final class DiftRecipe implements Recipe {
    @Override
    public void score(Row row, Bench bench) throws IOException {
        FeatureExtractor extractor = CategoryPrompts.extractor(bench.features().extractor(), Dift.of(""));
        MatchGrid grid = bench.grid(extractor);
        try (FeatureAggregator raw = Recipes.raw(extractor.settings())) {
            CategoryPrompts.Method method = features -> Finders.descriptors(features, raw, grid);
            CategoryPrompts.score(row, bench, extractor, grid, "", method, method);
        }
    }
}
