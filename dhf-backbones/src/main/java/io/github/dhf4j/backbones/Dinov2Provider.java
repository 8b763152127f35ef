package io.github.dhf4j.backbones;

import ai.djl.Device;
import io.github.dhf4j.backbones.VisionTransformerConfig.Family;
import io.github.dhf4j.feature.ExtractionSettings;
import io.github.dhf4j.feature.FeatureExtractor;
import io.github.dhf4j.spi.CheckpointSummary;
import io.github.dhf4j.spi.FeatureExtractorProvider;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** DINOv2 behind the front door. */
public final class Dinov2Provider implements FeatureExtractorProvider {
    /** For the service loader. */
    public Dinov2Provider() {}

    @Override
    public String backbone() {
        return "dinov2";
    }

    @Override
    public boolean recognises(Path checkpoint) {
        return VisionTransformerCheckpoint.isOf(checkpoint, backbone());
    }

    /** The paper's row DINOv2. */
    @Override
    public ExtractionSettings rawSettings() {
        return Dinov2.paper();
    }

    @Override
    public @Nullable Path bundledCheckpoint() {
        return null;
    }

    @Override
    public FeatureExtractor open(Path checkpoint, ExtractionSettings settings, Device device) throws IOException {
        return VisionTransformerExtractor.open(
                VisionTransformerCheckpoint.require(checkpoint, Family.DINOV2), settings, device);
    }

    @Override
    public CheckpointSummary inspect(Path checkpoint) throws IOException {
        return VisionTransformer.inspect(VisionTransformerCheckpoint.require(checkpoint, Family.DINOV2));
    }
}
