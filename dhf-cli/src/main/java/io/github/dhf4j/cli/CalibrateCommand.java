package io.github.dhf4j.cli;

import io.github.dhf4j.DescriptorPipelineBuilder;
import io.github.dhf4j.aggregation.AggregatorWriter;
import io.github.dhf4j.data.FeatureSource;
import io.github.dhf4j.eval.data.PairDataset;
import io.github.dhf4j.eval.data.Split;
import io.github.dhf4j.eval.pck.ConfidenceMeasure;
import io.github.dhf4j.eval.pck.ConfidenceSample;
import io.github.dhf4j.eval.pck.MatchGrid;
import io.github.dhf4j.eval.report.ConfidenceReport;
import io.github.dhf4j.feature.ConfidenceModel;
import io.github.dhf4j.feature.FeatureAggregator;
import io.github.dhf4j.feature.FeatureExtractor;
import io.github.dhf4j.feature.RunMonitor;
import io.github.dhf4j.tensor.TorchRuntime;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code dhf calibrate}. */
@Command(
        name = "calibrate",
        mixinStandardHelpOptions = true,
        description = {
            "Fit how far matches can be trusted to the validation pairs of a data set, put that into the file that --weights names, and measure it on the test pairs.",
            "Raw maps and weights that are not named are fitted and measured, and nothing is put anywhere. With --out writes confidence.md, confidence.csv and confidence.png."
        })
final class CalibrateCommand implements Callable<Integer>, Outputs.IntoFolder {
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
            description = "What is fitted to: train, validation or test. Default: ${DEFAULT-VALUE}.",
            defaultValue = "validation")
    private Split split;

    @Option(
            names = "--measure",
            converter = SplitConverter.class,
            paramLabel = "SPLIT",
            description = "What is measured on: train, validation or test. Default: ${DEFAULT-VALUE}.",
            defaultValue = "test")
    private Split measured;

    @Option(names = "--out", paramLabel = "DIR", description = "The folder to write the report into. Default: none.")
    private @Nullable Path out;

    @Override
    public List<String> written() {
        return ConfidenceReport.NAMES;
    }

    @Override
    public Integer call() throws IOException {
        PrintWriter print = spec.commandLine().getOut();
        Path weights = model.ownWeights();
        PairDataset fitting = data.read(split, print);
        PairDataset measuring = measured == split ? fitting : data.read(measured, print);
        DescriptorPipelineBuilder pipeline = model.exactPipeline();
        TorchRuntime runtime = model.exact(print);
        pipeline.runtime(runtime);
        try (FeatureAggregator aggregator = pipeline.openAggregator()) {
            cache.with(pipeline, aggregator.settings(), runtime, (extractor, features) -> {
                aggregator.requireFits(extractor.layout(), extractor.name());
                calibrate(pipeline, aggregator, extractor, features, fitting, measuring, weights);
            });
        }
        return 0;
    }

    private void calibrate(
            DescriptorPipelineBuilder pipeline,
            FeatureAggregator aggregator,
            FeatureExtractor extractor,
            FeatureSource features,
            PairDataset fitting,
            PairDataset measuring,
            @Nullable Path weights)
            throws IOException {
        PrintWriter print = spec.commandLine().getOut();
        RunMonitor monitor = ConsoleProgress.monitor();
        MatchGrid grid = MatchGrid.of(0);
        ConfidenceSample sample = ConfidenceSample.of(fitting, features, aggregator, grid, monitor);
        ConfidenceModel fitted = sample.fit()
                .orElseThrow(
                        () -> new IOException("confidence must be fitted to 100 points or more, some right and some"
                                + " wrong, got " + sample + "; give more pairs"));
        ConfidenceSample held =
                measured == split ? sample : ConfidenceSample.of(measuring, features, aggregator, grid, monitor);
        ConfidenceMeasure measure = held.measure(fitted);
        ConfidenceReport report = new ConfidenceReport(
                measure,
                fitted,
                "fitted to " + sample,
                RunSettings.method(pipeline, extractor, aggregator),
                RunSettings.note(pipeline));
        print.println("fitted to " + sample);
        print.println(report.summary());
        ConfidenceModel before = aggregator.confidence();
        print.printf(
                Locale.ROOT,
                "%s: calibration error %.3f%n",
                before == null ? "by the default of what is not calibrated" : "by the calibration that was there",
                held.measure(ConfidenceModel.orDefault(before)).confidence().error());
        if (out != null) {
            report.write(out);
            print.println("written to " + out + ": " + String.join(", ", written()));
        }
        if (weights == null) {
            print.println("put into no file; name one of your own with --weights");
        } else {
            AggregatorWriter.calibrate(weights, fitted);
            print.println("put into " + weights);
        }
    }
}
