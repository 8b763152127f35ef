package io.github.dhf4j.image;

import ai.djl.modality.cv.Image;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URL;
import java.nio.file.Path;

/**
 * A picture as the network wants it: 8-bit red, green, blue, row by row, in the heap. Immutable by convention; nothing
 * to close.
 */
public final class RgbImage {
    private final int width;
    private final int height;
    private final byte[] rgb;

    /**
     * Wraps samples.
     *
     * @param width columns
     * @param height rows
     * @param rgb {@code 3 * width * height} bytes: red, green, blue of the first pixel first; not copied
     */
    public RgbImage(int width, int height, byte[] rgb) {
        Size size = new Size(width, height);
        if (rgb.length != Math.multiplyExact(3, Math.multiplyExact(width, height))) {
            throw new IllegalArgumentException("samples must be 3 x " + size + ", got " + rgb.length + " bytes");
        }
        this.width = width;
        this.height = height;
        this.rgb = rgb;
    }

    /**
     * Reads an image file. Alpha and colour profiles are dropped, grey becomes equal red, green and blue, of an
     * animation the first picture is taken, on its canvas; the orientation tag is not applied: points are in stored
     * pixels. The JDK's own readers are used, whatever plug-ins the program has: a file has the same pixels on every
     * thread, an interrupted one too. A picture that is cut short is refused, never filled up.
     *
     * @param path PNG, JPEG (CMYK too), GIF, BMP, WBMP or binary PPM, whatever its name
     * @return the picture
     * @throws IOException if it is missing, empty, damaged, cut short, of no known format, or of more than 178 million
     *     pixels
     */
    public static RgbImage read(Path path) throws IOException {
        return ImageDecoder.read(path);
    }

    /**
     * Reads an image file.
     *
     * @param file as {@link #read(Path)} takes it
     * @return the picture
     * @throws IOException as {@link #read(Path)}
     */
    public static RgbImage read(File file) throws IOException {
        return read(file.toPath());
    }

    /**
     * Reads an image that a URL leads to: a file, a resource of the class path ({@link Class#getResource}; in a jar too),
     * anything else that the program has a handler for. What a web server has is fetched at once and kept nowhere: within
     * 10 seconds to connect, 20 without a byte and two minutes in all, over at most 5 redirects, and 256 MiB at most.
     *
     * @param url of an image, as {@link #read(Path)} takes it
     * @return the picture
     * @throws IOException as {@link #read(Path)}, or if there is nothing there, or it does not come in time
     */
    public static RgbImage read(URL url) throws IOException {
        return ImageUrls.read(url);
    }

    /**
     * Reads an image that a URI leads to: as {@link #read(URL)}, and where Java has no handler for its scheme, by the file
     * system that has it.
     *
     * @param uri of an image, with its scheme
     * @return the picture
     * @throws IOException as {@link #read(URL)}
     * @throws IllegalArgumentException if it has no scheme
     */
    public static RgbImage read(URI uri) throws IOException {
        return ImageUrls.read(uri);
    }

    /**
     * Reads an image to the end of a stream.
     *
     * @param stream of an image file's bytes, 1 GiB at most, as {@link #read(Path)} takes them; not closed
     * @return the picture
     * @throws IOException as {@link #read(Path)}
     */
    public static RgbImage read(InputStream stream) throws IOException {
        String where = "the given stream";
        return read(ImageBytes.of(stream, where), where);
    }

    /**
     * Reads an image that is in memory.
     *
     * @param file an image file's bytes, as {@link #read(Path)} takes them; for samples there is
     *     {@link #RgbImage(int, int, byte[])}
     * @return the picture
     * @throws IOException as {@link #read(Path)}
     */
    public static RgbImage read(byte[] file) throws IOException {
        return read(file, "the given bytes");
    }

    /**
     * Reads an image that is in memory.
     *
     * @param file an image file's bytes, as {@link #read(Path)} takes them
     * @param name what messages call it
     * @return the picture
     * @throws IOException as {@link #read(Path)}
     */
    public static RgbImage read(byte[] file, String name) throws IOException {
        return ImageDecoder.read(file, name);
    }

    /**
     * The size of an image file by its header alone: that its pixels are all there is not checked.
     *
     * @param path as {@link #read(Path)} takes it
     * @return the size that {@link #read(Path)} gives
     * @throws IOException if it is missing, empty, of no known format, or its header is damaged
     */
    public static Size sizeOf(Path path) throws IOException {
        return ImageDecoder.size(path);
    }

    /**
     * The size of an image file's bytes by their header alone, such as of an upload that may be too large to decode.
     *
     * @param file as {@link #read(byte[], String)} takes them
     * @param name what messages call it
     * @return the size that {@link #read(byte[], String)} gives
     * @throws IOException as {@link #sizeOf(Path)}
     */
    public static Size sizeOf(byte[] file, String name) throws IOException {
        return ImageDecoder.size(file, name);
    }

    /**
     * Takes the pixels of a buffered image.
     *
     * @param image of any type, alpha, palettes, grey, 16 bits and types of one's own among them
     * @return a copy: the pixels that {@link #read(Path)} gives of the image written as a PNG
     */
    public static RgbImage of(BufferedImage image) {
        return BufferedPixels.toRgb(image);
    }

    /**
     * Takes the pixels of a DJL image. One that wraps a buffered image, as DJL's own factory makes them, costs one copy of
     * its pixels; any other is saved as a PNG in memory and read again, some 130 ms a megapixel.
     *
     * @param image a DJL image of any factory; borrowed
     * @return a copy of its pixels
     * @throws UncheckedIOException if the image cannot be saved as a PNG
     */
    public static RgbImage of(Image image) {
        if (image.getWrappedImage() instanceof BufferedImage buffered) {
            return of(buffered);
        }
        try {
            ByteArrayOutputStream png = new ByteArrayOutputStream();
            image.save(png, "png");
            return read(png.toByteArray(), "the given DJL image, saved as PNG");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * The width.
     *
     * @return columns
     */
    public int width() {
        return width;
    }

    /**
     * The height.
     *
     * @return rows
     */
    public int height() {
        return height;
    }

    /**
     * The size.
     *
     * @return columns and rows
     */
    public Size size() {
        return new Size(width, height);
    }

    /**
     * The colour between the four pixels about a place, by bilinear interpolation; beyond the border is what is on it.
     *
     * @param x in pixels, whose centres have whole coordinates
     * @param y the same
     * @param colour takes red, green and blue, 0 to 255
     */
    public void interpolate(double x, double y, double[] colour) {
        double across = Math.max(0, Math.min(width - 1, x));
        double down = Math.max(0, Math.min(height - 1, y));
        int left = (int) across;
        int top = (int) down;
        int right = Math.min(width - 1, left + 1);
        int bottom = Math.min(height - 1, top + 1);
        for (int c = 0; c < 3; c++) {
            double upper = mix(3 * (top * width + left) + c, 3 * (top * width + right) + c, across - left);
            double lower = mix(3 * (bottom * width + left) + c, 3 * (bottom * width + right) + c, across - left);
            colour[c] = upper + (down - top) * (lower - upper);
        }
    }

    private double mix(int first, int second, double share) {
        double a = rgb[first] & 0xff;
        return a + share * ((rgb[second] & 0xff) - a);
    }

    /**
     * The samples.
     *
     * @return the array itself: red, green, blue of the first pixel first; not to be changed
     */
    public byte[] samples() {
        return rgb;
    }

    /**
     * The picture flipped left to right: what was at x is at width - 1 - x.
     *
     * @return a new image
     */
    public RgbImage mirrored() {
        byte[] flipped = new byte[rgb.length];
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                System.arraycopy(rgb, 3 * (y * width + x), flipped, 3 * (y * width + width - 1 - x), 3);
            }
        }
        return new RgbImage(width, height, flipped);
    }

    /**
     * The picture for drawing on.
     *
     * @return a new buffered image of type {@code TYPE_INT_RGB}
     */
    public BufferedImage toBufferedImage() {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        int[] row = new int[width];
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                int i = 3 * (y * width + x);
                row[x] = (rgb[i] & 0xff) << 16 | (rgb[i + 1] & 0xff) << 8 | (rgb[i + 2] & 0xff);
            }
            image.setRGB(0, y, width, 1, row, 0, width);
        }
        return image;
    }
}
