package io.github.dhf4j.cli;

import io.github.dhf4j.DescriptorPipeline;
import io.github.dhf4j.DescriptorPipelineBuilder;
import io.github.dhf4j.diffusion.Dift;
import io.github.dhf4j.eval.data.Split;
import io.github.dhf4j.eval.pck.EvaluationContext;
import io.github.dhf4j.eval.video.Davis;
import io.github.dhf4j.eval.video.LabelPropagation;
import io.github.dhf4j.eval.video.TrackingFiles;
import io.github.dhf4j.eval.video.TrackingRun;
import io.github.dhf4j.eval.video.VideoEvaluation;
import io.github.dhf4j.eval.video.VideoSequence;
import io.github.dhf4j.eval.video.VideoSet;
import io.github.dhf4j.io.Environment;
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

/** {@code dhf track}. */
@Command(
        name = "track",
        mixinStandardHelpOptions = true,
        description = {
            "Carry the masks of a video's first frame through the others, and score it on DAVIS 2017 (J and F).",
            "Writes masks/VIDEO/FRAME.png, objects.csv (a line an object), tracking.json and tracking.md.",
            "A stopped run goes on with the first video that is not complete when the same command is given again."
        })
final class TrackCommand implements Callable<Integer>, Outputs.IntoFolder {
    @Spec
    private CommandSpec spec;

    @Option(
            names = "--data",
            required = true,
            paramLabel = "FOLDER",
            description = "DAVIS 2017 as distributed; or, with --mask, the frames of a video.")
    private Path data;

    @Option(
            names = "--mask",
            paramLabel = "FILE",
            description =
                    "The mask of the first frame of a video of your own: a PNG with a palette or grey, 0 for nothing, else an object's number.")
    private @Nullable Path mask;

    @Option(
            names = "--split",
            converter = SplitConverter.class,
            paramLabel = "SPLIT",
            description =
                    "train, validation (val.txt, which is reported on) or test (test-dev.txt, which has no masks to score by). Default: ${DEFAULT-VALUE}.",
            defaultValue = "validation")
    private Split split;

    @Option(names = "--only", paramLabel = "VIDEO", split = ",", description = "Take only these videos.")
    private List<String> only = List.of();

    @Option(names = "--out", required = true, paramLabel = "DIR", description = "The folder to write into.")
    private Path out;

    @Mixin
    private ModelOptions model = new ModelOptions();

    @Mixin
    private DiftFeatures features = new DiftFeatures();

    @Option(
            names = "--frames",
            paramLabel = "N",
            description =
                    "How many frames right before, beside the first, labels come from. Default: ${DEFAULT-VALUE}.",
            defaultValue = "28")
    private int frames;

    @Option(
            names = "--nearest",
            paramLabel = "K",
            description = "From how many of their cells a cell takes its label. Default: ${DEFAULT-VALUE}.",
            defaultValue = "15")
    private int nearest;

    @Option(
            names = "--temperature",
            paramLabel = "T",
            description = "A cell weighs exp(cosine / T). Default: ${DEFAULT-VALUE}.",
            defaultValue = "0.2")
    private double temperature;

    @Option(
            names = "--reach",
            paramLabel = "R",
            description =
                    "How far to each side a cell looks, as a share of the frame's shorter side. Default: ${DEFAULT-VALUE}.",
            defaultValue = "0.25")
    private double reach;

    @Override
    public List<String> written() {
        return List.of("objects.csv", "tracking.json", "tracking.md");
    }

    @Override
    public Integer call() throws IOException {
        PrintWriter print = spec.commandLine().getOut();
        LabelPropagation how = new LabelPropagation(frames, nearest, temperature, reach);
        VideoSet set = read();
        print.println(set);
        set.remarks().forEach(remark -> print.println("  " + remark));
        DescriptorPipelineBuilder builder = model.exactPipeline();
        features.choose(builder, Dift.tracking());
        try (DescriptorPipeline pipeline = builder.runtime(model.exact(print)).build()) {
            String method = RunSettings.method(builder, pipeline.extractor(), pipeline.aggregator());
            String key = Environment.version() + "\n" + pipeline.extractor().fingerprint() + "\n"
                    + pipeline.origin().descriptors().digest().orElse(pipeline.name());
            TrackingRun run = new TrackingRun(pipeline::describe, method, key, how);
            VideoEvaluation evaluation = run.run(set, out.resolve("masks"), ConsoleProgress.monitor());
            Map<String, String> settings = RunSettings.of(builder, pipeline);
            settings.put("data", RunSettings.last(data));
            if (mask == null) {
                settings.put("split", split.toString());
            }
            EvaluationContext context = new EvaluationContext(settings, RunSettings.note(builder));
            TrackingFiles.write(evaluation, how, set.remarks(), context, out);
            print.print(
                    evaluation.objects().isEmpty()
                            ? ""
                            : TrackingFiles.overall(evaluation).markdown());
            print.println("written to " + out + ": masks, " + String.join(", ", written()));
        }
        return 0;
    }

    private VideoSet read() throws IOException {
        Path first = mask;
        if (first != null) {
            VideoSequence video = VideoSequence.of(data, first);
            return new VideoSet("video " + video.name(), List.of(video), List.of());
        }
        VideoSet set = Davis.read(data, split);
        return only.isEmpty() ? set : set.only(only);
    }
}
