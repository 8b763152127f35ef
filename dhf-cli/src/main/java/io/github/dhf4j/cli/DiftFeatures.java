package io.github.dhf4j.cli;

import io.github.dhf4j.DescriptorPipelineBuilder;
import io.github.dhf4j.feature.ExtractionSettings;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** DIFT's features for tasks of which it has settings of their own. */
final class DiftFeatures {
    private static final List<String> OTHERS =
            List.of("--weights", "--raw-layer", "--raw-save-index", "--dift", "--cleandift", "--calls");

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(
            names = "--dift-features",
            description =
                    "Take a diffusion checkpoint's features as DIFT takes them for this task: timestep 51 for videos, 0 for homographies, third up block, mean over 8 noises, at 768 x 768.")
    private boolean dift;

    /** Has a builder take them if they are asked for. */
    void choose(DescriptorPipelineBuilder builder, ExtractionSettings settings) {
        if (dift) {
            for (String other : OTHERS) {
                if (command.commandLine().getParseResult().hasMatchedOption(other)) {
                    throw new ParameterException(
                            command.commandLine(), "one of --dift-features and " + other + " must be given, got both");
                }
            }
            builder.raw(settings);
        }
    }
}
