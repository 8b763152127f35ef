package io.github.dhf4j.image;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;

/**
 * Takes everything out of a PNG but header, palette and pixels before it is decoded: the JDK's reader stops at slips in
 * profiles, times and texts, which change no pixel, and passes over check sums, which tell that one did. As Pillow does,
 * check sums are compared up to the pixels, whose stream has one of its own.
 */
final class PngChunks {
    private static final String PIXELS = "IDAT";
    private static final String END = "IEND";
    private static final int SIGNATURE = 8;

    private PngChunks() {}

    /** A PNG of at most four parts; the pixels are one, however many they were. */
    static byte[] strip(byte[] file) throws IOException {
        ByteArrayOutputStream kept = new ByteArrayOutputStream(file.length + 64);
        kept.write(file, 0, SIGNATURE);
        ByteArrayOutputStream pixels = new ByteArrayOutputStream(file.length);
        ByteBuffer in = ByteBuffer.wrap(file);
        String type = "";
        for (int at = SIGNATURE; at + 8 <= file.length && !type.equals(END); ) {
            long whole = at + 12 + (in.getInt(at) & 0xffffffffL);
            int end = (int) Math.min(file.length, whole - 4);
            type = new String(file, at + 4, 4, StandardCharsets.ISO_8859_1);
            if (type.equals(PIXELS)) {
                pixels.write(file, at + 8, end - at - 8);
            } else if (pixels.size() == 0) {
                if (file.length < whole || crc(file, at + 4, end) != in.getInt(end)) {
                    throw new IOException("a part '" + type + "' whose check sum is wrong");
                }
                if (type.equals("IHDR") || type.equals("PLTE")) {
                    kept.write(file, at, end + 4 - at);
                }
            }
            at = (int) Math.min(file.length, whole);
        }
        write(PIXELS, pixels.toByteArray(), kept);
        write(END, new byte[0], kept);
        return kept.toByteArray();
    }

    private static void write(String type, byte[] data, ByteArrayOutputStream out) {
        byte[] named = ByteBuffer.allocate(4 + data.length)
                .put(type.getBytes(StandardCharsets.ISO_8859_1))
                .put(data)
                .array();
        out.writeBytes(ByteBuffer.allocate(4).putInt(data.length).array());
        out.writeBytes(named);
        out.writeBytes(
                ByteBuffer.allocate(4).putInt(crc(named, 0, named.length)).array());
    }

    private static int crc(byte[] file, int from, int end) {
        CRC32 crc = new CRC32();
        crc.update(file, from, end - from);
        return (int) crc.getValue();
    }
}
