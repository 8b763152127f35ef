package io.github.dhf4j.aggregation;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.google.gson.JsonObject;
import io.github.dhf4j.feature.ExtractionSettings;
import io.github.dhf4j.feature.FeatureKey;
import io.github.dhf4j.feature.Inversion;
import io.github.dhf4j.io.HostTensors;
import io.github.dhf4j.tensor.TorchEngine;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Leaves maps out of aggregation weights. What is written are weights like any others: layers and save indices of which no
 * map is left are gone, so that their maps are neither computed nor kept; of the others a map that is left out has a share
 * of 0 and is passed over.
 *
 * <p>Source: the paper's row Ours-Pruned, which keeps one map; more are this library's.
 */
public final class AggregatorPruning {
    /** exp(-200) is 0 in float32 beside any other: the share of what is left out. */
    private static final float NOTHING = -200;

    private AggregatorPruning() {}

    /**
     * The maps of the highest mixing weights.
     *
     * @param file the weights; borrowed
     * @param count how many, 1 or more
     * @return highest first
     * @throws IOException if the file cannot be read
     * @throws IllegalArgumentException if there are not as many
     */
    public static List<FeatureKey> heaviest(AggregatorFile file, int count) throws IOException {
        List<FeatureKey> all = maps(file.config());
        if (count < 1 || count > all.size()) {
            throw new IllegalArgumentException("maps to keep must be 1 to " + all.size()
                    + ", as many as the weights have, got " + count + " (" + file.path() + ")");
        }
        float[] weights = mixing(file);
        return IntStream.range(0, weights.length)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> -weights[i]))
                .limit(count)
                .map(all::get)
                .toList();
    }

    /**
     * What some maps have of the whole sum.
     *
     * @param file the weights; borrowed
     * @param kept some of the weights' maps
     * @return the sum of their shares, 0 to 1
     * @throws IOException if the file cannot be read
     */
    public static double share(AggregatorFile file, List<FeatureKey> kept) throws IOException {
        float[] weights = mixing(file);
        List<FeatureKey> all = maps(file.config());
        double of = 0;
        double whole = 0;
        for (int i = 0; i < weights.length; i++) {
            double weight = Math.exp(weights[i]);
            whole += weight;
            of += kept.contains(all.get(i)) ? weight : 0;
        }
        return of / whole;
    }

    /**
     * Writes weights of some maps alone. The process stays: an inversion makes the calls it made.
     *
     * @param file the weights; borrowed
     * @param kept the maps that are left, some of the weights' own; their mixing weights are weighed among themselves
     * @param target the file to be, safetensors
     * @throws IOException if reading or writing fails; what was there before is left
     */
    public static void write(AggregatorFile file, List<FeatureKey> kept, Path target) throws IOException {
        write(file, pruned(file.config(), kept), kept, target);
    }

    /**
     * Writes weights of some maps alone, with an inversion that makes no call but the clean image's and those whose maps are
     * left.
     *
     * @param file the weights; borrowed
     * @param kept the maps that are left, some of the weights' own; their mixing weights are weighed among themselves
     * @param target the file to be, safetensors
     * @return how images go through the network for these weights
     * @throws IOException if reading or writing fails; what was there before is left
     */
    public static ExtractionSettings writeShort(AggregatorFile file, List<FeatureKey> kept, Path target)
            throws IOException {
        AggregatorConfig config = pruned(file.config(), kept);
        if (config.settings().process() instanceof Inversion walk) {
            config = new AggregatorConfig(
                    config.modelId(),
                    config.settings().withProcess(walk.over(walk.saveIndices())),
                    config.dims(),
                    config.projectionDim(),
                    config.mapSize());
        }
        write(file, config, kept, target);
        return config.settings();
    }

    private static AggregatorConfig pruned(AggregatorConfig config, List<FeatureKey> kept) {
        if (kept.isEmpty() || !new HashSet<>(maps(config)).containsAll(kept)) {
            throw new IllegalArgumentException("maps to keep must be some of layers " + config.layers()
                    + " and save indices " + config.saveIndices() + ", got "
                    + kept.stream().map(FeatureKey::tensorName).collect(Collectors.joining(", ")));
        }
        List<Integer> layers = config.layers().stream()
                .filter(layer -> kept.stream().anyMatch(key -> key.layer() == layer))
                .toList();
        List<Integer> saveIndices = config.saveIndices().stream()
                .filter(saveIndex -> kept.stream().anyMatch(key -> key.saveIndex() == saveIndex))
                .toList();
        return new AggregatorConfig(
                config.modelId(),
                config.settings()
                        .withProcess(config.settings().process().withSaveIndices(saveIndices))
                        .withLayers(layers),
                layers.stream()
                        .map(layer -> config.dims().get(config.layers().indexOf(layer)))
                        .toList(),
                config.projectionDim(),
                config.mapSize());
    }

    private static void write(AggregatorFile file, AggregatorConfig config, List<FeatureKey> kept, Path target)
            throws IOException {
        List<FeatureKey> before = maps(file.config());
        Set<FeatureKey> left = new HashSet<>(kept);
        float[] weights = mixing(file);
        float highest = Float.NEGATIVE_INFINITY;
        for (FeatureKey key : left) {
            highest = Math.max(highest, weights[before.indexOf(key)]);
        }
        List<FeatureKey> after = maps(config);
        float[] mixing = new float[after.size()];
        for (int i = 0; i < mixing.length; i++) {
            mixing[i] = left.contains(after.get(i)) ? weights[before.indexOf(after.get(i))] : highest + NOTHING;
        }
        JsonObject provenance = file.provenance();
        provenance.addProperty(
                "pruned", "to " + kept.stream().map(FeatureKey::tensorName).collect(Collectors.joining(", ")));
        try (NDManager manager = TorchEngine.newManager(Device.cpu())) {
            Map<String, NDArray> tensors = new LinkedHashMap<>();
            tensors.put(AggregatorKeys.MIXING, HostTensors.of(manager, mixing, new Shape(mixing.length)));
            for (int l = 0; l < config.layers().size(); l++) {
                List<String> from = AggregatorKeys.bottleneck(
                        file.config(),
                        file.config().layers().indexOf(config.layers().get(l)));
                List<String> to = AggregatorKeys.bottleneck(config, l);
                for (int i = 0; i < from.size(); i++) {
                    tensors.put(to.get(i), file.read(from.get(i), manager));
                }
            }
            AggregatorWriter.safeTensors(config, tensors, provenance, target);
        }
    }

    /** In the order of the mixing weights: layers fastest. */
    private static List<FeatureKey> maps(AggregatorConfig config) {
        return config.saveIndices().stream()
                .flatMap(s -> config.layers().stream().map(layer -> new FeatureKey(s, layer)))
                .toList();
    }

    private static float[] mixing(AggregatorFile file) throws IOException {
        try (NDManager manager = TorchEngine.newManager(Device.cpu())) {
            return HostTensors.floats(file.read(AggregatorKeys.MIXING, manager));
        }
    }
}
