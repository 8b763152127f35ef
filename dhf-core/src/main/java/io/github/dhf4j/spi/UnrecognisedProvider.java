package io.github.dhf4j.spi;

import ai.djl.Device;
import io.github.dhf4j.feature.ExtractionSettings;
import io.github.dhf4j.feature.FeatureExtractor;
import io.github.dhf4j.io.PathKind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Stands in where no provider recognises a checkpoint: opens nothing and says what the path is instead. */
final class UnrecognisedProvider implements FeatureExtractorProvider {
    private final FeatureExtractorProvider fallback;
    private final String backbones;
    private final List<String> unnamed;

    UnrecognisedProvider(FeatureExtractorProvider fallback, String backbones, List<String> unnamed) {
        this.fallback = fallback;
        this.backbones = backbones;
        this.unnamed = unnamed;
    }

    @Override
    public String backbone() {
        return fallback.backbone();
    }

    @Override
    public boolean recognises(Path checkpoint) {
        return false;
    }

    @Override
    public @Nullable ExtractionSettings rawSettings() {
        return fallback.rawSettings();
    }

    @Override
    public @Nullable Path bundledCheckpoint() throws IOException {
        return fallback.bundledCheckpoint();
    }

    @Override
    public FeatureExtractor open(Path checkpoint, ExtractionSettings settings, Device device) throws IOException {
        throw refusal(checkpoint);
    }

    IOException refusal(Path checkpoint) {
        if (!unnamed.isEmpty()) {
            throw new IllegalStateException(Providers.overwritten(FeatureExtractorProvider.class, unnamed));
        }
        return PathKind.of(checkpoint).refused("checkpoint must be of one of " + backbones, checkpoint);
    }
}
