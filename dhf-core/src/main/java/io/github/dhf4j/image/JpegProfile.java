package io.github.dhf4j.image;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Takes the colour profile out of a JPEG before it is decoded: Java's decoder would convert the pixels by it, Pillow
 * does not, and neither did the images that the networks learned from.
 */
final class JpegProfile {
    private static final byte[] NAME = "ICC_PROFILE\0".getBytes(StandardCharsets.US_ASCII);
    private static final int APP2 = 0xe2;
    private static final int START_OF_SCAN = 0xda;

    private JpegProfile() {}

    /** The file without its profile segments; the same array if there are none or it is no JPEG. */
    static byte[] strip(byte[] file) {
        if (file.length < 4 || (file[0] & 0xff) != 0xff || (file[1] & 0xff) != 0xd8) {
            return file;
        }
        byte[] kept = file.clone();
        int to = 2;
        int from = 2;
        while (from + 4 <= file.length && (file[from] & 0xff) == 0xff && (file[from + 1] & 0xff) != START_OF_SCAN) {
            int length = 2 + ((file[from + 2] & 0xff) << 8 | (file[from + 3] & 0xff));
            int end = Math.min(from + length, file.length);
            if (!isProfile(file, from, end)) {
                System.arraycopy(file, from, kept, to, end - from);
                to += end - from;
            }
            from = end;
        }
        if (to == from) {
            return file;
        }
        System.arraycopy(file, from, kept, to, file.length - from);
        return Arrays.copyOf(kept, to + file.length - from);
    }

    private static boolean isProfile(byte[] file, int from, int end) {
        int begin = from + 4;
        return (file[from + 1] & 0xff) == APP2
                && end - begin >= NAME.length
                && Arrays.equals(file, begin, begin + NAME.length, NAME, 0, NAME.length);
    }
}
