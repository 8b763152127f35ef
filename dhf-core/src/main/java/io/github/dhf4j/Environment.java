package io.github.dhf4j;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** What the user's environment says: a system property first, then an environment variable. */
public final class Environment {
    private Environment() {}

    /**
     * The checkpoint that is used where none is given: {@code dhf.model} or {@code DHF_MODEL}.
     *
     * @return its folder, or null for the bundled one
     */
    public static @Nullable Path model() {
        return path("dhf.model", "DHF_MODEL");
    }

    /**
     * The aggregation weights for it: {@code dhf.weights} or {@code DHF_WEIGHTS}.
     *
     * @return the file, or null for those in the checkpoint's folder
     */
    public static @Nullable Path weights() {
        return path("dhf.weights", "DHF_WEIGHTS");
    }

    /**
     * Where unpacked files are kept: {@code dhf.cache} or {@code DHF_CACHE}.
     *
     * @return the folder, or null for the platform's
     */
    public static @Nullable Path cache() {
        return path("dhf.cache", "DHF_CACHE");
    }

    /**
     * The folder for files that can be made again: the one that is named, else {@code dhf4j} in the platform's cache
     * folder.
     *
     * @return a folder, which need not exist
     */
    public static Path cacheFolder() {
        Path named = cache();
        if (named != null) {
            return named;
        }
        String home = System.getProperty("user.home", ".");
        String platform = System.getenv("XDG_CACHE_HOME");
        if (platform == null || platform.isBlank()) {
            platform = System.getenv("LOCALAPPDATA");
        }
        return platform == null || platform.isBlank() ? Path.of(home, ".cache", "dhf4j") : Path.of(platform, "dhf4j");
    }

    private static @Nullable Path path(String property, String variable) {
        String value = System.getProperty(property);
        if (value == null || value.isBlank()) {
            value = System.getenv(variable);
        }
        return value == null || value.isBlank() ? null : Path.of(value);
    }
}
