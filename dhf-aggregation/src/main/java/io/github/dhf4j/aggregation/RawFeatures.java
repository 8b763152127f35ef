package io.github.dhf4j.aggregation;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import io.github.dhf4j.feature.DescriptorAccumulator;
import io.github.dhf4j.feature.ExtractionSettings;
import io.github.dhf4j.feature.FeatureAggregator;
import io.github.dhf4j.feature.FeatureKey;
import io.github.dhf4j.feature.FeatureLayout;
import io.github.dhf4j.feature.LayerTaps;
import io.github.dhf4j.feature.OriginPart;
import io.github.dhf4j.tensor.TorchEngine;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Feature maps as they are: what a checkpoint can do without any trained weights. One map stays at its native
 * resolution; several are resized to the finest and laid one behind the other (hypercolumns).
 */
final class RawFeatures implements FeatureAggregator {
    private final ExtractionSettings settings;

    RawFeatures(ExtractionSettings settings) {
        if (settings.taps().equals(LayerTaps.ALL)) {
            throw new IllegalArgumentException("raw features must be of named layers, got all");
        }
        this.settings = settings;
    }

    @Override
    public String name() {
        return "raw layer" + ofOneOrMore(settings.layers()) + " at save ind"
                + (settings.saveIndices().size() == 1 ? "ex " : "ices ")
                + text(settings.saveIndices());
    }

    private static String ofOneOrMore(List<Integer> numbers) {
        return (numbers.size() == 1 ? " " : "s ") + text(numbers);
    }

    private static String text(List<Integer> numbers) {
        return numbers.size() == 1 ? numbers.get(0).toString() : numbers.toString();
    }

    @Override
    public OriginPart origin() {
        return OriginPart.of(DescriptorSpace.words(name(), settings), () -> DescriptorSpace.ofRaw(settings));
    }

    @Override
    public ExtractionSettings settings() {
        return settings;
    }

    @Override
    public void requireFits(FeatureLayout layout, String source) {
        if (!layout.channels().keySet().containsAll(settings.layers())
                || !layout.saveIndices().containsAll(settings.saveIndices())) {
            throw new IllegalArgumentException("raw features need layers " + settings.layers() + " at save indices "
                    + settings.saveIndices() + ", got layers " + layout.layers() + " and save indices "
                    + layout.saveIndices() + " (" + source + ")");
        }
    }

    @Override
    public DescriptorAccumulator accumulator() {
        return new DescriptorAccumulator() {
            private @Nullable NDManager manager;
            private final Map<FeatureKey, NDArray> kept = new HashMap<>();

            @Override
            public void accept(FeatureKey key, NDArray map) {
                if (!settings.layers().contains(key.layer())
                        || !settings.saveIndices().contains(key.saveIndex())
                        || kept.containsKey(key)) {
                    throw new IllegalArgumentException("raw features must be of layers " + settings.layers()
                            + " at save indices " + settings.saveIndices() + ", each once, got " + key.tensorName());
                }
                NDArray copy = map.duplicate();
                if (manager == null) {
                    manager = TorchEngine.newManager(map.getDevice());
                }
                copy.attach(manager);
                kept.put(key, copy);
            }

            @Override
            public NDArray descriptors() {
                long[] finest = {1, 1};
                kept.values().forEach(map -> {
                    finest[0] = Math.max(finest[0], map.getShape().get(2));
                    finest[1] = Math.max(finest[1], map.getShape().get(3));
                });
                NDList parts = new NDList();
                for (int saveIndex : settings.saveIndices()) {
                    for (int layer : settings.layers()) {
                        FeatureKey key = new FeatureKey(saveIndex, layer);
                        NDArray map = kept.get(key);
                        if (map == null) {
                            throw new IllegalStateException("descriptors need map " + key.tensorName() + ", got none");
                        }
                        parts.add(kept.size() == 1 ? map : AggregationOps.resize(map.getManager(), map, finest));
                    }
                }
                return parts.size() == 1 ? parts.get(0) : NDArrays.concat(parts, 1);
            }

            @Override
            public void close() {
                kept.clear();
                if (manager != null) {
                    manager.close();
                    manager = null;
                }
            }
        };
    }

    @Override
    public void close() {
        // holds nothing
    }
}
