package io.github.dhf4j.cli;

import io.github.dhf4j.DescriptorPipeline;
import io.github.dhf4j.DescriptorPipelineBuilder;
import io.github.dhf4j.eval.picture.PcaPicture;
import io.github.dhf4j.feature.DescriptorMap;
import io.github.dhf4j.image.RgbImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
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
    @Spec
    private CommandSpec spec;

    @Mixin
    private SourceOptions source = new SourceOptions();

    @Mixin
    private ModelOptions model = new ModelOptions();

    @Option(names = "--out", required = true, paramLabel = "FILE.safetensors", description = "The file to write.")
    private Path out;

    @Option(
            names = "--pca",
            paramLabel = "PICTURE",
            description = "Also draw the maps in false colours of one shared basis.")
    private @Nullable Path pca;

    @Override
    public Integer call() throws IOException {
        source.check(spec.commandLine(), false);
        DescriptorPipelineBuilder builder = model.pipeline();
        if (source.latents != null) {
            model.requireLatents();
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
        DescriptorMap.saveAll(maps, out);
        spec.commandLine().getOut().printf("%d x %s written to %s%n", maps.size(), maps.get(0), out);
        if (pca != null) {
            PcaPicture.write(images, maps, RunSettings.note(builder), pca);
            spec.commandLine().getOut().println("false colours drawn in " + pca);
        }
        return 0;
    }
}
