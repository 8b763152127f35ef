package io.github.dhf4j.aggregation;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import io.github.dhf4j.feature.CallBudget;
import io.github.dhf4j.feature.ConfidenceModel;
import io.github.dhf4j.feature.DescriptorAccumulator;
import io.github.dhf4j.feature.ExtractionSettings;
import io.github.dhf4j.feature.FeatureAggregator;
import io.github.dhf4j.feature.FeatureKey;
import io.github.dhf4j.feature.FeatureLayout;
import io.github.dhf4j.feature.FeatureStack;
import io.github.dhf4j.feature.NetworkLayout;
import io.github.dhf4j.feature.OriginPart;
import io.github.dhf4j.tensor.OpenGuard;
import io.github.dhf4j.tensor.TorchRuntime;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Hyperfeatures: descriptor = sum over save indices s and layers l of w[s, l] B_l(r[l, s]), with w the softmax of
 * the mixing weights and B_l the layer's bottleneck, shared by all timesteps. Of several networks the sum, and the softmax,
 * is over the maps of all.
 *
 * <p>Source: reference, aggregation. Differs: the 1x1 convolutions {@code conv1} and {@code shortcut} run at the map's
 * native resolution, as one convolution, and their outputs are resized: the same sum, cheaper.
 */
public final class Aggregator implements FeatureAggregator {
    private final String name;
    private final NDManager manager;
    private final AggregationNetwork network;
    private final OpenGuard guard;
    private final OriginPart origin;
    private final @Nullable ConfidenceModel confidence;

    /** Owns the manager; takes what it needs of the parameters. */
    private Aggregator(
            String name,
            String shortName,
            AggregatorConfig config,
            List<Integer> places,
            AggregationParameters parameters,
            NDManager manager,
            DataType type,
            @Nullable ConfidenceModel confidence) {
        this.confidence = confidence;
        this.name = name;
        this.manager = manager;
        this.guard = new OpenGuard("aggregator of " + name);
        this.network = new AggregationNetwork(config, places, parameters, manager, type);
        String space = DescriptorSpace.ofWeights(network.digest(), config.settings());
        this.origin = OriginPart.of(shortName, () -> space);
    }

    /**
     * Opens weights.
     *
     * @param path the authors' {@code .pt} or this library's safetensors
     * @param runtime where to run
     * @return the aggregator; the caller closes it
     * @throws IOException if the file is missing, damaged, hostile, or holds other weights
     */
    public static Aggregator open(Path path, TorchRuntime runtime) throws IOException {
        return open(path, CallBudget.PAPER, runtime);
    }

    /**
     * Opens weights for a walk of fewer calls.
     *
     * @param path the authors' {@code .pt} or this library's safetensors
     * @param budget how many calls
     * @param runtime where to run, and in which type
     * @return the aggregator; the caller closes it
     * @throws IOException if the file is missing, damaged or hostile
     * @throws IllegalArgumentException if the budget is not for such weights
     */
    public static Aggregator open(Path path, CallBudget budget, TorchRuntime runtime) throws IOException {
        try (AggregatorFile file = AggregatorFile.open(path)) {
            return of(file, file.config().within(budget), runtime);
        }
    }

    /**
     * Reads weights under another configuration, such as {@link AggregatorConfig#forGeneration}.
     *
     * @param file the weights; borrowed
     * @param config of the same shapes as the file's own, or with some of its save indices, whose mixing weights are then
     *     weighed among themselves
     * @param runtime where to run
     * @return the aggregator; the caller closes it
     * @throws IOException if the file cannot be read
     */
    public static Aggregator of(AggregatorFile file, AggregatorConfig config, TorchRuntime runtime) throws IOException {
        List<Integer> places = places(config, file.config());
        if (places.contains(-1)
                || !config.dims().equals(file.config().dims())
                || config.projectionDim() != file.config().projectionDim()) {
            throw new IllegalArgumentException(
                    "configuration must have the weights' shapes, got " + config + " for " + file.config());
        }
        NDManager manager = runtime.newManager();
        try (AggregationParameters parameters = new AggregationParameters(file.config(), file.tensors())) {
            parameters.load(manager, DataType.FLOAT32);
            String calls = CallBudget.words(config.settings().process());
            String over = calls.isEmpty() ? "" : ", " + calls + " calls";
            return new Aggregator(
                    "weights " + file.path() + over,
                    "weights " + file.path().getFileName() + over,
                    config,
                    places,
                    parameters,
                    manager,
                    runtime.dtype(),
                    file.confidence());
        } catch (IOException | RuntimeException e) {
            manager.close();
            throw e;
        }
    }

    /** Where the weights have the maps that a configuration asks for, -1 for nowhere. */
    private static List<Integer> places(AggregatorConfig wanted, AggregatorConfig known) {
        if (wanted.networks().size() != known.networks().size()) {
            return List.of(-1);
        }
        List<FeatureKey> all = known.maps();
        List<Integer> places = new ArrayList<>();
        for (int n = 0; n < wanted.networks().size(); n++) {
            AggregatorNetwork to = wanted.networks().get(n);
            AggregatorNetwork from = known.networks().get(n);
            boolean inOrder = to.saveIndices().size() == from.saveIndices().size();
            for (FeatureKey key : to.settings().keys().toList()) {
                // generation has the save indices of an inversion in reversed order, place by place
                int saveIndex =
                        inOrder ? from.saveIndices().get(to.saveIndices().indexOf(key.saveIndex())) : key.saveIndex();
                places.add(all.indexOf(new FeatureKey(n, saveIndex, key.layer())));
            }
        }
        return places;
    }

    /**
     * The network as training begins with it: what training adds is measured against it.
     *
     * @param config its form
     * @param seed of its weights
     * @param runtime where to run
     * @return the aggregator; the caller closes it
     */
    public static Aggregator untrained(AggregatorConfig config, long seed, TorchRuntime runtime) {
        try (NDManager work = runtime.newManager()) {
            return of(
                    AggregationParameters.initial(config, seed, work),
                    config,
                    "untrained weights of seed " + seed,
                    runtime);
        }
    }

    /**
     * The network with given weights, as they are now.
     *
     * @param weights float32 by the keys of {@link AggregationParameters#shapes}, on the device; copied
     * @param config its form
     * @param name what the weights are, for messages
     * @param runtime where to run
     * @return the aggregator; the caller closes it
     */
    public static Aggregator of(
            Map<String, NDArray> weights, AggregatorConfig config, String name, TorchRuntime runtime) {
        NDManager manager = runtime.newManager();
        try (NDManager work = manager.newSubManager();
                AggregationParameters parameters = new AggregationParameters(config, copies(weights, work))) {
            return new Aggregator(
                    name, name, config, places(config, config), parameters, manager, runtime.dtype(), null);
        } catch (RuntimeException e) {
            manager.close();
            throw e;
        }
    }

    private static Map<String, NDArray> copies(Map<String, NDArray> weights, NDManager owner) {
        Map<String, NDArray> copies = new LinkedHashMap<>();
        weights.forEach((key, array) -> {
            NDArray copy = array.duplicate();
            copy.attach(owner);
            copies.put(key, copy);
        });
        return copies;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public OriginPart origin() {
        return origin;
    }

    @Override
    public @Nullable ConfidenceModel confidence() {
        return confidence;
    }

    /**
     * What the weights were made for.
     *
     * @return the configuration
     */
    public AggregatorConfig config() {
        return network.config();
    }

    @Override
    public ExtractionSettings settings() {
        return network.config().settings();
    }

    @Override
    public List<OriginPart> networks() {
        return config().networks().stream()
                .map(each -> OriginPart.known(each.modelId(), each.fingerprint()))
                .toList();
    }

    /**
     * The share that a map has in the sum.
     *
     * @param map one of the configuration's {@link AggregatorConfig#maps}
     * @return softmax of the mixing weights; all shares sum to 1
     * @throws IllegalArgumentException if it is none of them
     */
    public float mixingWeight(FeatureKey map) {
        Float share = network.shares().get(map);
        if (share == null) {
            throw new IllegalArgumentException(
                    "feature map must be one of " + config().words() + ", got " + map.tensorName());
        }
        return share;
    }

    @Override
    public void requireFits(FeatureLayout layout, String source) {
        List<AggregatorNetwork> networks = config().networks();
        if (layout.networks().size() != networks.size()) {
            throw new IllegalArgumentException("weights must fit the extractor's networks, got weights for "
                    + networks.size() + " (" + config().modelId() + ") and maps of "
                    + layout.networks().size() + " (" + name + "; " + source + ")");
        }
        for (int n = 0; n < networks.size(); n++) {
            requireFits(networks.get(n), layout.networks().get(n), source);
        }
    }

    private void requireFits(AggregatorNetwork wanted, NetworkLayout layout, String source) {
        if (!wanted.fitsLayers(layout)) {
            throw new IllegalArgumentException("weights must fit the extractor's layers, got weights for layers "
                    + wanted.layers() + " of " + wanted.dims() + " channels and layers " + layout.layers() + " of "
                    + layout.channels().values() + " channels (" + name + "; " + source
                    + "); take weights made for this checkpoint (they say '" + wanted.modelId()
                    + "'), or match with a raw layer");
        }
        if (!layout.saveIndices().equals(wanted.saveIndices())) {
            throw new IllegalArgumentException("weights must fit the extractor's save indices, got weights for "
                    + wanted.saveIndices() + " and features of " + layout.saveIndices() + " (" + name + "; " + source
                    + "); extract with the weights' configuration");
        }
    }

    @Override
    public DescriptorAccumulator accumulator() {
        OpenGuard.Use use = guard.begin();
        try {
            return new AggregationSum(network, manager.newSubManager(), use);
        } catch (RuntimeException e) {
            use.close();
            throw e;
        }
    }

    /**
     * Aggregates a stack.
     *
     * @param stack all maps of the configuration; others are an error; borrowed
     * @param owner owns the result
     * @return (B, D, H, W) float32
     * @throws IllegalArgumentException if the stack's maps are not those of the configuration
     */
    public NDArray aggregate(FeatureStack stack, NDManager owner) {
        requireFits(inOrder(stack.layout()), "feature stack");
        try (DescriptorAccumulator sum = accumulator()) {
            stack.forEach(sum);
            NDArray result = sum.descriptors().duplicate();
            result.attach(owner);
            return result;
        }
    }

    /** A stack's maps may have come in another order. */
    private FeatureLayout inOrder(FeatureLayout layout) {
        return new FeatureLayout(IntStream.range(0, layout.networks().size())
                .mapToObj(n -> {
                    NetworkLayout there = layout.networks().get(n);
                    return n < config().networks().size()
                            ? new NetworkLayout(
                                    there.channels(), config().networks().get(n).saveIndices())
                            : there;
                })
                .toList());
    }

    /** Frees the weights, once every {@link #accumulator} is closed; waits for those of other threads. */
    @Override
    public void close() {
        guard.close(() -> {
            network.close();
            manager.close();
        });
    }
}
