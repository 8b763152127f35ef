package io.github.dhf4j.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dhf4j.testing.Golden;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import javax.imageio.ImageIO;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.metadata.IIOMetadata;
import javax.imageio.spi.IIORegistry;
import javax.imageio.spi.ImageReaderSpi;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The same file has the same pixels in every program, and reading it leaves the program as it was. */
class ImageReadersTest {
    private static final List<String> FILES =
            List.of("photo.jpg", "progressive.jpg", "grey.jpg", "cmyk.jpg", "palette.png", "alpha.png", "animated.gif");

    @TempDir
    Path folder;

    private static Path odd(String name) {
        return Golden.fixtures().resolve("odd").resolve(name);
    }

    private static int[] pixels() throws IOException {
        int[] digests = new int[FILES.size()];
        for (int i = 0; i < digests.length; i++) {
            digests[i] = Arrays.hashCode(RgbImage.read(odd(FILES.get(i))).samples());
        }
        return digests;
    }

    @Test
    void plugInsOfTheProgramChangeNoPixel() throws IOException {
        int[] before = pixels();
        IIORegistry registry = IIORegistry.getDefaultInstance();
        PlugIn plugIn = new PlugIn();
        registry.registerServiceProvider(plugIn, ImageReaderSpi.class);
        try {
            for (Iterator<ImageReaderSpi> all = registry.getServiceProviders(ImageReaderSpi.class, true);
                    all.hasNext(); ) {
                ImageReaderSpi other = all.next();
                if (other != plugIn) {
                    registry.setOrdering(ImageReaderSpi.class, plugIn, other);
                }
            }
            assertThat(ImageIO.read(odd("photo.jpg").toFile()).getWidth()).isEqualTo(1);
            assertThat(pixels()).isEqualTo(before);
        } finally {
            registry.deregisterServiceProvider(plugIn, ImageReaderSpi.class);
        }
    }

    @Test
    void theThreadsClassLoaderChangesNoPixel() throws IOException, InterruptedException {
        int[] before = pixels();
        int[][] there = new int[1][];
        Thread thread = new Thread(() -> {
            Thread.currentThread().setContextClassLoader(ClassLoader.getPlatformClassLoader());
            try {
                there[0] = pixels();
            } catch (IOException e) {
                there[0] = new int[0];
            }
        });
        thread.start();
        thread.join();
        assertThat(there[0]).isEqualTo(before);
    }

    @Test
    void anInterruptedThreadReadsImagesAndStaysInterrupted() throws IOException {
        int[] before = pixels();
        Thread.currentThread().interrupt();
        try {
            assertThat(pixels()).isEqualTo(before);
            assertThat(RgbImage.sizeOf(odd("photo.jpg"))).isEqualTo(new Size(48, 32));
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    @ParameterizedTest
    @CsvSource({"true", "false"})
    void theProgramsSettingOfImageIoStays(boolean useCache) throws IOException {
        boolean before = ImageIO.getUseCache();
        ImageIO.setUseCache(useCache);
        try {
            pixels();
            PictureFiles.write(new BufferedImage(3, 2, BufferedImage.TYPE_INT_RGB), folder.resolve("out.png"));
            assertThat(ImageIO.getUseCache()).isEqualTo(useCache);
        } finally {
            ImageIO.setUseCache(before);
        }
    }

    @Test
    void picturesAreWrittenAndReadWhereNoScratchFileCanBe() throws IOException {
        java.io.File before = ImageIO.getCacheDirectory();
        Path gone = Files.createDirectory(folder.resolve("scratch"));
        ImageIO.setCacheDirectory(gone.toFile());
        try {
            Files.delete(gone);
            RgbImage picture = RgbImage.read(odd("photo.jpg"));
            PictureFiles.write(picture.toBufferedImage(), folder.resolve("out.png"));
            assertThat(RgbImage.read(folder.resolve("out.png")).samples()).isEqualTo(picture.samples());
        } finally {
            ImageIO.setCacheDirectory(before);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "RIFF....WEBPVP8 ........ | a WebP image | convert it",
                "....ftypheic............ | a HEIC image | convert it",
                "....ftypavif............ | an AVIF image | convert it",
                "II*!.................... | a TIFF image | convert it",
                "<svg xmlns='x'></svg>    | an SVG drawing | convert it",
                "<!DOCTYPE html><html>    | a web page | fetch it again",
                "version https://git-lfs.github.com/spec/v1 | a git-lfs pointer | git lfs pull",
                "P3 3 2 255 1 2 3 4 5 6   | a PNM image | convert it",
                "!!!!!!!!!!!!!!!!!!!!!!!! | nothing but zeros | fetch it again",
                "hello world, I am a text | no known format | convert it"
            })
    void anotherFormatIsCalledByItsName(String start, String what, String remedy) throws IOException {
        byte[] bytes = start.replace('!', '\0').getBytes(StandardCharsets.ISO_8859_1);
        if (start.startsWith("<!")) {
            bytes[1] = '!';
        }
        Path file = Files.write(folder.resolve("a.jpg"), bytes);
        for (boolean header : new boolean[] {true, false}) {
            assertThatThrownBy(() -> {
                        if (header) {
                            RgbImage.sizeOf(file);
                        } else {
                            RgbImage.read(file);
                        }
                    })
                    .isInstanceOf(IOException.class)
                    .hasMessageStartingWith("image must be PNG, JPEG, GIF, BMP or PPM, got ")
                    .hasMessageContaining(what)
                    .hasMessageContaining(remedy)
                    .hasMessageContaining("a.jpg");
        }
    }

    @Test
    void binaryPpmIsReadWithItsComments() throws IOException {
        byte[] samples = {1, 2, 3, -1, -2, -3};
        for (String head : List.of("P6\n2 1\n255\n", "P6 # made by\n# hand\n  2\t1 255 ")) {
            Path file = folder.resolve("a.ppm");
            byte[] start = head.getBytes(StandardCharsets.US_ASCII);
            byte[] whole = java.util.Arrays.copyOf(start, start.length + samples.length);
            System.arraycopy(samples, 0, whole, start.length, samples.length);
            Files.write(file, whole);
            assertThat(RgbImage.sizeOf(file)).hasToString("2 x 1");
            assertThat(RgbImage.read(file).samples()).isEqualTo(samples);
            Files.write(file, java.util.Arrays.copyOf(whole, whole.length - 1));
            assertThatThrownBy(() -> RgbImage.read(file)).hasMessageContaining("cut short");
        }
        for (String wrong : List.of("P6 2 1 65535 ", "P6 0 1 255 ", "P6 2 x 255 ", "P6 2", "P6 99999999999 1 255 ")) {
            Path file = Files.writeString(folder.resolve("b.ppm"), wrong + "abcdef");
            assertThatThrownBy(() -> RgbImage.read(file)).as(wrong).isInstanceOf(IOException.class);
        }
    }

    @Test
    void anEmptyFileIsCalledEmpty() throws IOException {
        Path file = Files.write(folder.resolve("a.jpg"), new byte[0]);
        assertThatThrownBy(() -> RgbImage.read(file)).hasMessageContaining("must not be empty");
    }

    /** Takes every file for its own and makes one green pixel of it. */
    private static final class PlugIn extends ImageReaderSpi {
        @Override
        public boolean canDecodeInput(Object source) {
            return true;
        }

        @Override
        public Class<?>[] getInputTypes() {
            return new Class<?>[] {javax.imageio.stream.ImageInputStream.class};
        }

        @Override
        public ImageReader createReaderInstance(Object extension) {
            return new ImageReader(this) {
                @Override
                public int getNumImages(boolean search) {
                    return 1;
                }

                @Override
                public int getWidth(int index) {
                    return 1;
                }

                @Override
                public int getHeight(int index) {
                    return 1;
                }

                @Override
                public Iterator<ImageTypeSpecifier> getImageTypes(int index) {
                    return List.of(ImageTypeSpecifier.createFromBufferedImageType(BufferedImage.TYPE_INT_RGB))
                            .iterator();
                }

                @Override
                public IIOMetadata getStreamMetadata() {
                    throw new UnsupportedOperationException();
                }

                @Override
                public IIOMetadata getImageMetadata(int index) {
                    throw new UnsupportedOperationException();
                }

                @Override
                public BufferedImage read(int index, ImageReadParam param) {
                    BufferedImage image = new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB);
                    image.setRGB(0, 0, 0x00ff00);
                    return image;
                }
            };
        }

        @Override
        public String getDescription(Locale locale) {
            return "green";
        }
    }
}
