package io.github.dhf4j.cli;

import io.github.dhf4j.DescriptorPipeline;
import io.github.dhf4j.DescriptorPipelineBuilder;
import io.github.dhf4j.HubModels;
import io.github.dhf4j.io.Environment;
import io.github.dhf4j.io.hub.ModelPath;
import io.github.dhf4j.spi.Checkpoint;
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

    @Option(
            names = "--unet",
            paramLabel = "FILE|NAME",
            description =
                    "Weights that take the place of the UNet's, such as of a fine-tuning, in diffusers' keys, by path or by name on the hub (owner/name/file).")
    private @Nullable ModelPath unet;

    @Mixin
    private PresetOption published = new PresetOption();

    private @Nullable DescriptorPipelineBuilder chosen;

    /** The checkpoint, fetched if need be, with the UNet that was given for it or that the preset has. */
    Checkpoint checkpoint() throws IOException {
        return chosen().checkpoint();
    }

    /** The preset's aggregation weights, fetched if need be; null for none. */
    @Nullable
    Path weights() throws IOException {
        return published.preset == null ? null : chosen().weightsFile();
    }

    private DescriptorPipelineBuilder chosen() {
        if (chosen == null) {
            published.requireAlone(named);
            chosen = DescriptorPipeline.builder().backbone("diffusion").monitor(ConsoleProgress.monitor());
            if (published.preset != null) {
                chosen.preset(published.preset);
            }
            if (named != null) {
                chosen.model(named);
            }
            if (unet != null) {
                chosen.unet(unet);
            }
        }
        return chosen;
    }

    /** Where names are fetched from. */
    static HubModels models() {
        return HubModels.standard(ConsoleProgress.monitor());
    }

    /** Whether nothing was chosen. */
    boolean isBundled() {
        return published.preset == null && named == null && unet == null && Environment.model() == null;
    }

    /** What is to be said of results; empty for nothing. */
    String note() {
        return isBundled() ? DescriptorPipeline.BUNDLED_NOTE : "";
    }
}
