package io.github.dhf4j.cli;

import io.github.dhf4j.DescriptorPipelineBuilder;
import io.github.dhf4j.data.PointFinder;
import io.github.dhf4j.eval.data.PairDataset;
import io.github.dhf4j.eval.data.Split;
import io.github.dhf4j.eval.pck.Bootstrap;
import io.github.dhf4j.eval.pck.Evaluation;
import io.github.dhf4j.eval.pck.EvaluationContext;
import io.github.dhf4j.eval.pck.EvaluationFiles;
import io.github.dhf4j.eval.pck.Evaluator;
import io.github.dhf4j.eval.pck.Finders;
import io.github.dhf4j.eval.pck.MatchGrid;
import io.github.dhf4j.eval.pck.Threshold;
import io.github.dhf4j.eval.report.EvaluationReport;
import io.github.dhf4j.feature.ExtractionSettings;
import io.github.dhf4j.feature.FeatureAggregator;
import io.github.dhf4j.feature.RunMonitor;
import io.github.dhf4j.tensor.TorchRuntime;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code dhf eval}. */
@Command(
        name = "eval",
        mixinStandardHelpOptions = true,
        description = {
            "Score a checkpoint with weights, or one raw layer, on the key-point pairs of a data set.",
            "Writes points.csv (a line a point), evaluation.json, evaluation.md, pairs.png and report.html."
        })
final class EvalCommand implements Callable<Integer>, Outputs.IntoFolder {
    @Spec
    private CommandSpec spec;

    @Mixin
    private DataOptions data = new DataOptions();

    @Mixin
    private ModelOptions model = new ModelOptions();

    @Mixin
    private CacheOptions cache = new CacheOptions();

    @Option(
            names = "--split",
            converter = SplitConverter.class,
            paramLabel = "SPLIT",
            description = "train, validation or test. Default: ${DEFAULT-VALUE}.",
            defaultValue = "test")
    private Split split;

    @Option(names = "--out", required = true, paramLabel = "DIR", description = "The folder to write into.")
    private Path out;

    @Option(
            names = "--list",
            help = true,
            description =
                    "List the data sets that are known: what they hold, where from, licence and layout. Needs nothing else.")
    private boolean list;

    @Option(
            names = "--match-size",
            paramLabel = "N",
            description =
                    "Side of the pixel grid that is matched on: 224 in the paper's figures, 512 by its authors' advice. Default: the size at which the network sees images.",
            defaultValue = "0")
    private int matchSize;

    @Mixin
    private PlacementOptions placing = new PlacementOptions();

    @Option(
            names = "--alpha",
            split = ",",
            description = "Thresholds of PCK. Default: ${DEFAULT-VALUE}.",
            defaultValue = "0.01,0.05,0.1,0.15")
    private List<Double> alphas;

    @Option(
            names = "--compare",
            paramLabel = "DIR",
            description = "Compare pair by pair with an evaluation that was written there.")
    private @Nullable Path compare;

    @Override
    public List<String> written() {
        return List.of("points.csv", "evaluation.json", "evaluation.md", "pairs.png", "report.html");
    }

    @Override
    public Integer call() throws IOException {
        PrintWriter print = spec.commandLine().getOut();
        if (list) {
            print.println(DataOptions.known().stripTrailing());
            return 0;
        }
        List<Threshold> thresholds = new ArrayList<>();
        for (Threshold.Of of : Threshold.Of.values()) {
            alphas.forEach(alpha -> thresholds.add(new Threshold(alpha, of)));
        }
        if (matchSize != 0 && (matchSize < 8 || matchSize > 4096)) {
            throw new IllegalArgumentException("--match-size must be 8 to 4096, got " + matchSize);
        }
        Evaluation other = compare == null ? null : EvaluationFiles.read(compare);
        if (compare != null && Files.exists(out) && Files.isSameFile(compare, out)) {
            throw new IllegalArgumentException("--compare must name another folder than --out, got " + out
                    + " for both; what is written would replace what is compared");
        }
        PairDataset set = data.read(split, print);
        if (other != null) {
            Bootstrap.requireComparable(other, set);
        }
        DescriptorPipelineBuilder pipeline = model.exactPipeline();
        TorchRuntime runtime = model.exact(print);
        pipeline.runtime(runtime);
        ExtractionSettings raw = pipeline.rawSettings();
        try (FeatureAggregator aggregator = pipeline.openAggregator()) {
            cache.with(pipeline, aggregator.settings(), runtime, (extractor, features) -> {
                aggregator.requireFits(extractor.layout(), extractor.name());
                RunMonitor monitor = ConsoleProgress.monitor();
                int side = matchSize == 0 ? extractor.loadSize().width() : matchSize;
                MatchGrid grid = new MatchGrid(side, placing.placement());
                // hypercolumns are compared part by part, without building them
                boolean hypercolumns = raw != null && extractor.layout().maps() > 1;
                if (hypercolumns && !placing.placement().isPlain()) {
                    throw new IllegalArgumentException(
                            "--mirror, --smooth and --fit need one descriptor map an image, got hypercolumns of "
                                    + extractor.layout().maps()
                                    + " maps, which are never built; name one --raw-layer or weights");
                }
                PointFinder finder = hypercolumns
                        ? Finders.concatenation(features, extractor.mapSize().width(), grid)
                        : Finders.descriptors(features, aggregator, grid);
                String method = RunSettings.method(pipeline, extractor, aggregator);
                Evaluation evaluation = Evaluator.evaluate(method, finder, set, side, monitor);
                EvaluationContext context = new EvaluationContext(
                        data.addTo(RunSettings.of(pipeline, extractor, aggregator, placing.placement()), split),
                        RunSettings.note(pipeline));
                EvaluationFiles.write(evaluation, thresholds, set.remarks(), context, out);
                EvaluationReport.write(evaluation, set, thresholds, List.of(), context, out);
                for (Threshold threshold : thresholds) {
                    double pck = evaluation.pck(threshold, Evaluation.Average.PER_POINT);
                    if (!Double.isNaN(pck)) {
                        print.printf(
                                Locale.ROOT,
                                "%-14s %5.1f (%s) per point, %5.1f (%s) per image%n",
                                threshold,
                                100 * pck,
                                evaluation.interval(threshold, Evaluation.Average.PER_POINT),
                                100 * evaluation.pck(threshold, Evaluation.Average.PER_IMAGE),
                                evaluation.interval(threshold, Evaluation.Average.PER_IMAGE));
                    }
                }
                if (other != null) {
                    print(evaluation, other, print);
                }
                print.println(
                        "written to " + out + ": report.html, points.csv, evaluation.json, evaluation.md, pairs.png");
            });
        }
        return 0;
    }

    private static void print(Evaluation evaluation, Evaluation other, PrintWriter print) {
        Bootstrap.Comparison comparison = Bootstrap.compare(
                evaluation, other, new Threshold(0.1, Threshold.Of.IMG), Evaluation.Average.PER_POINT);
        print.printf(
                Locale.ROOT,
                "PCK@0.1 img %+.1f against %s over %d pairs, 95%% interval %s, p %.3f: %s%n",
                100 * comparison.difference(),
                other.method(),
                comparison.pairs(),
                comparison.interval(),
                comparison.opposite(),
                comparison.isReal() ? "the difference is real" : "the difference may be chance");
    }
}
