package io.github.dhf4j.cli;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import io.github.dhf4j.diffusion.DiffusionFeatureExtractor;
import io.github.dhf4j.diffusion.process.LatentsListener;
import io.github.dhf4j.eval.picture.PcaGridPicture;
import io.github.dhf4j.feature.Clean;
import io.github.dhf4j.feature.DescriptorMap;
import io.github.dhf4j.feature.ExtractionProcess;
import io.github.dhf4j.feature.ExtractionSettings;
import io.github.dhf4j.feature.FeatureExtractor;
import io.github.dhf4j.feature.FeatureStack;
import io.github.dhf4j.feature.Generation;
import io.github.dhf4j.feature.Inversion;
import io.github.dhf4j.feature.Noised;
import io.github.dhf4j.feature.RunMonitor;
import io.github.dhf4j.feature.SettingsCodec;
import io.github.dhf4j.image.Size;
import io.github.dhf4j.tensor.TorchRuntime;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code dhf extract}. */
@Command(
        name = "extract",
        mixinStandardHelpOptions = true,
        description = {
            "Lead images, latents or noise through the diffusion process, or images through the network of another backbone, and write the features of layers and timesteps.",
            "Writes tensors s{index}.layer{k} (B, C, h, w) at native resolution, and latents.final."
        })
final class ExtractCommand implements Callable<Integer> {
    enum Mode {
        inversion,
        generation,
        noised,
        clean
    }

    enum Latent {
        mean,
        sample
    }

    enum Type {
        float32,
        float16
    }

    private static final List<String> OF_DIFFUSION = List.of(
            "--mode",
            "--prompt",
            "--negative-prompt",
            "--guidance",
            "--timesteps",
            "--save-indices",
            "--at",
            "--latent",
            "--latents",
            "--noise",
            "--ensemble",
            "--seed",
            "--no-final-latents");

    @Spec
    private CommandSpec spec;

    @Mixin
    private SourceOptions source = new SourceOptions();

    @Mixin
    private BackboneOptions backbone = new BackboneOptions();

    @Option(names = "--out", required = true, paramLabel = "FILE.safetensors", description = "The file to write.")
    private Path out;

    @Option(
            names = "--mode",
            description = "${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.",
            defaultValue = "inversion")
    private Mode mode;

    @Option(names = "--prompt", description = "What the network is told. Default: nothing.", defaultValue = "")
    private String prompt;

    @Option(
            names = "--negative-prompt",
            description = "What generation is guided away from. Default: nothing.",
            defaultValue = "")
    private String negativePrompt;

    @Option(
            names = "--guidance",
            description = "Guidance of generation. Default: ${DEFAULT-VALUE}.",
            defaultValue = "7.5")
    private double guidance;

    @Mixin
    private StepOptions steps = new StepOptions();

    @Option(
            names = "--at",
            paramLabel = "t,...",
            converter = IntegerList.Converter.class,
            description =
                    "For --mode noised or clean: timesteps 0-999 as the network sees them, instead of --timesteps and --save-indices; the save index is 999 - t.")
    private @Nullable IntegerList at;

    @Option(
            names = "--latent",
            description = "${COMPLETION-CANDIDATES} of the encoder's distribution. Default: ${DEFAULT-VALUE}.",
            defaultValue = "mean")
    private Latent latent;

    @Option(
            names = "--noise",
            paramLabel = "FILE[:TENSOR]",
            converter = TensorRef.Converter.class,
            description = "Noise for --latent sample and --mode noised, instead of the seed's.")
    private @Nullable TensorRef noise;

    @Option(
            names = "--ensemble",
            paramLabel = "N",
            description = "For --mode noised: average features over N noises. Default: ${DEFAULT-VALUE}.",
            defaultValue = "1")
    private int ensemble;

    @Option(names = "--seed", description = "Seed of all noise. Default: ${DEFAULT-VALUE}.", defaultValue = "0")
    private long seed;

    @Option(
            names = "--store",
            description = "${COMPLETION-CANDIDATES}: what features are kept as. Default: ${DEFAULT-VALUE}.",
            defaultValue = "float32")
    private Type store;

    @Option(
            names = "--no-final-latents",
            description =
                    "Stop at the last saved feature instead of running on to the final latents, and leave these out.")
    private boolean noFinalLatents;

    @Option(
            names = "--pca-grid",
            paramLabel = "PICTURE",
            description =
                    "Also draw the first image's features in false colours, layers by timesteps, as the paper's Figure 3.")
    private @Nullable Path pcaGrid;

    @Override
    public Integer call() throws IOException {
        boolean fromNoise = mode == Mode.generation;
        source.check(spec.commandLine(), fromNoise);
        if (fromNoise && !source.images.isEmpty()) {
            throw new ParameterException(
                    spec.commandLine(), "generation starts from noise, got images; use --mode inversion for images");
        }
        if (ensemble != 1 && mode != Mode.noised) {
            throw new ParameterException(spec.commandLine(), "--ensemble is for --mode noised, got --mode " + mode);
        }
        if (at != null && mode != Mode.noised && mode != Mode.clean) {
            throw new ParameterException(spec.commandLine(), "--at is for --mode noised or clean, got --mode " + mode);
        }
        if (backbone.networks().size() > 1) {
            throw new IllegalArgumentException("features are kept of one model at a time, got "
                    + backbone.networks().size() + "; name one with --model");
        }
        if (!backbone.isDiffusion()) {
            extractForward();
            return 0;
        }
        ExtractionSettings settings = settings();
        List<io.github.dhf4j.image.RgbImage> images = source.read();
        TorchRuntime runtime = backbone.runtime.exact(spec.commandLine().getOut());
        try (FeatureExtractor opened = backbone.pipeline().runtime(runtime).openExtractor(settings);
                NDManager manager = runtime.newManager();
                FeatureStack stack = FeatureStack.create(manager, type())) {
            if (!(opened instanceof DiffusionFeatureExtractor extractor)) {
                throw new IllegalStateException("backbone diffusion must be opened as such, got " + opened.name());
            }
            NDArray given = noise == null ? null : noise.read(manager, "noise");
            NDArray start;
            if (source.latents != null) {
                start = source.latents.read(manager, "latents");
            } else if (fromNoise) {
                start = extractor.noise(seed, manager);
            } else {
                start = extractor.encode(images, given, manager);
            }
            NDArray[] last = {start};
            LatentsListener following = (call, latents) -> {
                if (last[0] != start) {
                    last[0].close();
                }
                last[0] = latents.duplicate();
                last[0].attach(manager);
            };
            RunMonitor monitor = ConsoleProgress.monitor();
            extractor.extract(start, given, stack, monitor, noFinalLatents ? null : following);
            Map<String, NDArray> further = noFinalLatents ? Map.of() : Map.of("latents.final", last[0]);
            write(stack, start.getShape().get(0), extractor.sizeOf(start), further, extractor);
        }
        return 0;
    }

    /** Of a network without timesteps. */
    private void extractForward() throws IOException {
        for (String option : OF_DIFFUSION) {
            if (spec.commandLine().getParseResult().hasMatchedOption(option)) {
                throw new ParameterException(
                        spec.commandLine(),
                        option + " is of diffusion checkpoints, got backbone "
                                + backbone.checkpoint().backbone());
            }
        }
        List<io.github.dhf4j.image.RgbImage> images = source.read();
        TorchRuntime runtime = backbone.runtime.exact(spec.commandLine().getOut());
        try (FeatureExtractor extractor =
                        backbone.pipeline().runtime(runtime).openExtractor(backbone.forward(steps.tapped()));
                NDManager manager = runtime.newManager();
                FeatureStack stack = FeatureStack.create(manager, type())) {
            extractor.extract(images, stack, ConsoleProgress.monitor());
            write(stack, images.size(), extractor.loadSize(), Map.of(), extractor);
        }
    }

    private DataType type() {
        return store == Type.float16 ? DataType.FLOAT16 : DataType.FLOAT32;
    }

    private void write(
            FeatureStack stack, long count, Size size, Map<String, NDArray> further, FeatureExtractor extractor)
            throws IOException {
        stack.save(
                out,
                further,
                Map.of(
                        "settings",
                        SettingsCodec.text(extractor.settings()),
                        "checkpoint",
                        RunSettings.last(extractor.checkpoint())));
        spec.commandLine()
                .getOut()
                .printf(
                        "%d feature maps of %d image%s, layers %s, save indices %s, written to %s%n",
                        stack.keys().size(), count, count == 1 ? "" : "s", stack.layers(), stack.saveIndices(), out);
        if (pcaGrid != null) {
            drawGrid(stack, size, RunSettings.note(backbone.pipeline()), pcaGrid);
            spec.commandLine().getOut().println("false colours drawn in " + pcaGrid);
        }
    }

    private static void drawGrid(FeatureStack stack, Size size, String note, Path picture) throws IOException {
        List<List<DescriptorMap>> rows = new ArrayList<>();
        for (int layer : stack.layers()) {
            List<DescriptorMap> row = new ArrayList<>();
            for (int saveIndex : stack.saveIndices()) {
                try (NDManager work = stack.newManager()) {
                    NDArray first = stack.read(saveIndex, layer, work).get("0:1");
                    row.add(DescriptorMap.of(first, List.of(size), size).get(0));
                }
            }
            rows.add(row);
        }
        PcaGridPicture.write(
                rows,
                stack.layers().stream().map(layer -> "layer " + layer).toList(),
                stack.saveIndices().stream().map(saveIndex -> "s" + saveIndex).toList(),
                note,
                picture);
    }

    private ExtractionSettings settings() throws IOException {
        int count = at != null ? 1000 : steps.timesteps;
        List<Integer> saveIndices =
                at != null ? at.values().stream().map(t -> 999 - t).toList() : steps.saveIndices();
        boolean sample = latent == Latent.sample;
        ExtractionProcess process = switch (mode) {
            case inversion -> new Inversion(count, saveIndices, prompt, sample, seed);
            case generation -> new Generation(count, saveIndices, prompt, negativePrompt, guidance, seed);
            case noised -> new Noised(count, saveIndices, prompt, sample, seed, ensemble);
            case clean -> new Clean(count, saveIndices, prompt, sample, seed);
        };
        return backbone.complete(ExtractionSettings.of(process).withLayers(steps.tapped()));
    }
}
