package io.github.dhf4j;

import io.github.dhf4j.feature.DescriptorAccumulator;
import io.github.dhf4j.feature.DescriptorMap;
import io.github.dhf4j.feature.FeatureAggregator;
import io.github.dhf4j.feature.FeatureExtractor;
import io.github.dhf4j.feature.RunMonitor;
import io.github.dhf4j.image.RgbImage;
import io.github.dhf4j.match.CorrespondenceMatcher;
import java.util.List;

/**
 * An extractor, an aggregator and a matcher that fit one another: images in, descriptor maps out. Heavy to open, holds
 * the networks' weights in native memory until closed; safe for several threads.
 */
public final class DescriptorPipeline implements AutoCloseable {
    /** The layer of the paper's row SD-Layer-4, what raw features are taken of by default. */
    public static final int DEFAULT_RAW_LAYER = 4;

    /** The saved index of raw features by default: where the paper's mixing weights are highest. */
    public static final int DEFAULT_RAW_STEP = 10;

    private final FeatureExtractor extractor;
    private final FeatureAggregator aggregator;
    private final CorrespondenceMatcher matcher;
    private final RunMonitor monitor;

    /**
     * Joins parts.
     *
     * @param extractor emits feature maps; owned and closed by the pipeline from now on
     * @param aggregator sums them; owned and closed by the pipeline from now on
     * @param matcher finds correspondences
     * @param monitor hears of every description's progress
     * @throws IllegalArgumentException if the aggregator's weights do not fit the extractor's maps
     */
    public DescriptorPipeline(
            FeatureExtractor extractor,
            FeatureAggregator aggregator,
            CorrespondenceMatcher matcher,
            RunMonitor monitor) {
        aggregator.requireFits(extractor.layout(), extractor.name());
        this.extractor = extractor;
        this.aggregator = aggregator;
        this.matcher = matcher;
        this.monitor = monitor;
    }

    /**
     * Begins to say which parts to open.
     *
     * @return a builder whose defaults are the checkpoint and weights that {@link Environment} names, else the bundled ones
     */
    public static DescriptorPipelineBuilder builder() {
        return new DescriptorPipelineBuilder();
    }

    /**
     * Describes images, all as one batch.
     *
     * @param images one or more, of any sizes
     * @return one map an image
     * @throws java.util.concurrent.CancellationException if the monitor cancels
     * @throws IllegalStateException after {@link #close}
     */
    public List<DescriptorMap> describe(List<RgbImage> images) {
        try (DescriptorAccumulator sum = aggregator.accumulator()) {
            extractor.extract(images, sum, monitor);
            return DescriptorMap.of(
                            sum.descriptors(),
                            images.stream().map(RgbImage::size).toList(),
                            extractor.loadSize())
                    .stream()
                    .map(map -> map.withExtent(extractor.extent()))
                    .toList();
        }
    }

    /**
     * The extractor.
     *
     * @return owned by the pipeline
     */
    public FeatureExtractor extractor() {
        return extractor;
    }

    /**
     * The aggregator.
     *
     * @return owned by the pipeline
     */
    public FeatureAggregator aggregator() {
        return aggregator;
    }

    /**
     * The matcher.
     *
     * @return stateless
     */
    public CorrespondenceMatcher matcher() {
        return matcher;
    }

    /**
     * What the descriptors come from.
     *
     * @return checkpoint and weights, in words
     */
    public String name() {
        return extractor.name() + " with " + aggregator.name();
    }

    @Override
    public void close() {
        extractor.close();
        aggregator.close();
    }
}
