package io.github.dhf4j.image;

import io.github.dhf4j.io.Texts;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Path;

/** Image files to pixels, the one place where they are read. Whole pictures only: what Pillow finds cut short is refused. */
final class ImageDecoder {
    /** Pillow's bound for what it takes for a decompression bomb. */
    private static final long MAX_PIXELS = 178_956_970;

    private ImageDecoder() {}

    /** A file whose header has been read. */
    interface Source extends AutoCloseable {
        Size size() throws IOException;

        RgbImage pixels() throws IOException;

        @Override
        default void close() {}
    }

    static RgbImage read(Path path) throws IOException {
        return read(ImageBytes.of(path), path.toString());
    }

    static RgbImage read(byte[] file, String where) throws IOException {
        try (Source source = open(file, where)) {
            requireNotTooLarge(source.size(), where);
            try {
                return source.pixels();
            } catch (IOException | RuntimeException e) {
                throw broken(e, where);
            }
        }
    }

    private static void requireNotTooLarge(Size size, String where) throws IOException {
        if ((long) size.width() * size.height() > MAX_PIXELS) {
            throw new IOException("image must have at most " + MAX_PIXELS + " pixels, got " + size + " (" + where
                    + "); scale it down");
        }
    }

    /** The samples of a PNG that has one a pixel. */
    static IndexedImage indexed(Path path) throws IOException {
        byte[] file = ImageBytes.of(path);
        String where = path.toString();
        if (ImageFormat.of(file) != ImageFormat.PNG) {
            throw new IOException("mask must be a PNG with a palette, got another file (" + where + ")");
        }
        try (JdkImage source = JdkImage.open(ImageFormat.PNG, PngChunks.strip(file))) {
            requireNotTooLarge(source.size(), where);
            return new IndexedImage(source.size(), source.samples());
        } catch (IOException | RuntimeException e) {
            throw broken(e, where);
        }
    }

    /** The size by the header alone, of a GIF that of its canvas. */
    static Size size(Path path) throws IOException {
        return size(ImageBytes.of(path), path.toString());
    }

    static Size size(byte[] file, String where) throws IOException {
        try (Source source = open(file, where)) {
            return source.size();
        }
    }

    private static Source open(byte[] file, String where) throws IOException {
        if (file.length == 0) {
            throw new IOException("image must not be empty, got 0 bytes (" + where + "); fetch it again");
        }
        ImageFormat format = ImageFormat.of(file);
        if (format == null) {
            throw new IOException(ImageFormat.other(file, where));
        }
        try {
            return switch (format) {
                case GIF -> new GifDecoder(file);
                case JPEG -> JdkImage.open(format, JpegProfile.strip(file));
                case PNG -> JdkImage.open(format, PngChunks.strip(file));
                case PPM -> new PpmDecoder(file);
                case BMP, WBMP -> JdkImage.open(format, file);
            };
        } catch (IOException | RuntimeException e) {
            throw broken(e, where);
        }
    }

    private static IOException broken(Exception e, String where) {
        String reason = e instanceof EOFException ? "an end before its pixels are all there" : Texts.reason(e);
        String remedy = reason.contains("nsupported")
                ? "convert it to PNG"
                : "the file is damaged or cut short, fetch it again";
        return new IOException("image must be sound, got " + reason + " (" + where + "); " + remedy, e);
    }
}
