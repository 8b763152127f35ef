package io.github.dhf4j.spark;

import io.github.dhf4j.data.KeypointPair;
import io.github.dhf4j.data.PointFinder;
import io.github.dhf4j.eval.data.PairDataset;
import io.github.dhf4j.eval.pck.Evaluation;
import io.github.dhf4j.eval.pck.Evaluator;
import io.github.dhf4j.feature.RunMonitor;
import io.github.dhf4j.matching.Placement;
import java.io.IOException;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;

/**
 * Scores a recipe on the key-point pairs of a data set: executors find the points by the classes that {@code dhf eval} finds
 * them by, the driver scores them by {@link Evaluator}. So the {@link Evaluation} is the one of {@code dhf eval}, to the
 * digit, where the engine has as many threads in each call ({@link PipelineRecipe#withThreads}, {@code --threads}).
 *
 * <p>As there, the paper's walk is made unless the recipe names a number of calls, and features are kept in each node's
 * cache, in half precision. Pairs of a task follow one another in the data set's order, in which most share pictures.
 * Pictures are read by their paths, which must be the same files on the driver and all executors. An executor finds the
 * points of one pair at a time, with all its engine's threads; a task more than one does no harm and is of little use.
 */
public final class EvaluatePairs {
    private static final int PAIRS_PER_TASK = 32;

    private final SparkSession spark;
    private final PipelineRecipe recipe;
    private final int matchSize;
    private final PlacementForm placement;
    private final int pairsPerTask;
    private final @Nullable String cache;
    private final boolean wide;
    private final DescribeCounters counters;

    /**
     * Scores on the grid of the size at which the network sees pictures.
     *
     * @param spark borrowed
     * @param recipe what is scored
     */
    public EvaluatePairs(SparkSession spark, PipelineRecipe recipe) {
        this(
                spark,
                recipe.exact(),
                0,
                PlacementForm.of(Placement.USUAL),
                PAIRS_PER_TASK,
                null,
                false,
                DescribeCounters.of(spark.sparkContext()));
    }

    private EvaluatePairs(
            SparkSession spark,
            PipelineRecipe recipe,
            int matchSize,
            PlacementForm placement,
            int pairsPerTask,
            @Nullable String cache,
            boolean wide,
            DescribeCounters counters) {
        this.spark = spark;
        this.recipe = recipe;
        this.matchSize = matchSize;
        this.placement = placement;
        this.pairsPerTask = pairsPerTask;
        this.cache = cache;
        this.wide = wide;
        this.counters = counters;
    }

    /**
     * On another grid.
     *
     * @param side of the pixel grid that is matched on, 8 to 4096; 0 for the size at which the network sees pictures
     * @return a changed copy
     * @throws IllegalArgumentException if it is neither
     */
    public EvaluatePairs withMatchSize(int side) {
        if (side != 0 && (side < 8 || side > 4096)) {
            throw new IllegalArgumentException("match size must be 8 to 4096, or 0, got " + side);
        }
        return new EvaluatePairs(spark, recipe, side, placement, pairsPerTask, cache, wide, counters);
    }

    /**
     * Places points otherwise, as {@code --localizer}, {@code --smooth}, {@code --fit} and {@code --mirror} of {@code dhf eval}.
     *
     * @param how points are placed; a first picture that is tried mirrored is described twice
     * @return a changed copy
     */
    public EvaluatePairs withPlacement(Placement how) {
        return new EvaluatePairs(spark, recipe, matchSize, PlacementForm.of(how), pairsPerTask, cache, wide, counters);
    }

    /**
     * In smaller or larger tasks.
     *
     * @param pairs 1 or more
     * @return a changed copy
     * @throws IllegalArgumentException if it is less
     */
    public EvaluatePairs withPairsPerTask(int pairs) {
        if (pairs < 1) {
            throw new IllegalArgumentException("pairs of a task must be 1 or more, got " + pairs);
        }
        return new EvaluatePairs(spark, recipe, matchSize, placement, pairs, cache, wide, counters);
    }

    /**
     * With features kept elsewhere.
     *
     * @param folder on each node, or on a file system that all share
     * @param float32 whether they are kept as they are, at twice the room; else in half precision
     * @return a changed copy
     */
    public EvaluatePairs withCache(String folder, boolean float32) {
        return new EvaluatePairs(spark, recipe, matchSize, placement, pairsPerTask, folder, float32, counters);
    }

    /**
     * Evaluates.
     *
     * @param method its name, for reports
     * @param set the pairs, in memory of the driver
     * @return the evaluation, of which {@link io.github.dhf4j.eval.pck.EvaluationFiles} writes the files of {@code dhf eval}
     * @throws IOException as {@link Evaluator}; what executors cannot read fails the job with Spark's own exception
     * @throws IllegalArgumentException if there is no pair
     */
    public Evaluation evaluate(String method, PairDataset set) throws IOException {
        if (set.pairs().isEmpty()) {
            throw new IllegalArgumentException("data set must have a pair, got none (" + set.name() + ")");
        }
        List<EvaluateTask.Asked> asked = new ArrayList<>();
        for (int i = 0; i < set.pairs().size(); i++) {
            asked.add(EvaluateTask.Asked.of(i, set.pairs().get(i)));
        }
        int tasks = (asked.size() + pairsPerTask - 1) / pairsPerTask;
        List<EvaluateTask.Found> found = JavaSparkContext.fromSparkContext(spark.sparkContext())
                .parallelize(asked, tasks)
                .mapPartitions(new EvaluateTask(recipe, matchSize, placement, cache, wide, counters))
                .collect();
        IdentityHashMap<KeypointPair, EvaluateTask.Found> byPair = new IdentityHashMap<>();
        found.forEach(each -> byPair.put(set.pairs().get(each.number()), each));
        PointFinder finder = pair -> Objects.requireNonNull(byPair.get(pair), "a task must find each of its pairs")
                .found();
        return Evaluator.evaluate(method, finder, set, found.get(0).grid(), RunMonitor.NONE);
    }

    /**
     * What was spent so far; pictures are not counted here.
     *
     * @return the accumulators' values
     */
    public DescribeReport report() {
        return counters.report();
    }
}
