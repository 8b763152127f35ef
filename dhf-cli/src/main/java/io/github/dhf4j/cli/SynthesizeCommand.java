package io.github.dhf4j.cli;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import io.github.dhf4j.aggregation.Aggregator;
import io.github.dhf4j.aggregation.AggregatorConfig;
import io.github.dhf4j.aggregation.AggregatorFile;
import io.github.dhf4j.data.ImageFeatures;
import io.github.dhf4j.diffusion.DiffusionFeatureExtractor;
import io.github.dhf4j.eval.picture.CorrespondencePicture;
import io.github.dhf4j.eval.picture.ImageSheetPicture;
import io.github.dhf4j.feature.DescriptorMap;
import io.github.dhf4j.feature.ExtractionSettings;
import io.github.dhf4j.feature.FeatureConsumer;
import io.github.dhf4j.feature.FeatureStack;
import io.github.dhf4j.feature.Generation;
import io.github.dhf4j.feature.RunMonitor;
import io.github.dhf4j.image.PictureFiles;
import io.github.dhf4j.image.RgbImage;
import io.github.dhf4j.io.hub.ModelPath;
import io.github.dhf4j.matching.Correspondence;
import io.github.dhf4j.matching.CosineMatcher;
import io.github.dhf4j.matching.MatchOptions;
import io.github.dhf4j.matching.Point;
import io.github.dhf4j.spi.Checkpoint;
import io.github.dhf4j.tensor.TorchRuntime;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code dhf synthesize}. */
@Command(
        name = "synthesize",
        mixinStandardHelpOptions = true,
        description = {
            "Make images from prompts, keep the features of the process that made them, and match the first two.",
            "Weights that were trained on inversion are used with the timesteps in reversed order. Writes image-N.png, image-N.safetensors (hyperfeatures), with --keep-features image-N.features.safetensors, and match.png; of more than one image also all on one sheet, images.png. Of a checkpoint without weights only the images."
        })
final class SynthesizeCommand implements Callable<Integer>, Outputs.IntoFolder {
    @Spec
    private CommandSpec spec;

    @Mixin
    private RuntimeOptions where = new RuntimeOptions();

    @Mixin
    private CheckpointOptions model = new CheckpointOptions();

    @Option(
            names = "--weights",
            paramLabel = "FILE|NAME",
            description =
                    "Aggregation weights, by path or by name on the hub, made for the checkpoint. Default: aggregator.safetensors in its folder; without, images only.")
    private @Nullable ModelPath aggregation;

    @Option(names = "--prompt", required = true, description = "What to draw; once for all images, or once for each.")
    private List<String> prompts = List.of();

    @Option(names = "--negative-prompt", description = "What is guided away from. Default: nothing.", defaultValue = "")
    private String negative;

    @Option(names = "--guidance", description = "Default: ${DEFAULT-VALUE}.", defaultValue = "7.5")
    private double guidance;

    @Option(
            names = "--count",
            paramLabel = "N",
            description = "How many images. Default: ${DEFAULT-VALUE}.",
            defaultValue = "2")
    private int count;

    @Option(
            names = "--seed",
            description = "Of the first image; each next has one more. Default: ${DEFAULT-VALUE}.",
            defaultValue = "0")
    private long seed;

    @Option(
            names = "--points",
            arity = "1..*",
            paramLabel = "x,y",
            converter = PointConverter.class,
            description = "Points of the first image to find in the second. Default: mutual nearest neighbours.")
    private List<Point> points = new ArrayList<>();

    @Option(names = "--keep-features", description = "Keep every feature map of each image too.")
    private boolean keep;

    @Option(names = "--out", required = true, paramLabel = "DIR", description = "The folder to write into.")
    private Path out;

    private record Made(RgbImage image, DescriptorMap descriptors) {}

    @Override
    public List<String> written() {
        return List.of("images.png", "match.png");
    }

    @Override
    public Integer call() throws IOException {
        if (count < 1 || (prompts.size() != 1 && prompts.size() != count)) {
            throw new IllegalArgumentException(
                    "--prompt must be given once, or once for each of " + count + " images, got " + prompts.size());
        }
        PrintWriter print = spec.commandLine().getOut();
        Files.createDirectories(out);
        Checkpoint checkpoint = model.checkpoint();
        Path named = aggregation != null ? CheckpointOptions.models().file(aggregation) : model.weights();
        Path weights = named != null ? named : checkpoint.path().resolve("aggregator.safetensors");
        TorchRuntime runtime = where.exact(print);
        if (named == null && !Files.exists(weights)) {
            sheet(drawOnly(checkpoint, runtime, print));
            print.println("no weights for " + checkpoint.path() + ": images only; --weights names some");
            return 0;
        }
        List<Made> made = new ArrayList<>();
        try (AggregatorFile file = AggregatorFile.open(weights)) {
            for (int i = 0; i < count; i++) {
                AggregatorConfig config = file.config().forGeneration(prompt(i), negative, guidance);
                made.add(make(file, config, checkpoint, runtime, i));
                print.println("written to " + base(i) + ".png");
            }
        }
        sheet(made.stream().map(Made::image).toList());
        if (count > 1) {
            match(made, print);
        }
        return 0;
    }

    private String prompt(int number) {
        return prompts.get(prompts.size() == 1 ? 0 : number);
    }

    private Path base(int number) {
        return out.resolve("image-" + (number + 1));
    }

    private void sheet(List<RgbImage> images) throws IOException {
        if (count > 1) {
            List<String> captions =
                    IntStream.range(0, count).mapToObj(this::prompt).toList();
            ImageSheetPicture.write(images, captions, model.note(), out.resolve("images.png"));
        }
    }

    private List<RgbImage> drawOnly(Checkpoint checkpoint, TorchRuntime runtime, PrintWriter print) throws IOException {
        List<RgbImage> images = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            ExtractionSettings settings =
                    ExtractionSettings.of(Generation.of(prompt(i)).withGuidance(negative, guidance));
            try (DiffusionFeatureExtractor extractor = open(checkpoint, settings, runtime);
                    NDManager manager = extractor.newManager()) {
                images.add(draw(extractor, (key, feature) -> {}, manager, i));
                print.println("written to " + base(i) + ".png");
            }
        }
        return images;
    }

    /** What a checkpoint of the backbone diffusion opens is this library's. */
    private static DiffusionFeatureExtractor open(
            Checkpoint checkpoint, ExtractionSettings settings, TorchRuntime runtime) throws IOException {
        return (DiffusionFeatureExtractor) checkpoint.open(settings, runtime);
    }

    /** Runs the process from noise to its end and writes the image. */
    private RgbImage draw(DiffusionFeatureExtractor extractor, FeatureConsumer consumer, NDManager manager, int number)
            throws IOException {
        NDArray[] last = new NDArray[1];
        NDArray noise = extractor.noise(seed + number, manager);
        RunMonitor monitor = ConsoleProgress.monitor();
        extractor.extract(noise, null, consumer, monitor, (call, latents) -> {
            if (last[0] != null) {
                last[0].close();
            }
            last[0] = latents.duplicate();
            last[0].attach(manager);
        });
        RgbImage image = extractor.decode(last[0]).get(0);
        PictureFiles.write(
                image.toBufferedImage(),
                base(number).resolveSibling(base(number).getFileName() + ".png"));
        return image;
    }

    private Made make(
            AggregatorFile file, AggregatorConfig config, Checkpoint checkpoint, TorchRuntime runtime, int number)
            throws IOException {
        Path base = base(number);
        try (Aggregator aggregator = Aggregator.of(file, config, runtime);
                DiffusionFeatureExtractor extractor = open(checkpoint, config.settings(), runtime);
                NDManager manager = extractor.newManager();
                FeatureStack stack = FeatureStack.create(manager, DataType.FLOAT32)) {
            aggregator.requireFits(extractor.layout(), extractor.name());
            if (number == 0 && count > 1) {
                PointConverter.requireInside(points, extractor.loadSize());
            }
            RgbImage image = draw(extractor, stack, manager, number);
            DescriptorMap map = new ImageFeatures(
                            stack, image.size(), extractor.loadSize(), extractor::placed, extractor.origin())
                    .describe(aggregator);
            map.save(base.resolveSibling(base.getFileName() + ".safetensors"));
            if (keep) {
                stack.save(base.resolveSibling(base.getFileName() + ".features.safetensors"));
            }
            return new Made(image, map);
        }
    }

    private void match(List<Made> made, PrintWriter print) throws IOException {
        CosineMatcher matcher = new CosineMatcher();
        DescriptorMap first = made.get(0).descriptors();
        DescriptorMap second = made.get(1).descriptors();
        List<Correspondence> found = points.isEmpty()
                ? matcher.matchAll(first, second, MatchOptions.MUTUAL)
                : matcher.match(first, second, points, MatchOptions.NEAREST);
        Path picture = out.resolve("match.png");
        CorrespondencePicture.write(made.get(0).image(), made.get(1).image(), found, model.note(), picture);
        print.printf("%d correspondences, drawn in %s%n", found.size(), picture);
    }
}
