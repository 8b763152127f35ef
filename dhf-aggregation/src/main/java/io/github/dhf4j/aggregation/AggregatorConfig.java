package io.github.dhf4j.aggregation;

import com.google.gson.JsonObject;
import io.github.dhf4j.feature.CallBudget;
import io.github.dhf4j.feature.ExtractionSettings;
import io.github.dhf4j.feature.FeatureKey;
import io.github.dhf4j.feature.FeatureLayout;
import io.github.dhf4j.feature.Generation;
import io.github.dhf4j.feature.Inversion;
import io.github.dhf4j.feature.NetworkLayout;
import io.github.dhf4j.feature.SettingsCodec;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What aggregation weights were made for; in files by the authors' names. Mixing weights and bottlenecks stand network by
 * network: one softmax is over the maps of all of them.
 *
 * @param networks whose maps are summed, one or more
 * @param projectionDim D, the width of a descriptor
 * @param mapSize side of the descriptor map, in cells
 */
public record AggregatorConfig(List<AggregatorNetwork> networks, int projectionDim, int mapSize) {
    /** Groups of each group norm. */
    public static final int NORM_GROUPS = 32;

    /**
     * Copies the list.
     *
     * @param networks as above
     * @param projectionDim as above
     * @param mapSize as above
     */
    public AggregatorConfig {
        networks = List.copyOf(networks);
        if (networks.isEmpty()) {
            throw new IllegalArgumentException("weights must be made for one network or more, got none");
        }
    }

    /**
     * Weights for one network.
     *
     * @param modelId the checkpoint, in words
     * @param settings as {@link AggregatorNetwork#settings}
     * @param dims channels of each of the settings' layers, in order
     * @param projectionDim as above
     * @param mapSize as above
     */
    public AggregatorConfig(
            String modelId, ExtractionSettings settings, List<Integer> dims, int projectionDim, int mapSize) {
        this(List.of(new AggregatorNetwork(modelId, null, settings, dims)), projectionDim, mapSize);
    }

    /**
     * Looks at a descriptor width before long work begins.
     *
     * @param projectionDim width of a descriptor
     * @throws IllegalArgumentException if it is not a multiple of 128 (32 norm groups over a quarter of it)
     */
    public static void requireProjection(int projectionDim) {
        if (projectionDim < 128 || projectionDim % 128 != 0) {
            throw new IllegalArgumentException(
                    "projection width must be a multiple of 128, got " + projectionDim + "; 384 is the paper's");
        }
    }

    /**
     * What new weights for an extractor's maps are made for.
     *
     * @param modelId the checkpoint, in words
     * @param settings the process, with the load size that is really used
     * @param layout the maps
     * @param projectionDim width of a descriptor, a multiple of 128
     * @param mapSize side of the descriptor map, in cells
     * @return the configuration
     */
    public static AggregatorConfig of(
            String modelId, ExtractionSettings settings, FeatureLayout layout, int projectionDim, int mapSize) {
        return of(
                List.of(AggregatorNetwork.of(
                        modelId, null, settings, layout.networks().get(0))),
                projectionDim,
                mapSize);
    }

    /**
     * What new weights for the maps of several networks are made for.
     *
     * @param networks in the order of their maps
     * @param projectionDim width of a descriptor, a multiple of 128
     * @param mapSize side of the descriptor map, in cells
     * @return the configuration
     */
    public static AggregatorConfig of(List<AggregatorNetwork> networks, int projectionDim, int mapSize) {
        requireProjection(projectionDim);
        return new AggregatorConfig(networks, projectionDim, mapSize);
    }

    private AggregatorNetwork only() {
        if (networks.size() > 1) {
            throw new IllegalArgumentException("weights must be made for one network here, got those for " + modelId());
        }
        return networks.get(0);
    }

    /**
     * The checkpoint, or all of them.
     *
     * @return in words
     */
    public String modelId() {
        return networks.stream().map(AggregatorNetwork::modelId).collect(Collectors.joining(" + "));
    }

    /**
     * How images go through the network, or through all of them.
     *
     * @return as an extractor takes them
     */
    public ExtractionSettings settings() {
        return ExtractionSettings.joined(
                networks.stream().map(AggregatorNetwork::settings).toList());
    }

    /**
     * The channels of each bottleneck's maps.
     *
     * @return of all networks, one after the other
     */
    public List<Integer> dims() {
        return networks.stream().flatMap(each -> each.dims().stream()).toList();
    }

    /**
     * The save indices of the only network.
     *
     * @return in the order of the mixing weights
     * @throws IllegalArgumentException if there are several
     */
    public List<Integer> saveIndices() {
        return only().saveIndices();
    }

    /**
     * The layers of the only network.
     *
     * @return in the order of the bottlenecks
     * @throws IllegalArgumentException if there are several
     */
    public List<Integer> layers() {
        return only().layers();
    }

    /**
     * The maps that are summed.
     *
     * @return in the order of the mixing weights: network by network, layers fastest
     */
    public List<FeatureKey> maps() {
        return settings().keys().toList();
    }

    /**
     * The bottleneck that a map goes through.
     *
     * @param map one of {@link #maps}
     * @return its place among those of all networks, 0 first
     */
    public int bottleneck(FeatureKey map) {
        int before = 0;
        for (AggregatorNetwork each : networks.subList(0, map.network())) {
            before += each.dims().size();
        }
        return before + networks.get(map.network()).layers().indexOf(map.layer());
    }

    /**
     * The same weights over a walk of fewer calls.
     *
     * @param budget how many
     * @return the configuration of that walk, with some of the save indices
     * @throws IllegalArgumentException if the budget is not for such weights
     */
    public AggregatorConfig within(CallBudget budget) {
        return over(budget.of(settings()));
    }

    /** The same weights over other settings of each network. */
    private AggregatorConfig over(ExtractionSettings other) {
        List<ExtractionSettings> each = other.networks();
        return new AggregatorConfig(
                IntStream.range(0, networks.size())
                        .mapToObj(n -> networks.get(n).with(each.get(n)))
                        .toList(),
                projectionDim,
                mapSize);
    }

    /**
     * Whether features are those that the weights were made for.
     *
     * @param layout the features' maps
     * @return whether layers, widths and save indices are the same of each network
     */
    public boolean fits(FeatureLayout layout) {
        return layout.networks().size() == networks.size()
                && IntStream.range(0, networks.size()).allMatch(n -> {
                    NetworkLayout there = layout.networks().get(n);
                    return networks.get(n).fitsLayers(there)
                            && networks.get(n).saveIndices().equals(there.saveIndices());
                });
    }

    /** The maps in words. */
    String words() {
        return networks.stream()
                .map(each -> each.words() + (networks.size() > 1 ? " of " + each.modelId() : ""))
                .collect(Collectors.joining(", "));
    }

    /** Whether a bottleneck changes the width, and so has a convolution around it too. */
    boolean hasShortcut(int bottleneck) {
        return dims().get(bottleneck) != projectionDim;
    }

    /**
     * The same as JSON: the settings as {@link SettingsCodec} writes them, the rest by the authors' names. Their
     * {@code guidance_scale}, -1 where there is no guidance, and both prompts stand there for their code.
     *
     * @return a new object
     */
    public JsonObject toJson() {
        return AggregatorConfigCodec.toJson(this);
    }

    /**
     * The same weights for images that are generated instead of inverted: the timesteps in reversed order, so that the
     * first mixing weight meets the noisiest map.
     *
     * <p>Source: reference, aggregation, last point.
     *
     * @param imagePrompt what is drawn
     * @param negative what it is guided away from; null for none
     * @param guidance how strongly
     * @return the configuration for generation
     */
    public AggregatorConfig forGeneration(String imagePrompt, @Nullable String negative, double guidance) {
        List<Integer> inOrder = new ArrayList<>(saveIndices());
        ExtractionSettings settings = settings();
        if (settings.process() instanceof Inversion) {
            Collections.reverse(inOrder);
        }
        long seed = settings.process() instanceof Inversion inversion
                ? inversion.seed()
                : settings.process() instanceof Generation generation ? generation.seed() : 0;
        return over(settings.withProcess(
                new Generation(settings.process().timesteps(), inOrder, imagePrompt, negative, guidance, seed)));
    }
}
