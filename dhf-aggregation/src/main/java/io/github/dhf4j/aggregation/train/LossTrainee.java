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
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A network that learns by a loss: which examples come in a step, mirrored or not, and what they teach. */
final class LossTrainee implements Trainee {
    private final TrainableNetwork network;
    private final TrainingSettings settings;
    private final DescriptorLoss loss;
    private final LossWeights own;
    private final FeatureSource features;
    private final Map<String, NDArray> weights;
    private final AdamW optimiser;
    private final SeededOrder order;

    /** All is borrowed; the optimiser's state is the network's manager's. */
    LossTrainee(
            TrainableNetwork network,
            TrainingSettings settings,
            DescriptorLoss loss,
            LossWeights own,
            FeatureSource features) {
        this.network = network;
        this.settings = settings;
        this.loss = loss;
        this.own = own;
        this.features = features;
        this.weights = new LinkedHashMap<>(network.weights());
        weights.putAll(own.byKey());
        this.optimiser = new AdamW(weights, network.manager(), settings.optimiser());
        this.order = new SeededOrder(settings.seed(), loss.size());
    }

    @Override
    public TrainedTensors tensors() {
        return new TrainedTensors(network.manager(), weights, Map.of(), optimiser);
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
                mean += lossOf(example, order.coin(place, settings.flip()), gradients, step) / count;
            }
            if (count > 1) {
                gradients.values().forEach(gradient -> gradient.muli(1f / count));
            }
            optimiser.step(gradients, name -> factor * baseRate(name));
            return new Outcome(mean, null);
        }
    }

    private double baseRate(String name) {
        return name.equals(AggregatorKeys.MIXING) ? settings.mixingLearningRate() : settings.learningRate();
    }

    private double lossOf(int example, boolean mirrored, Map<String, NDArray> gradients, int step) throws IOException {
        List<Path> images = loss.images(example);
        List<ImageFeatures> open = new ArrayList<>();
        try {
            for (Path image : images) {
                open.add(features.features(image, mirrored));
            }
            List<Size> sizes = open.stream().map(ImageFeatures::imageSize).toList();
            double value = network.addGradients(
                    open,
                    sum -> {
                        DescriptorLoss.Gradient found =
                                loss.of(example, new DescriptorLoss.Maps(sum, sizes, mirrored), own.byName());
                        own.addGradients(found.byWeights(), gradients);
                        return found;
                    },
                    gradients);
            if (!Double.isFinite(value)) {
                throw new IllegalStateException("loss must be a finite number, got " + value + " in step " + (step + 1)
                        + " from the example " + loss.id(example) + " " + images
                        + "; look at its features, or lower the learning rate; the last checkpoint is whole");
            }
            return value;
        } finally {
            open.forEach(ImageFeatures::close);
        }
    }
}
