package io.github.dhf4j.cli;

import io.github.dhf4j.DescriptorPipeline;
import io.github.dhf4j.diffusion.BundledCheckpoint;
import io.github.dhf4j.io.Environment;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which checkpoint. */
final class CheckpointOptions {
    @Option(
            names = "--model",
            paramLabel = "DIR",
            description =
                    "Stable Diffusion 1.x, 2.x or XL checkpoint in the diffusers layout. Default: the folder that DHF_MODEL names, else the small bundled one, which is for trying and testing.")
    @Nullable
    Path named;

    /** The checkpoint that a command works on which needs its folder. */
    Path folder() throws IOException {
        Path model = named != null ? named : Environment.model();
        return model != null ? model : BundledCheckpoint.unpack();
    }

    /** What is to be said of results; empty for nothing. */
    String note() {
        return named == null && Environment.model() == null ? DescriptorPipeline.BUNDLED_NOTE : "";
    }
}
