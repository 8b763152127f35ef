package io.github.dhf4j.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import io.github.dhf4j.data.FeatureCache;
import io.github.dhf4j.data.FeatureSource;
import io.github.dhf4j.eval.data.PairDataset;
import io.github.dhf4j.eval.pck.Evaluation;
import io.github.dhf4j.eval.pck.Evaluator;
import io.github.dhf4j.eval.pck.Finders;
import io.github.dhf4j.eval.pck.MatchGrid;
import io.github.dhf4j.eval.pck.Threshold;
import io.github.dhf4j.feature.FeatureExtractor;
import io.github.dhf4j.feature.RunMonitor;
import io.github.dhf4j.matching.Placement;
import io.github.dhf4j.matching.PlaneTransform;
import io.github.dhf4j.matching.WindowSoftArgMax;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Scores to the digit. */
class EvaluatePairsTest {
    @TempDir
    private Path folder;

    /** By the calls of {@code dhf eval}, over a cache of its own. */
    private Evaluation plain(PairDataset set, Placement placement) throws IOException {
        try (SharedPipelines.Lease lease = SharedPipelines.lease(SparkWorld.RECIPE);
                NDManager manager = SparkWorld.RECIPE.runtime().newManager()) {
            FeatureExtractor extractor = lease.pipeline().extractor();
            int side = extractor.loadSize().width();
            FeatureSource features = FeatureCache.open(folder.resolve("plain"), 1 << 28, DataType.FLOAT16)
                    .over(extractor, manager, RunMonitor.NONE);
            return Evaluator.evaluate(
                    "tiny",
                    Finders.descriptors(features, lease.pipeline().aggregator(), new MatchGrid(side, placement)),
                    set,
                    side,
                    RunMonitor.NONE);
        }
    }

    @Test
    void theEvaluationIsThatOfThePlainCommand() throws IOException {
        PairDataset set = new PairDataset("world", SparkWorld.draw(folder.resolve("world"), 4), List.of());
        EvaluatePairs evaluate = new EvaluatePairs(SparkWorld.session(), SparkWorld.RECIPE)
                .withPairsPerTask(2)
                .withCache(folder.resolve("cache").toString(), false);
        Evaluation evaluation = evaluate.evaluate("tiny", set);
        assertThat(evaluation).isEqualTo(plain(set, Placement.USUAL));
        assertThat(evaluation.points()).isNotEmpty();
        Threshold threshold = new Threshold(0.1, Threshold.Of.IMG);
        assertThat(evaluation.interval(threshold, Evaluation.Average.PER_POINT))
                .isEqualTo(plain(set, Placement.USUAL).interval(threshold, Evaluation.Average.PER_POINT));
        long calls = evaluate.report().calls();
        assertThat(calls).isPositive();
        assertThat(evaluate.evaluate("tiny", set)).isEqualTo(evaluation); // out of the cache
        assertThat(evaluate.report().calls()).isEqualTo(calls);
    }

    @Test
    void pointsArePlacedAsThePlainCommandPlacesThem() throws IOException {
        PairDataset set = new PairDataset("world", SparkWorld.draw(folder.resolve("world"), 3), List.of());
        Placement placement = new Placement(WindowSoftArgMax.ONE_CELL, true, PlaneTransform.Kind.AFFINE, true);
        EvaluatePairs evaluate = new EvaluatePairs(SparkWorld.session(), SparkWorld.RECIPE)
                .withCache(folder.resolve("cache").toString(), false);
        Evaluation evaluation = evaluate.withPlacement(placement).evaluate("tiny", set);
        assertThat(evaluation).isEqualTo(plain(set, placement)).isNotEqualTo(evaluate.evaluate("tiny", set));
    }

    @Test
    void whatCannotBeMeantIsRefused() {
        EvaluatePairs evaluate = new EvaluatePairs(SparkWorld.session(), SparkWorld.RECIPE);
        assertThatThrownBy(() -> evaluate.evaluate("tiny", new PairDataset("none", List.of(), List.of())))
                .hasMessageContaining("data set must have a pair, got none (none)");
        assertThatThrownBy(() -> evaluate.withMatchSize(4)).hasMessageContaining("got 4");
        assertThatThrownBy(() -> evaluate.withPairsPerTask(0)).hasMessageContaining("got 0");
    }
}
