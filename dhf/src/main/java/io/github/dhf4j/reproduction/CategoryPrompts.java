package io.github.dhf4j.reproduction;

import ai.djl.ndarray.NDManager;
import io.github.dhf4j.data.FeatureSource;
import io.github.dhf4j.data.PointFinder;
import io.github.dhf4j.eval.pck.MatchGrid;
import io.github.dhf4j.feature.ExtractionSettings;
import io.github.dhf4j.feature.FeatureExtractor;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/** Methods whose network is told what a pair shows. */
final class CategoryPrompts {
    /** Side from which a checkpoint's own load size is that of Stable Diffusion. */
    private static final int FULL_SIZE = 512;

    private CategoryPrompts() {}

    @FunctionalInterface
    private interface Features {
        FeatureSource of(FeatureExtractor extractor) throws IOException;
    }

    @FunctionalInterface
    interface Method {
        PointFinder over(FeatureSource features);
    }

    /** Whether a network is of Stable Diffusion's sizes. */
    static boolean isFullSize(FeatureExtractor diffusion) {
        return own(diffusion) >= FULL_SIZE;
    }

    /** Settings of Stable Diffusion's sizes on a network that may be smaller, which keeps its own size. */
    static FeatureExtractor extractor(FeatureExtractor diffusion, ExtractionSettings settings) {
        return diffusion.withSettings(isFullSize(diffusion) ? settings : settings.withLoadSize(own(diffusion)));
    }

    private static int own(FeatureExtractor diffusion) {
        return diffusion.withSettings(ExtractionSettings.inversion()).loadSize().width();
    }

    /** Scores a row, by features from the cache and, for what it costs, by the network; {@code other} is of a second network. */
    static void score(
            Row row, Bench bench, FeatureExtractor extractor, MatchGrid grid, String other, Method cached, Method alone)
            throws IOException {
        try (NDManager manager = bench.runtime().newManager()) {
            bench.scores()
                    .add(
                            row,
                            grid.matchSize(),
                            extractor.fingerprint() + other + RowScores.located(grid),
                            finder(extractor, of -> bench.inputs().cache.over(of, manager, bench.quiet()), cached),
                            finder(extractor, of -> FeatureSource.of(of, manager, bench.quiet()), alone));
        }
    }

    /** A finder for each category's prompt. */
    private static PointFinder finder(FeatureExtractor extractor, Features features, Method method) {
        Map<String, PointFinder> finders = new HashMap<>();
        return pair -> {
            PointFinder finder = finders.get(pair.category());
            if (finder == null) {
                ExtractionSettings prompted = extractor.settings().withPrompt("a photo of a " + pair.category());
                finder = method.over(features.of(extractor.withSettings(prompted)));
                finders.put(pair.category(), finder);
            }
            return finder.find(pair);
        };
    }
}
