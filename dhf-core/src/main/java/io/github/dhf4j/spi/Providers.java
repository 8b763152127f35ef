package io.github.dhf4j.spi;

import java.util.ServiceLoader;

/** Finds the one provider of a seam on the class path. */
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
        ClassLoader own = Providers.class.getClassLoader();
        return ServiceLoader.load(seam)
                .findFirst()
                .or(() -> ServiceLoader.load(seam, own).findFirst())
                .orElseThrow(() -> new IllegalStateException("a " + seam.getSimpleName()
                        + " must be on the class path, got none; add the artifact io.github.dhf4j:" + artifact));
    }
}
