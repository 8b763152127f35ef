package io.github.dhf4j.reproduction;

import ai.djl.ndarray.NDManager;
import io.github.dhf4j.data.FeatureSource;
import io.github.dhf4j.data.PointFinder;
import io.github.dhf4j.diffusion.Dift;
import io.github.dhf4j.eval.pck.Finders;
import io.github.dhf4j.eval.pck.MatchGrid;
import io.github.dhf4j.feature.ExtractionSettings;
import io.github.dhf4j.feature.FeatureAggregator;
import io.github.dhf4j.feature.FeatureExtractor;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/** DIFT on the diffusion checkpoint, with each category's prompt. */
final class DiftRecipe implements Recipe {
    /** Side from which a checkpoint's own load size is that of Stable Diffusion. */
    private static final int FULL_SIZE = 512;

    @FunctionalInterface
    private interface Features {
        FeatureSource of(FeatureExtractor extractor) throws IOException;
    }

    @Override
    public void score(Row row, Bench bench) throws IOException {
        FeatureExtractor diffusion = bench.features().extractor();
        int own = diffusion
                .withSettings(ExtractionSettings.inversion())
                .loadSize()
                .width();
        ExtractionSettings settings = Dift.of("");
        FeatureExtractor extractor = diffusion.withSettings(own < FULL_SIZE ? settings.withLoadSize(own) : settings);
        MatchGrid grid = bench.grid(extractor);
        try (NDManager manager = bench.runtime().newManager();
                FeatureAggregator raw = Recipes.raw(extractor.settings())) {
            bench.scores()
                    .add(
                            row,
                            grid.matchSize(),
                            extractor.fingerprint() + RowScores.located(grid),
                            byCategory(
                                    extractor,
                                    raw,
                                    grid,
                                    of -> bench.inputs().cache.over(of, manager, bench.quiet())),
                            byCategory(extractor, raw, grid, of -> FeatureSource.of(of, manager, bench.quiet())));
        }
    }

    /** A finder for each category's prompt. */
    private static PointFinder byCategory(
            FeatureExtractor extractor, FeatureAggregator raw, MatchGrid grid, Features features) {
        Map<String, PointFinder> finders = new HashMap<>();
        return pair -> {
            PointFinder finder = finders.get(pair.category());
            if (finder == null) {
                ExtractionSettings prompted = extractor.settings().withPrompt("a photo of a " + pair.category());
                finder = Finders.descriptors(features.of(extractor.withSettings(prompted)), raw, grid);
                finders.put(pair.category(), finder);
            }
            return finder.find(pair);
        };
    }
}
