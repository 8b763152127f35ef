package io.github.dhf4j.image;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What a file is by its first bytes, never by its name. */
enum ImageFormat {
    PNG,
    JPEG,
    GIF,
    BMP,
    PPM,
    WBMP;

    private static final int HEAD = 64;
    private static final String CONVERT = "convert it to PNG or JPEG";
    private static final String FETCH = "fetch it again";

    /** The format; null where it is none of these. */
    static @Nullable ImageFormat of(byte[] file) {
        String head = head(file);
        if (head.startsWith("\u0089PNG\r\n\u001a\n")) {
            return PNG;
        }
        if (head.startsWith("\u00ff\u00d8\u00ff")) {
            return JPEG;
        }
        if (head.startsWith("GIF87a") || head.startsWith("GIF89a")) {
            return GIF;
        }
        if (head.startsWith("BM") && file.length > 18) {
            return BMP;
        }
        if (head.startsWith("P6") && head.length() > 2 && Character.isWhitespace(head.charAt(2))) {
            return PPM;
        }
        return isWbmp(file) ? WBMP : null;
    }

    /** It has no signature: two zeros, width and height in seven bits a byte, and as many bits as these say. */
    private static boolean isWbmp(byte[] file) {
        int[] sides = new int[2];
        int at = 2;
        for (int i = 0; i < 2; i++) {
            boolean more = true;
            for (int digits = 0; more && digits < 4 && at < file.length; digits++, at++) {
                sides[i] = sides[i] << 7 | (file[at] & 0x7f);
                more = file[at] < 0;
            }
        }
        return file.length > 4
                && file[0] == 0
                && file[1] == 0
                && sides[0] > 0
                && sides[1] > 0
                && file.length - at == (sides[0] + 7L) / 8 * sides[1];
    }

    /** What a file is that is none of these, and the remedy, as the rest of a message. */
    static String other(byte[] file, String where) {
        String head = head(file);
        String text = head.strip().toLowerCase(Locale.ROOT);
        if (head.startsWith("RIFF") && head.startsWith("WEBP", 8)) {
            return got("a WebP image", where, CONVERT);
        }
        if (head.startsWith("ftyp", 4)) {
            String brand = head.substring(8, Math.min(12, head.length()));
            return got(
                    brand.startsWith("avi")
                            ? "an AVIF image"
                            : brand.matches("hei.|hev.|mif1|msf1") ? "a HEIC image" : "a film",
                    where,
                    CONVERT);
        }
        if (head.startsWith("II*\0") || head.startsWith("MM\0*")) {
            return got("a TIFF image", where, CONVERT);
        }
        if (head.startsWith("\0\0\0\fJXL ") || head.startsWith("\u00ff\n")) {
            return got("a JPEG XL image", where, CONVERT);
        }
        if (head.startsWith("\0\0\0\fjP  ")) {
            return got("a JPEG 2000 image", where, CONVERT);
        }
        if (text.matches("(?s)p[1-57]\\s.*")) {
            return got("a PNM image that is no binary PPM", where, CONVERT);
        }
        if (text.startsWith("<svg") || (text.startsWith("<?xml") && contains(file, "<svg"))) {
            return got("an SVG drawing", where, CONVERT);
        }
        if (text.startsWith("%pdf")) {
            return got("a PDF document", where, CONVERT);
        }
        if (head.startsWith("version https://git-lfs")) {
            return got("a git-lfs pointer in the image's place", where, "fetch the file itself with 'git lfs pull'");
        }
        if (text.startsWith("<!doctype") || text.startsWith("<html")) {
            return got("a web page in the image's place", where, FETCH);
        }
        if (head.startsWith("\0\5\26\7")) {
            return got("a file of attributes that macOS writes beside files", where, "name the image itself");
        }
        if (head.chars().allMatch(c -> c == 0)) {
            return got("nothing but zeros", where, FETCH);
        }
        if (head.startsWith("\u00ff\u00d8") || "\u0089PNG\r\n\u001a\n".startsWith(head) || "GIF8".startsWith(head)) {
            return got(file.length + " bytes of an image", where, FETCH);
        }
        return got("a file of no known format", where, CONVERT);
    }

    private static String got(String what, String where, String remedy) {
        return "image must be PNG, JPEG, GIF, BMP or PPM, got " + what + " (" + where + "); " + remedy;
    }

    private static String head(byte[] file) {
        return new String(file, 0, Math.min(HEAD, file.length), StandardCharsets.ISO_8859_1);
    }

    private static boolean contains(byte[] file, String text) {
        return new String(Arrays.copyOf(file, Math.min(file.length, 4096)), StandardCharsets.ISO_8859_1).contains(text);
    }
}
