package io.github.dhf4j;

import io.github.dhf4j.backbones.Dino;
import io.github.dhf4j.diffusion.BundledPair;
import io.github.dhf4j.feature.ExtractionSettings;
import io.github.dhf4j.testing.Golden;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Networks that are called once an image, a thousand matches each, or {@code -Ddhf.soak=10000}. */
@Tag("slow")
@EnabledOnOs(value = OS.LINUX, disabledReason = "reads /proc/self/status")
class SoakTest {
    @Test
    void aThousandRawMatches() throws IOException {
        try (DescriptorPipeline pipeline =
                DescriptorPipeline.builder().raw(9, 49).build()) {
            Soak.assertFlat(pipeline, Soak.rounds(1000));
        }
    }

    @Test
    void aThousandMatchesOfAVisionTransformer() throws IOException {
        Path dino = Golden.fixtures().resolve("baselines/dino");
        ExtractionSettings keys = Dino.paper().withLoadSize(64);
        try (DescriptorPipeline pipeline =
                DescriptorPipeline.builder().model(dino).raw(keys).build()) {
            Soak.assertFlat(pipeline, Soak.rounds(1000));
        }
    }

    @Test
    void pipelinesOpenedAndClosed() throws IOException {
        BundledPair pair = BundledPair.load();
        int pipelines = Math.min(1000, Soak.rounds(20));
        // the engine's own memory settles after some hundreds
        Soak.assertFlat("pipelines opened, used and closed", pipelines, pipelines, () -> {
            try (DescriptorPipeline pipeline = DescriptorPipeline.builder().build()) {
                Soak.match(pipeline, pair);
            }
        });
    }
}
