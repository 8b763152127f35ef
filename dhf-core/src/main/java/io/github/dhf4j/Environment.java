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

    private static @Nullable Path path(String property, String variable) {
        String value = System.getProperty(property);
        if (value == null || value.isBlank()) {
            value = System.getenv(variable);
        }
        return value == null || value.isBlank() ? null : Path.of(value);
    }
}
