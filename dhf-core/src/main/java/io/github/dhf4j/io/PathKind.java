package io.github.dhf4j.io;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a path is, in the words of no provider: for the answer where a checkpoint or weight file was expected and something
 * else is there. Looks at names, configurations and headers, never at weights.
 *
 * @param what such as "a LoRA"; a folder or file of no known kind by what it holds
 * @param remedy what to do instead
 * @param isKnown whether the kind is one that people are known to mistake for a checkpoint, not just a missing path or
 *     some folder or file
 */
public record PathKind(String what, String remedy, boolean isKnown) {
    private static final Pattern ADDRESS = Pattern.compile("[a-z][a-z0-9+]+:[/\\\\].*", Pattern.CASE_INSENSITIVE);
    private static final Pattern ID_PART = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]*");
    private static final Pattern FILE_NAME =
            Pattern.compile(".*\\.(safetensors|ckpt|pth?|bin|json|gguf|onnx|zip|msgpack|h5|png|jpe?g)");
    private static final String CHECK = "check the path";

    /**
     * Tells a path.
     *
     * @param path any, which need not exist
     * @return what it is
     */
    public static PathKind of(Path path) {
        if (Files.isDirectory(path)) {
            return FolderKind.of(path);
        }
        return Files.exists(path) ? file(path) : missing(path);
    }

    /**
     * The refusal of a path.
     *
     * @param must what it must be, such as "checkpoint must be a folder"
     * @param path the path
     * @return to be thrown
     */
    public IOException refused(String must, Path path) {
        return new IOException(must + ", got " + what + " (" + path + "); " + remedy);
    }

    /**
     * Whether it is a file of aggregation weights.
     *
     * @return whether its tensors are named so
     */
    public boolean isAggregation() {
        return equals(TensorFamily.AGGREGATION.kind());
    }

    static PathKind known(String what, String remedy) {
        return new PathKind(what, remedy, true);
    }

    private static PathKind missing(Path path) {
        String text = path.toString();
        if (Files.isSymbolicLink(path)) {
            return known("a link to nothing", "fetch what it is to point to, or copy links as files");
        }
        if (ADDRESS.matcher(text).matches()) {
            return known(
                    "an address",
                    "nothing is fetched by address: give a model's name (owner/name), or download it and give its path");
        }
        Path parent = path.getParent();
        boolean id = !path.isAbsolute()
                && path.getNameCount() == 2
                && parent != null
                && !Files.exists(parent)
                && ID_PART.matcher(parent.toString()).matches()
                && ID_PART.matcher(path.getFileName().toString()).matches()
                && !FILE_NAME.matcher(path.getFileName().toString()).matches();
        if (id) {
            return known(
                    "a model id, as it seems: there is no such file or folder",
                    "a path is never fetched: give it as a name, hf:" + parent + "/" + path.getFileName()
                            + " (in Java as a text)");
        }
        return new PathKind("no such file or folder", CHECK, false);
    }

    private static PathKind file(Path path) {
        String name = String.valueOf(path.getFileName());
        try {
            FileSignature signature = FileSignature.of(path);
            if (signature != null) {
                return known(signature.what(), signature.remedy());
            }
            try (TensorFile file = TensorFile.open(path)) {
                PathKind kind = tensors(file);
                return kind != null
                        ? kind
                        : new PathKind(
                                "a file of other tensors: "
                                        + Texts.some(file.tensors().keySet()),
                                CHECK,
                                false);
            }
        } catch (IOException e) {
            if (name.endsWith(".ckpt")) {
                return TensorFamily.SINGLE_FILE.kind();
            }
            return new PathKind("a file that cannot be read: " + Texts.reason(e), "fetch it again", false);
        }
    }

    /**
     * Tells the tensors of a file by their names.
     *
     * @param file an open file, borrowed
     * @return what network they are of, or null if their names are of none that is known
     */
    public static @Nullable PathKind tensors(TensorFile file) {
        TensorFamily family = TensorFamily.of(file.tensors().keySet());
        return family == null ? null : family.kind();
    }
}
