package io.github.dhf4j.cli;

import io.github.dhf4j.DescriptorPipelineBuilder;
import io.github.dhf4j.aggregation.AggregatorConfig;
import io.github.dhf4j.aggregation.AggregatorFile;
import io.github.dhf4j.eval.data.PairDataset;
import io.github.dhf4j.eval.data.Split;
import io.github.dhf4j.feature.CallBudget;
import io.github.dhf4j.feature.FeatureExtractor;
import io.github.dhf4j.io.hub.ModelPath;
import io.github.dhf4j.reproduction.CallCurve;
import io.github.dhf4j.reproduction.CallCurveFiles;
import io.github.dhf4j.tensor.TorchRuntime;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code dhf calls}. */
@Command(
        name = "calls",
        mixinStandardHelpOptions = true,
        description = {
            "Measure what fewer network calls an image cost: PCK against calls, by one weights file on the pairs of a data set, with intervals against the paper's walk, and the number of calls that it speaks for.",
            "Features are kept in the cache: what was interrupted goes on. Writes calls.md, calls.csv and calls.png."
        })
final class CallsCommand implements Callable<Integer>, Outputs.IntoFolder {
    @Spec
    private CommandSpec spec;

    @Mixin
    private DataOptions data = new DataOptions();

    @Mixin
    private BackboneOptions backbone = new BackboneOptions();

    @Option(
            names = "--weights",
            paramLabel = "FILE|NAME",
            description =
                    "Aggregation weights made for the checkpoint, by path or by name on the hub. Default: those in the checkpoint's folder.")
    private @Nullable ModelPath aggregation;

    @Mixin
    private CacheOptions cache = new CacheOptions();

    @Option(
            names = "--split",
            converter = SplitConverter.class,
            paramLabel = "SPLIT",
            description = "train, validation or test. Default: ${DEFAULT-VALUE}.",
            defaultValue = "validation")
    private Split split;

    @Option(
            names = "--budgets",
            split = ",",
            paramLabel = "N|paper",
            converter = ModelOptions.CallBudgetConverter.class,
            description =
                    "Numbers of calls to try; the paper's walk always is. Default: as many as the weights look at, 6, 4, 3, 2, 1.")
    private @Nullable List<CallBudget> budgets;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "The folder to write into. Default: ${DEFAULT-VALUE}.",
            defaultValue = "dhf-calls")
    private Path out;

    @Override
    public List<String> written() {
        return CallCurveFiles.NAMES;
    }

    @Override
    public Integer call() throws IOException {
        PrintWriter print = spec.commandLine().getOut();
        DescriptorPipelineBuilder pipeline = pipeline();
        Path weights = pipeline.rawSettings() == null ? pipeline.weightsFile() : null;
        if (weights == null) {
            throw new IllegalArgumentException("aggregation weights must be given, got none; name them with --weights");
        }
        AggregatorConfig config = config(weights);
        PairDataset set = data.read(split, print);
        TorchRuntime runtime = backbone.runtime.exact(print);
        try (FeatureExtractor network = pipeline.runtime(runtime).openExtractor(config.settings())) {
            CallCurve curve = CallCurve.measure(
                    network,
                    weights,
                    cache.open(),
                    set,
                    budgets != null ? budgets : CallCurve.usualBudgets(config),
                    runtime,
                    ConsoleProgress.monitor());
            String method = (pipeline.isBundled() ? "bundled pipeline" : RunSettings.last(network.checkpoint()))
                    + " with weights " + RunSettings.last(weights);
            CallCurveFiles.write(curve, method, RunSettings.note(pipeline), out);
            CallCurveFiles.markdown(curve, method, "")
                    .lines()
                    .filter(line -> line.startsWith("|"))
                    .forEach(print::println);
            print.println(CallCurveFiles.choice(curve));
            print.println(CallCurveFiles.holding(curve));
            print.println("written to " + out + ": " + String.join(", ", written()));
        }
        return 0;
    }

    private DescriptorPipelineBuilder pipeline() {
        if (backbone.isGiven()) {
            throw new IllegalArgumentException(
                    "--load-size, --facet, --stride, --cell-centres and --log-bins are named by the weights; leave them out");
        }
        DescriptorPipelineBuilder builder = backbone.pipeline();
        if (aggregation != null) {
            builder.weights(aggregation);
        }
        return builder;
    }

    private static AggregatorConfig config(Path weights) throws IOException {
        try (AggregatorFile file = AggregatorFile.open(weights)) {
            return file.config();
        }
    }
}
