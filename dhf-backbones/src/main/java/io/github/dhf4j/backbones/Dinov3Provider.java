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

/** DINOv3 behind the front door. */
public final class Dinov3Provider implements FeatureExtractorProvider {
    private static final int BLOCKS = 12;

    /** For the service loader. */
    public Dinov3Provider() {}

    @Override
    public String backbone() {
        return "dinov3";
    }

    @Override
    public boolean recognises(Path checkpoint) {
        return VisionTransformerCheckpoint.isOf(checkpoint, backbone());
    }

    /** Of a network of twelve blocks: small, small plus or base. */
    @Override
    public ExtractionSettings rawSettings() {
        return Dinov3.last(BLOCKS);
    }

    @Override
    public ExtractionSettings rawSettings(Path checkpoint) {
        try (VisionTransformerCheckpoint opened = VisionTransformerCheckpoint.open(checkpoint)) {
            return Dinov3.last(opened.config().layers());
        } catch (IOException e) {
            // opening it tells the reason
            return rawSettings();
        }
    }

    @Override
    public @Nullable Path bundledCheckpoint() {
        return null;
    }

    @Override
    public FeatureExtractor open(Path checkpoint, ExtractionSettings settings, Device device) throws IOException {
        return VisionTransformerExtractor.open(
                VisionTransformerCheckpoint.require(checkpoint, Family.DINOV3), settings, device);
    }

    @Override
    public CheckpointSummary inspect(Path checkpoint) throws IOException {
        return VisionTransformer.inspect(VisionTransformerCheckpoint.require(checkpoint, Family.DINOV3));
    }
}
