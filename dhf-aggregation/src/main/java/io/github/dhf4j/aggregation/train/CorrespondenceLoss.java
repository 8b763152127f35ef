package io.github.dhf4j.aggregation.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.dhf4j.aggregation.AggregatorConfig;
import io.github.dhf4j.data.KeypointPair;
import io.github.dhf4j.image.Size;
import io.github.dhf4j.matching.PixelGrid;
import io.github.dhf4j.matching.Point;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * The paper's loss: of a pair of images the symmetric cross-entropy of each point among all cells of the other map, of
 * cosines over a temperature. {@link CorrespondenceSettings} softens what counts as right, and adds the distance of the soft
 * arg max.
 *
 * <p>Source: reference, training; the paper's section 3.2. Distance, learned temperature and jitter: Zhang et al., Telling Left
 * from Right, arXiv 2311.17034, section 4; targets of a narrowing Gaussian: MARCO, arXiv 2604.18267.
 */
public final class CorrespondenceLoss implements DescriptorLoss {
    private static final String LOG_TEMPERATURE = "log_temperature";

    private final List<ViewPair> pairs;
    private final CorrespondenceSettings settings;

    /**
     * A loss of pairs.
     *
     * @param pairs each with one point or more
     * @param settings what is asked of them
     * @throws IllegalArgumentException if a pair has no points
     */
    public CorrespondenceLoss(List<KeypointPair> pairs, CorrespondenceSettings settings) {
        this.settings = settings;
        List<ViewPair> all = new ArrayList<>();
        for (KeypointPair pair : pairs) {
            if (pair.sourcePoints().isEmpty()) {
                throw new IllegalArgumentException(
                        "a training pair must have points, got none (" + pair.id() + "); leave it out");
            }
            all.add(ViewPair.of(pair));
            settings.mirroredPairs().forEach(kind -> kind.of(pair).ifPresent(all::add));
        }
        this.pairs = List.copyOf(all);
    }

    @Override
    public String name() {
        return settings.words();
    }

    @Override
    public int size() {
        return pairs.size();
    }

    @Override
    public String id(int example) {
        return pairs.get(example).id();
    }

    @Override
    public List<View> views(int example) {
        ViewPair pair = pairs.get(example);
        return List.of(pair.source().view(), pair.target().view());
    }

    @Override
    public String targets(int example) {
        ViewPair pair = pairs.get(example);
        return pair.source().points().toString() + pair.target().points();
    }

    @Override
    public Map<String, NDArray> initialWeights(AggregatorConfig config, long seed, NDManager owner) {
        return settings.learnedTemperature()
                ? Map.of(LOG_TEMPERATURE, owner.create(new float[] {(float) Math.log(settings.temperature())}))
                : Map.of();
    }

    @Override
    public Gradient of(int example, Maps maps, Map<String, NDArray> weights) {
        NDArray descriptors = maps.descriptors();
        NDManager work = descriptors.getManager();
        NDArray logarithm = weights.get(LOG_TEMPERATURE);
        Targets source = Targets.of(pairs.get(example).source(), maps, 0, settings);
        Targets target = Targets.of(pairs.get(example).target(), maps, 1, settings);
        NDArray[] found = TrainingOps.loss(
                work,
                descriptors,
                source.onto(work),
                target.onto(work),
                logarithm == null ? settings.temperature() : Math.exp(logarithm.getFloat()),
                settings.sigma(maps.progress()),
                settings.placeWeight(),
                settings.placeTemperature());
        return new Gradient(
                found[0].getFloat(),
                found[1],
                logarithm == null ? Map.of() : Map.of(LOG_TEMPERATURE, found[2].reshape(logarithm.getShape())));
    }

    /**
     * Where the points of one image are at the map size.
     *
     * @param indices flat indices of their cells, P of them
     * @param places x and y in cells, at the true place, then with jitter: (P, 4) row by row
     */
    private record Targets(long[] indices, float[] places) {
        static Targets of(ViewPair.Side side, Maps maps, int image, CorrespondenceSettings settings) {
            Size size = maps.imageSizes().get(image);
            long[] shape = maps.descriptors().getShape().getShape();
            Size grid = new Size((int) shape[3], (int) shape[2]);
            Random random = new Random(maps.seed() + image);
            double across = (double) grid.width() / size.width();
            double down = (double) grid.height() / size.height();
            double deviation = settings.jitter() * side.extent(size) / 2;
            List<Point> points = side.seen(size, maps.mirrored());
            long[] indices = new long[points.size()];
            float[] places = new float[4 * points.size()];
            for (int i = 0; i < indices.length; i++) {
                Point point = points.get(i);
                indices[i] = PixelGrid.index(point, size, grid);
                places[4 * i] = (float) (point.x() * across);
                places[4 * i + 1] = (float) (point.y() * down);
                places[4 * i + 2] = (float) ((point.x() + deviation * random.nextGaussian()) * across);
                places[4 * i + 3] = (float) ((point.y() + deviation * random.nextGaussian()) * down);
            }
            return new Targets(indices, places);
        }

        TrainingOps.Places onto(NDManager work) {
            return new TrainingOps.Places(work.create(indices), work.create(places, new Shape(indices.length, 4)));
        }
    }
}
