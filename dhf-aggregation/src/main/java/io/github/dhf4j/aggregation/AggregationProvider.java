package io.github.dhf4j.aggregation;

import io.github.dhf4j.feature.CallBudget;
import io.github.dhf4j.feature.ExtractionSettings;
import io.github.dhf4j.feature.FeatureAggregator;
import io.github.dhf4j.spi.FeatureAggregatorProvider;
import io.github.dhf4j.tensor.TorchRuntime;
import java.io.IOException;
import java.nio.file.Path;

/** The aggregation network behind the front door. */
public final class AggregationProvider implements FeatureAggregatorProvider {
    /** For the service loader. */
    public AggregationProvider() {}

    @Override
    public FeatureAggregator open(Path weights, CallBudget budget, TorchRuntime runtime) throws IOException {
        return Aggregator.open(weights, budget, runtime);
    }

    @Override
    public FeatureAggregator raw(ExtractionSettings settings) {
        return new RawFeatures(settings);
    }
}
