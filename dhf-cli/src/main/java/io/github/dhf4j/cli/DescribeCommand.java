package io.github.dhf4j.cli;

import io.github.dhf4j.DescriptorPipeline;
import io.github.dhf4j.DescriptorPipelineBuilder;
import io.github.dhf4j.eval.picture.PcaPicture;
import io.github.dhf4j.feature.DescriptorMap;
import io.github.dhf4j.feature.RunMonitor;
import io.github.dhf4j.image.RgbImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code dhf describe}. */
@Command(
        name = "describe",
        mixinStandardHelpOptions = true,
        description = {
            "Write the descriptor maps of images, by the process that the weights' configuration names.",
            "Writes the tensor hyperfeatures (B, D, H, W), which Hyperfeatures.of(DescriptorMap) takes."
        })
final class DescribeCommand implements Callable<Integer> {
    /** More than these in one batch would take gigabytes. */
    private static final int MOST_IN_ONE_FILE = 64;

    @Spec
    private CommandSpec spec;

    @Mixin
    private SourceOptions source = new SourceOptions();

    @Mixin
    private ModelOptions model = new ModelOptions();

    @Option(
            names = "--out",
            paramLabel = "FILE.safetensors",
            description = "The file to write, of all images as one batch.")
    private @Nullable Path out;

    @Option(
            names = "--out-dir",
            paramLabel = "DIR",
            description =
                    "Write NAME.safetensors an image into this folder, one after the other. What is there of the same image, weights and settings is left, so that a stopped run goes on; images that cannot be read are named, and the others go on.")
    private @Nullable Path outDir;

    @Option(
            names = "--batch",
            paramLabel = "N",
            description = "With --out-dir: images that go through the network at once. Default: 1.")
    private @Nullable Integer batch;

    @Option(
            names = "--pca",
            paramLabel = "PICTURE",
            description = "With --out: also draw the maps in false colours of one shared basis.")
    private @Nullable Path pca;

    @Override
    public Integer call() throws IOException {
        check();
        source.check(spec.commandLine(), false);
        DescriptorPipelineBuilder builder = model.pipeline();
        if (source.latents != null) {
            model.requireLatents();
        }
        Path one = out;
        return one != null ? describeAsOne(builder, one) : describeEach(builder, Objects.requireNonNull(outDir));
    }

    private void check() {
        if ((out == null) == (outDir == null)) {
            throw new ParameterException(
                    spec.commandLine(),
                    "one of --out and --out-dir must be given, got " + (out == null ? "neither" : "both"));
        }
        if (outDir != null && (pca != null || source.latents != null)) {
            throw new ParameterException(
                    spec.commandLine(), (pca != null ? "--pca" : "--latents") + " goes with --out, got --out-dir");
        }
        if (batch != null && (outDir == null || batch < 1)) {
            throw new ParameterException(
                    spec.commandLine(), "--batch must be 1 or more and goes with --out-dir, got " + batch);
        }
    }

    private int describeEach(DescriptorPipelineBuilder builder, Path folder) throws IOException {
        ImagesProgress progress = new ImagesProgress(new ConsoleProgress(), System::nanoTime);
        builder.monitor(new RunMonitor(progress, () -> false));
        try (DescriptorPipeline pipeline =
                builder.runtime(model.fast(spec.commandLine().getOut())).build()) {
            return new DescribeMany(
                            pipeline,
                            progress,
                            spec.commandLine().getOut(),
                            spec.commandLine().getErr())
                    .run(source.images, folder, batch == null ? 1 : batch);
        }
    }

    private int describeAsOne(DescriptorPipelineBuilder builder, Path file) throws IOException {
        if (source.images.size() > MOST_IN_ONE_FILE) {
            throw new IllegalArgumentException("images of one file must be " + MOST_IN_ONE_FILE + " at most, got "
                    + source.images.size() + "; write a file an image with --out-dir");
        }
        List<RgbImage> images = source.read();
        List<DescriptorMap> maps;
        try (DescriptorPipeline pipeline =
                builder.runtime(model.fast(spec.commandLine().getOut())).build()) {
            Outputs.line(
                    spec.commandLine().getOut(),
                    ModelOptions.walk(pipeline.extractor().settings()));
            maps = source.latents == null ? pipeline.describe(images) : LatentDescriptions.of(pipeline, source.latents);
        }
        DescriptorMap.saveAll(maps, file);
        spec.commandLine().getOut().printf("%d x %s written to %s%n", maps.size(), maps.get(0), file);
        if (pca != null) {
            PcaPicture.write(images, maps, RunSettings.note(builder), pca);
            spec.commandLine().getOut().println("false colours drawn in " + pca);
        }
        return 0;
    }
}
