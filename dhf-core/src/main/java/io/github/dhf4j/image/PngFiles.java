package io.github.dhf4j.image;

import io.github.dhf4j.io.AtomicFiles;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageWriter;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/** Pictures to PNG by the JDK's own writer, without scratch files. */
public final class PngFiles {
    private PngFiles() {}

    /**
     * A picture as the bytes of a PNG.
     *
     * @param image any type of buffered image
     * @return a whole file
     * @throws IOException if the JDK's writer is not there
     */
    public static byte[] bytes(BufferedImage image) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ImageWriter writer = JdkPlugins.writer(ImageFormat.PNG);
        try (MemoryCacheImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
            writer.setOutput(out);
            writer.write(image);
        } finally {
            writer.dispose();
        }
        return bytes.toByteArray();
    }

    /**
     * Writes a PNG whole or leaves what was there.
     *
     * @param image any type of buffered image
     * @param path the file to be; its folder must exist
     * @throws IOException if it cannot be written
     */
    public static void write(BufferedImage image, Path path) throws IOException {
        byte[] bytes = bytes(image);
        AtomicFiles.write(path, temporary -> Files.write(temporary, bytes));
    }
}
