package io.github.dhf4j.data;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import io.github.dhf4j.feature.DescriptorMap;
import io.github.dhf4j.feature.FeatureExtractor;
import io.github.dhf4j.feature.FeatureLayout;
import io.github.dhf4j.feature.FeatureStack;
import io.github.dhf4j.feature.OriginPart;
import io.github.dhf4j.feature.RunMonitor;
import io.github.dhf4j.image.RgbImage;
import io.github.dhf4j.image.Size;
import java.io.IOException;
import java.util.List;
import java.util.function.UnaryOperator;

/** What all sources share that have a network to run. */
abstract class NetworkFeatureSource implements FeatureSource {
    private final FeatureExtractor extractor;
    private final NDManager manager;
    private final RunMonitor monitor;

    NetworkFeatureSource(FeatureExtractor extractor, NDManager manager, RunMonitor monitor) {
        this.extractor = extractor;
        this.manager = manager;
        this.monitor = monitor;
    }

    final NDManager manager() {
        return manager;
    }

    /** Runs the network on a picture; the caller closes the maps. */
    final FeatureStack run(RgbImage picture, boolean mirrored, DataType type) {
        FeatureStack stack = FeatureStack.create(manager, type);
        try {
            extractor.extract(List.of(mirrored ? picture.mirrored() : picture), stack, monitor);
            return stack;
        } catch (RuntimeException e) {
            stack.close();
            throw e;
        }
    }

    final UnaryOperator<DescriptorMap> placing() {
        return extractor::placed;
    }

    final OriginPart origin() {
        return extractor.origin();
    }

    @Override
    public final FeatureLayout layout() {
        return extractor.layout();
    }

    @Override
    public final Size loadSize() {
        return extractor.loadSize();
    }

    @Override
    public final String name() {
        return extractor.name();
    }

    @Override
    public String fingerprint() throws IOException {
        return extractor.fingerprint();
    }
}
