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
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
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
                    "Checkpoint, by its path or its name on the hub (owner/name[@revision]): ${bundle:checkpoints}. Given several times, networks that see each image together, by weights that were trained over all of them. Default: the one that DHF_MODEL names, else the small bundled pipeline, which is for trying and testing.")
    private List<ModelPath> named = new ArrayList<>();

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
                    "Side in pixels that images are resized to; of several models once for each, in order. Default: the checkpoint's own, for raw features the backbone's, such as 224 of DINO.")
    private List<Integer> loadSizes = new ArrayList<>();

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

    /** The checkpoint of each network that sees an image. */
    List<Checkpoint> networks() throws IOException {
        return checkpoint().networks();
    }

    /** Whether the network has timesteps. */
    boolean isDiffusion() throws IOException {
        return isDiffusion(checkpoint());
    }

    static boolean isDiffusion(Checkpoint checkpoint) {
        return checkpoint.accepts(ExtractionSettings.inversion());
    }

    /** What an option says of one of several networks, where it is given once for each; empty where it is not given. */
    static <T> Optional<T> ofNetwork(String option, List<T> given, int network, int networks) {
        if (!given.isEmpty() && given.size() != networks) {
            throw new IllegalArgumentException(option + " must be given once for each of " + networks
                    + (networks == 1 ? " model" : " models") + ", got it " + given.size()
                    + (given.size() == 1 ? " time" : " times"));
        }
        return given.isEmpty() ? Optional.empty() : Optional.of(given.get(network));
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
        return isOfOne() || !loadSizes.isEmpty();
    }

    private boolean isOfOne() {
        return facet != null || stride != null || cellCentres || logBins || padded;
    }

    /** The checkpoint and its kind, and nothing else yet. */
    DescriptorPipelineBuilder pipeline() {
        if (pipeline == null) {
            published.requireAlone(named.isEmpty() ? null : named.get(0));
            if (named.size() > 1 && (isOfOne() || backbone != null || unet != null)) {
                throw new IllegalArgumentException(
                        "--backbone, --unet, --facet, --stride, --cell-centres, --log-bins and"
                                + " --padded are of one model, got " + named.size()
                                + "; join networks with settings of their own in a program (DescriptorPipeline.join)");
            }
            pipeline = DescriptorPipeline.builder().monitor(ConsoleProgress.monitor());
            if (published.preset != null) {
                pipeline.preset(published.preset);
            }
            if (!named.isEmpty()) {
                pipeline.model(named.get(0));
            }
            for (ModelPath other : named.subList(Math.min(1, named.size()), named.size())) {
                pipeline.join(DescriptorPipeline.builder()
                        .monitor(ConsoleProgress.monitor())
                        .model(other));
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
        List<ExtractionSettings> networks = settings.networks();
        if (networks.size() > 1) {
            List<ExtractionSettings> sized = new ArrayList<>();
            for (int n = 0; n < networks.size(); n++) {
                sized.add(sized(networks.get(n), n, networks.size()));
            }
            return ExtractionSettings.joined(sized);
        }
        ExtractionSettings complete = sized(settings, 0, 1);
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
        return sized(free, 0, 1);
    }

    private ExtractionSettings sized(ExtractionSettings settings, int network, int networks) {
        return ofNetwork("--load-size", loadSizes, network, networks)
                .map(settings::withLoadSize)
                .orElse(settings);
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
