package io.github.dhf4j.io.hub;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A checkpoint or weight file as a user names it: a folder or file of this machine, or a name of the hub. What lies on
 * this machine wins, and so does whatever begins as a folder that is there; a name in front of which {@code hf:} stands is
 * the hub's.
 */
public final class ModelPath {
    private static final Pattern FILE_NAME =
            Pattern.compile(".*\\.(safetensors|ckpt|pth?|bin|json|gguf|onnx|zip|msgpack|h5|png|jpe?g)");

    private final @Nullable Path local;
    private final @Nullable HubId id;

    private ModelPath(@Nullable Path local, @Nullable HubId id) {
        this.local = local;
        this.id = id;
    }

    /**
     * What text means. Looks at this machine's files, and asks nobody.
     *
     * @param text a path, or {@code [hf:]owner/name[/path/in/repo][@revision]}
     * @return a path where it is not certain that it is a name
     * @throws IllegalArgumentException if {@code hf:} stands before what is no name, or no file can have such a path
     */
    public static ModelPath of(String text) {
        if (text.startsWith(HubId.PREFIX)) {
            return new ModelPath(null, HubId.parse(text));
        }
        Path path = Path.of(text);
        return isName(text, path) ? new ModelPath(null, HubId.parse(text)) : of(path);
    }

    /**
     * A path, whatever it looks like.
     *
     * @param path which need not exist
     * @return the path
     */
    public static ModelPath of(Path path) {
        return new ModelPath(path, null);
    }

    private static boolean isName(String text, Path path) {
        if (Files.exists(path) || Files.isSymbolicLink(path) || path.isAbsolute() || !HubId.isName(text)) {
            return false;
        }
        HubId id = HubId.parse(text);
        // a folder beside a missing one is a slip of the pen
        return !Files.exists(Path.of(id.owner()))
                && (id.path().isEmpty()
                        ? !FILE_NAME.matcher(id.name()).matches()
                        : FILE_NAME.matcher(id.path()).matches());
    }

    /**
     * The path on this machine.
     *
     * @return empty for a name
     */
    public Optional<Path> local() {
        return Optional.ofNullable(local);
    }

    /**
     * The name of the hub.
     *
     * @return empty for a path
     */
    public Optional<HubId> id() {
        return Optional.ofNullable(id);
    }

    /**
     * As it is typed.
     *
     * @return a path or a name
     */
    @Override
    public String toString() {
        return String.valueOf(id != null ? id : local);
    }
}
