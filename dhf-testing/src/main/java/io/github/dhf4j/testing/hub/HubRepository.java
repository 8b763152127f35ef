package io.github.dhf4j.testing.hub;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A repository at one commit.
 *
 * @param id {@code owner/name}
 * @param files their bytes, by path
 */
public record HubRepository(String id, Map<String, byte[]> files) {
    /**
     * The files of a folder.
     *
     * @param id {@code owner/name}
     * @param folder read whole
     * @return the repository
     * @throws IOException if it cannot be read
     */
    public static HubRepository of(String id, Path folder) throws IOException {
        Map<String, byte[]> files = new TreeMap<>();
        try (Stream<Path> all = Files.walk(folder)) {
            all.filter(Files::isRegularFile).forEach(file -> {
                try {
                    files.put(folder.relativize(file).toString().replace('\\', '/'), Files.readAllBytes(file));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
        return new HubRepository(id, files);
    }

    /**
     * The commit's name.
     *
     * @return 40 digits that change with the files
     */
    public String commit() {
        StringBuilder all = new StringBuilder(id);
        new TreeMap<>(files).forEach((path, bytes) -> all.append(path).append(etag(path)));
        return hex("SHA-1", all.toString().getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Whether a file lies in the storage.
     *
     * @param path of a file
     * @return whether it is one of weights
     */
    public static boolean isLarge(String path) {
        return path.matches(".*\\.(safetensors|bin|pt|pth|png)");
    }

    /**
     * A file's etag, without quotes.
     *
     * @param path of a file
     * @return sha256, or git's sha1 of a blob
     */
    public String etag(String path) {
        return isLarge(path) ? hex("SHA-256", bytes(path)) : oid(path);
    }

    private byte[] bytes(String path) {
        return Objects.requireNonNull(files.get(path), path);
    }

    private String oid(String path) {
        byte[] bytes = bytes(path);
        byte[] head = ("blob " + bytes.length + "\0").getBytes(StandardCharsets.US_ASCII);
        byte[] whole = new byte[head.length + bytes.length];
        System.arraycopy(head, 0, whole, 0, head.length);
        System.arraycopy(bytes, 0, whole, head.length, bytes.length);
        return hex("SHA-1", whole);
    }

    /** What the hub says of a revision. */
    String info() {
        JsonObject root = new JsonObject();
        root.addProperty("id", id);
        root.addProperty("sha", commit());
        JsonArray siblings = new JsonArray();
        for (String path : files.keySet()) {
            JsonObject file = new JsonObject();
            file.addProperty("rfilename", path);
            siblings.add(file);
        }
        root.add("siblings", siblings);
        return root.toString();
    }

    /** What the hub says of a revision's tree, all folders at once. */
    String tree() {
        JsonArray tree = new JsonArray();
        for (String path : files.keySet()) {
            JsonObject file = new JsonObject();
            file.addProperty("type", "file");
            file.addProperty("oid", oid(path));
            file.addProperty("size", bytes(path).length);
            file.addProperty("path", path);
            if (isLarge(path)) {
                JsonObject lfs = new JsonObject();
                lfs.addProperty("oid", etag(path));
                lfs.addProperty("size", bytes(path).length);
                lfs.addProperty("pointerSize", 134);
                file.add("lfs", lfs);
            }
            tree.add(file);
        }
        return tree.toString();
    }

    private static String hex(String algorithm, byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance(algorithm).digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
