package io.github.dhf4j.examples;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.dhf4j.feature.ExtractionSettings;
import io.github.dhf4j.feature.FeatureConsumer;
import io.github.dhf4j.feature.FeatureExtractor;
import io.github.dhf4j.feature.FeatureKey;
import io.github.dhf4j.feature.FeatureLayout;
import io.github.dhf4j.feature.RunMonitor;
import io.github.dhf4j.image.PillowResize;
import io.github.dhf4j.image.RgbImage;
import io.github.dhf4j.image.Size;
import io.github.dhf4j.tensor.TorchRuntime;
import java.nio.file.Path;
import java.util.List;

/** The network of {@link BackboneOfYourOwn}: one layer of three channels, the colours of the image made small. */
record ColourExtractor(
        String name,
        String fingerprint,
        Path checkpoint,
        ExtractionSettings settings,
        FeatureLayout layout,
        Size loadSize,
        Size mapSize,
        TorchRuntime runtime)
        implements FeatureExtractor {
    @Override
    public FeatureExtractor withSettings(ExtractionSettings other) {
        int side = other.loadSize() == 0 ? loadSize.height() : other.loadSize();
        if (!other.withLayers(List.of(1)).withLoadSize(side).equals(settings)
                || !List.of(1).containsAll(other.layers())) {
            throw new IllegalArgumentException("colours must be asked for as " + settings + ", got " + other);
        }
        return this;
    }

    @Override
    public void extract(List<RgbImage> images, FeatureConsumer consumer, RunMonitor monitor) {
        int side = loadSize.height();
        float[] values = new float[images.size() * 3 * side * side];
        for (int image = 0; image < images.size(); image++) {
            byte[] rgb = PillowResize.resize(images.get(image), loadSize).samples();
            for (int i = 0; i < rgb.length; i++) {
                values[(3 * image + i % 3) * side * side + i / 3] = (rgb[i] & 0xff) / 127.5f - 1;
            }
        }
        try (NDManager manager = runtime.newManager()) {
            Shape shape = new Shape(images.size(), 3, side, side);
            consumer.accept(new FeatureKey(0, 1), manager.create(values, shape));
        }
    }

    @Override
    public void close() {
        // holds no weights
    }
}
