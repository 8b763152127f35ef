package io.github.dhf4j.cli;

import io.github.dhf4j.feature.ExtractionProcess;
import java.util.ArrayList;
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
            description =
                    "Decoder layers, or those of another backbone; of several models once for each, in order. Default: all.")
    List<IntegerList> layers = new ArrayList<>();

    List<Integer> saveIndices() {
        return saveIndices != null ? saveIndices.values() : ExtractionProcess.defaultSaveIndices(timesteps);
    }

    /** Those of the only network; empty for all. */
    List<Integer> tapped() {
        return tapped(0, 1);
    }

    /** Those of one of several networks, by its place; empty for all. */
    List<Integer> tapped(int network, int networks) {
        return BackboneOptions.ofNetwork("--layers", layers, network, networks)
                .map(IntegerList::values)
                .orElse(List.of());
    }
}
