package io.github.dhf4j.cli;

import io.github.dhf4j.DescriptorPipeline;
import io.github.dhf4j.DescriptorPipelineBuilder;
import io.github.dhf4j.backbones.Marco;
import io.github.dhf4j.feature.ExtractionSettings;
import io.github.dhf4j.feature.Facet;
import io.github.dhf4j.feature.TokenTaps;
import io.github.dhf4j.io.hub.ModelPath;
import io.github.dhf4j.spi.Checkpoint;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which network, and how images go through one that knows no timesteps. */
final class BackboneOptions {
    @Option(
            names = "--model",
            paramLabel = "DIR|FILE|NAME",
            description =
                    "Checkpoint, by its path or its name on the hub (owner/name[@revision]): ${bundle:checkpoints}. Default: the one that DHF_MODEL names, else the small bundled pipeline, which is for trying and testing.")
    private @Nullable ModelPath named;

    @Option(
            names = "--unet",
            paramLabel = "FILE|NAME",
            description =
                    "Of diffusion checkpoints: weights that take the place of the UNet's, such as of a fine-tuning, in diffusers' keys, by path or by name on the hub (owner/name/file).")
    private @Nullable ModelPath unet;

    @Mixin
    private PresetOption published = new PresetOption();

    @Option(
            names = "--backbone",
            paramLabel = "NAME",
            description = "What the checkpoint is of: ${bundle:backbones}. Default: the checkpoint tells it.")
    private @Nullable String backbone;

    @Option(
            names = "--facet",
            paramLabel = "NAME",
            converter = FacetConverter.class,
            description =
                    "Of vision transformers: query, key, value, token or normed_token. Default: token, for raw features the backbone's own, such as key of DINO.")
    private @Nullable Facet facet;

    @Option(
            names = "--stride",
            paramLabel = "N",
            description =
                    "Of vision transformers: pixels between patches, dividing the patch's side. Default: the patch's side, for raw features the backbone's own, such as 4 of DINO.")
    private @Nullable Integer stride;

    @Option(
            names = "--cell-centres",
            description =
                    "Of vision transformers: match with cells at the centres of their patches instead of spread over the image, which differ where --stride is small.")
    private boolean cellCentres;

    @Option(
            names = "--log-bins",
            description = "Of vision transformers: widen each descriptor by 17 bins around it, at 17 times the memory.")
    private boolean logBins;

    @Option(
            names = "--load-size",
            paramLabel = "N",
            description =
                    "Side in pixels that images are resized to. Default: the checkpoint's own, for raw features the backbone's, such as 224 of DINO.")
    @Nullable
    Integer loadSize;

    @Option(
            names = "--padded",
            description =
                    "Of MARCO's adapters: keep an image's shape, its longest side at the load size (840 unless --load-size says otherwise), the rest of the square empty. Default: images are squashed to the square.")
    private boolean padded;

    @Mixin
    RuntimeOptions runtime = new RuntimeOptions();

    private @Nullable DescriptorPipelineBuilder pipeline;

    /** The checkpoint, recognised once for a command. */
    Checkpoint checkpoint() throws IOException {
        return pipeline().checkpoint();
    }

    /** Whether the network has timesteps. */
    boolean isDiffusion() throws IOException {
        return checkpoint().accepts(ExtractionSettings.inversion());
    }

    /** Refuses an option that networks without timesteps do not have. */
    void requireDiffusion(String option) throws IOException {
        if (!isDiffusion()) {
            throw new IllegalArgumentException(option + " is of diffusion checkpoints, got backbone "
                    + checkpoint().backbone());
        }
    }

    /** Whether an option says how images go through the network. */
    boolean isGiven() {
        return facet != null || stride != null || cellCentres || logBins || padded || loadSize != null;
    }

    /** The checkpoint and its kind, and nothing else yet. */
    DescriptorPipelineBuilder pipeline() {
        if (pipeline == null) {
            published.requireAlone(named);
            pipeline = DescriptorPipeline.builder().monitor(ConsoleProgress.monitor());
            if (published.preset != null) {
                pipeline.preset(published.preset);
            }
            if (named != null) {
                pipeline.model(named);
            }
            if (backbone != null) {
                pipeline.backbone(backbone);
            }
            if (unet != null) {
                pipeline.unet(unet);
            }
        }
        return pipeline;
    }

    /** The settings with what the options say; an error if they are not for such a network. */
    ExtractionSettings complete(ExtractionSettings settings) throws IOException {
        ExtractionSettings complete = loadSize == null ? settings : settings.withLoadSize(loadSize);
        if (padded) {
            complete = padded(complete);
        }
        if (facet == null && stride == null && !cellCentres && !logBins) {
            return complete;
        }
        TokenTaps tokens = settings.taps().tokens();
        TokenTaps wanted = new TokenTaps(
                tokens.layers(),
                facet != null ? facet : tokens.facet(),
                stride != null ? stride : tokens.stride(),
                cellCentres || tokens.cellCentres(),
                logBins || tokens.logBins());
        ExtractionSettings tapped = ExtractionSettings.forward().withTaps(wanted);
        if (!checkpoint().accepts(tapped)) {
            throw new IllegalArgumentException(
                    "--facet, --stride, --cell-centres and --log-bins are of vision transformers, got backbone "
                            + checkpoint().backbone());
        }
        return complete.withTaps(wanted);
    }

    private ExtractionSettings padded(ExtractionSettings settings) throws IOException {
        ExtractionSettings free = Marco.padded();
        if (!settings.taps().equals(free.taps()) || !checkpoint().accepts(free)) {
            throw new IllegalArgumentException("--padded is of MARCO's adapters, got backbone "
                    + checkpoint().backbone() + " without; give them by --weights or --preset marco");
        }
        return loadSize == null ? free : free.withLoadSize(loadSize);
    }

    /** The raw maps of the preset, or null. */
    @Nullable
    ExtractionSettings presetRaw() {
        return published.preset == null ? null : published.preset.raw();
    }

    /** Settings of a network without timesteps; no layers for all. */
    ExtractionSettings forward(List<Integer> layers) throws IOException {
        return complete(ExtractionSettings.forward().withLayers(layers));
    }

    /** Facets by their names in small letters. */
    static final class FacetConverter implements ITypeConverter<Facet> {
        @Override
        public Facet convert(String text) {
            try {
                return Facet.valueOf(text.toUpperCase(Locale.ROOT));
            } catch (IllegalArgumentException e) {
                throw new picocli.CommandLine.TypeConversionException(
                        "facet must be query, key, value, token or normed_token, got '" + text + "'");
            }
        }
    }
}
