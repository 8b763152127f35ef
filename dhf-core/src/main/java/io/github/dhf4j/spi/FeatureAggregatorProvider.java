package io.github.dhf4j.spi;

import io.github.dhf4j.feature.CallBudget;
import io.github.dhf4j.feature.ExtractionSettings;
import io.github.dhf4j.feature.FeatureAggregator;
import io.github.dhf4j.tensor.TorchRuntime;
import java.io.IOException;
import java.nio.file.Path;

/** Opens aggregation weights. */
public interface FeatureAggregatorProvider {
    /**
     * Opens weights.
     *
     * @param weights the authors' {@code .pt} or this library's safetensors
     * @param budget how many calls an inversion may take
     * @param runtime where to run
     * @return the aggregator, whose settings keep within the budget; the caller closes it
     * @throws IOException if the file is missing, damaged or hostile
     * @throws IllegalArgumentException if the budget is not for such weights
     */
    FeatureAggregator open(Path weights, CallBudget budget, TorchRuntime runtime) throws IOException;

    /**
     * Maps as they are, without any weights: one by itself, several resized to the finest and laid one behind the other.
     *
     * @param settings which maps; layers must be named
     * @return the aggregator; the caller closes it
     */
    FeatureAggregator raw(ExtractionSettings settings);
}
