package io.github.dhf4j.cli;

import io.github.dhf4j.feature.ExtractionProcess;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which timesteps the process has, and which maps of it are taken. */
final class StepOptions {
    @Option(
            names = "--timesteps",
            paramLabel = "T",
            description = "Timesteps of the process. Default: ${DEFAULT-VALUE}.",
            defaultValue = "50")
    int timesteps;

    @Option(
            names = "--save-indices",
            paramLabel = "49,45,...",
            converter = IntegerList.Converter.class,
            description =
                    "Save indices, T-1 (clean) to 0 (noise). Default: the paper's eleven for T = 50, all below 11, else eleven evenly spaced.")
    @Nullable
    IntegerList saveIndices;

    @Option(
            names = "--layers",
            paramLabel = "1-12",
            converter = IntegerList.Converter.class,
            description = "Decoder layers, or those of another backbone. Default: all.")
    @Nullable
    IntegerList layers;

    List<Integer> saveIndices() {
        return saveIndices != null ? saveIndices.values() : ExtractionProcess.defaultSaveIndices(timesteps);
    }

    /** Empty for all. */
    List<Integer> tapped() {
        return layers == null ? List.of() : layers.values();
    }
}
