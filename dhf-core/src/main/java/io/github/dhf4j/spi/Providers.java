package io.github.dhf4j.spi;

import io.github.dhf4j.io.PathKind;
import io.github.dhf4j.io.Texts;
import io.github.dhf4j.io.hub.PublishedFiles;
import io.github.dhf4j.matching.CorrespondenceMatcher;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Finds the providers of a seam on the class path: those that this library's own class loader sees, then those that only
 * the thread's context class loader sees.
 */
public final class Providers {
    /**
     * One provider of each service file, who is there if its artifact is: to tell a missing artifact from a service file
     * that was overwritten.
     */
    private static final Map<Class<?>, List<String>> WITNESSES = Map.of(
            FeatureExtractorProvider.class,
            List.of("io.github.dhf4j.diffusion.DiffusionExtractorProvider", "io.github.dhf4j.backbones.DinoProvider"),
            FeatureAggregatorProvider.class,
            List.of("io.github.dhf4j.aggregation.AggregationProvider"),
            CorrespondenceMatcher.class,
            List.of("io.github.dhf4j.matching.CosineMatcher"));

    private static final String BUNDLED = "diffusion";

    private Providers() {}

    /**
     * Finds a provider.
     *
     * @param seam its interface
     * @param artifact the Maven artifact that brings one, for the message
     * @param <T> the seam
     * @return the first found
     * @throws IllegalStateException naming the artifact to add where none is found, or the service file that must be merged
     */
    public static <T> T find(Class<T> seam, String artifact) {
        return all(seam).stream().findFirst().orElseThrow(() -> missing(seam, artifact, List.of()));
    }

    /**
     * Finds who knows checkpoints, of every kind there is.
     *
     * @return the providers by {@link FeatureExtractorProvider#backbone}; empty if no artifact brings one
     */
    public static List<FeatureExtractorProvider> extractors() {
        return all(FeatureExtractorProvider.class).stream()
                .sorted(Comparator.comparing(FeatureExtractorProvider::backbone))
                .toList();
    }

    /**
     * Finds who knows checkpoints of a kind.
     *
     * @param backbone the kind, or null for that of the checkpoint that is bundled
     * @return the provider
     * @throws IllegalArgumentException naming the kinds there are, if there is no such kind
     * @throws IllegalStateException naming the artifact to add where none is found, or the service file that must be merged
     */
    public static FeatureExtractorProvider extractor(@Nullable String backbone) {
        List<FeatureExtractorProvider> all = all(FeatureExtractorProvider.class);
        return all.stream()
                .filter(provider -> provider.backbone().equals(backbone == null ? BUNDLED : backbone))
                .findFirst()
                .orElseThrow(() -> backbone == null
                        ? missing(FeatureExtractorProvider.class, "dhf-diffusion", all)
                        : noSuchBackbone(backbone, all));
    }

    /**
     * Recognises a checkpoint.
     *
     * @param backbone the kind that it must be of, or null for any that recognises it
     * @param path folder or file
     * @return the checkpoint
     * @throws IOException saying what the path is instead
     * @throws IllegalArgumentException naming the kinds there are, if there is no such kind
     * @throws IllegalStateException naming the artifact to add where none is found, or the service file that must be merged
     */
    public static Checkpoint checkpoint(@Nullable String backbone, Path path) throws IOException {
        List<FeatureExtractorProvider> all = all(FeatureExtractorProvider.class);
        FeatureExtractorProvider named = backbone == null ? null : extractor(backbone);
        CheckpointPath looked = new CheckpointPath(path);
        Optional<Checkpoint> found = recognise(all, looked);
        if (found.isPresent() && (backbone == null || found.get().backbone().equals(backbone))) {
            return found.get();
        }
        if (found.isPresent()) {
            throw new IOException("checkpoint must be of backbone " + backbone + ", got one of "
                    + found.get().backbone() + " (" + path + "); choose that backbone, or leave it out");
        }
        if (all.isEmpty() || !unnamed(all).isEmpty()) {
            throw missing(FeatureExtractorProvider.class, "dhf-diffusion", all);
        }
        Optional<IOException> refusal = named == null ? Optional.empty() : named.refusal(looked);
        if (refusal.isPresent()) {
            throw refusal.get();
        }
        throw PathKind.of(path)
                .refused(
                        "checkpoint must be of " + (backbone == null ? "one of " + names(all) : "backbone " + backbone),
                        path);
    }

    /**
     * Chooses the files of a published repository that its checkpoint is opened from.
     *
     * @param files those there are
     * @param wanted in which type, and without which part
     * @return the choice of the provider that knows such a repository
     * @throws IOException saying what is there instead, or what the checkpoint lacks
     * @throws IllegalStateException naming the artifact to add where no provider is found, or the service file that must be
     *     merged
     */
    public static List<String> select(PublishedFiles files, WantedParts wanted) throws IOException {
        List<FeatureExtractorProvider> all = all(FeatureExtractorProvider.class);
        for (FeatureExtractorProvider provider : all) {
            List<String> chosen = provider.select(files, wanted);
            if (!chosen.isEmpty()) {
                return chosen;
            }
        }
        if (all.isEmpty() || !unnamed(all).isEmpty()) {
            throw missing(FeatureExtractorProvider.class, "dhf-diffusion", all);
        }
        throw new IOException(
                "model must hold a checkpoint of one of " + names(all) + " in the diffusers or transformers"
                        + " layout, got " + Texts.some(files.names()) + " (" + files.name()
                        + "); of a repository of single files name one: " + files.name() + "/FILE");
    }

    /**
     * Recognises a checkpoint, if it is one.
     *
     * @param path folder or file
     * @return the checkpoint; empty if no provider knows it
     */
    public static Optional<Checkpoint> recognise(Path path) {
        return recognise(all(FeatureExtractorProvider.class), new CheckpointPath(path));
    }

    /**
     * Whether weights belong into a network, instead of making descriptors of its maps.
     *
     * @param weights a file
     * @return whether a provider takes them for adapters of its networks
     */
    public static boolean areAdapters(Path weights) {
        CheckpointPath looked = new CheckpointPath(weights);
        return all(FeatureExtractorProvider.class).stream().anyMatch(provider -> provider.adapts(looked));
    }

    private static Optional<Checkpoint> recognise(List<FeatureExtractorProvider> all, CheckpointPath path) {
        return all.stream()
                .flatMap(provider -> provider.recognise(path).stream())
                .findFirst();
    }

    private static RuntimeException noSuchBackbone(String backbone, List<FeatureExtractorProvider> all) {
        return unnamed(all).isEmpty()
                ? new IllegalArgumentException("backbone must be one of " + names(all) + ", got '" + backbone
                        + "'; others need an artifact that brings them")
                : missing(FeatureExtractorProvider.class, "", all);
    }

    private static String names(List<FeatureExtractorProvider> all) {
        return all.stream().map(FeatureExtractorProvider::backbone).sorted().collect(Collectors.joining(", "));
    }

    private static <T> List<T> all(Class<T> seam) {
        Map<String, T> found = new LinkedHashMap<>();
        collect(seam, Providers.class.getClassLoader(), found);
        ClassLoader context = Thread.currentThread().getContextClassLoader();
        if (context != null && context != Providers.class.getClassLoader()) {
            try {
                collect(seam, context, found);
            } catch (ServiceConfigurationError e) {
                // a loader that has another copy of this library has its providers too, which are none of ours
                if (found.isEmpty() && !String.valueOf(e.getMessage()).endsWith("not a subtype")) {
                    throw e;
                }
            }
        }
        return List.copyOf(found.values());
    }

    private static <T> void collect(Class<T> seam, ClassLoader loader, Map<String, T> found) {
        for (Iterator<T> each = ServiceLoader.load(seam, loader).iterator(); each.hasNext(); ) {
            T provider = each.next();
            found.putIfAbsent(provider.getClass().getName(), provider);
        }
    }

    /** Witnesses whose class is there and which no service file names. */
    private static List<String> unnamed(Class<?> seam, List<?> found) {
        List<String> named =
                found.stream().map(provider -> provider.getClass().getName()).toList();
        return WITNESSES.getOrDefault(seam, List.of()).stream()
                .filter(name -> !named.contains(name) && isThere(name))
                .toList();
    }

    private static boolean isThere(String className) {
        try {
            Class.forName(className, false, Providers.class.getClassLoader());
            return true;
        } catch (ClassNotFoundException | LinkageError e) {
            // its artifact is not there
            return false;
        }
    }

    private static List<String> unnamed(List<FeatureExtractorProvider> found) {
        return unnamed(FeatureExtractorProvider.class, found);
    }

    private static IllegalStateException missing(Class<?> seam, String artifact, List<?> found) {
        List<String> unnamed = unnamed(seam, found);
        return new IllegalStateException(
                unnamed.isEmpty()
                        ? "a " + seam.getSimpleName() + " must be on the class path, got none; add the artifact"
                                + " io.github.dhf4j:" + artifact
                        : overwritten(seam, unnamed));
    }

    /** What is said where a jar of jars holds a provider's class and not its entry. */
    private static String overwritten(Class<?> seam, List<String> unnamed) {
        String classes = unnamed.stream()
                .map(name ->
                        Arrays.stream(name.split("\\.")).reduce((a, b) -> b).orElse(name))
                .collect(Collectors.joining(", "));
        return "META-INF/services/" + seam.getName() + " must name " + classes
                + " and others of their jars, whose classes are on the class path,"
                + " got a file without; service files must be merged when jars are put into one (Maven Shade:"
                + " ServicesResourceTransformer, Gradle Shadow: mergeServiceFiles())";
    }
}
