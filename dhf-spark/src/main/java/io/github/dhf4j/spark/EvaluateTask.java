package io.github.dhf4j.spark;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import io.github.dhf4j.DescriptorPipeline;
import io.github.dhf4j.data.FeatureCache;
import io.github.dhf4j.data.FeatureSource;
import io.github.dhf4j.data.KeypointPair;
import io.github.dhf4j.data.PointFinder;
import io.github.dhf4j.eval.pck.Finders;
import io.github.dhf4j.eval.pck.MatchGrid;
import io.github.dhf4j.feature.FeatureExtractor;
import io.github.dhf4j.image.Size;
import io.github.dhf4j.matching.Point;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.jspecify.annotations.Nullable;

/** Finds the points of some pairs, one pair at a time in a JVM. */
record EvaluateTask(
        PipelineRecipe recipe,
        int matchSize,
        PlacementForm placement,
        @Nullable String cache,
        boolean wide,
        DescribeCounters counters)
        implements FlatMapFunction<Iterator<EvaluateTask.Asked>, EvaluateTask.Found> {
    /** A pair without where its points belong. */
    record Asked(
            int number,
            String id,
            String source,
            String target,
            List<String> keypoints,
            List<String> mirroredKeypoints,
            String category,
            double[] x,
            double[] y)
            implements Serializable {
        static Asked of(int number, KeypointPair pair) {
            List<Point> points = pair.sourcePoints();
            return new Asked(
                    number,
                    pair.id(),
                    pair.source().toString(),
                    pair.target().toString(),
                    pair.keypoints(),
                    pair.mirroredKeypoints(),
                    pair.category(),
                    points.stream().mapToDouble(Point::x).toArray(),
                    points.stream().mapToDouble(Point::y).toArray());
        }

        KeypointPair pair() {
            List<Point> points = points(x, y);
            return new KeypointPair(
                    id,
                    Path.of(source),
                    Path.of(target),
                    points,
                    points,
                    keypoints,
                    mirroredKeypoints,
                    category,
                    null,
                    null);
        }
    }

    /** Where they are, in pixels of the second picture, and the grid that was matched on. */
    record Found(int number, double[] x, double[] y, int width, int height, int grid) implements Serializable {
        static Found of(int number, PointFinder.Found found, int grid) {
            return new Found(
                    number,
                    found.points().stream().mapToDouble(Point::x).toArray(),
                    found.points().stream().mapToDouble(Point::y).toArray(),
                    found.targetSize().width(),
                    found.targetSize().height(),
                    grid);
        }

        PointFinder.Found found() {
            return new PointFinder.Found(points(x, y), new Size(width, height));
        }
    }

    private static List<Point> points(double[] x, double[] y) {
        return IntStream.range(0, x.length).mapToObj(i -> new Point(x[i], y[i])).toList();
    }

    @Override
    public Iterator<Found> call(Iterator<Asked> pairs) throws Exception {
        if (!pairs.hasNext()) {
            return Collections.emptyIterator();
        }
        List<Found> all = new ArrayList<>();
        try (SharedPipelines.Lease lease = SharedPipelines.lease(recipe);
                NDManager manager = recipe.runtime().newManager()) {
            DescriptorPipeline pipeline = lease.pipeline();
            FeatureExtractor extractor = pipeline.extractor();
            int grid = matchSize == 0 ? extractor.loadSize().width() : matchSize;
            FeatureSource features =
                    kept().over(extractor, manager, lease.shared().monitor());
            PointFinder finder = finder(lease, features, new MatchGrid(grid, placement.placement()));
            while (pairs.hasNext()) {
                Asked asked = pairs.next();
                all.add(lease.shared()
                        .inTurn(counters, () -> Found.of(asked.number(), finder.find(asked.pair()), grid)));
            }
        }
        return all.iterator();
    }

    /** Hypercolumns are compared part by part, without building them, as {@code dhf eval} does. */
    private static PointFinder finder(SharedPipelines.Lease lease, FeatureSource features, MatchGrid grid) {
        FeatureExtractor extractor = lease.pipeline().extractor();
        return lease.shared().isRaw() && extractor.layout().maps() > 1
                ? Finders.concatenation(features, extractor.mapSize().width(), grid)
                : Finders.descriptors(features, lease.pipeline().aggregator(), grid);
    }

    private FeatureCache kept() {
        Path folder = cache != null ? Path.of(cache) : FeatureCache.standardFolder();
        return FeatureCache.open(
                folder, FeatureCache.defaultBudget(folder), wide ? DataType.FLOAT32 : DataType.FLOAT16);
    }
}
