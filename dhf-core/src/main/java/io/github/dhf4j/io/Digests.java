package io.github.dhf4j.io;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** SHA-256 digests in hexadecimal digits. Files are read once for each size and time of change. */
public final class Digests {
    private record Version(Path path, long size, long changed) {}

    private static final Map<Version, String> KNOWN = new ConcurrentHashMap<>();

    private Digests() {}

    /**
     * A new SHA-256.
     *
     * @return to be fed
     */
    public static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /**
     * The digest of bytes.
     *
     * @param bytes any
     * @return 64 hexadecimal digits
     */
    public static String of(byte[] bytes) {
        return HexFormat.of().formatHex(sha256().digest(bytes));
    }

    /**
     * The digest of a text's UTF-8 form.
     *
     * @param text any
     * @return 64 hexadecimal digits
     */
    public static String of(String text) {
        return of(text.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * The digest of a file's content.
     *
     * @param path the file
     * @return 64 hexadecimal digits
     * @throws IOException if it cannot be read
     */
    public static String ofFile(Path path) throws IOException {
        BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
        Version version = new Version(
                path.toAbsolutePath(),
                attributes.size(),
                attributes.lastModifiedTime().toMillis());
        String known = KNOWN.get(version);
        if (known == null) {
            MessageDigest digest = sha256();
            byte[] buffer = new byte[1 << 20];
            try (InputStream in = Files.newInputStream(path)) {
                for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                    digest.update(buffer, 0, count);
                }
            }
            known = HexFormat.of().formatHex(digest.digest());
            KNOWN.put(version, known);
        }
        return known;
    }
}
