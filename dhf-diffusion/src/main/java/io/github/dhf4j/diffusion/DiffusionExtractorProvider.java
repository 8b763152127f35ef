package io.github.dhf4j.diffusion;

import ai.djl.Device;
import io.github.dhf4j.feature.ExtractionSettings;
import io.github.dhf4j.feature.FeatureExtractor;
import io.github.dhf4j.spi.FeatureExtractorProvider;
import java.io.IOException;
import java.nio.file.Path;

/** Stable Diffusion behind the front door. */
public final class DiffusionExtractorProvider implements FeatureExtractorProvider {
    /** For the service loader. */
    public DiffusionExtractorProvider() {}

    @Override
    public Path bundledCheckpoint() throws IOException {
        return BundledCheckpoint.unpack();
    }

    @Override
    public FeatureExtractor open(Path checkpoint, ExtractionSettings settings, Device device) throws IOException {
        return DiffusionFeatureExtractor.open(checkpoint, settings, device);
    }
}
