package io.github.dhf4j.backbones;

import ai.djl.Device;
import io.github.dhf4j.testing.Golden;
import io.github.dhf4j.testing.ReaderFuzz;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Configurations of vision transformers, damaged. */
class BackbonesFuzzTest {
    @TempDir
    Path temporary;

    @Test
    void configurationsOfVisionTransformers() throws Exception {
        Path from = Golden.fixtures().resolve("baselines/dinov2/registers");
        Path folder = Files.createDirectories(ReaderFuzz.folder(temporary).resolve("vit"));
        Files.copy(from.resolve("model.safetensors"), folder.resolve("model.safetensors"));
        Path config = Files.copy(from.resolve("config.json"), folder.resolve("config.json"));
        ReaderFuzz.of("vision transformer", config).check(file -> {
            try {
                VisionTransformerExtractor.open(folder, Dinov2.paper(), Device.cpu())
                        .close();
            } catch (IllegalArgumentException e) {
                // settings that a sound network of this form does not have: the caller's slip, as it is documented
                throw new IOException(e.getMessage(), e);
            }
        });
    }
}
