package io.github.dhf4j.image;

import java.awt.image.Raster;
import java.nio.charset.StandardCharsets;

/**
 * What the samples of a JPEG stand for, and their way to RGB. The rules and the arithmetic are libjpeg's, and for four
 * samples a pixel Pillow's; the JDK's reader guesses by other rules, which differ between its versions.
 */
final class JpegColors {
    private static final int UNKNOWN = -1;

    private boolean jfif;
    private int adobe = UNKNOWN;
    private boolean plainRgb;

    private JpegColors() {}

    /** Reads the markers before the first scan. */
    static JpegColors of(byte[] file) {
        JpegColors colors = new JpegColors();
        int at = 2;
        while (at + 4 <= file.length && (file[at] & 0xff) == 0xff) {
            int marker = file[at + 1] & 0xff;
            if (marker == 0xff) {
                at++;
                continue;
            }
            int length = (file[at + 2] & 0xff) << 8 | (file[at + 3] & 0xff);
            if (marker == 0xda || at + 2 + length > file.length) {
                break;
            }
            String start = new String(file, at + 4, Math.min(5, file.length - at - 4), StandardCharsets.ISO_8859_1);
            if (marker == 0xe0 && length >= 16 && start.equals("JFIF\0")) {
                colors.jfif = true;
            } else if (marker == 0xee && length >= 14 && start.equals("Adobe")) {
                colors.adobe = file[at + 15] & 0xff;
            } else if (marker >= 0xc0 && marker <= 0xc2 && length >= 17) {
                colors.plainRgb = file[at + 10] == 'R' && file[at + 13] == 'G' && file[at + 16] == 'B';
            }
            at += 2 + length;
        }
        return colors;
    }

    RgbImage toRgb(Raster raster) {
        int bands = raster.getNumBands();
        int width = raster.getWidth();
        int height = raster.getHeight();
        boolean converted = bands == 3
                ? jfif || (adobe != UNKNOWN ? adobe != 0 : !plainRgb)
                : bands == 4 && adobe != UNKNOWN && adobe != 0;
        byte[] rgb = new byte[Math.multiplyExact(3, Math.multiplyExact(width, height))];
        int[] row = new int[width * bands];
        for (int y = 0, to = 0; y < height; y++) {
            raster.getPixels(raster.getMinX(), raster.getMinY() + y, width, 1, row);
            for (int x = 0; x < row.length; x += bands, to += 3) {
                int red = row[x];
                int green = bands < 3 ? red : row[x + 1];
                int blue = bands < 3 ? red : row[x + 2];
                if (converted) {
                    int cb = green - 128;
                    int cr = blue - 128;
                    int luma = red;
                    red = clip(luma + ((91_881 * cr + 32_768) >> 16));
                    green = clip(luma + ((-22_554 * cb - 46_802 * cr + 32_768) >> 16));
                    blue = clip(luma + ((116_130 * cb + 32_768) >> 16));
                }
                if (bands == 4) {
                    // stored inverted: 255 is no ink, after YCCK's conversion 0 is
                    int black = row[x + 3];
                    red = ink(converted ? 255 - red : red, black);
                    green = ink(converted ? 255 - green : green, black);
                    blue = ink(converted ? 255 - blue : blue, black);
                }
                rgb[to] = (byte) red;
                rgb[to + 1] = (byte) green;
                rgb[to + 2] = (byte) blue;
            }
        }
        return new RgbImage(width, height, rgb);
    }

    private static int clip(int value) {
        return Math.max(0, Math.min(255, value));
    }

    /** What an ink's paper reflects under black: Pillow's 255 - k - c (255 - k) / 255, of the inverted samples. */
    private static int ink(int reflected, int white) {
        int product = (255 - reflected) * white + 128;
        return clip(white - (((product >> 8) + product) >> 8));
    }
}
