package io.github.dhf4j.aggregation;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.github.dhf4j.io.HostTensors;
import io.github.dhf4j.io.TensorFile;
import io.github.dhf4j.tensor.Parameters;
import io.github.dhf4j.tensor.TensorList;
import io.github.dhf4j.tensor.Weights;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The weights of an aggregation network, declared: a mixing weight a map, S L of a network, and L bottlenecks, each C to D/4 to D channels.
 * They are a file's, or arrays that change because they are trained.
 *
 * <p>Source: reference, aggregation.
 */
public final class AggregationParameters implements AutoCloseable {
    private final Weights weights;
    private final Parameters mixing;
    private final List<Parameters> bottlenecks = new ArrayList<>();

    /** Declares the network and compares it with a file; reads nothing but the file's header. */
    AggregationParameters(AggregatorConfig config, TensorFile file) throws IOException {
        this(config, new Weights(file));
        weights.check(besideNetwork(file));
    }

    /**
     * A network over arrays that may change.
     *
     * @param config the network's form
     * @param arrays an array for each key of {@link #shapes}; borrowed, must live as long as this is used
     * @throws IllegalArgumentException naming a key that is missing or of another shape
     */
    public AggregationParameters(AggregatorConfig config, Map<String, NDArray> arrays) {
        this(config, Weights.withoutFile());
        weights.use(arrays);
    }

    private AggregationParameters(AggregatorConfig config, Weights weights) {
        this.weights = weights;
        int layers = config.dims().size();
        int narrow = config.projectionDim() / 4;
        mixing = weights.under("")
                .tensor(AggregatorKeys.MIXING, (long) config.maps().size());
        for (int l = 0; l < layers; l++) {
            Parameters bottleneck = weights.under(AggregatorKeys.layer(l))
                    .tensor("conv1.weight", narrow, config.dims().get(l), 1, 1)
                    .norm("conv1.norm", narrow)
                    .tensor("conv2.weight", narrow, narrow, 3, 3)
                    .norm("conv2.norm", narrow)
                    .tensor("conv3.weight", config.projectionDim(), narrow, 1, 1)
                    .norm("conv3.norm", config.projectionDim());
            if (config.hasShortcut(l)) {
                bottleneck
                        .norm("shortcut.norm", config.projectionDim())
                        .tensor(
                                "shortcut.weight",
                                config.projectionDim(),
                                config.dims().get(l),
                                1,
                                1);
            }
            bottlenecks.add(bottleneck);
        }
    }

    /** What a torch checkpoint holds beside the network, such as the optimiser's state, is nothing that is read. */
    private static Set<String> besideNetwork(TensorFile file) {
        String network = AggregatorKeys.TORCH_NETWORK + ".";
        Set<String> names = file.tensors().keySet();
        if (names.contains(network + AggregatorKeys.MIXING)) {
            return names.stream().filter(name -> !name.startsWith(network)).collect(Collectors.toSet());
        }
        return GeoAware.isOf(names) ? GeoAware.TEMPERATURES : Set.of();
    }

    /**
     * What weights of a network are.
     *
     * @param config the network's form
     * @return the shape of each key
     */
    public static Map<String, long[]> shapes(AggregatorConfig config) {
        try (AggregationParameters declared = new AggregationParameters(config, Weights.withoutFile())) {
            return declared.weights.shapes();
        }
    }

    /**
     * Weights as training begins with them: mixing weights of 1, norms of 1 and 0, convolutions normal with deviation
     * sqrt(2 / (out k^2)), as the reference. The same on every platform.
     *
     * @param config the network's form
     * @param seed of the convolutions
     * @param owner owns the arrays
     * @return float32, by key
     */
    public static Map<String, NDArray> initial(AggregatorConfig config, long seed, NDManager owner) {
        Random random = new Random(seed);
        Map<String, NDArray> arrays = new LinkedHashMap<>();
        shapes(config).forEach((name, dimensions) -> {
            Shape shape = new Shape(dimensions);
            if (dimensions.length == 4) {
                double deviation = Math.sqrt(2.0 / (dimensions[0] * dimensions[2] * dimensions[3]));
                float[] values = new float[Math.toIntExact(shape.size())];
                for (int i = 0; i < values.length; i++) {
                    values[i] = (float) (deviation * random.nextGaussian());
                }
                arrays.put(name, HostTensors.of(owner, values, shape));
            } else {
                arrays.put(name, name.endsWith(".bias") ? owner.zeros(shape) : owner.ones(shape));
            }
        });
        return arrays;
    }

    /** How many numbers the network has. */
    long count() {
        return weights.parameterCount();
    }

    /** Reads what was declared, onto the manager's device; nothing stays attached to it. */
    void load(NDManager manager, DataType type) throws IOException {
        weights.load(manager, type);
    }

    TensorList mixing() {
        return mixing.tensors();
    }

    TensorList bottleneck(int layer) {
        return bottlenecks.get(layer).tensors();
    }

    /**
     * The maps' shares as the weights are now.
     *
     * @param owner owns the result
     * @return softmax of the mixing weights, one a map, in the order of {@link AggregatorConfig#maps}
     */
    public NDArray shares(NDManager owner) {
        try (NDManager work = owner.newSubManager()) {
            return AggregationOps.softmax(owner, mixing().toArrays(work)[0]);
        }
    }

    /**
     * A bottleneck's tensors as scripts take them: conv1 and shortcut, which see the same map, are one convolution.
     *
     * @param layer place of the bottleneck among those of all networks, 0 first
     * @param type what they are to be of
     * @return conv1 and shortcut as they are now, the others as they change if they are of the type; the caller closes it
     */
    public TensorList joined(int layer, DataType type) {
        return AggregationOps.joined(bottleneck(layer), type);
    }

    @Override
    public void close() {
        weights.close();
    }
}
