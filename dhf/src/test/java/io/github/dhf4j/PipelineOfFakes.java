package io.github.dhf4j;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.dhf4j.feature.DescriptorAccumulator;
import io.github.dhf4j.feature.DescriptorMap;
import io.github.dhf4j.feature.ExtractionSettings;
import io.github.dhf4j.feature.FeatureAggregator;
import io.github.dhf4j.feature.FeatureConsumer;
import io.github.dhf4j.feature.FeatureExtractor;
import io.github.dhf4j.feature.FeatureKey;
import io.github.dhf4j.feature.FeatureLayout;
import io.github.dhf4j.feature.RunMonitor;
import io.github.dhf4j.image.RgbImage;
import io.github.dhf4j.image.Size;
import io.github.dhf4j.matching.Correspondence;
import io.github.dhf4j.matching.CorrespondenceMatcher;
import io.github.dhf4j.matching.MatchOptions;
import io.github.dhf4j.matching.Point;
import io.github.dhf4j.matching.SimilarityMap;
import io.github.dhf4j.testing.FakeExtractor;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** A pipeline without networks, whose parts say when they are used after they were closed. */
final class PipelineOfFakes {
    /** How often the network ran. */
    final AtomicInteger runs = new AtomicInteger();

    private final String checkpoint;
    private final String weights;
    private volatile boolean closed;
    /** Called in the middle of each run. */
    volatile Runnable during = () -> {};

    PipelineOfFakes(String checkpoint, String weights) {
        this.checkpoint = checkpoint;
        this.weights = weights;
    }

    DescriptorPipeline open() {
        return open(RunMonitor.NONE);
    }

    DescriptorPipeline open(RunMonitor monitor) {
        return new DescriptorPipeline(new Extractor(), new Aggregator(), new Matcher(), monitor);
    }

    private void requireOpen() {
        if (closed) {
            throw new AssertionError("used after it was closed");
        }
    }

    private final class Extractor implements FeatureExtractor {
        private final FakeExtractor form = new FakeExtractor(checkpoint);

        @Override
        public String name() {
            return "checkpoint " + checkpoint;
        }

        @Override
        public String fingerprint() {
            return "digest of " + checkpoint;
        }

        @Override
        public Path checkpoint() {
            return Path.of("folder", checkpoint);
        }

        @Override
        public ExtractionSettings settings() {
            return form.settings();
        }

        @Override
        public FeatureExtractor withSettings(ExtractionSettings other) {
            return form.withSettings(other);
        }

        @Override
        public Size mapSize() {
            return form.mapSize();
        }

        @Override
        public FeatureLayout layout() {
            return form.layout();
        }

        @Override
        public Size loadSize() {
            return form.loadSize();
        }

        @Override
        public void extract(List<RgbImage> images, FeatureConsumer consumer, RunMonitor monitor) {
            requireOpen();
            runs.incrementAndGet();
            during.run();
            requireOpen();
            try (NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch")) {
                float[] values = new float[images.size() * 16];
                for (int i = 0; i < values.length; i++) {
                    values[i] = (images.get(i / 16).samples()[i % 3] & 0xff) + 1 + i % 4;
                }
                consumer.accept(new FeatureKey(0, 1), manager.create(values, new Shape(images.size(), 4, 2, 2)));
            }
        }

        @Override
        public void close() {
            closed = true;
        }
    }

    private final class Aggregator implements FeatureAggregator {
        @Override
        public String name() {
            return "weights " + weights;
        }

        @Override
        public ExtractionSettings settings() {
            return ExtractionSettings.oneStep();
        }

        @Override
        public void requireFits(FeatureLayout layout, String source) {}

        @Override
        public DescriptorAccumulator accumulator() {
            requireOpen();
            return new DescriptorAccumulator() {
                private final NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");
                private NDArray sum = manager.create(0f);

                @Override
                public void accept(FeatureKey key, NDArray map) {
                    sum = map.duplicate();
                    sum.attach(manager);
                }

                @Override
                public NDArray descriptors() {
                    requireOpen();
                    return sum;
                }

                @Override
                public void close() {
                    manager.close();
                }
            };
        }

        @Override
        public void close() {
            closed = true;
        }
    }

    /** Every point stays where it is; the similarity tells what it is matched with. */
    private static final class Matcher implements CorrespondenceMatcher {
        @Override
        public List<Correspondence> match(
                DescriptorMap source, DescriptorMap target, List<Point> points, MatchOptions options) {
            return points.stream()
                    .map(point -> new Correspondence(point, point, target.values()[0]))
                    .toList();
        }

        @Override
        public List<Correspondence> matchAll(DescriptorMap source, DescriptorMap target, MatchOptions options) {
            return match(source, target, List.of(new Point(0, 0)), options);
        }

        @Override
        public List<List<Correspondence>> topMatches(
                DescriptorMap source, DescriptorMap target, List<Point> points, int k) {
            return List.of();
        }

        @Override
        public SimilarityMap similarity(DescriptorMap source, Point point, DescriptorMap target) {
            return new SimilarityMap(point, target.matchSize(), target.imageSize(), new float[0]);
        }
    }
}
