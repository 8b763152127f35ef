package io.github.dhf4j.cli;

import io.github.dhf4j.DescriptorPipeline;
import io.github.dhf4j.DescriptorPipelineBuilder;
import io.github.dhf4j.feature.CallBudget;
import io.github.dhf4j.feature.ExtractionProcess;
import io.github.dhf4j.feature.ExtractionSettings;
import io.github.dhf4j.feature.FeatureAggregator;
import io.github.dhf4j.feature.FeatureExtractor;
import io.github.dhf4j.feature.Forward;
import io.github.dhf4j.feature.ImageProcess;
import io.github.dhf4j.feature.Inversion;
import io.github.dhf4j.feature.Noised;
import io.github.dhf4j.feature.TokenTaps;
import io.github.dhf4j.io.Texts;
import io.github.dhf4j.io.hub.HubId;
import io.github.dhf4j.matching.Localizer;
import io.github.dhf4j.matching.Placement;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What was run with what, in names: outputs are passed on, and say nothing of this machine's folders. */
final class RunSettings {
    private RunSettings() {}

    /** A path as it was given, or its name where it is absolute. */
    static String name(Path path) {
        Path whole = path.toAbsolutePath().normalize();
        return path.isAbsolute()
                        || path.getFileName() == null
                        || path.normalize().startsWith("..")
                ? String.valueOf(whole.getFileName())
                : path.toString();
    }

    /** The last part of a path, whole or not; of what was fetched its name. */
    static String last(Path path) {
        Optional<HubId> published = HubId.inCache(path);
        if (published.isPresent()) {
            return published.get().toString();
        }
        return Texts.lastName(path);
    }

    /** Checkpoint and weights, or raw maps. */
    static String method(DescriptorPipelineBuilder builder, FeatureExtractor extractor, FeatureAggregator aggregator)
            throws IOException {
        return checkpoint(builder, extractor) + " with " + weights(builder, aggregator);
    }

    static String note(DescriptorPipelineBuilder builder) {
        return builder.isBundled() ? DescriptorPipeline.BUNDLED_NOTE : "";
    }

    /** By name, in the order in which they are shown. */
    static Map<String, String> of(
            DescriptorPipelineBuilder builder,
            FeatureExtractor extractor,
            FeatureAggregator aggregator,
            Placement placement)
            throws IOException {
        Map<String, String> settings = ofDescriptors(builder, extractor, aggregator);
        settings.put(
                "localizer",
                Localizer.meant(placement.localizer(), extractor.comparesProducts())
                        .word());
        if (!placement.isPlain()) {
            settings.put("placement", placement.extras());
        }
        return settings;
    }

    /** Of a pipeline whose descriptors are used, and nobody matched points with. */
    static Map<String, String> of(DescriptorPipelineBuilder builder, DescriptorPipeline pipeline) throws IOException {
        return ofDescriptors(builder, pipeline.extractor(), pipeline.aggregator());
    }

    private static Map<String, String> ofDescriptors(
            DescriptorPipelineBuilder builder, FeatureExtractor extractor, FeatureAggregator aggregator)
            throws IOException {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("checkpoint", checkpoint(builder, extractor));
        settings.put("descriptors", weights(builder, aggregator));
        List<FeatureExtractor> networks = extractor.networks();
        for (int n = 0; n < networks.size(); n++) {
            String which = networks.size() == 1 ? "" : " " + (n + 1);
            FeatureExtractor network = networks.get(n);
            of(aggregator.settings().networks().get(n)).forEach((key, value) -> settings.put(key + which, value));
            settings.put("load_size" + which, network.loadSize().toString());
            settings.put("layers" + which, network.settings().layers().toString());
        }
        return settings;
    }

    private static Map<String, String> of(ExtractionSettings of) {
        ExtractionProcess process = of.process();
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("process", process.word());
        if (process instanceof Forward forward) {
            settings.put("tokens", words(of.taps().tokens()));
            if (forward.padded()) {
                settings.put("images", "padded");
            }
            return settings;
        }
        settings.put("timesteps", String.valueOf(process.timesteps()));
        settings.put("saved_indices", process.saveIndices().toString());
        if (process instanceof Inversion walk && !walk.calls().isEmpty()) {
            settings.put("calls", walk.calls().toString());
        }
        settings.put("prompt", process.prompt());
        if (process instanceof ImageProcess image) {
            settings.put("latent", image.sampleLatent() ? "sample, seed " + image.seed() : "mean");
        }
        if (process instanceof Noised noised) {
            settings.put("noises", String.valueOf(noised.ensemble()));
        }
        return settings;
    }

    /** What is taken of tokens, in words. */
    static String words(TokenTaps tokens) {
        return tokens.facet().name().toLowerCase(Locale.ROOT)
                + (tokens.stride() == 0 ? "" : ", stride " + tokens.stride())
                + (tokens.cellCentres() ? ", cell centres" : "")
                + (tokens.logBins() ? ", log bins" : "");
    }

    private static String checkpoint(DescriptorPipelineBuilder builder, FeatureExtractor extractor) throws IOException {
        Path adapters = builder.adapters();
        String checkpoints = extractor.networks().stream()
                .map(network -> last(network.checkpoint()))
                .collect(Collectors.joining(" + "));
        return (builder.isBundled() ? "bundled pipeline" : checkpoints)
                + (adapters == null ? "" : " adapted by " + last(adapters));
    }

    private static String weights(DescriptorPipelineBuilder builder, FeatureAggregator aggregator) throws IOException {
        @Nullable Path file = builder.rawSettings() == null ? builder.weightsFile() : null;
        if (file == null) {
            return aggregator.name();
        }
        String calls = CallBudget.words(aggregator.settings().process());
        return "weights " + last(file) + (calls.isEmpty() ? "" : ", " + calls + " calls");
    }
}
