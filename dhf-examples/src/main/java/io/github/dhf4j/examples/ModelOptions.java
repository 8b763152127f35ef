package io.github.dhf4j.examples;

import io.github.dhf4j.DescriptorPipeline;
import io.github.dhf4j.feature.RunMonitor;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which checkpoint, and what makes descriptors of its features. */
final class ModelOptions {
    @Mixin
    CheckpointOptions checkpoint = new CheckpointOptions();

    @Option(
            names = "--weights",
            paramLabel = "FILE",
            description =
                    "Aggregation weights made for the checkpoint: the authors' .pt or safetensors. Default: those in the checkpoint's folder.")
    @Nullable
    Path weights;

    @Option(
            names = "--raw-layer",
            paramLabel = "K",
            description =
                    "Match with the raw features of decoder layer K (1-12 for SD); needs no weights. 4 is the paper's SD-Layer-4.")
    int rawLayer;

    @Option(
            names = "--raw-step",
            paramLabel = "S",
            description = "Saved index of --raw-layer, 49 (clean) to 0 (noise). Default: 10.")
    @Nullable
    Integer rawStep;

    DescriptorPipeline.Builder pipeline() {
        if (weights != null && rawLayer > 0) {
            throw new IllegalArgumentException("one of --weights and --raw-layer must be given, got both");
        }
        if (rawStep != null && rawLayer == 0) {
            rawLayer = DescriptorPipeline.DEFAULT_RAW_LAYER;
        }
        DescriptorPipeline.Builder builder =
                DescriptorPipeline.builder().monitor(new RunMonitor(new ConsoleProgress(), () -> false));
        if (checkpoint.named != null) {
            builder.model(checkpoint.named);
        }
        if (weights != null) {
            builder.weights(weights);
        }
        if (rawLayer > 0) {
            builder.raw(rawLayer, rawStep == null ? DescriptorPipeline.DEFAULT_RAW_STEP : rawStep);
        }
        return builder;
    }
}
