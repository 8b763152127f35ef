package io.github.dhf4j;

import ai.djl.ndarray.NDArray;
import io.github.dhf4j.Hyperfeatures.OpenPipeline;
import io.github.dhf4j.feature.DescriptorAccumulator;
import io.github.dhf4j.feature.DescriptorMap;
import io.github.dhf4j.feature.DescriptorOrigin;
import io.github.dhf4j.feature.ExtractionSettings;
import io.github.dhf4j.feature.FeatureAggregator;
import io.github.dhf4j.feature.FeatureExtractor;
import io.github.dhf4j.feature.Inversion;
import io.github.dhf4j.feature.RunMonitor;
import io.github.dhf4j.image.RgbImage;
import io.github.dhf4j.image.Size;
import io.github.dhf4j.io.Environment;
import io.github.dhf4j.matching.CorrespondenceMatcher;
import io.github.dhf4j.tensor.OpenGuard;
import java.io.IOException;
import java.util.Iterator;
import java.util.List;

/**
 * An extractor, an aggregator and a matcher that fit one another: images in, descriptor maps out. Heavy to open, holds
 * the networks' weights in native memory until closed; safe for several threads.
 *
 * {@snippet file="SnippetsTest.java" region="pipeline"}
 */
public final class DescriptorPipeline extends DescribeAnyImage implements AutoCloseable {
    /** The layer of the paper's row SD-Layer-4, what raw features are taken of by default. */
    public static final int DEFAULT_RAW_LAYER = 4;

    /** The save index of raw features by default: where the paper's mixing weights are highest. */
    public static final int DEFAULT_RAW_SAVE_INDEX = 10;

    /** What is to be said beside results of the bundled pipeline. */
    public static final String BUNDLED_NOTE =
            "by the small bundled pipeline, which is for trying and testing only, not for photographs";

    private final FeatureExtractor extractor;
    private final FeatureAggregator aggregator;
    private final CorrespondenceMatcher matcher;
    private final RunMonitor monitor;
    private final OpenGuard guard;
    private final DescriptorOrigin origin;
    private final boolean bundled;

    /**
     * Joins parts.
     *
     * @param extractor emits feature maps; owned and closed by the pipeline from now on
     * @param aggregator sums them; owned and closed by the pipeline from now on
     * @param matcher finds correspondences
     * @param monitor hears of every description's progress
     * @throws IllegalArgumentException if the aggregator's weights do not fit the extractor's maps or walk
     */
    public DescriptorPipeline(
            FeatureExtractor extractor,
            FeatureAggregator aggregator,
            CorrespondenceMatcher matcher,
            RunMonitor monitor) {
        this(extractor, aggregator, matcher, monitor, false);
    }

    DescriptorPipeline(
            FeatureExtractor extractor,
            FeatureAggregator aggregator,
            CorrespondenceMatcher matcher,
            RunMonitor monitor,
            boolean bundled) {
        aggregator.requireFits(extractor.layout(), extractor.name());
        requireOneWalk(extractor, aggregator);
        this.extractor = extractor;
        this.aggregator = aggregator;
        this.matcher = matcher;
        this.monitor = monitor;
        this.guard = new OpenGuard("pipeline of " + name());
        this.origin = DescriptorOrigin.of(extractor, aggregator);
        this.bundled = bundled;
    }

    private static void requireOneWalk(FeatureExtractor extractor, FeatureAggregator aggregator) {
        List<ExtractionSettings> of = extractor.settings().networks();
        List<ExtractionSettings> madeFor = aggregator.settings().networks();
        for (int n = 0; n < of.size(); n++) {
            requireOneWalk(of.get(n), madeFor.get(n), extractor, aggregator);
        }
    }

    private static void requireOneWalk(
            ExtractionSettings of,
            ExtractionSettings madeFor,
            FeatureExtractor extractor,
            FeatureAggregator aggregator) {
        if (of.process() instanceof Inversion run
                && madeFor.process() instanceof Inversion wanted
                && !run.calls().equals(wanted.calls())) {
            throw new IllegalArgumentException("weights must fit the extractor's walk, got weights for " + walk(wanted)
                    + " and an extractor of " + walk(run) + " (" + aggregator.name() + "; " + extractor.name()
                    + "); open the extractor with the aggregator's settings");
        }
    }

    private static String walk(Inversion process) {
        return (process.calls().isEmpty() ? "all" : "" + process.calls().size()) + " calls";
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
     * Begins to say which networks see each image together: their maps are summed by one set of weights that was trained
     * over all of them.
     *
     * {@snippet file="SnippetsTest.java" region="join"}
     *
     * @param first the first network of the weights, and what is chosen beside networks: where to run, how many calls, who
     *     hears of progress
     * @param others the others in the weights' order; of each only the network counts
     * @return the first, which takes the weights
     */
    public static DescriptorPipelineBuilder join(DescriptorPipelineBuilder first, DescriptorPipelineBuilder... others) {
        for (DescriptorPipelineBuilder other : others) {
            first.join(other);
        }
        return first;
    }

    /**
     * A published model, ready to match photographs with; fetched where the hub's cache has it not. What it is, its size and
     * its licence are logged before.
     *
     * @param preset one of {@link Preset#all} by its name, such as {@code paper} or {@code dinov2-small}
     * @return the pipeline; the caller closes it
     * @throws io.github.dhf4j.io.hub.HubException saying why it cannot be had
     * @throws IOException if a file is damaged or not supported, or the cache cannot be written
     * @throws IllegalArgumentException naming the presets, if there is none of that name
     */
    public static DescriptorPipeline pretrained(String preset) throws IOException {
        return builder().preset(Preset.of(preset)).build();
    }

    @Override
    public List<DescriptorMap> describe(List<RgbImage> images) {
        try (OpenGuard.Use use = use()) {
            return describeInside(images);
        }
    }

    @Override
    public <S> Descriptions<S> describeAll(Iterator<? extends S> sources, SourceReader<? super S> reader, int batch) {
        return new Descriptions<>(sources, reader, batch, () -> new OpenPipeline(this, use()), monitor);
    }

    /** For who keeps the pipeline open by {@link #use} already. */
    List<DescriptorMap> describeInside(List<RgbImage> images) {
        return describeInside(images, images.stream().map(RgbImage::size).toList());
    }

    /** The same of images that may be resized, whose own sizes are given. */
    List<DescriptorMap> describeInside(List<RgbImage> images, List<Size> sizes) {
        try (DescriptorAccumulator sum = aggregator.accumulator()) {
            extractor.extract(images, sum, monitor);
            return maps(sum.descriptors(), sizes);
        }
    }

    /**
     * Descriptors of this pipeline's networks as maps that remember it, for who runs the networks in another way.
     *
     * @param descriptors (B, D, h, w) float32, borrowed
     * @param sizes of the B images, in their own pixels
     * @return a map for each, in heap memory, as {@link #describe(List)} gives it
     */
    public List<DescriptorMap> maps(NDArray descriptors, List<Size> sizes) {
        return DescriptorMap.of(descriptors, sizes, extractor.loadSize()).stream()
                .map(map -> extractor.placed(map).withOrigin(origin).withConfidence(aggregator.confidence()))
                .toList();
    }

    /**
     * What descriptors of this pipeline remember, for those that are made of its parts elsewhere.
     *
     * @return network and weights, in heap memory only
     */
    public DescriptorOrigin origin() {
        return origin;
    }

    /** Keeps the pipeline open; closing it lets {@link #close} go on. */
    OpenGuard.Use use() {
        return guard.begin();
    }

    /** Who hears of every description's progress. */
    RunMonitor monitor() {
        return monitor;
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

    /**
     * Whether this is the small pipeline that comes with the library, which is for trying and testing and knows nothing
     * of photographs.
     *
     * @return true if the builder was given no checkpoint, by no way
     */
    public boolean isBundled() {
        return bundled;
    }

    /**
     * Frees both networks, once every description that runs is finished and its maps are made. What begins later is
     * refused. Called from inside a description, such as by its monitor, it returns at once and the description frees
     * them at its end. Closing again does nothing.
     */
    @Override
    public void close() {
        guard.close(() -> {
            try {
                extractor.close();
            } finally {
                aggregator.close();
            }
        });
    }
}
