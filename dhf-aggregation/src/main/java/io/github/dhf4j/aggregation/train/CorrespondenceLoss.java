package io.github.dhf4j.aggregation.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.github.dhf4j.data.KeypointPair;
import io.github.dhf4j.image.Size;
import io.github.dhf4j.matching.PixelGrid;
import io.github.dhf4j.matching.Point;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * The paper's loss: of a pair of images the symmetric cross-entropy of each point among all cells of the other map, of
 * cosines over a temperature.
 *
 * <p>Source: reference, training; the paper's section 3.2.
 */
public final class CorrespondenceLoss implements DescriptorLoss {
    private final List<KeypointPair> pairs;
    private final double temperature;

    /**
     * A loss of pairs.
     *
     * @param pairs each with one point or more
     * @param temperature what cosines are divided by, above 0
     * @throws IllegalArgumentException if a pair has no points
     */
    public CorrespondenceLoss(List<KeypointPair> pairs, double temperature) {
        this.pairs = List.copyOf(pairs);
        this.temperature = temperature;
        for (KeypointPair pair : pairs) {
            if (pair.sourcePoints().isEmpty()) {
                throw new IllegalArgumentException(
                        "a training pair must have points, got none (" + pair.id() + "); leave it out");
            }
        }
    }

    @Override
    public String name() {
        return name(temperature);
    }

    /** What runs are described with that learn pairs at a temperature. */
    static String name(double temperature) {
        return "correspondences, temperature " + temperature;
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
    public List<Path> images(int example) {
        return List.of(pairs.get(example).source(), pairs.get(example).target());
    }

    @Override
    public String targets(int example) {
        KeypointPair pair = pairs.get(example);
        return pair.sourcePoints().toString() + pair.targetPoints();
    }

    @Override
    public Gradient of(int example, Maps maps, Map<String, NDArray> weights) {
        KeypointPair pair = pairs.get(example);
        NDArray descriptors = maps.descriptors();
        NDManager work = descriptors.getManager();
        NDArray[] found = TrainingOps.loss(
                work,
                descriptors,
                work.create(indices(pair.sourcePoints(), maps, 0)),
                work.create(indices(pair.targetPoints(), maps, 1)),
                temperature);
        return new Gradient(found[0].getFloat(), found[1], Map.of());
    }

    /** Flat indices of points at the map size. */
    private static long[] indices(List<Point> points, Maps maps, int place) {
        Size image = maps.imageSizes().get(place);
        long[] shape = maps.descriptors().getShape().getShape();
        Size grid = new Size((int) shape[3], (int) shape[2]);
        return points.stream()
                .map(point -> maps.mirrored() ? point.mirrored(image) : point)
                .mapToLong(point -> PixelGrid.index(point, image, grid))
                .toArray();
    }
}
