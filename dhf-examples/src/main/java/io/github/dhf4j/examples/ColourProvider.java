package io.github.dhf4j.examples;

import io.github.dhf4j.feature.ExtractionSettings;
import io.github.dhf4j.feature.FeatureExtractor;
import io.github.dhf4j.feature.FeatureLayout;
import io.github.dhf4j.feature.Forward;
import io.github.dhf4j.image.Size;
import io.github.dhf4j.spi.Checkpoint;
import io.github.dhf4j.spi.CheckpointPath;
import io.github.dhf4j.spi.FeatureExtractorProvider;
import io.github.dhf4j.tensor.TorchRuntime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Recognises checkpoints of {@link BackboneOfYourOwn}: files that end in {@code .colours}. */
public final class ColourProvider implements FeatureExtractorProvider {
    /** For the service loader. */
    public ColourProvider() {}

    // @start region="provider"
    private record Colours(String backbone, Path path) implements Checkpoint {
        @Override
        public boolean accepts(ExtractionSettings settings) {
            return settings.process() instanceof Forward;
        }

        @Override
        public ExtractionSettings rawSettings() {
            return ExtractionSettings.forward().withLayers(List.of(1));
        }

        @Override
        public FeatureExtractor open(ExtractionSettings settings, TorchRuntime runtime) throws IOException {
            Size size = Size.square(Integer.parseInt(Files.readString(path)));
            FeatureLayout layout = new FeatureLayout(Map.of(1, 3), List.of(0));
            ExtractionSettings filled = rawSettings().withLoadSize(size.height());
            String name = "colours of " + size;
            return new ColourExtractor(name, name, path, filled, layout, size, size, runtime).withSettings(settings);
        }
    }

    @Override
    public String backbone() {
        return "colours";
    }

    @Override
    public Optional<Checkpoint> recognise(CheckpointPath path) {
        return path.path().toString().endsWith(".colours")
                ? Optional.of(new Colours(backbone(), path.path()))
                : Optional.empty();
    }
    // @end
}
