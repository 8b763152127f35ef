package io.github.dhf4j.aggregation;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.github.dhf4j.data.FeatureSource;
import io.github.dhf4j.data.KeypointPair;
import io.github.dhf4j.feature.DescriptorAccumulator;
import io.github.dhf4j.feature.ExtractionSettings;
import io.github.dhf4j.feature.FeatureAggregator;
import io.github.dhf4j.feature.FeatureLayout;
import io.github.dhf4j.feature.FeatureStack;
import io.github.dhf4j.feature.OriginPart;
import io.github.dhf4j.feature.RunMonitor;
import io.github.dhf4j.io.Digests;
import io.github.dhf4j.tensor.OpenGuard;
import io.github.dhf4j.tensor.ScriptModule;
import io.github.dhf4j.tensor.TensorList;
import io.github.dhf4j.tensor.TorchRuntime;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Hyperfeatures: descriptor = sum over saved timesteps s and layers l of w[s, l] B_l(r[l, s]), with w the softmax of
 * the mixing weights and B_l the layer's bottleneck, shared by all timesteps.
 *
 * <p>Source: reference, aggregation. Differs: the 1x1 convolutions {@code conv1} and {@code shortcut} run at the map's
 * native resolution, as one convolution, and their outputs are resized: the same sum, cheaper.
 */
public final class Aggregator implements FeatureAggregator {
    static final ScriptModule SCRIPT = ScriptModule.load(Aggregator.class, "aggregation.py", "training.py");
    static final int NORM_GROUPS = 32;

    private final String name;
    private final AggregatorConfig config;
    private final NDManager manager;
    private final List<TensorList> bottlenecks;
    private final float[] mixing;
    private final OpenGuard guard;
    private final OriginPart origin;

    private Aggregator(
            String name,
            OriginPart origin,
            AggregatorConfig config,
            NDManager manager,
            List<TensorList> bottlenecks,
            float[] mixing) {
        this.name = name;
        this.origin = origin;
        this.guard = new OpenGuard("aggregator of " + name);
        this.config = config;
        this.manager = manager;
        this.bottlenecks = bottlenecks;
        this.mixing = mixing;
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
        try (AggregatorFile file = AggregatorFile.open(path)) {
            return of(file, file.config(), runtime);
        }
    }

    /**
     * Reads weights under another configuration, such as {@link AggregatorConfig#forGeneration}.
     *
     * @param file the weights; borrowed
     * @param config of the same shapes as the file's own
     * @param runtime where to run
     * @return the aggregator; the caller closes it
     * @throws IOException if the file cannot be read
     */
    public static Aggregator of(AggregatorFile file, AggregatorConfig config, TorchRuntime runtime) throws IOException {
        if (config.saveTimesteps().size() != file.config().saveTimesteps().size()
                || !config.dims().equals(file.config().dims())
                || config.projectionDim() != file.config().projectionDim()) {
            throw new IllegalArgumentException(
                    "configuration must have the weights' shapes, got " + config + " for " + file.config());
        }
        Path name = file.path().getFileName();
        return of("weights " + file.path(), "weights " + name, config, runtime, file::read);
    }

    /**
     * The network as training begins with it: what training adds is measured against it.
     *
     * @param config its form
     * @param seed of its weights, as {@link TrainingSettings#seed}
     * @param runtime where to run
     * @return the aggregator; the caller closes it
     * @throws IOException never, but as reading weights does
     */
    public static Aggregator untrained(AggregatorConfig config, long seed, TorchRuntime runtime) throws IOException {
        try (TrainableNetwork network = TrainableNetwork.initialise(config, seed, runtime)) {
            return network.snapshot("untrained weights of seed " + seed);
        }
    }

    /** Where weights are read from, by the authors' names. */
    @FunctionalInterface
    interface WeightReader {
        NDArray read(String name, NDManager manager) throws IOException;
    }

    static Aggregator of(
            String name, String shortName, AggregatorConfig config, TorchRuntime runtime, WeightReader weights)
            throws IOException {
        NDManager manager = runtime.newManager();
        List<TensorList> bottlenecks = new ArrayList<>();
        MessageDigest digest = Digests.sha256();
        WeightReader digested = (key, owner) -> {
            NDArray array = weights.read(key, owner);
            digest.update(key.getBytes(StandardCharsets.UTF_8));
            digest.update(array.toByteBuffer());
            return array;
        };
        try (NDManager reading = manager.newSubManager()) {
            float[] mixing = SCRIPT.run(reading, "softmax", digested.read(AggregatorFile.MIXING, reading))
                    .toFloatArray();
            for (int l = 0; l < config.dims().size(); l++) {
                bottlenecks.add(bottleneck(config, l, reading, digested));
            }
            String made = DescriptorSpace.ofWeights(HexFormat.of().formatHex(digest.digest()), config.settings());
            return new Aggregator(name, OriginPart.of(shortName, () -> made), config, manager, bottlenecks, mixing);
        } catch (IOException | RuntimeException e) {
            bottlenecks.forEach(TensorList::close);
            manager.close();
            throw e;
        }
    }

    /** A layer's weights as the script takes them: conv1 and shortcut are one convolution. */
    static TensorList bottleneck(AggregatorConfig config, int layer, NDManager reading, WeightReader weights)
            throws IOException {
        List<NDArray> list = new ArrayList<>();
        for (String part : bottleneckParts(config, layer)) {
            list.add(weights.read(AggregatorFile.key(layer, part), reading));
        }
        if (config.hasShortcut(layer)) {
            NDArray shortcut = list.remove(list.size() - 1);
            list.set(0, SCRIPT.run(reading, "join", list.get(0), shortcut));
        }
        return TensorList.of(list.toArray(NDArray[]::new));
    }

    /** The parts of a bottleneck in the order of the script's list; the shortcut's convolution, if any, comes last. */
    static List<String> bottleneckParts(AggregatorConfig config, int layer) {
        List<String> parts = new ArrayList<>();
        for (String conv : List.of("conv1", "conv2", "conv3")) {
            parts.addAll(List.of(conv + ".weight", conv + ".norm.weight", conv + ".norm.bias"));
        }
        if (config.hasShortcut(layer)) {
            parts.addAll(List.of("shortcut.norm.weight", "shortcut.norm.bias", "shortcut.weight"));
        }
        return parts;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public OriginPart origin() {
        return origin;
    }

    /**
     * What the weights were made for.
     *
     * @return the configuration
     */
    public AggregatorConfig config() {
        return config;
    }

    @Override
    public ExtractionSettings settings() {
        return config.settings();
    }

    /**
     * The share that a map has in the sum.
     *
     * @param s place of the saved timestep in the configuration's order, 0 first
     * @param l place of the layer in the configuration's order, 0 first
     * @return softmax of the mixing weights; all shares sum to 1
     */
    public float mixingWeight(int s, int l) {
        return mixing[s * bottlenecks.size() + l];
    }

    @Override
    public void requireFits(FeatureLayout layout, String source) {
        List<Integer> widths = List.copyOf(layout.channels().values());
        if (!layout.layers().equals(config.layers()) || !widths.equals(config.dims())) {
            throw new IllegalArgumentException("weights must fit the extractor's layers, got weights for layers "
                    + config.layers() + " of " + config.dims() + " channels and layers " + layout.layers() + " of "
                    + widths + " channels (" + name + "; " + source
                    + "); take weights made for this checkpoint (they say '" + config.modelId()
                    + "'), or match with a raw layer");
        }
        if (!layout.saveIndices().equals(config.saveTimesteps())) {
            throw new IllegalArgumentException("weights must fit the extractor's saved timesteps, got weights for "
                    + config.saveTimesteps() + " and features of " + layout.saveIndices() + " (" + name + "; " + source
                    + "); extract with the weights' configuration");
        }
    }

    @Override
    public DescriptorAccumulator accumulator() {
        OpenGuard.Use use = guard.begin();
        try {
            return new AggregationSum(this, manager.newSubManager(), use);
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
        FeatureLayout layout = stack.layout();
        requireFits(new FeatureLayout(layout.channels(), config.saveTimesteps()), "feature stack");
        try (DescriptorAccumulator sum = accumulator()) {
            stack.forEach(sum);
            NDArray result = sum.descriptors().duplicate();
            result.attach(owner);
            return result;
        }
    }

    /**
     * Trains new weights without validation, or resumes such a run: the last weights are kept.
     *
     * @param config what they are for: the process and the layers of {@code features}, the descriptor's width
     * @param settings how they are trained; {@link TrainingSettings#validateEvery} must be 0
     * @param pairs what they are trained on, each with one point or more
     * @param features where the images' maps come from; borrowed
     * @param hooks watches
     * @param monitor hears of progress, one step a step, and can cancel between steps
     * @param folder where the run lives (see {@link AggregatorTrainer}); a run that is there is resumed
     * @return what came out
     * @throws IOException if an image or the folder fails, or if the folder holds a run that was begun otherwise
     * @throws IllegalStateException if a loss is not finite; the message names the pair
     * @throws java.util.concurrent.CancellationException if the monitor cancels
     */
    public static TrainingResult train(
            AggregatorConfig config,
            TrainingSettings settings,
            List<KeypointPair> pairs,
            FeatureSource features,
            TrainingHooks hooks,
            RunMonitor monitor,
            Path folder)
            throws IOException {
        return train(config, settings, pairs, features, null, hooks, monitor, folder);
    }

    /**
     * Trains new weights, or resumes a run.
     *
     * @param config what they are for: the process and the layers of {@code features}, the descriptor's width
     * @param settings how they are trained
     * @param pairs what they are trained on, each with one point or more
     * @param features where the images' maps come from; borrowed
     * @param validator scores weights, of which the best are kept; null for none, which needs settings that ask for none
     * @param hooks watches
     * @param monitor hears of progress, one step a step, and can cancel between steps
     * @param folder where the run lives (see {@link AggregatorTrainer}); a run that is there is resumed
     * @return what came out
     * @throws IOException if an image or the folder fails, or if the folder holds a run that was begun otherwise, or one
     *     whose best weights are gone
     * @throws IllegalArgumentException if the settings ask for validations and there is no validator
     * @throws IllegalStateException if a loss is not finite, the message names the pair; or if a score is not
     * @throws java.util.concurrent.CancellationException if the monitor cancels
     */
    public static TrainingResult train(
            AggregatorConfig config,
            TrainingSettings settings,
            List<KeypointPair> pairs,
            FeatureSource features,
            @Nullable TrainingValidator validator,
            TrainingHooks hooks,
            RunMonitor monitor,
            Path folder)
            throws IOException {
        return new AggregatorTrainer(config, settings, pairs, features, validator, hooks, monitor).run(folder);
    }

    /** Adds one map to a sum, {@code sum += w[s, l] B_l(map)}. */
    void add(NDArray sum, NDArray map, int s, int l) {
        SCRIPT.test("accumulate", sum, map, bottlenecks.get(l), (double) mixingWeight(s, l), NORM_GROUPS);
    }

    /** Frees the weights, once every {@link #accumulator} is closed; waits for those of other threads. */
    @Override
    public void close() {
        guard.close(() -> {
            bottlenecks.forEach(TensorList::close);
            manager.close();
        });
    }
}
