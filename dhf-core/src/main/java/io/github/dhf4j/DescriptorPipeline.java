package io.github.dhf4j;

import ai.djl.Device;
import ai.djl.engine.Engine;
import io.github.dhf4j.feature.DescriptorAccumulator;
import io.github.dhf4j.feature.DescriptorMap;
import io.github.dhf4j.feature.ExtractionSettings;
import io.github.dhf4j.feature.FeatureAggregator;
import io.github.dhf4j.feature.FeatureExtractor;
import io.github.dhf4j.feature.RunMonitor;
import io.github.dhf4j.image.RgbImage;
import io.github.dhf4j.match.CorrespondenceMatcher;
import io.github.dhf4j.spi.FeatureAggregatorProvider;
import io.github.dhf4j.spi.FeatureExtractorProvider;
import io.github.dhf4j.spi.Providers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An extractor, an aggregator and a matcher that fit one another: images in, descriptor maps out. Heavy to open, holds
 * the networks' weights in native memory until closed; safe for several threads.
 */
public final class DescriptorPipeline implements AutoCloseable {
    /** The layer of the paper's row SD-Layer-4, what raw features are taken of by default. */
    public static final int DEFAULT_RAW_LAYER = 4;

    /** The saved index of raw features by default: where the paper's mixing weights are highest. */
    public static final int DEFAULT_RAW_STEP = 10;

    /** Names of aggregation weights that are found inside a checkpoint's folder. */
    private static final List<String> WEIGHTS_BESIDE =
            List.of("aggregator.safetensors", "aggregation_network.safetensors", "aggregation_network.pt");

    private static final Logger LOG = LoggerFactory.getLogger(DescriptorPipeline.class);

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
    public static Builder builder() {
        return new Builder();
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
                    sum.descriptors(), images.stream().map(RgbImage::size).toList(), extractor.loadSize());
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

    /** Says which parts a pipeline is made of. */
    public static final class Builder {
        private @Nullable Path model;
        private @Nullable Path weights;
        private int rawLayer;
        private int rawStep = DEFAULT_RAW_STEP;
        private @Nullable Device device;
        private RunMonitor monitor = RunMonitor.NONE;

        private Builder() {}

        /**
         * Chooses a checkpoint.
         *
         * @param folder a Stable Diffusion 1.x or 2.x checkpoint in the diffusers layout
         * @return this
         */
        public Builder model(Path folder) {
            this.model = folder;
            return this;
        }

        /**
         * Chooses aggregation weights; without a call, those inside the checkpoint's folder are taken.
         *
         * @param file the authors' {@code .pt} or this library's safetensors
         * @return this
         */
        public Builder weights(Path file) {
            this.weights = file;
            return this;
        }

        /**
         * Matches with one raw feature map; needs no weights.
         *
         * @param layer decoder layer, 1..L
         * @param saveIndex saved index of fifty timesteps, 49 the cleanest
         * @return this
         */
        public Builder raw(int layer, int saveIndex) {
            if (layer < 1) {
                throw new IllegalArgumentException("raw layer must be 1 or more, got " + layer);
            }
            this.rawLayer = layer;
            this.rawStep = saveIndex;
            return this;
        }

        /**
         * Chooses where to run.
         *
         * @param where a DJL device; without a call, DJL's default: the first GPU if there is one
         * @return this
         */
        public Builder device(Device where) {
            this.device = where;
            return this;
        }

        /**
         * Chooses who hears of progress.
         *
         * @param watcher is told of each network call and may cancel
         * @return this
         */
        public Builder monitor(RunMonitor watcher) {
            this.monitor = watcher;
            return this;
        }

        /**
         * Opens everything.
         *
         * @return the pipeline; the caller closes it
         * @throws IOException if a file is missing, damaged or not supported
         * @throws IllegalArgumentException if weights and checkpoint do not fit, or there are no weights
         */
        public DescriptorPipeline build() throws IOException {
            FeatureExtractorProvider extractors = Providers.find(FeatureExtractorProvider.class, "dhf-diffusion");
            FeatureAggregatorProvider aggregators = Providers.find(FeatureAggregatorProvider.class, "dhf-aggregation");
            CorrespondenceMatcher matcher = Providers.find(CorrespondenceMatcher.class, "dhf-eval");
            Device where = device != null ? device : Engine.getEngine("PyTorch").defaultDevice();
            Path named = model != null ? model : Environment.model();
            Path checkpoint = named != null ? named : extractors.bundledCheckpoint();
            FeatureAggregator aggregator = openAggregator(aggregators, checkpoint, where);
            try {
                FeatureExtractor extractor = extractors.open(checkpoint, aggregator.settings(), where);
                try {
                    DescriptorPipeline pipeline = new DescriptorPipeline(extractor, aggregator, matcher, monitor);
                    LOG.info(
                            "{}{}",
                            named == null ? "bundled pipeline, for trying and testing only: " : "",
                            pipeline.name());
                    return pipeline;
                } catch (RuntimeException e) {
                    extractor.close();
                    throw e;
                }
            } catch (IOException | RuntimeException e) {
                aggregator.close();
                throw e;
            }
        }

        /**
         * Opens only what makes descriptors of features, for features that come from elsewhere.
         *
         * @return the aggregator; the caller closes it
         * @throws IOException if a file is missing, damaged or not supported
         * @throws IllegalArgumentException if there are no weights
         */
        public FeatureAggregator openAggregator() throws IOException {
            Path named = model != null ? model : Environment.model();
            return openAggregator(
                    Providers.find(FeatureAggregatorProvider.class, "dhf-aggregation"),
                    named != null
                            ? named
                            : Providers.find(FeatureExtractorProvider.class, "dhf-diffusion")
                                    .bundledCheckpoint(),
                    device != null ? device : Engine.getEngine("PyTorch").defaultDevice());
        }

        private FeatureAggregator openAggregator(FeatureAggregatorProvider aggregators, Path checkpoint, Device where)
                throws IOException {
            if (rawLayer > 0) {
                return aggregators.raw(ExtractionSettings.inversion()
                        .withTimesteps(50, List.of(rawStep))
                        .withLayers(List.of(rawLayer)));
            }
            Path file = weights != null || model != null ? weights : Environment.weights();
            if (file != null) {
                return aggregators.open(file, where);
            }
            for (String name : WEIGHTS_BESIDE) {
                if (Files.isRegularFile(checkpoint.resolve(name))) {
                    return aggregators.open(checkpoint.resolve(name), where);
                }
            }
            if (!Files.isDirectory(checkpoint)) {
                throw new IOException("checkpoint must be a folder in the diffusers layout, got " + checkpoint + " ("
                        + (Files.exists(checkpoint) ? "a file" : "no such folder") + "); check the path");
            }
            throw new IllegalArgumentException(
                    "hyperfeatures need aggregation weights made for the checkpoint, got none (" + checkpoint
                            + " holds none of " + WEIGHTS_BESIDE
                            + "); give weights (weights(...), --weights FILE), or match with a raw layer, which needs none (raw("
                            + DEFAULT_RAW_LAYER + ", " + DEFAULT_RAW_STEP + "), --raw-layer " + DEFAULT_RAW_LAYER
                            + ")");
        }
    }
}
