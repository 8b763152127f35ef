package io.github.dhf4j.diffusion;

import ai.djl.Device;
import io.github.dhf4j.feature.ExtractionSettings;
import io.github.dhf4j.feature.FeatureExtractor;
import io.github.dhf4j.spi.FeatureExtractorProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Stable Diffusion behind the front door. */
public final class DiffusionExtractorProvider implements FeatureExtractorProvider {
    /** For the service loader. */
    public DiffusionExtractorProvider() {}

    @Override
    public String backbone() {
        return "diffusion";
    }

    @Override
    public boolean recognises(Path checkpoint) {
        return Files.isRegularFile(checkpoint.resolve("model_index.json"))
                ? DiffusersFolder.namesUNet(checkpoint)
                : Files.isDirectory(checkpoint.resolve("unet"));
    }

    /** None: which layer and timestep is a choice that a user should know of. */
    @Override
    public @Nullable ExtractionSettings rawSettings() {
        return null;
    }

    @Override
    public Path bundledCheckpoint() throws IOException {
        return BundledCheckpoint.unpack();
    }

    @Override
    public FeatureExtractor open(Path checkpoint, ExtractionSettings settings, Device device) throws IOException {
        return DiffusionFeatureExtractor.open(checkpoint, settings, device);
    }
}
