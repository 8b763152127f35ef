package io.github.dhf4j.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dhf4j.testing.Golden;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that are not whole are refused, whole ones that are odd are not; Pillow was asked about each kind. */
class CutImagesTest {
    private static final double[] SHARES = {0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 0.995, 0.999};

    private static byte[] odd(String name) throws IOException {
        return Files.readAllBytes(Golden.fixtures().resolve("odd").resolve(name));
    }

    private static byte[] noise(String format) throws IOException {
        BufferedImage image = new BufferedImage(90, 70, BufferedImage.TYPE_INT_RGB);
        Random random = new Random(4);
        for (int i = 0; i < 90 * 70; i++) {
            image.setRGB(i % 90, i / 90, random.nextInt());
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ImageIO.write(image, format, out);
        return out.toByteArray();
    }

    private static byte[] joined(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    private static void assertRefused(byte[] file, String as) {
        assertThatThrownBy(() -> RgbImage.read(file, "torn.img"))
                .as(as)
                .isInstanceOf(IOException.class)
                .hasMessageContaining("torn.img")
                .hasMessageNotContaining("null");
    }

    private static void assertSamePixels(byte[] file, byte[] plain, String as) throws IOException {
        assertThat(RgbImage.read(file, "odd.img").samples())
                .as(as)
                .isEqualTo(RgbImage.read(plain, "plain.img").samples());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "photo.jpg",
                "progressive.jpg",
                "grey.jpg",
                "cmyk.jpg",
                "palette.png",
                "animated.gif",
                "jpg",
                "png",
                "gif",
                "bmp"
            })
    void aFileThatIsCutShortIsRefused(String name) throws IOException {
        byte[] whole = name.contains(".") ? odd(name) : noise(name);
        assertThat(RgbImage.read(whole, name).samples()).isNotEmpty();
        for (double share : SHARES) {
            int length = (int) (share * whole.length);
            if (share < 0.9 || name.endsWith("jpg")) {
                assertRefused(Arrays.copyOf(whole, length), name + ", " + length + " of " + whole.length);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"photo.jpg", "progressive.jpg", "grey.jpg", "cmyk.jpg"})
    void aJpegWithoutItsLastMarkerIsRefused(String name) throws IOException {
        byte[] whole = odd(name);
        assertRefused(Arrays.copyOf(whole, whole.length - 1), name);
        assertRefused(Arrays.copyOf(whole, whole.length - 2), name);
    }

    @Test
    void aJpegWhosePixelsEndTooEarlyIsRefusedThoughItIsClosed() throws IOException {
        byte[] whole = noise("jpg");
        byte[] half = Arrays.copyOf(whole, whole.length / 2);
        assertRefused(joined(half, new byte[] {(byte) 0xff, (byte) 0xd9}), "closed");
        assertRefused(joined(half, new byte[whole.length / 2]), "filled with zeros");
    }

    @Test
    void aWholeJpegIsReadWhateverFollowsItAndWhateverItsSegmentsSay() throws IOException {
        for (String name : new String[] {"photo.jpg", "progressive.jpg", "cmyk.jpg"}) {
            byte[] plain = odd(name);
            byte[] start = Arrays.copyOf(plain, 2);
            byte[] rest = Arrays.copyOfRange(plain, 2, plain.length);
            byte[] text = "more".getBytes(StandardCharsets.US_ASCII);
            assertSamePixels(joined(plain, text, text), plain, name + ", text after the end");
            assertSamePixels(joined(plain, new byte[5000]), plain, name + ", zeros after the end");
            assertSamePixels(joined(plain, plain), plain, name + " twice");
            assertSamePixels(
                    joined(start, new byte[] {(byte) 0xff, (byte) 0xfe, 0, 6}, text, rest), plain, name + ", comment");
            assertSamePixels(
                    joined(start, new byte[] {(byte) 0xff, (byte) 0xe1, 0, 6}, text, rest), plain, name + ", no EXIF");
            assertSamePixels(joined(start, new byte[] {(byte) 0xff, (byte) 0xff}, rest), plain, name + ", fill bytes");
            byte[] end = {(byte) 0xff, (byte) 0xd9};
            byte[] body = Arrays.copyOf(plain, plain.length - 2);
            assertSamePixels(joined(body, new byte[4], end), plain, name + ", bytes before the end");
        }
        byte[] revision = odd("photo.jpg");
        revision[11] = 9;
        assertSamePixels(revision, odd("photo.jpg"), "revision 9 of JFIF");
        byte[] adobe = joined(
                new byte[] {(byte) 0xff, (byte) 0xd8, (byte) 0xff, (byte) 0xee, 0, 14},
                "Adobe".getBytes(StandardCharsets.US_ASCII),
                new byte[] {0, 100, 0, 0, 0, 0, 7},
                Arrays.copyOfRange(odd("photo.jpg"), 2, odd("photo.jpg").length));
        assertSamePixels(adobe, odd("photo.jpg"), "a transform that Adobe does not have");
    }

    @Test
    void aPngIsReadWithoutItsEndAndWithBrokenRemarks() throws IOException {
        for (String name : new String[] {"palette.png", "alpha.png", "grey.png"}) {
            byte[] plain = odd(name);
            assertSamePixels(Arrays.copyOf(plain, plain.length - 12), plain, name + " without IEND");
            assertSamePixels(joined(plain, new byte[40]), plain, name + ", zeros after the end");
            for (String type : new String[] {"iCCP", "hIST", "tIME", "sBIT", "gAMA", "pHYs", "zTXt", "caBX"}) {
                byte[] part = part(type, new byte[] {1, 2, 3});
                byte[] odd = joined(Arrays.copyOf(plain, 33), part, Arrays.copyOfRange(plain, 33, plain.length));
                assertSamePixels(odd, plain, name + ", " + type);
            }
        }
    }

    @Test
    void aPngWhoseHeaderWasChangedIsRefused() throws IOException {
        byte[] png = noise("png");
        byte[] sum = png.clone();
        sum[29] ^= 1;
        assertRefused(sum, "check sum");
        byte[] width = png.clone();
        width[19]--;
        assertRefused(width, "width");
        byte[] remark = joined(
                Arrays.copyOf(png, 33),
                part("tEXt", new byte[] {'a', 0, 'b'}),
                Arrays.copyOfRange(png, 33, png.length));
        remark[42] ^= 1;
        assertRefused(remark, "a text");
        byte[] pixels = png.clone();
        pixels[png.length / 2] ^= 64;
        assertRefused(pixels, "pixels");
    }

    private static byte[] part(String type, byte[] data) {
        byte[] named = joined(type.getBytes(StandardCharsets.US_ASCII), data);
        CRC32 crc = new CRC32();
        crc.update(named);
        return joined(
                ByteBuffer.allocate(4).putInt(data.length).array(),
                named,
                ByteBuffer.allocate(4).putInt((int) crc.getValue()).array());
    }

    @Test
    void aGifWhoseCodesEndTooEarlyOrMeanNothingIsRefused() throws IOException {
        byte[] gif = odd("canvas-interlaced.gif");
        int codes = gif.length - 60;
        byte[] hole = gif.clone();
        Arrays.fill(hole, codes, codes + 20, (byte) 0xff);
        assertRefused(hole, "a hole");
        assertRefused("GIF89a".getBytes(StandardCharsets.US_ASCII), "a signature");
        byte[] none = joined(Arrays.copyOf(gif, 13 + 24), new byte[] {';'});
        assertRefused(none, "no picture");
        assertSamePixels(Arrays.copyOf(gif, gif.length - 1), gif, "no trailer");
        assertSamePixels(joined(gif, new byte[50]), gif, "zeros after the end");
    }

    @Test
    void aBmpThatLacksRowsIsRefused() throws IOException {
        // 8 bits, run lengths: the first row and the mark of the end
        ByteBuffer bmp = ByteBuffer.allocate(14 + 40 + 1024 + 6).order(java.nio.ByteOrder.LITTLE_ENDIAN);
        bmp.put((byte) 'B').put((byte) 'M').putInt(bmp.capacity()).putInt(0).putInt(14 + 40 + 1024);
        bmp.putInt(40)
                .putInt(8)
                .putInt(6)
                .putShort((short) 1)
                .putShort((short) 8)
                .putInt(1)
                .putInt(6);
        bmp.putInt(0).putInt(0).putInt(256).putInt(0);
        bmp.position(14 + 40 + 1024);
        bmp.put(new byte[] {8, 3, 0, 0, 0, 1});
        assertRefused(bmp.array(), "one row of six");
    }

    @Test
    void fuzzedFilesGiveAPictureOrOneShortSentence() throws IOException {
        Random random = new Random(11);
        for (String name : new String[] {
            "photo.jpg",
            "progressive.jpg",
            "cmyk.jpg",
            "palette.png",
            "alpha.png",
            "animated.gif",
            "canvas-interlaced.gif"
        }) {
            byte[] whole = odd(name);
            for (int i = 0; i < 300; i++) {
                byte[] bytes = Arrays.copyOf(whole, i % 4 == 0 ? 1 + random.nextInt(whole.length) : whole.length);
                for (int k = random.nextInt(6); k >= 0; k--) {
                    bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
                }
                try {
                    RgbImage.read(bytes, name);
                } catch (IOException e) {
                    assertThat(e.getMessage()).hasSizeLessThan(400).matches("\\P{Cntrl}+");
                }
            }
        }
    }

    @Test
    void theFileThatWasCutIsNamedByItsPath(@org.junit.jupiter.api.io.TempDir Path folder) throws IOException {
        byte[] whole = noise("jpg");
        Path half = Files.write(folder.resolve("half.jpg"), Arrays.copyOf(whole, whole.length / 2));
        assertThatThrownBy(() -> RgbImage.read(half))
                .hasMessageContaining(half.toString())
                .hasMessageContaining("cut short");
        assertThat(RgbImage.sizeOf(half)).isEqualTo(new Size(90, 70));
    }
}
