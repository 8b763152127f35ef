package io.github.dhf4j.aggregation;

import ai.djl.Device;
import io.github.dhf4j.feature.ExtractionSettings;
import io.github.dhf4j.feature.FeatureAggregator;
import io.github.dhf4j.spi.FeatureAggregatorProvider;
import java.io.IOException;
import java.nio.file.Path;

/** The aggregation network behind the front door. */
public final class AggregationProvider implements FeatureAggregatorProvider {
    /** For the service loader. */
    public AggregationProvider() {}

    @Override
    public FeatureAggregator open(Path weights, Device device) throws IOException {
        return Aggregator.open(weights, device);
    }

    @Override
    public FeatureAggregator raw(ExtractionSettings settings) {
        return new RawFeatures(settings);
    }
}
