package io.github.dhf4j.image;

import java.awt.image.IndexColorModel;

/** The colours in which Pascal VOC, and DAVIS after it, shows numbers: 0 black, 1 dark red, 2 dark green, and so on. */
public final class VocPalette {
    private VocPalette() {}

    /**
     * The colour of a number: its bits in threes, of red, green and blue, from the highest bit of each on.
     *
     * @param number 0 to 255
     * @return red, green and blue of 8 bits each
     */
    public static int colour(int number) {
        int rgb = 0;
        for (int bit = 0; bit < 8; bit++) {
            rgb |= (number >> bit & 1) << (23 - bit / 3 - 8 * (bit % 3));
        }
        return rgb;
    }

    /**
     * All colours, for pictures with a palette.
     *
     * @return of 8 bits, 256 colours
     */
    public static IndexColorModel colourModel() {
        byte[][] channels = new byte[3][256];
        for (int i = 0; i < 256; i++) {
            for (int c = 0; c < 3; c++) {
                channels[c][i] = (byte) (colour(i) >> (16 - 8 * c));
            }
        }
        return new IndexColorModel(8, 256, channels[0], channels[1], channels[2]);
    }
}
