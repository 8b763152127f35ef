package io.github.dhf4j.image;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.DirectColorModel;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;

/**
 * Buffered images of any type to 8-bit RGB. Grey and RGB levels are taken as they are stored, past the colour model: Java
 * would convert grey and profiled pixels to sRGB, which changes their values, and a file of the same pixels would not.
 */
final class BufferedPixels {
    private static final int FULL = 0xffff;

    private BufferedPixels() {}

    static RgbImage toRgb(BufferedImage image) {
        if (image.isAlphaPremultiplied()) {
            return toRgb(divided(image));
        }
        byte[] rgb = new byte[Math.multiplyExact(3, Math.multiplyExact(image.getWidth(), image.getHeight()))];
        int shift = rawShift(image.getColorModel());
        if (shift >= 0) {
            copySamples(image.getRaster(), shift, rgb);
        } else if (isConverted(image.getColorModel())) {
            convert(image, rgb);
        } else {
            scaleLevels(image, rgb);
        }
        return new RgbImage(image.getWidth(), image.getHeight(), rgb);
    }

    /** Colours that alpha was multiplied into, as they were: by the same rounding as the JDK's writers. */
    private static BufferedImage divided(BufferedImage image) {
        WritableRaster copy = image.copyData(null);
        ColorModel model = image.getColorModel().coerceData(copy, false);
        return new BufferedImage(model, copy, false, null);
    }

    /** How far right to shift the raster's samples, or -1 where they are not whole levels of 8 or 16 bits. */
    private static int rawShift(ColorModel model) {
        if (!(model instanceof ComponentColorModel) || !isLevels(model)) {
            return -1;
        }
        return switch (model.getTransferType()) {
            case DataBuffer.TYPE_BYTE -> model.getComponentSize(0) == 8 ? 0 : -1;
            case DataBuffer.TYPE_USHORT -> model.getComponentSize(0) == 16 ? 8 : -1;
            default -> -1;
        };
    }

    /** What Java's own conversion gives right: palettes, packed sRGB, and what is neither grey nor RGB. */
    private static boolean isConverted(ColorModel model) {
        return !isLevels(model)
                || (model instanceof DirectColorModel && model.getColorSpace().isCS_sRGB());
    }

    private static boolean isLevels(ColorModel model) {
        int space = model.getColorSpace().getType();
        return !(model instanceof IndexColorModel) && (space == ColorSpace.TYPE_GRAY || space == ColorSpace.TYPE_RGB);
    }

    private static void convert(BufferedImage image, byte[] rgb) {
        int[] row = new int[image.getWidth()];
        for (int y = 0, i = 0; y < image.getHeight(); y++) {
            image.getRGB(0, y, row.length, 1, row, 0, row.length);
            for (int pixel : row) {
                rgb[i++] = (byte) (pixel >> 16);
                rgb[i++] = (byte) (pixel >> 8);
                rgb[i++] = (byte) pixel;
            }
        }
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

    /** Levels of other depths, and numbers from 0 to 1. */
    private static void scaleLevels(BufferedImage image, byte[] rgb) {
        ColorModel model = image.getColorModel();
        boolean deep = model.getComponentSize(0) > 8 && model.getTransferType() <= DataBuffer.TYPE_INT;
        boolean gray = model.getNumColorComponents() < 3;
        Raster raster = image.getRaster();
        float[] levels = new float[model.getNumComponents()];
        for (int y = 0, i = 0; y < image.getHeight(); y++) {
            for (int x = 0; x < image.getWidth(); x++) {
                model.getNormalizedComponents(raster.getDataElements(x, y, null), levels, 0);
                for (int c = 0; c < 3; c++) {
                    float level = Math.max(0, Math.min(1, levels[gray ? 0 : c]));
                    rgb[i++] = (byte) (deep ? Math.round(level * FULL) >> 8 : Math.round(level * 255));
                }
            }
        }
    }
}
