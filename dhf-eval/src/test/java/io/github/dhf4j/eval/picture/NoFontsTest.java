package io.github.dhf4j.eval.picture;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dhf4j.image.RgbImage;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A Java that finds no fonts, as in a bare container: another process, with libraries that cannot be loaded. */
@EnabledOnOs(OS.LINUX)
class NoFontsTest {
    private static final List<ChartPicture.Curve> CURVES =
            List.of(new ChartPicture.Curve("loss by step", List.of(1.0, 2.0, 3.0), List.of(3.0, 2.0, 1.5), 1));

    /** Draws what has text of every kind: sized to fit, centred, cut to fit. */
    public static final class Drawing {
        /**
         * Draws.
         *
         * @param arguments where to
         * @throws IOException if a picture cannot be written
         */
        public static void main(String[] arguments) throws IOException {
            Path folder = Path.of(arguments[0]);
            ChartPicture.write(CURVES, folder.resolve("chart.png"));
            RgbImage grey = RgbImage.of(new BufferedImage(60, 40, BufferedImage.TYPE_INT_RGB));
            CorrespondencePicture.write(
                    grey, grey, PicturesTest.pairs(5, grey, grey), folder.resolve("correspondences.png"));
            ImageSheetPicture.write(
                    List.of(grey), List.of("a long caption ".repeat(9)), "", folder.resolve("sheet.png"));
        }
    }

    @Test
    void picturesAreDrawnWithoutText(@TempDir Path folder) throws Exception {
        Path libraries = Files.createDirectory(folder.resolve("libraries"));
        for (String name : List.of("libfontconfig.so.1", "libfontconfig.so", "libfreetype.so.6")) {
            Files.createFile(libraries.resolve(name));
        }
        Path without = Files.createDirectory(folder.resolve("without"));
        Path with = Files.createDirectory(folder.resolve("with"));
        Drawing.main(new String[] {with.toString()});
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Djava.awt.headless=true",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Drawing.class.getName(),
                        without.toString())
                .redirectErrorStream(true);
        builder.environment().put("LD_LIBRARY_PATH", libraries.toString());
        Process process = builder.start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        for (String name : List.of("chart.png", "correspondences.png", "sheet.png")) {
            BufferedImage bare = ImageIO.read(without.resolve(name).toFile());
            BufferedImage full = ImageIO.read(with.resolve(name).toFile());
            assertThat(bare.getWidth()).as(name).isEqualTo(full.getWidth());
            assertThat(coloured(bare)).as(name).isPositive().isLessThan(coloured(full));
        }
    }

    private static int coloured(BufferedImage picture) {
        int count = 0;
        for (int y = 0; y < picture.getHeight(); y++) {
            for (int x = 0; x < picture.getWidth(); x++) {
                count += picture.getRGB(x, y) == Color.WHITE.getRGB() ? 0 : 1;
            }
        }
        return count;
    }
}
