package io.github.dhf4j.image;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.modality.cv.Image;
import ai.djl.modality.cv.ImageFactory;
import java.awt.Point;
import java.awt.Transparency;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.DirectColorModel;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.reflect.Proxy;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A buffered image of any type has the pixels of the PNG that it would be. */
class BufferedTypesTest {
    private static final int WIDTH = 61;
    private static final int HEIGHT = 17;

    static Stream<Named<BufferedImage>> types() {
        ColorSpace rgb = ColorSpace.getInstance(ColorSpace.CS_sRGB);
        ColorSpace linear = ColorSpace.getInstance(ColorSpace.CS_LINEAR_RGB);
        ColorSpace gray = ColorSpace.getInstance(ColorSpace.CS_GRAY);
        byte[] levels = new byte[16];
        new Random(3).nextBytes(levels);
        return Stream.concat(
                IntStream.rangeClosed(BufferedImage.TYPE_INT_RGB, BufferedImage.TYPE_BYTE_INDEXED)
                        .mapToObj(type -> Named.of("type " + type, filled(new BufferedImage(WIDTH, HEIGHT, type)))),
                Stream.of(
                        Named.of("RGB, 16 bits", components(rgb, DataBuffer.TYPE_USHORT, false, false)),
                        Named.of("RGBA, 16 bits", components(rgb, DataBuffer.TYPE_USHORT, true, false)),
                        Named.of("RGBA, multiplied", components(rgb, DataBuffer.TYPE_BYTE, true, true)),
                        Named.of("linear RGB", components(linear, DataBuffer.TYPE_BYTE, false, false)),
                        Named.of("linear RGB, multiplied", components(linear, DataBuffer.TYPE_BYTE, true, true)),
                        Named.of("grey with alpha", components(gray, DataBuffer.TYPE_BYTE, true, false)),
                        Named.of("grey with alpha, 16 bits", components(gray, DataBuffer.TYPE_USHORT, true, false)),
                        Named.of("grey with alpha, multiplied", components(gray, DataBuffer.TYPE_BYTE, true, true)),
                        Named.of(
                                "linear RGB in one number",
                                custom(new DirectColorModel(
                                        linear, 24, 0xff0000, 0xff00, 0xff, 0, false, DataBuffer.TYPE_INT))),
                        Named.of(
                                "part of a larger one",
                                filled(new BufferedImage(90, 40, BufferedImage.TYPE_4BYTE_ABGR))
                                        .getSubimage(7, 9, WIDTH, HEIGHT)),
                        Named.of(
                                "16 colours",
                                filled(new BufferedImage(
                                        WIDTH,
                                        HEIGHT,
                                        BufferedImage.TYPE_BYTE_BINARY,
                                        new IndexColorModel(4, 16, levels, levels.clone(), new byte[16]))))));
    }

    private static BufferedImage components(ColorSpace space, int type, boolean alpha, boolean multiplied) {
        return custom(new ComponentColorModel(
                space, alpha, multiplied, alpha ? Transparency.TRANSLUCENT : Transparency.OPAQUE, type));
    }

    private static BufferedImage custom(ColorModel model) {
        WritableRaster raster = model.createCompatibleWritableRaster(WIDTH, HEIGHT);
        return filled(new BufferedImage(model, raster, model.isAlphaPremultiplied(), null));
    }

    /** Seeded samples; of colours that alpha was multiplied into none above it. */
    private static BufferedImage filled(BufferedImage image) {
        Random random = new Random(7);
        WritableRaster raster = image.getRaster();
        ColorModel model = image.getColorModel();
        int bands = raster.getNumBands();
        for (int y = 0; y < raster.getHeight(); y++) {
            for (int x = 0; x < raster.getWidth(); x++) {
                int[] pixel = new int[bands];
                for (int b = bands - 1; b >= 0; b--) {
                    int most = 1 << raster.getSampleModel().getSampleSize(b);
                    boolean under = model.isAlphaPremultiplied() && b < bands - 1;
                    pixel[b] = random.nextInt(under ? pixel[bands - 1] + 1 : most);
                }
                raster.setPixel(x, y, pixel);
            }
        }
        return image;
    }

    @ParameterizedTest
    @MethodSource("types")
    void everyTypeHasThePixelsOfItsPng(BufferedImage image) throws IOException {
        RgbImage file = RgbImage.read(PictureFiles.png(image));
        assertThat(RgbImage.of(image).size()).isEqualTo(file.size());
        assertThat(RgbImage.of(image).samples()).isEqualTo(file.samples());
    }

    @Test
    void numbersFromNoughtToOneAreLevelsTooThoughNoPngHoldsThem() {
        ColorModel model = new ComponentColorModel(
                ColorSpace.getInstance(ColorSpace.CS_GRAY), false, false, Transparency.OPAQUE, DataBuffer.TYPE_FLOAT);
        WritableRaster raster = model.createCompatibleWritableRaster(4, 1);
        raster.setPixels(0, 0, 4, 1, new float[] {-0.5f, 0, 0.5f, 2});
        assertThat(RgbImage.of(new BufferedImage(model, raster, false, null)).samples())
                .containsExactly(0, 0, 0, 0, 0, 0, 128, 128, 128, 255, 255, 255);
        // 12 bits: the upper eight
        ColorModel deep = new ComponentColorModel(
                ColorSpace.getInstance(ColorSpace.CS_GRAY),
                new int[] {12},
                false,
                false,
                Transparency.OPAQUE,
                DataBuffer.TYPE_USHORT);
        WritableRaster twelve = Raster.createInterleavedRaster(DataBuffer.TYPE_USHORT, 3, 1, 1, new Point(0, 0));
        twelve.setPixels(0, 0, 3, 1, new int[] {0, 0x7ff, 0xfff});
        assertThat(RgbImage.of(new BufferedImage(deep, twelve, false, null)).samples())
                .containsExactly(0, 0, 0, 0x7f, 0x7f, 0x7f, 255, 255, 255);
    }

    @Test
    void aDjlImageOfAnotherFactoryIsReadThroughItsPublicMethods() {
        BufferedImage image = filled(new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_3BYTE_BGR));
        Image djl = ImageFactory.getInstance().fromImage(image);
        Image foreign = (Image) Proxy.newProxyInstance(
                Image.class.getClassLoader(), new Class<?>[] {Image.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("save")) {
                        djl.save((OutputStream) arguments[0], (String) arguments[1]);
                        return null;
                    }
                    return method.getName().equals("getWrappedImage")
                            ? "a matrix of its own"
                            : method.invoke(djl, arguments);
                });
        assertThat(RgbImage.of(foreign).samples()).isEqualTo(RgbImage.of(image).samples());
    }
}
