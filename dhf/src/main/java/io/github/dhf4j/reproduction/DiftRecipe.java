package io.github.dhf4j.reproduction;

import ai.djl.ndarray.NDManager;
import io.github.dhf4j.data.FeatureSource;
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
        try (NDManager manager = bench.runtime().newManager();
                FeatureAggregator raw = Recipes.raw(extractor.settings())) {
            CategoryPrompts.Method method = features -> Finders.descriptors(features, raw, grid);
            bench.scores()
                    .add(
                            row,
                            grid.matchSize(),
                            extractor.fingerprint() + RowScores.located(grid),
                            CategoryPrompts.finder(
                                    extractor, of -> bench.inputs().cache.over(of, manager, bench.quiet()), method),
                            CategoryPrompts.finder(
                                    extractor, of -> FeatureSource.of(of, manager, bench.quiet()), method));
        }
    }
}
