package io.github.dhf4j.cli;

import io.github.dhf4j.DescriptorPipeline;
import io.github.dhf4j.DescriptorPipelineBuilder;
import io.github.dhf4j.diffusion.CleanDift;
import io.github.dhf4j.diffusion.Dift;
import io.github.dhf4j.feature.CallBudget;
import io.github.dhf4j.feature.ExtractionSettings;
import io.github.dhf4j.io.AtomicFiles;
import io.github.dhf4j.io.TensorFile;
import io.github.dhf4j.io.TorchCheckpoint;
import io.github.dhf4j.io.hub.HubId;
import io.github.dhf4j.io.hub.ModelPath;
import io.github.dhf4j.tensor.TorchRuntime;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** Which checkpoint, and what makes descriptors of its features. */
final class ModelOptions {
    @Mixin
    private BackboneOptions backbone = new BackboneOptions();

    @Option(
            names = "--weights",
            paramLabel = "FILE|NAME",
            description =
                    "Aggregation weights made for the checkpoint: the authors' .pt or safetensors, by path or by name on the hub (owner/name/path/in/repo.pt[@revision]); or MARCO's marco_release.pth, which goes into a DINOv2 with registers. Default: those in the checkpoint's folder.")
    private @Nullable ModelPath weights;

    @Option(
            names = "--raw-layer",
            paramLabel = "K,...",
            converter = IntegerList.Converter.class,
            description =
                    "Match with the raw features of layer K, one of those that 'dhf inspect' shows (4 of Stable Diffusion is the paper's SD-Layer-4); several are laid one behind the other. Needs no weights. Default without weights: the backbone's own, where it has some.")
    private @Nullable IntegerList rawLayers;

    @Option(
            names = "--raw-save-index",
            paramLabel = "S",
            description = "Save index of --raw-layer, 49 (clean) to 0 (noise); diffusion only. Default: 10.")
    private @Nullable Integer rawSaveIndex;

    @Option(
            names = "--dift",
            paramLabel = "PROMPT",
            description =
                    "Match a diffusion checkpoint's features as DIFT takes them, such as with \"a photo of a cat\": timestep 261, second up block, mean over 8 noises, at 768 x 768 unless --load-size says otherwise.")
    private @Nullable String dift;

    @Option(
            names = "--cleandift",
            paramLabel = "PROMPT",
            description =
                    "Match a diffusion checkpoint's features as CleanDIFT takes them, with its UNet given by --unet: one call on the clean latent, timestep 261, second up block, at 768 x 768 unless --load-size says otherwise.")
    private @Nullable String cleanDift;

    @Option(
            names = "--calls",
            paramLabel = "N|paper",
            converter = CallBudgetConverter.class,
            description =
                    "How many calls of the network an image takes: N of those whose maps the weights know, or paper for the whole walk. Default: all that the weights know of match and describe, such as 11 of 50; else paper.")
    private @Nullable CallBudget calls;

    /** For figures: the paper's walk unless another is asked for. */
    DescriptorPipelineBuilder exactPipeline() throws IOException {
        DescriptorPipelineBuilder builder = pipeline();
        return calls == null ? builder.calls(CallBudget.PAPER) : builder;
    }

    DescriptorPipelineBuilder pipeline() throws IOException {
        boolean layers = rawLayers != null || rawSaveIndex != null;
        if (Stream.of(dift != null, cleanDift != null, layers)
                        .filter(given -> given)
                        .count()
                > 1) {
            throw new IllegalArgumentException("one of --dift, --cleandift and --raw-layer must be given, got several");
        }
        boolean raw = dift != null || cleanDift != null || layers || backbone.isGiven();
        DescriptorPipelineBuilder builder = backbone.pipeline();
        if (raw && backbone.networks().size() > 1) {
            throw new IllegalArgumentException(
                    "several models are joined by --weights that were trained over all of them,"
                            + " got --raw-layer, --dift, --cleandift or --load-size; give one model, or weights");
        }
        if (weights != null) {
            builder.weights(weights);
        }
        if (weights != null && raw && builder.adapters() == null) {
            throw new IllegalArgumentException(
                    "one of --weights and --raw-layer must be given, got both (or --dift, --cleandift, --facet, --stride, --cell-centres, --log-bins,"
                            + " --padded or --load-size, which weights name themselves)");
        }
        if (calls != null) {
            builder.calls(calls);
        }
        if (raw) {
            builder.raw(backbone.complete(rawSettings()));
        }
        return builder;
    }

    /** The weights file that was named and may be written into; null for none, or one that was fetched. */
    @Nullable
    Path ownWeights() throws IOException {
        Path file = weights == null ? null : CheckpointOptions.models().file(weights);
        if (file == null || HubId.inCache(file).isPresent()) {
            return null;
        }
        try (TensorFile opened = TensorFile.open(file)) {
            if (opened instanceof TorchCheckpoint) {
                throw new IllegalArgumentException(
                        "weights must be safetensors to hold a calibration, got a torch checkpoint (" + file
                                + "); make a file with 'dhf convert-weights'");
            }
        }
        AtomicFiles.requireWritable(file);
        return file;
    }

    /** Where to run for a result at a glance: the small bundled pipeline has nothing to win by another type. */
    TorchRuntime fast(PrintWriter print) {
        return backbone.pipeline().isBundled() ? backbone.runtime.exact(print) : backbone.runtime.fast(print);
    }

    /** Where to run for figures. */
    TorchRuntime exact(PrintWriter print) {
        return backbone.runtime.exact(print);
    }

    /** The walk in a line, where it is not the paper's; empty where it is. */
    static String walk(ExtractionSettings settings) {
        String calls = CallBudget.words(settings.process());
        return calls.isEmpty() ? "" : calls + " calls an image (--calls paper for the walk of the training)";
    }

    /** Reads budgets. */
    static final class CallBudgetConverter implements ITypeConverter<CallBudget> {
        @Override
        public CallBudget convert(String text) {
            try {
                return CallBudget.of(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(String.valueOf(e.getMessage()));
            }
        }
    }

    /** Refuses a network in which nothing stands out, before it is opened. */
    void requireForeground() throws IOException {
        String kind = backbone.checkpoint().backbone();
        if (!List.of("dino", "dinov2").contains(kind)) {
            throw new IllegalArgumentException("--foreground needs DINO's ViT-S, got backbone " + kind);
        }
    }

    /** Refuses latents where there are none, before the network is opened. */
    void requireLatents() throws IOException {
        backbone.requireDiffusion("--latents");
    }

    private ExtractionSettings rawSettings() throws IOException {
        if (dift != null) {
            return Dift.of(dift);
        }
        if (cleanDift != null) {
            return CleanDift.of(cleanDift);
        }
        ExtractionSettings settings = backbone.presetRaw();
        if (settings != null && rawLayers == null && rawSaveIndex == null) {
            return settings;
        }
        settings = backbone.checkpoint().rawSettings();
        if (settings == null) {
            int step = rawSaveIndex == null ? DescriptorPipeline.DEFAULT_RAW_SAVE_INDEX : rawSaveIndex;
            settings = ExtractionSettings.inversion()
                    .withTimesteps(50, List.of(step))
                    .withLayers(List.of(DescriptorPipeline.DEFAULT_RAW_LAYER));
        } else if (rawSaveIndex != null) {
            throw new IllegalArgumentException("--raw-save-index is of diffusion checkpoints, got backbone "
                    + backbone.checkpoint().backbone());
        }
        return rawLayers == null ? settings : settings.withLayers(rawLayers.values());
    }
}
