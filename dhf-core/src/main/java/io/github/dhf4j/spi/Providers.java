package io.github.dhf4j.spi;

import java.nio.file.Path;
import java.util.List;
import java.util.ServiceLoader;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Finds the providers of a seam on the class path. */
public final class Providers {
    private Providers() {}

    /**
     * Finds a provider.
     *
     * @param seam its interface
     * @param artifact the Maven artifact that brings one, for the message
     * @param <T> the seam
     * @return the first found
     * @throws IllegalStateException naming the artifact to add where none is found
     */
    public static <T> T find(Class<T> seam, String artifact) {
        return all(seam).stream().findFirst().orElseThrow(() -> missing(seam, artifact));
    }

    /**
     * Finds who opens checkpoints of a kind.
     *
     * @param backbone the kind, or null for the one that recognises the checkpoint
     * @param checkpoint folder or file; null for one that comes with a provider
     * @return the provider; where none recognises the checkpoint, the one of diffusion checkpoints
     * @throws IllegalArgumentException naming the kinds there are, if there is no such kind
     * @throws IllegalStateException naming the artifact to add where none is found
     */
    public static FeatureExtractorProvider extractor(@Nullable String backbone, @Nullable Path checkpoint) {
        List<FeatureExtractorProvider> all = all(FeatureExtractorProvider.class);
        if (backbone != null) {
            return all.stream()
                    .filter(provider -> provider.backbone().equals(backbone))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("backbone must be one of "
                            + all.stream()
                                    .map(FeatureExtractorProvider::backbone)
                                    .sorted()
                                    .collect(Collectors.joining(", "))
                            + ", got '" + backbone + "'; others need an artifact that brings them"));
        }
        return all.stream()
                .filter(provider -> checkpoint != null && provider.recognises(checkpoint))
                .findFirst()
                .or(() -> all.stream()
                        .filter(provider -> provider.backbone().equals("diffusion"))
                        .findFirst())
                .orElseThrow(() -> missing(FeatureExtractorProvider.class, "dhf-diffusion"));
    }

    private static <T> List<T> all(Class<T> seam) {
        List<T> found = ServiceLoader.load(seam).stream()
                .map(ServiceLoader.Provider::get)
                .toList();
        return found.isEmpty()
                ? ServiceLoader.load(seam, Providers.class.getClassLoader()).stream()
                        .map(ServiceLoader.Provider::get)
                        .toList()
                : found;
    }

    private static IllegalStateException missing(Class<?> seam, String artifact) {
        return new IllegalStateException("a " + seam.getSimpleName()
                + " must be on the class path, got none; add the artifact io.github.dhf4j:" + artifact);
    }
}
