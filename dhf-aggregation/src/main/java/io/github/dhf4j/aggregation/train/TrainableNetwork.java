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
import io.github.dhf4j.tensor.TensorList;
import io.github.dhf4j.tensor.TorchRuntime;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The aggregation network with weights that change, and its gradients, written out by hand. Shapes: N = 2 images, K maps
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

    /** Begins with given weights, owned by a manager that is closed with this. */
    TrainableNetwork(AggregatorConfig config, Map<String, NDArray> weights, NDManager manager) {
        this.config = config;
        this.manager = manager;
        this.weights = weights;
        this.parameters = new AggregationParameters(config, weights);
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

    /** A copy of the weights as they are now, to describe images with; the caller closes it. */
    Aggregator snapshot(String name) {
        return Aggregator.of(weights, config, name, TorchRuntime.of(manager.getDevice()));
    }

    /** Writes the weights as they are now. */
    void save(Path path, JsonObject provenance) throws IOException {
        AggregatorWriter.safeTensors(config, weights, provenance, path);
    }

    /** Gradients of zero, one for each weight. */
    Map<String, NDArray> zeroGradients(NDManager owner) {
        Map<String, NDArray> gradients = new LinkedHashMap<>();
        weights.forEach((name, array) -> gradients.put(name, owner.zeros(array.getShape())));
        return gradients;
    }

    /**
     * The loss of one pair; its gradients are added to {@code gradients}.
     *
     * @param source flat indices of the first image's points at the map size
     * @param target flat indices of the second image's points
     */
    float addGradients(
            ImageFeatures first,
            ImageFeatures second,
            long[] source,
            long[] target,
            double temperature,
            Map<String, NDArray> gradients) {
        int layers = config.dims().size();
        int side = config.mapSize();
        try (NDManager work = manager.newSubManager();
                Bottlenecks bottlenecks = new Bottlenecks(layers)) {
            NDArray mixing = parameters.shares(work);
            float[] weight = mixing.toFloatArray();
            NDArray sum = work.zeros(new Shape(2, config.projectionDim(), side, side), DataType.FLOAT32);
            forEachCall(first, second, work, (layer, begin, maps, count, step) -> {
                NDArray shares = step.create(shares(weight, layer, begin, count));
                TrainingOps.accumulate(sum, maps, bottlenecks.get(layer), shares);
            });
            NDArray[] loss = TrainingOps.loss(work, sum, work.create(source), work.create(target), temperature);
            float value = loss[0].getFloat();
            if (!Float.isFinite(value)) {
                return value;
            }
            float[] byShare = new float[weight.length];
            forEachCall(first, second, work, (layer, begin, maps, count, step) -> {
                NDArray shares = step.create(shares(weight, layer, begin, count));
                NDArray[] found = TrainingOps.gradients(step, loss[1], maps, bottlenecks.get(layer), shares);
                float[] mixed = found[0].toFloatArray();
                for (int k = 0; k < count; k++) {
                    byShare[(begin + k) * layers + layer] = mixed[k];
                }
                addBottleneck(layer, found, gradients, step);
            });
            NDArray byLogit = TrainingOps.mixingGradient(work, mixing, work.create(byShare));
            gradient(gradients, AggregatorKeys.MIXING).addi(byLogit);
            return value;
        }
    }

    private void addBottleneck(int layer, NDArray[] found, Map<String, NDArray> gradients, NDManager step) {
        List<String> keys = AggregatorKeys.bottleneck(config, layer);
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

    /** The layers' weights as the script takes them, for one pass. */
    private final class Bottlenecks implements AutoCloseable {
        private final List<TensorList> lists = new ArrayList<>();

        Bottlenecks(int layers) {
            for (int l = 0; l < layers; l++) {
                lists.add(parameters.joined(l, DataType.FLOAT32));
            }
        }

        TensorList get(int layer) {
            return lists.get(layer);
        }

        @Override
        public void close() {
            lists.forEach(TensorList::close);
        }
    }

    /** One call: maps (K x 2, C, h, w) of a layer, save indices from {@code begin} on, images one after the other. */
    @FunctionalInterface
    private interface Call {
        void with(int layer, int begin, NDArray maps, int count, NDManager step);
    }

    private void forEachCall(ImageFeatures first, ImageFeatures second, NDManager work, Call call) {
        List<Integer> saveIndices = config.saveIndices();
        long perMap = 8L * config.mapSize() * config.mapSize() * 7 * config.projectionDim();
        int together = (int) Math.max(1, Math.min(saveIndices.size(), CALL_BYTES / perMap));
        for (int layer = 0; layer < config.dims().size(); layer++) {
            int number = config.layers().get(layer);
            for (int begin = 0; begin < saveIndices.size(); begin += together) {
                int count = Math.min(together, saveIndices.size() - begin);
                try (NDManager step = work.newSubManager()) {
                    NDArray[] maps = new NDArray[2 * count];
                    for (int k = 0; k < count; k++) {
                        maps[2 * k] = map(first, saveIndices.get(begin + k), number, step);
                        maps[2 * k + 1] = map(second, saveIndices.get(begin + k), number, step);
                    }
                    try (TensorList list = TensorList.of(maps)) {
                        NDArray joined = TrainingOps.stack(step, list);
                        for (NDArray map : maps) {
                            map.close();
                        }
                        call.with(layer, begin, joined, count, step);
                    }
                }
            }
        }
    }

    /** A map on the network's runtime, wherever the features were made. */
    private static NDArray map(ImageFeatures features, int saveIndex, int layer, NDManager step) {
        NDArray map = features.stack().read(saveIndex, layer, step);
        return map.toDevice(step.getDevice(), false);
    }

    private float[] shares(float[] weights, int layer, int begin, int count) {
        float[] shares = new float[count];
        for (int k = 0; k < count; k++) {
            shares[k] = weights[(begin + k) * config.dims().size() + layer];
        }
        return shares;
    }

    @Override
    public void close() {
        parameters.close();
        manager.close();
    }
}
