package io.github.dhf4j.cli;

import io.github.dhf4j.aggregation.AggregatorFile;
import io.github.dhf4j.aggregation.AggregatorWriter;
import io.github.dhf4j.io.hub.ModelPath;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code dhf convert-weights}. */
@Command(
        name = "convert-weights",
        mixinStandardHelpOptions = true,
        description = {
            "Convert aggregation weights between the authors' form and safetensors.",
            "OUT is a torch checkpoint if it ends in .pt or .pth, else safetensors with configuration and provenance in the metadata."
        })
final class ConvertWeightsCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "IN", description = "Aggregation weights, by path or by name on the hub.")
    private ModelPath given;

    @Parameters(index = "1", paramLabel = "OUT", description = "The file to write.")
    private Path out;

    @Override
    public Integer call() throws IOException {
        Path in = CheckpointOptions.models().file(given);
        try (AggregatorFile file = AggregatorFile.open(in)) {
            String name = out.getFileName().toString();
            if (name.endsWith(".pt") || name.endsWith(".pth")) {
                AggregatorWriter.torch(file, out);
            } else {
                AggregatorWriter.safeTensors(file, "from " + in.getFileName() + " by dhf convert-weights", out);
            }
        }
        spec.commandLine().getOut().println("written to " + out);
        return 0;
    }
}
