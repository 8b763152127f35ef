package io.github.dhf4j.aggregation.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.github.dhf4j.aggregation.AggregatorKeys;
import io.github.dhf4j.data.FeatureSource;
import io.github.dhf4j.data.ImageFeatures;
import io.github.dhf4j.image.Size;
import io.github.dhf4j.train.AdamW;
import io.github.dhf4j.train.SeededOrder;
import io.github.dhf4j.train.TrainedTensors;
import io.github.dhf4j.train.Trainee;
import io.github.dhf4j.train.WeightAverages;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A network that learns by a loss: which examples come in a step, mirrored or not, and what they teach. */
final class LossTrainee implements Trainee, AutoCloseable {
    /** Sets the seeds of turns apart from those of the order and the coins. */
    private static final long TURN = 0x7475726e;

    private final TrainableNetwork network;
    private final TrainingSettings settings;
    private final DescriptorLoss loss;
    private final LossWeights own;
    private final FeatureSource features;
    private final Map<String, NDArray> weights;
    private final AdamW optimiser;
    private final @Nullable WeightAverages averages;
    private final SeededOrder order;

    /** All is borrowed; the optimiser's state is the network's manager's. */
    LossTrainee(TrainableNetwork network, TrainingSettings settings, DescriptorLoss loss, FeatureSource features) {
        this.network = network;
        this.settings = settings;
        this.loss = loss;
        this.own = new LossWeights(loss.initialWeights(network.config(), settings.seed(), network.manager()));
        this.features = features;
        this.weights = new LinkedHashMap<>(network.weights());
        weights.putAll(own.byKey());
        this.optimiser = new AdamW(weights, network.manager(), settings.optimiser());
        this.averages = settings.averaging() > 0 ? new WeightAverages(weights, network.manager()) : null;
        this.order = new SeededOrder(settings.seed(), loss.size());
    }

    @Override
    public TrainedTensors tensors() {
        Map<String, NDArray> means = averages == null ? Map.of() : averages.byName();
        return new TrainedTensors(network.manager(), weights, means, optimiser);
    }

    /** The network's weights as they are to be used: their averages, where those are asked for. */
    Map<String, NDArray> kept() {
        Map<String, NDArray> kept = new LinkedHashMap<>(network.weights());
        if (averages != null) {
            kept.replaceAll(
                    (name, weight) -> Objects.requireNonNull(averages.byName().get(name)));
        }
        return kept;
    }

    /** The loss' own weights likewise. */
    LossWeights keptLoss() {
        return averages == null ? own : own.in(averages.byName());
    }

    @Override
    public List<String> metrics() {
        return List.of("loss", "learning_rate", "seconds", "score");
    }

    @Override
    public Outcome step(int step, double factor) throws IOException {
        int count = settings.accumulation();
        try (NDManager work = network.manager().newSubManager()) {
            Map<String, NDArray> gradients = new LinkedHashMap<>();
            weights.forEach((name, array) -> gradients.put(name, work.zeros(array.getShape())));
            double mean = 0;
            for (int i = 0; i < count; i++) {
                long place = (long) step * count + i;
                int example = order.item(place);
                Turn turn = new Turn(
                        step,
                        order.coin(place, settings.flip()),
                        SeededOrder.mix(SeededOrder.mix(settings.seed(), TURN), place));
                mean += lossOf(example, turn, gradients) / count;
            }
            if (count > 1) {
                gradients.values().forEach(gradient -> gradient.muli(1f / count));
            }
            optimiser.step(gradients, name -> factor * baseRate(name));
            if (averages != null) {
                averages.step(settings.averaging(), optimiser.steps());
            }
            return new Outcome(mean, null);
        }
    }

    private double baseRate(String name) {
        return name.equals(AggregatorKeys.MIXING) ? settings.mixingLearningRate() : settings.learningRate();
    }

    /** An example's turn: in which step, whether mirrored, and the seed of its random choices. */
    private record Turn(int step, boolean mirrored, long seed) {}

    private double lossOf(int example, Turn turn, Map<String, NDArray> gradients) throws IOException {
        List<DescriptorLoss.View> views = loss.views(example);
        List<ImageFeatures> open = new ArrayList<>();
        try {
            for (DescriptorLoss.View view : views) {
                open.add(features.features(view.image(), view.mirrored() != turn.mirrored));
            }
            List<Size> sizes = open.stream().map(ImageFeatures::imageSize).toList();
            double progress = (double) turn.step / settings.steps();
            double value = network.addGradients(
                    open,
                    new MapDropout(settings.dropout(), turn.seed),
                    sum -> {
                        DescriptorLoss.Gradient found = loss.of(
                                example,
                                new DescriptorLoss.Maps(sum, sizes, turn.mirrored, progress, turn.seed),
                                own.byName());
                        own.addGradients(found.byWeights(), gradients);
                        return found;
                    },
                    gradients);
            if (!Double.isFinite(value)) {
                throw new IllegalStateException("loss must be a finite number, got " + value + " in step "
                        + (turn.step + 1) + " from the example " + loss.id(example) + " " + views
                        + "; look at its features, or lower the learning rate; the last checkpoint is whole");
            }
            return value;
        } finally {
            open.forEach(ImageFeatures::close);
        }
    }

    @Override
    public void close() {
        if (averages != null) {
            averages.close();
        }
    }
}
