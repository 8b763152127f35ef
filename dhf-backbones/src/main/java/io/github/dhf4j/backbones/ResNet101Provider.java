package io.github.dhf4j.backbones;

import io.github.dhf4j.feature.ExtractionSettings;
import io.github.dhf4j.feature.FeatureExtractor;
import io.github.dhf4j.spi.Checkpoint;
import io.github.dhf4j.spi.CheckpointPath;
import io.github.dhf4j.spi.CheckpointSummary;
import io.github.dhf4j.spi.FeatureExtractorProvider;
import io.github.dhf4j.tensor.TorchRuntime;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** ResNet-101 behind the front door, by itself with the hyperpixels of Hyperpixel Flow at 240 x 240. */
public final class ResNet101Provider implements FeatureExtractorProvider {
    /** For the service loader. */
    public ResNet101Provider() {}

    private record Recognised(String backbone, Path path) implements Checkpoint {
        @Override
        public boolean accepts(ExtractionSettings settings) {
            return ResNet101Extractor.accepts(settings);
        }

        @Override
        public ExtractionSettings rawSettings() {
            return Hyperpixels.paper();
        }

        @Override
        public FeatureExtractor open(ExtractionSettings settings, TorchRuntime runtime) throws IOException {
            return ResNet101Extractor.open(path, settings, runtime);
        }

        @Override
        public CheckpointSummary inspect() throws IOException {
            return ResNet101Extractor.inspect(path);
        }
    }

    @Override
    public String backbone() {
        return "resnet101";
    }

    @Override
    public String checkpoints() {
        return "torchvision's ResNet-101";
    }

    @Override
    public Optional<Checkpoint> recognise(CheckpointPath path) {
        return ResNet101.isIn(path) ? Optional.of(new Recognised(backbone(), path.path())) : Optional.empty();
    }

    @Override
    public Optional<IOException> refusal(CheckpointPath path) {
        return Refusal.of(() -> ResNet101.file(path.path()));
    }
}
