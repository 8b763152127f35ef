package io.github.dhf4j.image;

import io.github.dhf4j.io.TensorFile;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;

/** Files and buffered images to 8-bit RGB. */
final class ImageDecoder {
    /** Pillow's bound for what it takes for a decompression bomb. */
    private static final long MAX_PIXELS = 178_956_970;

    static {
        // keep decoding in memory: no scratch files in a folder that may be full or read-only
        ImageIO.setUseCache(false);
    }

    private ImageDecoder() {}

    static RgbImage read(Path path) throws IOException {
        TensorFile.lengthOf(path);
        return read(new ByteArrayInputStream(JpegProfile.strip(Files.readAllBytes(path))), path.toString());
    }

    static RgbImage read(InputStream in, String where) throws IOException {
        try (ImageInputStream stream = ImageIO.createImageInputStream(in)) {
            Iterator<ImageReader> readers = ImageIO.getImageReaders(stream);
            if (!readers.hasNext()) {
                throw new IOException("image must be PNG, JPEG, GIF or BMP, got a file of no known format (" + where
                        + "); convert it");
            }
            ImageReader reader = readers.next();
            try {
                reader.setInput(stream, true, true);
                long pixels = (long) reader.getWidth(0) * reader.getHeight(0);
                if (pixels > MAX_PIXELS) {
                    throw new IOException("image must have at most " + MAX_PIXELS + " pixels, got " + reader.getWidth(0)
                            + " x " + reader.getHeight(0) + " (" + where + "); scale it down");
                }
                return toRgb(reader.read(0));
            } finally {
                reader.dispose();
            }
        } catch (IOException e) {
            if (String.valueOf(e.getMessage()).contains(where)) {
                throw e;
            }
            throw new IOException(
                    "image must be sound, got " + e.getMessage() + " (" + where + "); the file is damaged or cut short",
                    e);
        } catch (RuntimeException e) {
            throw new IOException(
                    "image must be sound, got " + e + " (" + where + "); the file is damaged or cut short", e);
        }
    }

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
