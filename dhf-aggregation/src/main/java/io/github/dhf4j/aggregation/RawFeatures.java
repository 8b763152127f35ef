package io.github.dhf4j.aggregation;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.github.dhf4j.feature.DescriptorAccumulator;
import io.github.dhf4j.feature.ExtractionSettings;
import io.github.dhf4j.feature.FeatureAggregator;
import io.github.dhf4j.feature.FeatureKey;
import io.github.dhf4j.feature.FeatureLayout;
import org.jspecify.annotations.Nullable;

/** One feature map as it is, at its native resolution: what a checkpoint can do without any trained weights. */
final class RawFeatures implements FeatureAggregator {
    private final ExtractionSettings settings;

    RawFeatures(ExtractionSettings settings) {
        if (settings.layers().size() != 1 || settings.saveIndices().size() != 1) {
            throw new IllegalArgumentException("raw features must be of one layer and one saved index, got layers "
                    + settings.layers() + " and saved indices " + settings.saveIndices());
        }
        this.settings = settings;
    }

    @Override
    public String name() {
        return "raw layer " + settings.layers().get(0) + " at saved index "
                + settings.saveIndices().get(0);
    }

    @Override
    public ExtractionSettings settings() {
        return settings;
    }

    @Override
    public void requireFits(FeatureLayout layout, String source) {
        if (layout.maps() != 1) {
            throw new IllegalArgumentException("raw features must be of one map, got layers " + layout.layers()
                    + " and saved indices " + layout.saveIndices() + " (" + source + ")");
        }
    }

    @Override
    public DescriptorAccumulator accumulator() {
        return new DescriptorAccumulator() {
            private @Nullable NDManager manager;
            private @Nullable NDArray kept;

            @Override
            public void accept(FeatureKey key, NDArray map) {
                if (kept != null) {
                    throw new IllegalArgumentException(
                            "raw features must be of one map, got a second, " + key.tensorName());
                }
                NDArray copy = map.duplicate();
                if (manager == null) {
                    manager = NDManager.newBaseManager(map.getDevice(), "PyTorch");
                }
                copy.attach(manager);
                kept = copy;
            }

            @Override
            public NDArray descriptors() {
                if (kept == null) {
                    throw new IllegalStateException("descriptors need a feature map, got none");
                }
                return kept;
            }

            @Override
            public void close() {
                kept = null;
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
