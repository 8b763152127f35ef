package io.github.dhf4j.cli;

import io.github.dhf4j.DescriptorPipeline;
import io.github.dhf4j.DescriptorPipelineBuilder;
import io.github.dhf4j.HubModels;
import io.github.dhf4j.diffusion.BundledCheckpoint;
import io.github.dhf4j.io.Environment;
import io.github.dhf4j.io.hub.ModelPath;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which checkpoint. */
final class CheckpointOptions {
    @Option(
            names = "--model",
            paramLabel = "DIR|NAME",
            description =
                    "Stable Diffusion 1.x, 2.x or XL checkpoint in the diffusers layout, by its path or its name on the hub (owner/name[@revision]). Default: the one that DHF_MODEL names, else the small bundled one, which is for trying and testing.")
    private @Nullable ModelPath named;

    @Mixin
    private PresetOption published = new PresetOption();

    private @Nullable DescriptorPipelineBuilder preset;

    /** The checkpoint that a command works on which needs its folder. */
    Path folder() throws IOException {
        Path chosen = chosen();
        return chosen != null ? chosen : BundledCheckpoint.unpack();
    }

    /** The checkpoint's folder, fetched if need be; null for the bundled one. */
    @Nullable
    Path chosen() throws IOException {
        published.requireAlone(named);
        if (preset() != null) {
            return preset().checkpoint().path();
        }
        ModelPath model = model();
        return model == null ? null : models().checkpoint(model);
    }

    /** The preset's aggregation weights, fetched if need be; null for none. */
    @Nullable
    Path weights() throws IOException {
        return preset() == null ? null : preset().weightsFile();
    }

    private @Nullable DescriptorPipelineBuilder preset() {
        if (preset == null && published.preset != null) {
            preset = DescriptorPipeline.builder()
                    .monitor(ConsoleProgress.monitor())
                    .preset(published.preset);
        }
        return preset;
    }

    private @Nullable ModelPath model() {
        String environment = Environment.model();
        return named != null || environment == null ? named : ModelPath.of(environment);
    }

    /** Where names are fetched from. */
    static HubModels models() {
        return HubModels.standard(ConsoleProgress.monitor());
    }

    /** What is to be said of results; empty for nothing. */
    String note() {
        return published.preset == null && model() == null ? DescriptorPipeline.BUNDLED_NOTE : "";
    }
}
