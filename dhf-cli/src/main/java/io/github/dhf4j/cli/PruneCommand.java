package io.github.dhf4j.cli;

import io.github.dhf4j.aggregation.AggregatorConfig;
import io.github.dhf4j.aggregation.AggregatorFile;
import io.github.dhf4j.aggregation.AggregatorNetwork;
import io.github.dhf4j.aggregation.AggregatorPruning;
import io.github.dhf4j.feature.CallBudget;
import io.github.dhf4j.feature.ExtractionSettings;
import io.github.dhf4j.feature.FeatureKey;
import io.github.dhf4j.io.hub.ModelPath;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code dhf prune}. */
@Command(
        name = "prune",
        description = {
            "Leave maps out of aggregation weights: what is left is cheaper to make, to keep and to sum.",
            "The weights written are used like any others. What they cost in matches tells 'dhf eval --compare'."
        },
        mixinStandardHelpOptions = true)
final class PruneCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(
            names = "--weights",
            required = true,
            paramLabel = "FILE|NAME",
            description = "Aggregation weights, by path or by name on the hub.")
    private ModelPath given;

    @Option(
            names = "--keep",
            required = true,
            paramLabel = "K",
            description = "How many maps are left: those of the highest mixing weights.")
    private int keep;

    @Option(
            names = "--paper-walk",
            description =
                    "Make every call of an inversion, as the weights were trained. Default: the clean image's call and those whose maps are left.")
    private boolean paperWalk;

    @Option(names = "--out", required = true, paramLabel = "FILE", description = "The file to write, .safetensors.")
    private Path out;

    @Override
    public Integer call() throws IOException {
        PrintWriter print = spec.commandLine().getOut();
        Path in = CheckpointOptions.models().file(given);
        try (AggregatorFile file = AggregatorFile.open(in)) {
            List<FeatureKey> kept = AggregatorPruning.heaviest(file, keep);
            double share = AggregatorPruning.share(file, kept);
            if (paperWalk) {
                AggregatorPruning.write(file, kept, out);
            } else {
                AggregatorPruning.writeShort(file, kept, out);
            }
            print.printf(
                    Locale.ROOT,
                    "%d of %d maps left, with %.0f%% of the sum%n",
                    keep,
                    file.config().maps().size(),
                    100 * share);
        }
        try (AggregatorFile file = AggregatorFile.open(out)) {
            AggregatorConfig config = file.config();
            for (AggregatorNetwork network : config.networks()) {
                print.println((config.networks().size() > 1 ? network.modelId() + ": " : "") + "layers "
                        + network.layers() + ", save indices " + network.saveIndices() + walk(network.settings()));
            }
        }
        print.println("written to " + out);
        return 0;
    }

    private static String walk(ExtractionSettings settings) {
        String calls = CallBudget.words(settings.process());
        return calls.isEmpty() ? "" : ", " + calls + " calls an image";
    }
}
