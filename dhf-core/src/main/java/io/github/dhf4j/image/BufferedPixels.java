package io.github.dhf4j.image;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;

/** Buffered images of any type to 8-bit RGB. */
final class BufferedPixels {
    private BufferedPixels() {}

    static RgbImage toRgb(BufferedImage image) {
        int width = image.getWidth();
        int height = image.getHeight();
        byte[] rgb = new byte[Math.multiplyExact(3, Math.multiplyExact(width, height))];
        int shift = rawShift(image);
        if (shift >= 0) {
            copySamples(image.getRaster(), shift, rgb);
        } else {
            int[] row = new int[width];
            for (int y = 0, i = 0; y < height; y++) {
                image.getRGB(0, y, width, 1, row, 0, width);
                for (int pixel : row) {
                    rgb[i++] = (byte) (pixel >> 16);
                    rgb[i++] = (byte) (pixel >> 8);
                    rgb[i++] = (byte) pixel;
                }
            }
        }
        return new RgbImage(width, height, rgb);
    }

    /**
     * How far right to shift the raster's own samples, or -1 where they are no grey or RGB levels. The raster is read
     * past the colour model because Java converts grey and profiled pixels to sRGB, which changes their values.
     */
    private static int rawShift(BufferedImage image) {
        ColorModel model = image.getColorModel();
        if (model instanceof IndexColorModel
                || !(model instanceof ComponentColorModel)
                || model.isAlphaPremultiplied()) {
            return -1;
        }
        int space = model.getColorSpace().getType();
        if (space != ColorSpace.TYPE_GRAY && space != ColorSpace.TYPE_RGB) {
            return -1;
        }
        return switch (model.getTransferType()) {
            case DataBuffer.TYPE_BYTE -> model.getComponentSize(0) == 8 ? 0 : -1;
            case DataBuffer.TYPE_USHORT -> model.getComponentSize(0) == 16 ? 8 : -1;
            default -> -1;
        };
    }

    private static void copySamples(Raster raster, int shift, byte[] rgb) {
        int width = raster.getWidth();
        int bands = raster.getNumBands();
        int green = bands >= 3 ? 1 : 0;
        int blue = bands >= 3 ? 2 : 0;
        int[] row = new int[width * bands];
        for (int y = 0, i = 0; y < raster.getHeight(); y++) {
            raster.getPixels(raster.getMinX(), raster.getMinY() + y, width, 1, row);
            for (int x = 0; x < row.length; x += bands) {
                rgb[i++] = (byte) (row[x] >> shift);
                rgb[i++] = (byte) (row[x + green] >> shift);
                rgb[i++] = (byte) (row[x + blue] >> shift);
            }
        }
    }
}
