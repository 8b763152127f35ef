package io.github.dhf4j.aggregation.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.github.dhf4j.aggregation.AggregatorKeys;
import io.github.dhf4j.data.FeatureSource;
import io.github.dhf4j.data.ImageFeatures;
import io.github.dhf4j.data.KeypointPair;
import io.github.dhf4j.image.Size;
import io.github.dhf4j.matching.PixelGrid;
import io.github.dhf4j.matching.Point;
import io.github.dhf4j.train.AdamW;
import io.github.dhf4j.train.SeededOrder;
import io.github.dhf4j.train.TrainedTensors;
import io.github.dhf4j.train.Trainee;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** A network that learns from pairs: which come in a step, mirrored or not, and what they teach. */
final class PairTrainee implements Trainee {
    private final TrainableNetwork network;
    private final TrainingSettings settings;
    private final List<KeypointPair> pairs;
    private final FeatureSource features;
    private final AdamW optimiser;
    private final SeededOrder order;

    /** All is borrowed; the optimiser's state is the network's manager's. */
    PairTrainee(TrainableNetwork network, TrainingSettings settings, List<KeypointPair> pairs, FeatureSource features) {
        this.network = network;
        this.settings = settings;
        this.pairs = pairs;
        this.features = features;
        this.optimiser = new AdamW(network.weights(), network.manager(), settings.optimiser());
        this.order = new SeededOrder(settings.seed(), pairs.size());
    }

    @Override
    public TrainedTensors tensors() {
        return new TrainedTensors(network.manager(), network.weights(), Map.of(), optimiser);
    }

    @Override
    public List<String> metrics() {
        return List.of("loss", "learning_rate", "seconds", "score");
    }

    @Override
    public Outcome step(int step, double factor) throws IOException {
        int count = settings.accumulation();
        try (NDManager work = network.manager().newSubManager()) {
            Map<String, NDArray> gradients = network.zeroGradients(work);
            double loss = 0;
            for (int i = 0; i < count; i++) {
                long place = (long) step * count + i;
                KeypointPair pair = pairs.get(order.item(place));
                loss += lossOf(pair, order.coin(place, settings.flip()), gradients, step) / count;
            }
            if (count > 1) {
                gradients.values().forEach(gradient -> gradient.muli(1f / count));
            }
            optimiser.step(gradients, name -> factor * baseRate(name));
            return new Outcome(loss, null);
        }
    }

    private double baseRate(String name) {
        return name.equals(AggregatorKeys.MIXING) ? settings.mixingLearningRate() : settings.learningRate();
    }

    private double lossOf(KeypointPair pair, boolean flip, Map<String, NDArray> gradients, int step)
            throws IOException {
        if (pair.sourcePoints().isEmpty()) {
            throw new IllegalArgumentException("a training pair must have points, got none (" + pair.id() + ")");
        }
        try (ImageFeatures source = features.features(pair.source(), flip);
                ImageFeatures target = features.features(pair.target(), flip)) {
            double loss = network.addGradients(
                    source,
                    target,
                    indices(pair.sourcePoints(), source.imageSize(), flip),
                    indices(pair.targetPoints(), target.imageSize(), flip),
                    settings.temperature(),
                    gradients);
            if (!Double.isFinite(loss)) {
                throw new IllegalStateException("loss must be a finite number, got " + loss + " in step " + (step + 1)
                        + " from the pair " + pair.id() + " (" + pair.source() + ", " + pair.target()
                        + "); look at its features, or lower the learning rate; the last checkpoint is whole");
            }
            return loss;
        }
    }

    private long[] indices(List<Point> points, Size image, boolean flip) {
        Size grid = Size.square(network.config().mapSize());
        return points.stream()
                .map(point -> flip ? new Point(image.width() - 1 - point.x(), point.y()) : point)
                .mapToLong(point -> PixelGrid.index(point, image, grid))
                .toArray();
    }
}
