package io.github.dhf4j.reproduction;

import ai.djl.ndarray.NDManager;
import io.github.dhf4j.data.FeatureCache;
import io.github.dhf4j.data.FeatureSource;
import io.github.dhf4j.feature.FeatureAggregator;
import io.github.dhf4j.feature.FeatureExtractor;
import io.github.dhf4j.feature.RunMonitor;
import io.github.dhf4j.tensor.TorchRuntime;
import java.io.IOException;

/**
 * An open network with its features.
 *
 * @param extractor the network, with all that any row wants
 * @param cached its features, for scores and training
 * @param manager where they live
 * @param runtime where it runs
 */
record Features(FeatureExtractor extractor, FeatureSource cached, NDManager manager, TorchRuntime runtime)
        implements AutoCloseable {
    static Features open(Source.Network network, FeatureCache cache, TorchRuntime runtime, RunMonitor monitor)
            throws IOException {
        FeatureExtractor extractor = openExtractor(network, runtime);
        NDManager manager = runtime.newManager();
        try {
            return new Features(extractor, cache.over(extractor, manager, monitor), manager, runtime);
        } catch (IOException | RuntimeException e) {
            manager.close();
            extractor.close();
            throw e;
        }
    }

    static FeatureExtractor openExtractor(Source.Network network, TorchRuntime runtime) throws IOException {
        return network.checkpoint().open(network.settings(), runtime);
    }

    /** The side of the finest map. */
    int side() {
        return extractor.mapSize().width();
    }

    /** The network with no more than an aggregator wants, at the same load size: what the aggregator alone costs. */
    FeatureExtractor alone(FeatureAggregator aggregator) {
        return extractor.withSettings(
                aggregator.settings().withLoadSize(extractor.loadSize().width()));
    }

    @Override
    public void close() {
        manager.close();
        extractor.close();
    }
}
