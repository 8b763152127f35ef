package io.github.dhf4j.cli;

import io.github.dhf4j.DescriptorPipeline;
import io.github.dhf4j.DescriptorPipelineBuilder;
import io.github.dhf4j.eval.annotation.Annotation;
import io.github.dhf4j.eval.annotation.AnnotationFormat;
import io.github.dhf4j.eval.annotation.LabelledImage;
import io.github.dhf4j.eval.annotation.Labels;
import io.github.dhf4j.eval.annotation.ReviewSheet;
import io.github.dhf4j.feature.RunMonitor;
import io.github.dhf4j.transfer.TransferRun;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code dhf transfer}. */
@Command(
        name = "transfer",
        mixinStandardHelpOptions = true,
        description = {
            "Carry key points, boxes, polygons and masks of a few annotated pictures over to many others.",
            "A stopped run goes on where it was when the same command is given again."
        })
final class TransferCommand implements Callable<Integer>, Outputs.MayBeFolder {
    private static final String JOURNAL = ".journal.jsonl";

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--from",
            required = true,
            arity = "1..*",
            paramLabel = "LABELS",
            description =
                    "Annotations: COCO or LabelMe (.json), JSON Lines (.jsonl), a mask (.png), or a folder of LabelMe's files or of masks.")
    private List<Path> from = new ArrayList<>();

    @Option(
            names = "--images",
            paramLabel = "FOLDER",
            description =
                    "Where the annotated pictures are. Default: beside the annotations, or in the folder images there.")
    private @Nullable Path images;

    @Option(
            names = "--exemplars",
            paramLabel = "N",
            description =
                    "How many annotated pictures of each category are used, the first ones. Default: ${DEFAULT-VALUE}.",
            defaultValue = "5")
    private int exemplars;

    @Option(
            names = "--to",
            required = true,
            arity = "1..*",
            paramLabel = "IMAGE",
            converter = ImagePattern.Converter.class,
            description =
                    "Pictures to be labelled: files, a folder for those in it, a pattern in quotes such as 'photos/**'. Those that have labels keep them.")
    private List<ImagePattern> to = new ArrayList<>();

    @Option(
            names = "--out",
            required = true,
            paramLabel = "FILE",
            description = "What to write: a file, or of labelme and masks a folder.")
    private Path out;

    @Option(
            names = "--format",
            paramLabel = "NAME",
            converter = FormatConverter.class,
            description =
                    "coco, label-studio, cvat, labelme, masks or jsonl. Default: coco of .json, cvat of .xml, jsonl of .jsonl.")
    private @Nullable AnnotationFormat format;

    @Option(
            names = "--min-confidence",
            paramLabel = "C",
            description = "Leave out what is less sure than this, 0 to 1. Default: ${DEFAULT-VALUE}.",
            defaultValue = "0.3")
    private double minimum;

    @Option(
            names = "--review",
            paramLabel = "PAGE",
            description = "Also write a page of the labelled pictures, the least sure first.")
    private @Nullable Path review;

    @Option(
            names = "--batch",
            paramLabel = "N",
            description = "Pictures that go through the network at once. Default: ${DEFAULT-VALUE}.",
            defaultValue = "1")
    private int batch;

    @Mixin
    private ModelOptions model = new ModelOptions();

    @Override
    public boolean isFolder() {
        return format != null && format.isFolder();
    }

    @Override
    public Integer call() throws IOException {
        AnnotationFormat chosen =
                format != null ? format : AnnotationFormat.ofName(out).orElse(null);
        if (chosen == null) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--format must be given where the name does not end in .json, .xml or .jsonl, got " + out);
        }
        if (batch < 1 || exemplars < 1 || !(minimum >= 0 && minimum <= 1)) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--batch and --exemplars must be 1 or more and --min-confidence 0 to 1, got " + batch + ", "
                            + exemplars + " and " + minimum);
        }
        PrintWriter print = spec.commandLine().getOut();
        List<Path> targets = new ArrayList<>();
        for (ImagePattern pattern : to) {
            try {
                targets.addAll(pattern.files());
            } catch (TypeConversionException e) {
                throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
            }
        }
        List<LabelledImage> annotated = new ArrayList<>();
        for (Path file : from) {
            Labels labels = Labels.read(file, images);
            labels.remarks()
                    .forEach(remark ->
                            spec.commandLine().getErr().println("note: " + file.getFileName() + ": " + remark));
            annotated.addAll(labels.images());
        }
        List<LabelledImage> taken = taken(annotated);
        if (taken.isEmpty()) {
            throw new IOException("annotations must have a picture that can be used, got none ("
                    + from.stream()
                            .map(Path::toString)
                            .reduce((a, b) -> a + ", " + b)
                            .orElse("") + ")");
        }
        print.printf("labels of %d of %d annotated pictures are used%n", taken.size(), annotated.size());
        DescriptorPipelineBuilder builder = model.pipeline();
        ImagesProgress progress = new ImagesProgress(new ConsoleProgress(), System::nanoTime);
        builder.monitor(new RunMonitor(progress, () -> false));
        try (DescriptorPipeline pipeline = builder.runtime(model.fast(print)).build()) {
            Outputs.line(print, ModelOptions.walk(pipeline.extractor().settings()));
            TransferRun run = new TransferRun(pipeline, taken, annotated, minimum);
            return write(run, chosen, targets, progress, RunSettings.note(builder));
        }
    }

    private int write(
            TransferRun run, AnnotationFormat chosen, List<Path> targets, ImagesProgress progress, String note)
            throws IOException {
        PrintWriter print = spec.commandLine().getOut();
        Listener listener = new Listener(progress);
        Path journal = out.resolveSibling(out.getFileName() + JOURNAL);
        try (TransferRun.Result result = run.to(targets, journal, batch, listener)) {
            progress.finish();
            Path root = CommonFolder.of(targets);
            chosen.write(result.images(), result.words(), root, out);
            print.printf("%d pictures labelled in %s%n", targets.size() - result.bad(), out);
            if (result.leftOut() > 0) {
                print.printf(
                        "%d key points and areas left out, less sure than %s (--min-confidence)%n",
                        result.leftOut(), minimum);
            }
            if (review != null) {
                ReviewSheet.write(result.images(), "Labels to look through", note, root, review);
                print.println("to be looked through in " + review);
            }
            result.discardJournal();
            if (result.bad() > 0) {
                spec.commandLine()
                        .getErr()
                        .printf("error: %d of %d images could not be read%n", result.bad(), targets.size());
            }
            return result.bad() == 0 ? 0 : 1;
        }
    }

    /** The first pictures of each category. */
    private List<LabelledImage> taken(List<LabelledImage> annotated) {
        Map<String, Integer> counts = new HashMap<>();
        List<LabelledImage> taken = new ArrayList<>();
        for (LabelledImage image : annotated) {
            List<Annotation> wanted = image.annotations().stream()
                    .filter(each -> !each.crowd() && counts.getOrDefault(each.category(), 0) < exemplars)
                    .toList();
            wanted.stream().map(Annotation::category).distinct().forEach(of -> counts.merge(of, 1, Integer::sum));
            if (!wanted.isEmpty()) {
                taken.add(new LabelledImage(image.path(), image.size(), wanted));
            }
        }
        return taken;
    }

    /** Says what happens. */
    private final class Listener implements TransferRun.Listener {
        private final ImagesProgress progress;

        Listener(ImagesProgress progress) {
            this.progress = progress;
        }

        @Override
        public void begin(int left, int already) {
            if (already > 0) {
                spec.commandLine().getOut().printf("%d of %d are labelled already%n", already, already + left);
            }
            progress.begin(left);
        }

        @Override
        public void done(Path image, @Nullable Exception error) {
            if (error != null) {
                spec.commandLine().getErr().println("error: " + DescribeMany.reason(image, error));
            }
            progress.done();
        }
    }

    /** Reads names of forms. */
    static final class FormatConverter implements ITypeConverter<AnnotationFormat> {
        @Override
        public AnnotationFormat convert(String text) {
            for (AnnotationFormat format : AnnotationFormat.values()) {
                if (format.toString().equals(text)) {
                    return format;
                }
            }
            throw new TypeConversionException(
                    "format must be coco, label-studio, cvat, labelme, masks or jsonl, got '" + text + "'");
        }
    }
}
