package io.github.dhf4j.spi;

import ai.djl.Device;
import io.github.dhf4j.feature.ExtractionSettings;
import io.github.dhf4j.feature.FeatureAggregator;
import java.io.IOException;
import java.nio.file.Path;

/** Opens aggregation weights. */
public interface FeatureAggregatorProvider {
    /**
     * Opens weights.
     *
     * @param weights the authors' {@code .pt} or this library's safetensors
     * @param device where to run
     * @return the aggregator; the caller closes it
     * @throws IOException if the file is missing, damaged or hostile
     */
    FeatureAggregator open(Path weights, Device device) throws IOException;

    /**
     * One map as it is, without any weights.
     *
     * @param settings of one layer and one saved index
     * @return the aggregator; the caller closes it
     */
    FeatureAggregator raw(ExtractionSettings settings);
}
