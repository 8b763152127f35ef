package io.github.dhf4j.aggregation;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.github.dhf4j.data.ImageFeatures;
import io.github.dhf4j.io.SafeTensorsWriter;
import io.github.dhf4j.tensor.TensorList;
import io.github.dhf4j.tensor.TorchRuntime;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * The aggregation network with weights that change, and its gradients, written out by hand. Shapes: N = 2 images, K maps
 * of one layer at a time, C channels, D descriptor width, H x W output resolution.
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
    private final Map<String, NDArray> parameters = new LinkedHashMap<>();

    private TrainableNetwork(AggregatorConfig config, TorchRuntime runtime) {
        this.config = config;
        this.manager = runtime.newManager();
    }

    /** Mixing weights of 1, norms of 1 and 0, convolutions normal with deviation sqrt(2 / (out k^2)), as the reference. */
    static TrainableNetwork initialise(AggregatorConfig config, long seed, TorchRuntime runtime) {
        TrainableNetwork network = new TrainableNetwork(config, runtime);
        Random random = new Random(seed);
        config.shapes().forEach((name, shape) -> {
            NDArray array;
            if (shape.dimension() == 4) {
                double deviation = Math.sqrt(2.0 / (shape.get(0) * shape.get(2) * shape.get(3)));
                float[] values = new float[Math.toIntExact(shape.size())];
                for (int i = 0; i < values.length; i++) {
                    values[i] = (float) (deviation * random.nextGaussian());
                }
                array = network.manager.create(values, shape);
            } else {
                array = name.endsWith(".bias") ? network.manager.zeros(shape) : network.manager.ones(shape);
            }
            network.parameters.put(name, array);
        });
        return network;
    }

    /** Begins with weights that are there already. */
    static TrainableNetwork of(AggregatorConfig config, TorchRuntime runtime, Aggregator.WeightReader weights)
            throws IOException {
        TrainableNetwork network = new TrainableNetwork(config, runtime);
        try {
            for (String name : config.shapes().keySet()) {
                network.parameters.put(name, weights.read(name, network.manager));
            }
            return network;
        } catch (IOException | RuntimeException e) {
            network.close();
            throw e;
        }
    }

    AggregatorConfig config() {
        return config;
    }

    NDManager manager() {
        return manager;
    }

    /** All weights by the authors' names; changed in place by the optimiser. */
    Map<String, NDArray> parameters() {
        return parameters;
    }

    private NDArray parameter(String name) {
        NDArray array = parameters.get(name);
        if (array == null) {
            throw new IllegalStateException("network must have '" + name + "'");
        }
        return array;
    }

    /** A copy of the weights as they are now, to describe images with; the caller closes it. */
    Aggregator snapshot(String name) throws IOException {
        return Aggregator.of(name, name, config, TorchRuntime.of(manager.getDevice()), (weight, reading) -> {
            NDArray copy = parameter(weight).duplicate();
            copy.attach(reading);
            return copy;
        });
    }

    /** Writes the weights as they are now as safetensors that {@link AggregatorFile} opens. */
    void save(Path path, String provenance) throws IOException {
        SafeTensorsWriter writer = new SafeTensorsWriter()
                .metadata(AggregatorFile.CONFIG, config.toJson().toString())
                .metadata(AggregatorFile.PROVENANCE, provenance);
        parameters.forEach(writer::tensor);
        writer.write(path);
    }

    /** Gradients of zero, one for each weight. */
    Map<String, NDArray> zeroGradients(NDManager owner) {
        Map<String, NDArray> gradients = new LinkedHashMap<>();
        parameters.forEach((name, array) -> gradients.put(name, owner.zeros(array.getShape())));
        return gradients;
    }

    /**
     * The loss of one pair; its gradients are added to {@code gradients}.
     *
     * @param source flat indices of the first image's points at the output resolution
     * @param target flat indices of the second image's points
     */
    float addGradients(
            ImageFeatures first,
            ImageFeatures second,
            long[] source,
            long[] target,
            double temperature,
            Map<String, NDArray> gradients)
            throws IOException {
        int layers = config.dims().size();
        int side = config.outputResolution();
        try (NDManager work = manager.newSubManager();
                Bottlenecks bottlenecks = new Bottlenecks(work)) {
            NDArray logits = parameter(AggregatorFile.MIXING);
            NDArray mixing = Aggregator.SCRIPT.run(work, "softmax", logits);
            float[] weights = mixing.toFloatArray();
            NDArray sum = work.zeros(new Shape(2, config.projectionDim(), side, side), DataType.FLOAT32);
            forEachCall(first, second, work, (layer, begin, maps, count, step) -> {
                NDArray shares = step.create(shares(weights, layer, begin, count));
                Aggregator.SCRIPT.test(
                        "accumulate_steps", sum, maps, bottlenecks.get(layer), shares, Aggregator.NORM_GROUPS);
            });
            NDArray[] loss = Aggregator.SCRIPT.runToArrays(
                    work, "loss", sum, work.create(source), work.create(target), temperature);
            float value = loss[0].getFloat();
            if (!Float.isFinite(value)) {
                return value;
            }
            float[] byShare = new float[weights.length];
            forEachCall(first, second, work, (layer, begin, maps, count, step) -> {
                NDArray shares = step.create(shares(weights, layer, begin, count));
                NDArray[] found = Aggregator.SCRIPT.runToArrays(
                        step, "gradients", loss[1], maps, bottlenecks.get(layer), shares, Aggregator.NORM_GROUPS);
                float[] mixed = found[0].toFloatArray();
                for (int k = 0; k < count; k++) {
                    byShare[(begin + k) * layers + layer] = mixed[k];
                }
                addBottleneck(layer, found, gradients, step);
            });
            NDArray byLogit = Aggregator.SCRIPT.run(work, "mixing_gradient", mixing, work.create(byShare));
            gradient(gradients, AggregatorFile.MIXING).addi(byLogit);
            return value;
        }
    }

    private void addBottleneck(int layer, NDArray[] found, Map<String, NDArray> gradients, NDManager step) {
        List<String> parts = Aggregator.bottleneckParts(config, layer);
        List<NDArray> byPart = new ArrayList<>(List.of(found).subList(1, found.length));
        if (config.hasShortcut(layer)) {
            NDArray[] split = Aggregator.SCRIPT.runToArrays(step, "split", byPart.get(0), config.projectionDim() / 4);
            byPart.set(0, split[0]);
            byPart.add(split[1]);
        }
        for (int i = 0; i < parts.size(); i++) {
            gradient(gradients, AggregatorFile.key(layer, parts.get(i))).addi(byPart.get(i));
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

        Bottlenecks(NDManager work) throws IOException {
            for (int l = 0; l < config.dims().size(); l++) {
                lists.add(Aggregator.bottleneck(config, l, work, (name, reading) -> parameter(name)));
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

    /** One call: maps (K x 2, C, h, w) of a layer, saved timesteps from {@code begin} on, images one after the other. */
    @FunctionalInterface
    private interface Call {
        void with(int layer, int begin, NDArray maps, int count, NDManager step);
    }

    private void forEachCall(ImageFeatures first, ImageFeatures second, NDManager work, Call call) {
        List<Integer> saved = config.saveTimesteps();
        long perMap = 8L * config.outputResolution() * config.outputResolution() * 7 * config.projectionDim();
        int together = (int) Math.max(1, Math.min(saved.size(), CALL_BYTES / perMap));
        for (int layer = 0; layer < config.dims().size(); layer++) {
            int number = config.layers().get(layer);
            for (int begin = 0; begin < saved.size(); begin += together) {
                int count = Math.min(together, saved.size() - begin);
                try (NDManager step = work.newSubManager()) {
                    NDArray[] maps = new NDArray[2 * count];
                    for (int k = 0; k < count; k++) {
                        maps[2 * k] = map(first, saved.get(begin + k), number, step);
                        maps[2 * k + 1] = map(second, saved.get(begin + k), number, step);
                    }
                    try (TensorList list = TensorList.of(maps)) {
                        NDArray joined = Aggregator.SCRIPT.run(step, "stack_maps", list);
                        for (NDArray map : maps) {
                            map.close();
                        }
                        call.with(layer, begin, joined, count, step);
                    }
                }
            }
        }
    }

    /** A map on the network's device, wherever the features were made. */
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
        manager.close();
    }
}
