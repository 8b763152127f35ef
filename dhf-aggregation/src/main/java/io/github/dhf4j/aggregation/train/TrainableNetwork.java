package io.github.dhf4j.aggregation.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import com.google.gson.JsonObject;
import io.github.dhf4j.aggregation.AggregationParameters;
import io.github.dhf4j.aggregation.Aggregator;
import io.github.dhf4j.aggregation.AggregatorConfig;
import io.github.dhf4j.aggregation.AggregatorKeys;
import io.github.dhf4j.aggregation.AggregatorWriter;
import io.github.dhf4j.data.ImageFeatures;
import io.github.dhf4j.feature.FeatureKey;
import io.github.dhf4j.tensor.TensorList;
import io.github.dhf4j.tensor.TorchRuntime;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * The aggregation network with weights that change, and its gradients, written out by hand. Shapes: N images, K maps
 * of one layer at a time, C channels, D descriptor width, H x W map size.
 *
 * <p>Maps stream through twice and none is kept: once forward into the running sum, and, when the loss' gradient by the
 * sum is known, once more forward and backward. The gradient of a map's share needs nothing of the other maps, since
 * the descriptor is a sum. That costs one forward pass more than keeping everything, and keeps memory at a few maps.
 *
 * <p>Source: reference, aggregation and training.
 */
final class TrainableNetwork implements AutoCloseable {
    /** What intermediates of one call may take, roughly: as many maps of a layer go together as fit. */
    private static final long CALL_BYTES = 96L << 20;

    private final AggregatorConfig config;
    private final NDManager manager;
    private final Map<String, NDArray> weights;
    private final AggregationParameters parameters;
    private final List<FeatureKey> maps;
    private final List<List<Integer>> placesOfBottlenecks;

    /** Begins with given weights, owned by a manager that is closed with this. */
    TrainableNetwork(AggregatorConfig config, Map<String, NDArray> weights, NDManager manager) {
        this.config = config;
        this.manager = manager;
        this.weights = weights;
        this.parameters = new AggregationParameters(config, weights);
        this.maps = config.maps();
        this.placesOfBottlenecks = IntStream.range(0, config.dims().size())
                .mapToObj(bottleneck -> IntStream.range(0, maps.size())
                        .filter(place -> config.bottleneck(maps.get(place)) == bottleneck)
                        .boxed()
                        .toList())
                .toList();
    }

    static TrainableNetwork initialise(AggregatorConfig config, long seed, TorchRuntime runtime) {
        NDManager manager = runtime.newManager();
        return new TrainableNetwork(config, AggregationParameters.initial(config, seed, manager), manager);
    }

    AggregatorConfig config() {
        return config;
    }

    NDManager manager() {
        return manager;
    }

    /** All weights by their keys; changed in place by the optimiser. */
    Map<String, NDArray> weights() {
        return weights;
    }

    /** A copy of weights by this network's keys as they are now, to describe images with; the caller closes it. */
    Aggregator snapshot(Map<String, NDArray> some, String name) {
        return Aggregator.of(some, config, name, TorchRuntime.of(manager.getDevice()));
    }

    /** Writes weights by this network's keys as they are now. */
    void save(Map<String, NDArray> some, JsonObject provenance, Path path) throws IOException {
        AggregatorWriter.safeTensors(config, some, provenance, path);
    }

    /** The loss of a sum (N, D, H, W) of descriptors, with its gradient by it. */
    @FunctionalInterface
    interface SumLoss {
        DescriptorLoss.Gradient of(NDArray sum);
    }

    /**
     * The loss of some images; its gradients by the weights are added to {@code gradients}.
     *
     * @param images N of them
     * @param dropout what is left out of their maps
     * @param loss of their descriptors
     */
    double addGradients(List<ImageFeatures> images, MapDropout dropout, SumLoss loss, Map<String, NDArray> gradients) {
        int side = config.mapSize();
        try (NDManager work = manager.newSubManager();
                Bottlenecks bottlenecks = new Bottlenecks(config.dims().size())) {
            NDArray mixing = parameters.shares(work);
            float[] weight = mixing.toFloatArray();
            NDArray sum = work.zeros(new Shape(images.size(), config.projectionDim(), side, side), DataType.FLOAT32);
            forEachCall(images, dropout, work, (bottleneck, places, maps, step) -> {
                NDArray shares = step.create(shares(weight, places));
                TrainingOps.accumulate(sum, maps, bottlenecks.get(bottleneck), shares);
            });
            DescriptorLoss.Gradient found = loss.of(sum);
            if (!Double.isFinite(found.loss())) {
                return found.loss();
            }
            NDArray bySum = found.byDescriptors();
            if (!bySum.getShape().equals(sum.getShape())) {
                throw new IllegalArgumentException("gradient of a loss must be of the descriptors' shape, got "
                        + bySum.getShape() + " for " + sum.getShape());
            }
            float[] byShare = new float[weight.length];
            forEachCall(images, dropout, work, (bottleneck, places, maps, step) -> {
                NDArray shares = step.create(shares(weight, places));
                NDArray[] byWeights = TrainingOps.gradients(step, bySum, maps, bottlenecks.get(bottleneck), shares);
                float[] mixed = byWeights[0].toFloatArray();
                for (int k = 0; k < mixed.length; k++) {
                    byShare[places.get(k)] = mixed[k];
                }
                addBottleneck(bottleneck, byWeights, gradients, step);
            });
            NDArray byLogit = TrainingOps.mixingGradient(work, mixing, work.create(byShare));
            gradient(gradients, AggregatorKeys.MIXING).addi(byLogit);
            return found.loss();
        }
    }

    private void addBottleneck(int bottleneck, NDArray[] found, Map<String, NDArray> gradients, NDManager step) {
        List<String> keys = AggregatorKeys.bottleneck(config, bottleneck);
        List<NDArray> byKey = new ArrayList<>(List.of(found).subList(1, found.length));
        if (byKey.size() < keys.size()) {
            NDArray[] split = TrainingOps.split(step, byKey.get(0), config.projectionDim() / 4);
            byKey.set(0, split[0]);
            byKey.add(split[1]);
        }
        for (int i = 0; i < keys.size(); i++) {
            gradient(gradients, keys.get(i)).addi(byKey.get(i));
        }
    }

    private static NDArray gradient(Map<String, NDArray> gradients, String name) {
        NDArray array = gradients.get(name);
        if (array == null) {
            throw new IllegalArgumentException("gradients must have '" + name + "'");
        }
        return array;
    }

    /** The bottlenecks' weights as the script takes them, for one pass. */
    private final class Bottlenecks implements AutoCloseable {
        private final List<TensorList> lists = new ArrayList<>();

        Bottlenecks(int count) {
            for (int l = 0; l < count; l++) {
                lists.add(parameters.joined(l, DataType.FLOAT32));
            }
        }

        TensorList get(int bottleneck) {
            return lists.get(bottleneck);
        }

        @Override
        public void close() {
            lists.forEach(TensorList::close);
        }
    }

    /** One call: maps (K x N, C, h, w) of a layer, images one after the other; places of the K maps among all. */
    @FunctionalInterface
    private interface Call {
        void with(int bottleneck, List<Integer> places, NDArray maps, NDManager step);
    }

    private void forEachCall(List<ImageFeatures> images, MapDropout dropout, NDManager work, Call call) {
        int n = images.size();
        long perMap = 4L * n * config.mapSize() * config.mapSize() * 7 * config.projectionDim();
        int most = (int) Math.max(1, CALL_BYTES / perMap);
        for (int bottleneck = 0; bottleneck < placesOfBottlenecks.size(); bottleneck++) {
            List<Integer> places = placesOfBottlenecks.get(bottleneck);
            for (int begin = 0; begin < places.size(); begin += most) {
                List<Integer> together = places.subList(begin, Math.min(places.size(), begin + most));
                try (NDManager step = work.newSubManager()) {
                    NDArray[] some = new NDArray[n * together.size()];
                    for (int i = 0; i < some.length; i++) {
                        int place = together.get(i / n);
                        some[i] = map(images.get(i % n), maps.get(place), step);
                        dropout.leaveOut(some[i], i % n, place);
                    }
                    try (TensorList list = TensorList.of(some)) {
                        NDArray joined = TrainingOps.stack(step, list);
                        for (NDArray map : some) {
                            map.close();
                        }
                        call.with(bottleneck, together, joined, step);
                    }
                }
            }
        }
    }

    /** A map on the network's runtime, wherever the features were made. */
    private static NDArray map(ImageFeatures features, FeatureKey key, NDManager step) {
        NDArray map = features.stack().read(key, step);
        return map.toDevice(step.getDevice(), false);
    }

    private static float[] shares(float[] weights, List<Integer> places) {
        float[] shares = new float[places.size()];
        for (int k = 0; k < shares.length; k++) {
            shares[k] = weights[places.get(k)];
        }
        return shares;
    }

    @Override
    public void close() {
        parameters.close();
        manager.close();
    }
}
