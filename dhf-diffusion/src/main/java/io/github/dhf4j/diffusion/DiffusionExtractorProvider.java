package io.github.dhf4j.diffusion;

import io.github.dhf4j.feature.ExtractionSettings;
import io.github.dhf4j.feature.FeatureExtractor;
import io.github.dhf4j.feature.Generation;
import io.github.dhf4j.feature.ImageProcess;
import io.github.dhf4j.feature.TokenTaps;
import io.github.dhf4j.io.hub.PublishedFiles;
import io.github.dhf4j.spi.Checkpoint;
import io.github.dhf4j.spi.CheckpointPath;
import io.github.dhf4j.spi.FeatureExtractorProvider;
import io.github.dhf4j.spi.WantedParts;
import io.github.dhf4j.tensor.TorchRuntime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Stable Diffusion behind the front door. */
public final class DiffusionExtractorProvider implements FeatureExtractorProvider {
    /** For the service loader. */
    public DiffusionExtractorProvider() {}

    private record Recognised(
            String backbone, Path path, @Nullable Path otherUNet) implements Checkpoint {
        @Override
        public boolean accepts(ExtractionSettings settings) {
            return (settings.process() instanceof ImageProcess || settings.process() instanceof Generation)
                    && !(settings.taps() instanceof TokenTaps);
        }

        /** None: which layer and timestep is a choice that a user should know of. */
        @Override
        public @Nullable ExtractionSettings rawSettings() {
            return null;
        }

        @Override
        public FeatureExtractor open(ExtractionSettings settings, TorchRuntime runtime) throws IOException {
            return DiffusionFeatureExtractor.open(path, otherUNet, settings, runtime);
        }

        @Override
        public Checkpoint withUNet(Path file) {
            return new Recognised(backbone, path, file);
        }
    }

    @Override
    public String backbone() {
        return "diffusion";
    }

    @Override
    public String checkpoints() {
        return "Stable Diffusion 1.x, 2.x or XL in the diffusers layout";
    }

    @Override
    public Optional<Checkpoint> recognise(CheckpointPath path) {
        boolean found = Files.isRegularFile(path.path().resolve(DiffusersFolder.INDEX))
                ? path.config(DiffusersFolder.INDEX)
                        .map(DiffusersFolder::namesUNet)
                        .orElse(false)
                : Files.isDirectory(path.path().resolve("unet"));
        return found ? Optional.of(new Recognised(backbone(), path.path(), null)) : Optional.empty();
    }

    @Override
    public List<String> select(PublishedFiles files, WantedParts wanted) throws IOException {
        return PublishedPipeline.select(files, wanted);
    }

    @Override
    public Path bundledCheckpoint() throws IOException {
        return BundledCheckpoint.unpack();
    }
}
