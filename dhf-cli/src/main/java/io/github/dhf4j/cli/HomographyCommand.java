package io.github.dhf4j.cli;

import io.github.dhf4j.DescriptorPipeline;
import io.github.dhf4j.DescriptorPipelineBuilder;
import io.github.dhf4j.diffusion.Dift;
import io.github.dhf4j.eval.homography.Corners;
import io.github.dhf4j.eval.homography.HPatches;
import io.github.dhf4j.eval.homography.HomographyEvaluation;
import io.github.dhf4j.eval.homography.HomographyFiles;
import io.github.dhf4j.eval.homography.HomographyRun;
import io.github.dhf4j.eval.homography.HomographySet;
import io.github.dhf4j.eval.homography.KeyPointFiles;
import io.github.dhf4j.eval.homography.KeyPoints;
import io.github.dhf4j.eval.pck.EvaluationContext;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code dhf homography}. */
@Command(
        name = "homography",
        mixinStandardHelpOptions = true,
        description = {
            "Fit homographies to matched key points of HPatches' pictures, and say how many are within 1, 3 and 5 pixels.",
            "Writes pairs.csv (a line a pair), homography.json and homography.md."
        })
final class HomographyCommand implements Callable<Integer>, Outputs.IntoFolder {
    @Spec
    private CommandSpec spec;

    @Option(
            names = "--data",
            required = true,
            paramLabel = "FOLDER",
            description = "HPatches' sequences (hpatches-sequences-release).")
    private Path data;

    @Option(
            names = "--key-points",
            paramLabel = "FOLDER",
            description =
                    "Files SEQUENCE-NUMBER.kp of each picture's points, a line an x and a y, as DIFT's authors publish SuperPoint's. Default: corners by Shi and Tomasi.")
    private @Nullable Path keyPoints;

    @Option(
            names = "--corners",
            paramLabel = "N",
            description = "How many corners at most, without --key-points. Default: ${DEFAULT-VALUE}.",
            defaultValue = "1000")
    private int corners;

    @Option(names = "--out", required = true, paramLabel = "DIR", description = "The folder to write into.")
    private Path out;

    @Mixin
    private ModelOptions model = new ModelOptions();

    @Mixin
    private DiftFeatures features = new DiftFeatures();

    @Override
    public List<String> written() {
        return List.of("pairs.csv", "homography.json", "homography.md");
    }

    @Override
    public Integer call() throws IOException {
        PrintWriter print = spec.commandLine().getOut();
        Path files = keyPoints;
        KeyPoints points = files == null ? new Corners(corners) : new KeyPointFiles(files);
        HomographySet set = HPatches.read(data);
        print.println(set);
        set.remarks().forEach(remark -> print.println("  " + remark));
        DescriptorPipelineBuilder builder = model.exactPipeline();
        features.choose(builder, Dift.homography());
        try (DescriptorPipeline pipeline = builder.runtime(model.exact(print)).build()) {
            String method = RunSettings.method(builder, pipeline.extractor(), pipeline.aggregator());
            HomographyEvaluation evaluation =
                    new HomographyRun(pipeline::describe, method, points).run(set, ConsoleProgress.monitor());
            Map<String, String> settings = RunSettings.of(builder, pipeline);
            settings.put("data", RunSettings.last(data));
            settings.put("key_points", files == null ? "corners, " + corners + " at most" : RunSettings.last(files));
            HomographyFiles.write(
                    evaluation, set.remarks(), new EvaluationContext(settings, RunSettings.note(builder)), out);
            print.print(HomographyFiles.overall(evaluation).markdown());
            print.println("written to " + out + ": " + String.join(", ", written()));
        }
        return 0;
    }
}
