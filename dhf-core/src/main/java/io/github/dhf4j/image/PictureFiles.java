package io.github.dhf4j.image;

import io.github.dhf4j.io.AtomicFiles;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import javax.imageio.ImageWriter;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/** Pictures to files, as what the file's name ends in, by the JDK's own writers and without scratch files. */
public final class PictureFiles {
    private static final Map<String, ImageFormat> WRITTEN = Map.of(
            "png", ImageFormat.PNG,
            "jpg", ImageFormat.JPEG,
            "jpeg", ImageFormat.JPEG,
            "gif", ImageFormat.GIF,
            "bmp", ImageFormat.BMP);

    private static final Pattern READ = Pattern.compile(".*\\.(png|jpe?g|gif|w?bmp|ppm)");

    private PictureFiles() {}

    /**
     * Whether a file is named as a picture that can be read, where nothing else says which files of a folder are some.
     *
     * @param file any; not looked into
     * @return true if its name ends in .png, .jpg, .jpeg, .gif, .bmp, .wbmp or .ppm, in small letters or capitals
     */
    public static boolean isNamedAsOne(Path file) {
        return READ.matcher(String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT))
                .matches();
    }

    /**
     * Says that a picture can be written under a name, or throws.
     *
     * @param path the file to be: it must end in .png, .jpg, .jpeg, .gif or .bmp, or have no ending, which means PNG
     * @throws IllegalArgumentException if its name ends in anything else
     */
    public static void requireWritable(Path path) {
        format(path);
    }

    private static ImageFormat format(Path path) {
        String name = String.valueOf(path.getFileName());
        int dot = name.lastIndexOf('.');
        ImageFormat format =
                dot < 0 ? ImageFormat.PNG : WRITTEN.get(name.substring(dot + 1).toLowerCase(Locale.ROOT));
        if (format == null) {
            throw new IllegalArgumentException("picture must end in .png, .jpg, .gif or .bmp, got " + path
                    + "; name it so, pictures are written as what they end in");
        }
        return format;
    }

    /**
     * A picture as the bytes of a PNG.
     *
     * @param image any type of buffered image
     * @return a whole file
     * @throws IOException if the JDK's writer is not there
     */
    public static byte[] png(BufferedImage image) throws IOException {
        return bytes(image, ImageFormat.PNG);
    }

    /**
     * A picture as the bytes of a JPEG.
     *
     * @param image without transparency
     * @return a whole file, in the quality that the JDK's writer has by itself, 75%
     * @throws IOException if the JDK's writer is not there
     */
    public static byte[] jpeg(BufferedImage image) throws IOException {
        return bytes(image, ImageFormat.JPEG);
    }

    private static byte[] bytes(BufferedImage image, ImageFormat format) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ImageWriter writer = JdkPlugins.writer(format);
        try (MemoryCacheImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
            writer.setOutput(out);
            writer.write(image);
        } finally {
            writer.dispose();
        }
        return bytes.toByteArray();
    }

    /**
     * Writes a picture whole or leaves what was there.
     *
     * @param image any type of buffered image
     * @param path the file to be; its folder must exist
     * @throws IOException if it cannot be written
     * @throws IllegalArgumentException as {@link #requireWritable}
     */
    public static void write(BufferedImage image, Path path) throws IOException {
        byte[] bytes = bytes(image, format(path));
        AtomicFiles.write(path, temporary -> Files.write(temporary, bytes));
    }
}
