package io.github.dhf4j.eval.baseline;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.github.dhf4j.feature.FeatureConsumer;
import io.github.dhf4j.feature.FeatureExtractor;
import io.github.dhf4j.feature.RunMonitor;
import io.github.dhf4j.image.PillowResize;
import io.github.dhf4j.image.RgbImage;
import io.github.dhf4j.image.Size;
import io.github.dhf4j.io.Digests;
import io.github.dhf4j.tensor.OpenGuard;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** What extractors share whose network sees ImageNet's pixels and runs once: one step, one saved index. */
abstract sealed class ImageNetExtractor implements FeatureExtractor
        permits VisionTransformerExtractor, ResNet101Extractor {
    private final String name;
    private final Path weights;
    private final NDManager manager;
    private final Size loadSize;
    private final PillowResize.Kernel kernel;
    private final OpenGuard guard;

    /** {@code weights} is the file that the fingerprint is of; the manager is closed with this. */
    ImageNetExtractor(String name, Path weights, NDManager manager, Size loadSize, PillowResize.Kernel kernel) {
        this.name = name;
        this.weights = weights;
        this.manager = manager;
        this.loadSize = loadSize;
        this.kernel = kernel;
        this.guard = new OpenGuard(name);
    }

    /** Runs normalised pixels (B, 3, H, W) and pushes the maps on. */
    abstract void forward(NDArray pixels, FeatureConsumer consumer);

    /** What the maps are a function of, beside the weights. */
    abstract String form();

    abstract void closeNetwork();

    @Override
    public final String name() {
        return name;
    }

    @Override
    public final String fingerprint() throws IOException {
        return Digests.of(Digests.ofFile(weights) + " " + form());
    }

    @Override
    public final Size loadSize() {
        return loadSize;
    }

    @Override
    public final void extract(List<RgbImage> images, FeatureConsumer consumer, RunMonitor monitor) {
        if (images.isEmpty()) {
            throw new IllegalArgumentException("images must be one or more, got none");
        }
        monitor.checkCancelled();
        try (OpenGuard.Use use = guard.enter();
                NDManager run = manager.newSubManager()) {
            monitor.start("extracting", 1);
            forward(ImageNetPixels.of(images, loadSize, kernel, run), consumer);
            monitor.step(1);
            monitor.end();
        }
    }

    @Override
    public final void close() {
        guard.close(() -> {
            closeNetwork();
            manager.close();
        });
    }
}
