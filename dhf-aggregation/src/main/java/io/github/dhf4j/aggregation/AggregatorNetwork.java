package io.github.dhf4j.aggregation;

import io.github.dhf4j.feature.ExtractionSettings;
import io.github.dhf4j.feature.FeatureKey;
import io.github.dhf4j.feature.NetworkLayout;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One of the networks whose maps aggregation weights sum.
 *
 * @param modelId the checkpoint, in words
 * @param fingerprint the digest of its weights and configuration; null where nobody wrote it down, as in files of one network
 * @param settings how images go through it: load size and layers named, save indices in the order of the mixing weights
 * @param dims channels of each of the settings' layers, in order
 */
public record AggregatorNetwork(
        String modelId, @Nullable String fingerprint, ExtractionSettings settings, List<Integer> dims) {
    /**
     * Copies the list and checks its length.
     *
     * @param modelId as above
     * @param fingerprint as above
     * @param settings as above
     * @param dims as above
     */
    public AggregatorNetwork {
        dims = List.copyOf(dims);
        if (settings.layers().size() != dims.size()) {
            throw new IllegalArgumentException("'layers' must name one layer for each of " + dims.size()
                    + " bottlenecks, got " + settings.layers());
        }
    }

    /**
     * What new weights for a network's maps are made for.
     *
     * @param modelId the checkpoint, in words
     * @param fingerprint the digest of its weights and configuration; null for none
     * @param settings the process, with the load size that is really used
     * @param layout the maps
     * @return the network
     */
    public static AggregatorNetwork of(
            String modelId, @Nullable String fingerprint, ExtractionSettings settings, NetworkLayout layout) {
        return new AggregatorNetwork(
                modelId,
                fingerprint,
                settings.withLayers(layout.layers())
                        .withProcess(settings.process().withSaveIndices(layout.saveIndices())),
                List.copyOf(layout.channels().values()));
    }

    /**
     * The save indices.
     *
     * @return in the order of the mixing weights
     */
    public List<Integer> saveIndices() {
        return settings.saveIndices();
    }

    /**
     * The layers.
     *
     * @return in the order of the bottlenecks
     */
    public List<Integer> layers() {
        return settings.layers();
    }

    /** The same over other settings, layer by layer. */
    AggregatorNetwork with(ExtractionSettings other) {
        return new AggregatorNetwork(modelId, fingerprint, other, dims);
    }

    /** Of some of its maps: layers and save indices of which none is there are gone. */
    AggregatorNetwork of(List<FeatureKey> kept) {
        List<Integer> layers = layers().stream()
                .filter(layer -> kept.stream().anyMatch(key -> key.layer() == layer))
                .toList();
        List<Integer> saveIndices = saveIndices().stream()
                .filter(saveIndex -> kept.stream().anyMatch(key -> key.saveIndex() == saveIndex))
                .toList();
        return new AggregatorNetwork(
                modelId,
                fingerprint,
                settings.withProcess(settings.process().withSaveIndices(saveIndices))
                        .withLayers(layers),
                layers.stream().map(layer -> dims.get(layers().indexOf(layer))).toList());
    }

    /** Whether an extractor has its layers, of its widths. */
    boolean fitsLayers(NetworkLayout layout) {
        Map<Integer, Integer> channels = new LinkedHashMap<>();
        for (int l = 0; l < dims.size(); l++) {
            channels.put(layers().get(l), dims.get(l));
        }
        return channels.equals(layout.channels());
    }

    /** Its maps in words. */
    String words() {
        return "layers " + layers() + " and save indices " + saveIndices();
    }
}
