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
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Leaves maps out of aggregation weights. What is written are weights like any others: layers and save indices, and networks,
 * of which no map is left are gone, so that their maps are neither computed nor kept; of the others a map that is left out has a share
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
        List<FeatureKey> all = file.config().maps();
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
        List<FeatureKey> all = file.config().maps();
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
        write(file, new Kept(file.config(), kept), target);
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
        Kept left = new Kept(file.config(), kept).shortened();
        write(file, left, target);
        return left.config.settings();
    }

    /** What is left of a configuration, and where it was there. */
    private static final class Kept {
        private final AggregatorConfig before;
        private final AggregatorConfig config;
        private final List<FeatureKey> maps;
        private final List<Integer> networks;

        Kept(AggregatorConfig before, List<FeatureKey> maps) {
            if (maps.isEmpty() || !new HashSet<>(before.maps()).containsAll(maps)) {
                throw new IllegalArgumentException("maps to keep must be some of " + before.words() + ", got "
                        + maps.stream().map(FeatureKey::tensorName).collect(Collectors.joining(", ")));
            }
            this.before = before;
            this.maps = maps;
            this.networks =
                    maps.stream().map(FeatureKey::network).distinct().sorted().toList();
            this.config = new AggregatorConfig(
                    networks.stream()
                            .map(n -> before.networks()
                                    .get(n)
                                    .of(maps.stream()
                                            .filter(key -> key.network() == n)
                                            .toList()))
                            .toList(),
                    before.projectionDim(),
                    before.mapSize());
        }

        private Kept(Kept kept, AggregatorConfig config) {
            this.before = kept.before;
            this.maps = kept.maps;
            this.networks = kept.networks;
            this.config = config;
        }

        /** With inversions that make no calls but the clean image's and those whose maps are left. */
        Kept shortened() {
            return new Kept(
                    this,
                    new AggregatorConfig(
                            config.networks().stream().map(Kept::shortened).toList(),
                            config.projectionDim(),
                            config.mapSize()));
        }

        private static AggregatorNetwork shortened(AggregatorNetwork network) {
            ExtractionSettings settings = network.settings();
            return settings.process() instanceof Inversion walk
                    ? network.with(settings.withProcess(walk.over(walk.saveIndices())))
                    : network;
        }

        /** A map of what is left as it was called before. */
        FeatureKey before(FeatureKey left) {
            return left.ofNetwork(networks.get(left.network()));
        }
    }

    private static void write(AggregatorFile file, Kept kept, Path target) throws IOException {
        AggregatorConfig config = kept.config;
        List<FeatureKey> before = kept.before.maps();
        Set<FeatureKey> left = new HashSet<>(kept.maps);
        float[] weights = mixing(file);
        float highest = Float.NEGATIVE_INFINITY;
        for (FeatureKey key : left) {
            highest = Math.max(highest, weights[before.indexOf(key)]);
        }
        List<FeatureKey> after = config.maps();
        float[] mixing = new float[after.size()];
        Map<Integer, Integer> bottlenecks = new TreeMap<>();
        for (int i = 0; i < mixing.length; i++) {
            FeatureKey from = kept.before(after.get(i));
            mixing[i] = left.contains(from) ? weights[before.indexOf(from)] : highest + NOTHING;
            bottlenecks.put(config.bottleneck(after.get(i)), kept.before.bottleneck(from));
        }
        JsonObject provenance = file.provenance();
        provenance.addProperty(
                "pruned", "to " + kept.maps.stream().map(FeatureKey::tensorName).collect(Collectors.joining(", ")));
        try (NDManager manager = TorchEngine.newManager(Device.cpu())) {
            Map<String, NDArray> tensors = new LinkedHashMap<>();
            tensors.put(AggregatorKeys.MIXING, HostTensors.of(manager, mixing, new Shape(mixing.length)));
            for (Map.Entry<Integer, Integer> bottleneck : bottlenecks.entrySet()) {
                List<String> from = AggregatorKeys.bottleneck(kept.before, bottleneck.getValue());
                List<String> to = AggregatorKeys.bottleneck(config, bottleneck.getKey());
                for (int i = 0; i < from.size(); i++) {
                    tensors.put(to.get(i), file.read(from.get(i), manager));
                }
            }
            AggregatorWriter.safeTensors(config, tensors, provenance, target);
        }
    }

    private static float[] mixing(AggregatorFile file) throws IOException {
        try (NDManager manager = TorchEngine.newManager(Device.cpu())) {
            return HostTensors.floats(file.read(AggregatorKeys.MIXING, manager));
        }
    }
}
