package io.github.dhf4j.backbones;

import io.github.dhf4j.feature.ExtractionSettings;
import io.github.dhf4j.tensor.TorchRuntime;
import io.github.dhf4j.testing.Golden;
import io.github.dhf4j.testing.ReaderFuzz;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Configurations of vision transformers, damaged. */
class BackbonesFuzzTest {
    @TempDir
    Path temporary;

    @ParameterizedTest
    @CsvSource({"dinov2/registers, dinov2", "dinov3/gated, dinov3"})
    void configurationsOfVisionTransformers(String fixture, String backbone) throws Exception {
        Path from = Golden.fixtures().resolve("baselines").resolve(fixture);
        Path folder = Files.createDirectories(ReaderFuzz.folder(temporary).resolve("vit"));
        Files.copy(from.resolve("model.safetensors"), folder.resolve("model.safetensors"));
        Path config = Files.copy(from.resolve("config.json"), folder.resolve("config.json"));
        ExtractionSettings settings = backbone.equals("dinov2") ? Dinov2.paper() : Dinov3.last(2);
        ReaderFuzz.of("vision transformer " + backbone, config).check(file -> {
            try {
                VisionTransformerExtractor.open(folder, settings, TorchRuntime.cpu())
                        .close();
            } catch (IllegalArgumentException e) {
                // settings that a sound network of this form does not have: the caller's slip, as it is documented
                throw new IOException(e.getMessage(), e);
            }
        });
    }
}
