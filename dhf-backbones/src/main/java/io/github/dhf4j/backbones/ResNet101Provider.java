package io.github.dhf4j.backbones;

import ai.djl.Device;
import io.github.dhf4j.feature.ExtractionSettings;
import io.github.dhf4j.feature.FeatureExtractor;
import io.github.dhf4j.spi.CheckpointSummary;
import io.github.dhf4j.spi.FeatureExtractorProvider;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** ResNet-101 behind the front door. */
public final class ResNet101Provider implements FeatureExtractorProvider {
    /** For the service loader. */
    public ResNet101Provider() {}

    @Override
    public String backbone() {
        return "resnet101";
    }

    @Override
    public boolean recognises(Path checkpoint) {
        return ResNet101.isIn(checkpoint);
    }

    /** The hyperpixels of Hyperpixel Flow at 240 x 240. */
    @Override
    public ExtractionSettings rawSettings() {
        return ExtractionSettings.forward().withLayers(ResNet101Extractor.HYPERPIXELS);
    }

    @Override
    public @Nullable Path bundledCheckpoint() {
        return null;
    }

    @Override
    public FeatureExtractor open(Path checkpoint, ExtractionSettings settings, Device device) throws IOException {
        return ResNet101Extractor.open(checkpoint, settings, device);
    }

    @Override
    public CheckpointSummary inspect(Path checkpoint) throws IOException {
        return ResNet101Extractor.inspect(checkpoint);
    }
}
