package io.github.dhf4j.io;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the user's environment says: a system property first, then an environment variable. */
public final class Environment {
    private static final String FOLDER = "dhf4j";
    private static final String ENGINE = "DJL_CACHE_DIR";
    /** What a message says where a cache, ours or the engine's, cannot be written. */
    public static final String CACHE_REMEDY =
            "set DHF_CACHE (or -Ddhf.cache) to a folder that can be written, which the engine's libraries go into too";

    private Environment() {}

    /**
     * The checkpoint that is used where none is given: {@code dhf.model} or {@code DHF_MODEL}.
     *
     * @return its folder, file or name on the hub, or null for the bundled one
     */
    public static @Nullable String model() {
        return text("dhf.model", "DHF_MODEL");
    }

    /**
     * The aggregation weights for it: {@code dhf.weights} or {@code DHF_WEIGHTS}.
     *
     * @return the file or its name on the hub, or null for those in the checkpoint's folder
     */
    public static @Nullable String weights() {
        return text("dhf.weights", "DHF_WEIGHTS");
    }

    /**
     * Where unpacked files and features are kept: {@code dhf.cache} or {@code DHF_CACHE}.
     *
     * @return the folder, or null for the platform's
     */
    public static @Nullable Path cache() {
        String folder = text("dhf.cache", "DHF_CACHE");
        return folder == null ? null : Path.of(folder);
    }

    /**
     * The folder for files that can be made again: the one that is named, else {@code dhf4j} in the platform's cache
     * folder.
     *
     * @return a folder, which need not exist
     * @throws IllegalStateException if none is named and the user has no home
     */
    public static Path cacheFolder() {
        Path named = cache();
        if (named != null) {
            return named;
        }
        for (String variable : List.of("XDG_CACHE_HOME", "LOCALAPPDATA")) {
            String platform = System.getenv(variable);
            if (platform != null && !platform.isBlank()) {
                return Path.of(platform, FOLDER);
            }
        }
        String home = System.getProperty("user.home");
        // what the JVM says of a user whom the system does not know
        if (home == null || home.isBlank() || home.equals("?")) {
            throw new IllegalStateException("cache folder must be named where the user has no home, got user.home '"
                    + home + "'; " + CACHE_REMEDY);
        }
        return Path.of(home, ".cache", FOLDER);
    }

    /**
     * Makes {@link #cacheFolder} or a folder in it.
     *
     * @param folder the folder
     * @throws IOException naming the variable that moves it, if it cannot be made or written into
     */
    public static void makeCacheFolder(Path folder) throws IOException {
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw unwritable(folder, e);
        }
        if (!Files.isWritable(folder)) {
            throw unwritable(folder, new AccessDeniedException(folder.toString()));
        }
    }

    private static IOException unwritable(Path folder, IOException e) {
        return new IOException(
                "cache folder must be writable, got " + e.getClass().getSimpleName() + " of " + e.getMessage() + " ("
                        + folder + "); " + CACHE_REMEDY,
                e);
    }

    /**
     * Lets the engine unpack its libraries below the folder that {@link #cache} names, unless {@code DJL_CACHE_DIR}
     * names another: one variable moves both caches. Without effect where no folder is named, or once the engine has
     * started.
     */
    public static void shareCacheWithEngine() {
        Path named = cache();
        if (named != null && System.getenv(ENGINE) == null && System.getProperty(ENGINE) == null) {
            System.setProperty(ENGINE, named.resolve("djl").toString());
        }
    }

    /**
     * The library's version.
     *
     * @return such as {@code 0.1.0}
     */
    public static String version() {
        try (InputStream in = Environment.class.getResourceAsStream("version.txt")) {
            return in == null ? "unknown" : new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            return "unknown";
        }
    }

    private static @Nullable String text(String property, String variable) {
        String value = System.getProperty(property);
        if (value == null || value.isBlank()) {
            value = System.getenv(variable);
        }
        return value == null || value.isBlank() ? null : value;
    }
}
