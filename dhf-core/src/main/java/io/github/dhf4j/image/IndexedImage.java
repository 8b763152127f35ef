package io.github.dhf4j.image;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * A picture of one number a pixel, 0 to 255, as masks of several things are kept: a PNG with a palette, whose colours are for
 * the eye alone, or a grey one. Immutable by convention; nothing to close.
 *
 * @param size columns and rows
 * @param samples row by row, a byte without sign each; not copied
 */
public record IndexedImage(Size size, byte[] samples) {
    /**
     * Checks that there are as many samples as pixels.
     *
     * @param size as above
     * @param samples as above
     */
    public IndexedImage {
        if (samples.length != Math.multiplyExact(size.width(), size.height())) {
            throw new IllegalArgumentException("samples must be one for each of " + size + ", got " + samples.length);
        }
    }

    /**
     * Reads a PNG with a palette, or a grey one of at most 8 bits.
     *
     * @param path the file
     * @return its samples, whatever its colours
     * @throws IOException if it is missing, damaged, cut short, or has more than one sample a pixel
     */
    public static IndexedImage read(Path path) throws IOException {
        return ImageDecoder.indexed(path);
    }

    /**
     * Writes a PNG with the palette of Pascal VOC ({@link VocPalette}), whole or not at all.
     *
     * @param path the file to be, which ends in .png
     * @throws IOException if it cannot be written
     */
    public void write(Path path) throws IOException {
        BufferedImage picture = new BufferedImage(
                size.width(), size.height(), BufferedImage.TYPE_BYTE_INDEXED, VocPalette.colourModel());
        picture.getRaster().setDataElements(0, 0, size.width(), size.height(), samples);
        PictureFiles.write(picture, path);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof IndexedImage that && size.equals(that.size) && Arrays.equals(samples, that.samples);
    }

    @Override
    public int hashCode() {
        return 31 * size.hashCode() + Arrays.hashCode(samples);
    }

    @Override
    public String toString() {
        return "IndexedImage(" + size + ")";
    }
}
