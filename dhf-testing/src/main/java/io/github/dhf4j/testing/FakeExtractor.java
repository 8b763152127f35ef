package io.github.dhf4j.testing;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
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
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Features that are simple functions of an image's pixels: of an inversion two layers and two save indices, or of a network
 * without timesteps three layers. Counts its runs.
 */
public final class FakeExtractor implements FeatureExtractor {
    public static final int SIDE = 16;
    public final AtomicInteger runs = new AtomicInteger();
    private final String fingerprint;
    private final ExtractionSettings settings;
    private final FeatureLayout layout;

    public FakeExtractor(String fingerprint) {
        this(
                fingerprint,
                ExtractionSettings.inversion().withTimesteps(2, List.of(1, 0)).withLoadSize(SIDE),
                new FeatureLayout(Map.of(1, 12, 2, 128), List.of(1, 0)));
    }

    private FakeExtractor(String fingerprint, ExtractionSettings settings, FeatureLayout layout) {
        this.fingerprint = fingerprint;
        this.settings = settings;
        this.layout = layout;
    }

    /** One without timesteps. */
    public static FakeExtractor forward(String fingerprint) {
        return new FakeExtractor(
                fingerprint,
                ExtractionSettings.forward().withLoadSize(SIDE),
                new FeatureLayout(Map.of(1, 8, 3, 20, 4, 128), List.of(0)));
    }

    @Override
    public String name() {
        return "fake";
    }

    @Override
    public String fingerprint() {
        return fingerprint;
    }

    @Override
    public Path checkpoint() {
        return Path.of("fake");
    }

    @Override
    public ExtractionSettings settings() {
        return settings;
    }

    @Override
    public FeatureExtractor withSettings(ExtractionSettings other) {
        throw new IllegalArgumentException("a fake has one form only");
    }

    @Override
    public Size mapSize() {
        return loadSize();
    }

    @Override
    public FeatureLayout layout() {
        return layout;
    }

    @Override
    public Size loadSize() {
        return Size.square(SIDE);
    }

    @Override
    public RgbImage resized(RgbImage image) {
        return PillowResize.resize(image, loadSize());
    }

    @Override
    public void extract(List<RgbImage> images, FeatureConsumer consumer, RunMonitor monitor) {
        runs.incrementAndGet();
        byte[] rgb = PillowResize.resize(images.get(0), loadSize()).samples();
        try (NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch")) {
            for (int saveIndex : layout().saveIndices()) {
                for (Map.Entry<Integer, Integer> layer : layout().channels().entrySet()) {
                    int side = layer.getKey() == 1 ? SIDE / 2 : SIDE;
                    float[] values = new float[layer.getValue() * side * side];
                    for (int i = 0; i < values.length; i++) {
                        int pixel = i % (side * side) * (SIDE / side);
                        int channel = i / (side * side);
                        int sample = rgb[(3 * pixel + channel) % rgb.length] & 0xff;
                        values[i] =
                                (float) StrictMath.sin(sample * (0.01 + 0.003 * channel) + saveIndex + layer.getKey());
                    }
                    NDArray map = manager.create(values, new Shape(1, layer.getValue(), side, side));
                    consumer.accept(new FeatureKey(saveIndex, layer.getKey()), map);
                }
            }
        }
    }

    @Override
    public void close() {
        // holds nothing
    }
}
