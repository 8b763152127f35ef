package io.github.dhf4j.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.modality.cv.ImageFactory;
import io.github.dhf4j.testing.Golden;
import java.awt.Color;
import java.awt.color.ColorSpace;
import java.awt.color.ICC_Profile;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImagesTest {
    private static final Path ODD = Golden.fixtures().resolve("odd");

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"64x64", "512x512", "100x37"})
    void resizeIsPillowsInEveryByte(String size) throws IOException {
        String[] sides = size.split("x", -1);
        RgbImage resized = PillowResize.resize(
                RgbImage.read(Golden.fixtures().resolve("images/a.png")),
                new Size(Integer.parseInt(sides[0]), Integer.parseInt(sides[1])));
        assertThat(resized.samples())
                .isEqualTo(RgbImage.read(Golden.fixtures().resolve("resize/a_" + size + ".png"))
                        .samples());
    }

    @ParameterizedTest
    @CsvSource({
        "palette.png, palette-as-pillow.png, 0",
        "animated.gif, animated-as-pillow.png, 0",
        "photo.jpg, photo-as-pillow.png, 3",
        "grey.jpg, grey-jpg-as-pillow.png, 1",
        "cmyk.jpg, cmyk-as-pillow.png, 3",
        "ycck.jpg, ycck-as-pillow.png, 3",
        "canvas-local-palette.gif, canvas-local-palette-as-pillow.png, 0",
        "canvas-transparent.gif, canvas-transparent-as-pillow.png, 0",
        "canvas-interlaced.gif, canvas-interlaced-as-pillow.png, 0",
        "canvas-too-small.gif, canvas-too-small-as-pillow.png, 0",
        "canvas-without-palette.gif, canvas-without-palette-as-pillow.png, 0"
    })
    void oddFilesAreReadAsPillowReadsThem(String file, String pillow, int tolerance) throws IOException {
        RgbImage read = RgbImage.read(ODD.resolve(file));
        RgbImage expected = RgbImage.read(ODD.resolve(pillow));
        assertThat(read.size()).isEqualTo(expected.size());
        assertThat(RgbImage.sizeOf(ODD.resolve(file))).isEqualTo(expected.size());
        int largest = 0;
        for (int i = 0; i < read.samples().length; i++) {
            largest = Math.max(largest, Math.abs((read.samples()[i] & 0xff) - (expected.samples()[i] & 0xff)));
        }
        assertThat(largest).isLessThanOrEqualTo(tolerance);
    }

    @Test
    void betweenPixelsColoursAreMixedAndBeyondTheBorderTheyAreItsOwn() {
        RgbImage image = new RgbImage(2, 2, new byte[] {0, 10, (byte) 200, 100, 20, 0, 40, 30, 0, 60, 40, (byte) 255});
        double[] colour = new double[3];
        image.interpolate(0.25, 0.5, colour);
        assertThat(colour).containsExactly(35, 22.5, 106.875);
        image.interpolate(-3, 7, colour);
        assertThat(colour).containsExactly(40, 30, 0);
        image.interpolate(1, 1, colour);
        assertThat(colour).containsExactly(60, 40, 255);
    }

    @Test
    void greyLevelsAndAlphaStayAsStored() throws IOException {
        RgbImage grey = RgbImage.read(ODD.resolve("grey.png"));
        int[] raw = ImageIO.read(ODD.resolve("grey.png").toFile()).getRaster().getPixels(0, 0, 48, 32, (int[]) null);
        for (int i = 0; i < raw.length; i++) {
            assertThat(grey.samples()[3 * i] & 0xff).isEqualTo(raw[i]);
            assertThat(grey.samples()[3 * i + 2]).isEqualTo(grey.samples()[3 * i]);
        }
        assertThat(RgbImage.read(ODD.resolve("grey-alpha.png")).samples()).isEqualTo(grey.samples());
        RgbImage alpha = RgbImage.read(ODD.resolve("alpha.png"));
        assertThat(alpha.samples()[3 * 10] & 0xff).isEqualTo(50);
        assertThat(alpha.samples()[3 * 48 + 1] & 0xff).isEqualTo(7);
        assertThat(RgbImage.read(ODD.resolve("progressive.jpg")).size()).isEqualTo(new Size(48, 32));
    }

    @Test
    void colourProfilesOfJpegsAreNotApplied() throws IOException {
        byte[] plain = Files.readAllBytes(ODD.resolve("photo.jpg"));
        byte[] profile = ICC_Profile.getInstance(ColorSpace.CS_LINEAR_RGB).getData();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(plain, 0, 2);
        int length = 2 + 14 + profile.length;
        out.writeBytes(new byte[] {(byte) 0xff, (byte) 0xe2, (byte) (length >> 8), (byte) length});
        out.writeBytes("ICC_PROFILE\0\1\1".getBytes(StandardCharsets.US_ASCII));
        out.writeBytes(profile);
        out.write(plain, 2, plain.length - 2);
        Path profiled = Files.write(folder.resolve("profiled.jpg"), out.toByteArray());
        assertThat(RgbImage.read(profiled).samples())
                .isEqualTo(RgbImage.read(ODD.resolve("photo.jpg")).samples());
        assertThat(JpegProfile.strip(out.toByteArray())).isEqualTo(plain);
        assertThat(JpegProfile.strip(plain)).isSameAs(plain);
        for (int cut : new int[] {3, 5, 30, 700}) {
            byte[] torn = Arrays.copyOf(out.toByteArray(), cut);
            assertThat(JpegProfile.strip(torn).length).isLessThanOrEqualTo(cut);
        }
    }

    @Test
    void everyBufferedTypeGivesTheSamePixels() {
        int[] types = {
            BufferedImage.TYPE_INT_RGB,
            BufferedImage.TYPE_INT_ARGB,
            BufferedImage.TYPE_3BYTE_BGR,
            BufferedImage.TYPE_4BYTE_ABGR,
            BufferedImage.TYPE_INT_BGR
        };
        byte[] expected = null;
        for (int type : types) {
            BufferedImage image = new BufferedImage(5, 4, type);
            for (int i = 0; i < 20; i++) {
                image.setRGB(i % 5, i / 5, new Color(10 * i, 255 - 10 * i, 3 * i).getRGB());
            }
            byte[] samples = RgbImage.of(image).samples();
            expected = expected == null ? samples : expected;
            assertThat(samples).isEqualTo(expected);
            assertThat(RgbImage.of(ImageFactory.getInstance().fromImage(image)).samples())
                    .isEqualTo(expected);
            assertThat(RgbImage.of(RgbImage.of(image).toBufferedImage()).samples())
                    .isEqualTo(expected);
        }
    }

    @Test
    void extremeSizes() throws IOException {
        Path dot = folder.resolve("dot.png");
        ImageIO.write(new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB), "png", dot.toFile());
        assertThat(PillowResize.resize(RgbImage.read(dot), Size.square(64)).samples())
                .containsOnly(0);
        Path wide = folder.resolve("wide.png");
        ImageIO.write(new BufferedImage(20_000, 3, BufferedImage.TYPE_INT_RGB), "png", wide.toFile());
        assertThat(PillowResize.resize(RgbImage.read(wide), Size.square(64)).size())
                .isEqualTo(Size.square(64));
        // a header that promises 400 million pixels
        byte[] png = Files.readAllBytes(dot);
        System.arraycopy(new byte[] {0, 0, 0x4e, 0x20, 0, 0, 0x4e, 0x20}, 0, png, 16, 8);
        Path huge = Files.write(folder.resolve("huge.png"), png);
        assertThatThrownBy(() -> RgbImage.read(huge))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("huge.png");
    }

    @Test
    void brokenFilesAreNamed() throws IOException {
        byte[] jpeg = Files.readAllBytes(ODD.resolve("photo.jpg"));
        byte[] png = Files.readAllBytes(ODD.resolve("alpha.png"));
        Path path = folder.resolve("broken.img");
        for (byte[] content : new byte[][] {
            new byte[0],
            {1, 2, 3},
            Arrays.copyOf(png, 60),
            Arrays.copyOf(jpeg, 40),
            "GIF89a".getBytes(java.nio.charset.StandardCharsets.US_ASCII),
            Arrays.copyOf(png, png.length / 2)
        }) {
            Files.write(path, content);
            assertThatThrownBy(() -> RgbImage.read(path))
                    .as("%d bytes", content.length)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("broken.img");
        }
        assertThatThrownBy(() -> RgbImage.read(folder.resolve("none.png")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("no such file");
        assertThatThrownBy(() -> RgbImage.read(folder))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("a folder");
        assertThatThrownBy(() -> new Size(0, 3)).isInstanceOf(IllegalArgumentException.class);
    }
}
