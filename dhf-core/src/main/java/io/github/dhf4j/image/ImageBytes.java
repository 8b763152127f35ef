package io.github.dhf4j.image;

import io.github.dhf4j.io.FileBytes;
import io.github.dhf4j.io.Texts;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Objects;

/** The bytes of image files, no more than fit: 1 GiB. */
public final class ImageBytes {
    private static final int MAX_BYTES = 1 << 30;

    private ImageBytes() {}

    static byte[] of(Path path) throws IOException {
        long length = FileBytes.lengthOf(path);
        if (length > MAX_BYTES) {
            throw tooLong(Texts.bytes(length), path.toString());
        }
        return FileBytes.read(path);
    }

    /**
     * Reads to the end of a stream.
     *
     * @param in of an image file's bytes, 1 GiB at most; not closed
     * @param where what messages call it
     * @return the bytes
     * @throws IOException if it cannot be read, or has more
     */
    public static byte[] of(InputStream in, String where) throws IOException {
        Objects.requireNonNull(
                in,
                "an image's stream must not be null; where there is no such resource,"
                        + " Class.getResourceAsStream gives null: check the resource's name");
        byte[] bytes;
        try {
            bytes = in.readNBytes(MAX_BYTES + 1);
        } catch (IOException e) {
            throw unreadable(e, where);
        }
        if (bytes.length > MAX_BYTES) {
            throw tooLong("more", where);
        }
        return bytes;
    }

    static IOException unreadable(IOException e, String where) {
        return new IOException("image must be readable, got " + Texts.reason(e) + " (" + where + "); is it there?", e);
    }

    private static IOException tooLong(String length, String where) {
        return new IOException("image file must be below " + Texts.bytes(MAX_BYTES) + ", got " + length + " (" + where
                + "); is it an image?");
    }
}
