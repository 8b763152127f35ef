package io.github.dhf4j.io.hub;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where the hub is, and where its files are kept.
 *
 * @param endpoint such as {@code https://huggingface.co}, without a slash at the end
 * @param cache the folder that holds {@code models--owner--name}; need not exist
 * @param token sent to the endpoint's host only; null for none
 * @param offline whether nobody is asked and only the cache is read
 * @param links whether snapshots may be symbolic links; where the system makes none, files are moved or copied anyway
 * @param patience how long is waited
 */
public record HubSettings(
        URI endpoint, Path cache, @Nullable HubToken token, boolean offline, boolean links, HubPatience patience) {
    /** The variables that are read, each also as a system property of the same name, which wins. */
    public static final List<String> VARIABLES = List.of(
            "HF_HOME",
            "HF_HUB_CACHE",
            "HUGGINGFACE_HUB_CACHE",
            "XDG_CACHE_HOME",
            "HF_ENDPOINT",
            "HF_TOKEN",
            "HUGGING_FACE_HUB_TOKEN",
            "HF_TOKEN_PATH",
            "HF_HUB_DISABLE_IMPLICIT_TOKEN",
            "HF_HUB_OFFLINE",
            "TRANSFORMERS_OFFLINE",
            "HF_HUB_DISABLE_SYMLINKS");

    private static final String ENDPOINT = "https://huggingface.co";
    private static final Set<String> TRUE = Set.of("1", "ON", "YES", "TRUE");
    private static final Pattern VARIABLE = Pattern.compile("\\$(?:\\{(?<braced>\\w+)}|(?<bare>\\w+))");

    /**
     * The settings of this process.
     *
     * @return read anew
     * @throws IllegalArgumentException if {@code HF_ENDPOINT} is no address
     * @throws IllegalStateException if the user has no home and no variable names a folder
     */
    public static HubSettings standard() {
        Map<String, String> values = new HashMap<>(System.getenv());
        for (String name : VARIABLES) {
            String property = System.getProperty(name);
            if (property != null) {
                values.put(name, property);
            }
        }
        return of(values);
    }

    /**
     * Reads variables as Python's client does.
     *
     * @param environment by name; what is blank counts as not there
     * @return the settings; a token file that cannot be read is none
     * @throws IllegalArgumentException if {@code HF_ENDPOINT} is no address
     * @throws IllegalStateException if the user has no home and no variable names a folder
     */
    public static HubSettings of(Map<String, String> environment) {
        Variables variables = new Variables(environment);
        return new HubSettings(
                endpoint(variables.get("HF_ENDPOINT").orElse(ENDPOINT)),
                variables
                        .path("HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE")
                        .orElseGet(() -> variables.home().resolve("hub")),
                variables.isTrue("HF_HUB_DISABLE_IMPLICIT_TOKEN")
                        ? null
                        : token(variables).orElse(null),
                variables
                        .get("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE")
                        .map(HubSettings::isTrue)
                        .orElse(false),
                !variables.isTrue("HF_HUB_DISABLE_SYMLINKS"),
                HubPatience.STANDARD);
    }

    /**
     * The same, waiting otherwise.
     *
     * @param other how long
     * @return new settings
     */
    public HubSettings withPatience(HubPatience other) {
        return new HubSettings(endpoint, cache, token, offline, links, other);
    }

    /** The same elsewhere, where the token is nobody's. */
    HubSettings at(URI other) {
        return new HubSettings(other, cache, null, offline, links, patience);
    }

    /**
     * The page of a repository, for people.
     *
     * @param id of it
     * @return such as {@code https://huggingface.co/owner/name}
     */
    public String page(HubId id) {
        return endpoint + "/" + id.repository();
    }

    private static boolean isTrue(String value) {
        return TRUE.contains(value.toUpperCase(Locale.ROOT));
    }

    private static URI endpoint(String text) {
        String bare = text.replaceAll("/+$", "");
        try {
            URI uri = URI.create(bare);
            if (List.of("http", "https").contains(String.valueOf(uri.getScheme()))
                    && uri.getHost() != null
                    && uri.getUserInfo() == null
                    && uri.getQuery() == null) {
                return uri;
            }
        } catch (IllegalArgumentException e) {
            // answered below
        }
        throw new IllegalArgumentException("HF_ENDPOINT must be an address such as " + ENDPOINT
                + ", got one that is not (https://HOST, without user, password and query)");
    }

    private static Optional<HubToken> token(Variables variables) {
        Optional<String> given = variables.get("HF_TOKEN", "HUGGING_FACE_HUB_TOKEN");
        if (given.isPresent()) {
            return HubToken.of(given.get());
        }
        Optional<Path> named = variables.path("HF_TOKEN_PATH");
        try {
            Path file = named.isPresent() ? named.get() : variables.home().resolve("token");
            return Files.isRegularFile(file) ? HubToken.of(Files.readString(file)) : Optional.empty();
        } catch (IOException | IllegalStateException e) {
            return Optional.empty();
        }
    }

    /** Variables whose blank ones are not there. */
    private record Variables(Map<String, String> all) {
        /** The first that is there. */
        Optional<String> get(String... names) {
            for (String name : names) {
                String value = all.get(name);
                if (value != null && !value.isBlank()) {
                    return Optional.of(value.strip());
                }
            }
            return Optional.empty();
        }

        boolean isTrue(String name) {
            return get(name).map(HubSettings::isTrue).orElse(false);
        }

        Optional<Path> path(String... names) {
            return get(names).map(text -> Path.of(expanded(text)));
        }

        /** {@code HF_HOME}, else {@code huggingface} in the cache folder, which on every system is that of Unix. */
        Path home() {
            return path("HF_HOME")
                    .orElseGet(() -> path("XDG_CACHE_HOME")
                            .orElseGet(() -> Path.of(user(), ".cache"))
                            .resolve("huggingface"));
        }

        private String expanded(String text) {
            String path = text.equals("~") || text.startsWith("~/") ? user() + text.substring(1) : text;
            return VARIABLE.matcher(path)
                    .replaceAll(
                            found -> Matcher.quoteReplacement(all.getOrDefault(name((Matcher) found), found.group())));
        }

        private static String name(Matcher found) {
            String braced = found.group("braced");
            return braced != null ? braced : found.group("bare");
        }

        private static String user() {
            String home = System.getProperty("user.home");
            // what the JVM says of a user whom the system does not know
            if (home == null || home.isBlank() || home.equals("?")) {
                throw new IllegalStateException("folder for models must be named where the user has no home, got"
                        + " user.home '" + home + "'; set HF_HOME");
            }
            return home;
        }
    }
}
