package io.github.dhf4j.eval.picture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dhf4j.feature.DescriptorMap;
import io.github.dhf4j.image.RgbImage;
import io.github.dhf4j.image.Size;
import io.github.dhf4j.matching.Correspondence;
import io.github.dhf4j.matching.DenseField;
import io.github.dhf4j.matching.Point;
import io.github.dhf4j.matching.SimilarityMap;
import io.github.dhf4j.testing.Golden;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import javax.imageio.ImageIO;
import javax.imageio.stream.ImageInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PicturesTest {
    static List<Correspondence> pairs(int count, RgbImage a, RgbImage b) {
        Random random = new Random(count);
        List<Correspondence> pairs = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            pairs.add(new Correspondence(
                    new Point(random.nextDouble() * a.width(), random.nextDouble() * a.height()),
                    new Point(random.nextDouble() * b.width(), random.nextDouble() * b.height()),
                    random.nextDouble()));
        }
        return pairs;
    }

    @Test
    void correspondencesAreDrawnOnBothSides(@TempDir Path folder) throws IOException {
        RgbImage a = RgbImage.read(Golden.fixtures().resolve("images/a.png"));
        RgbImage b = RgbImage.read(Golden.fixtures().resolve("images/b.png"));
        BufferedImage empty = CorrespondencePicture.draw(a, b, List.of());
        for (int count : new int[] {1, 5, 200, 500}) {
            Path path = folder.resolve(count + ".png");
            CorrespondencePicture.write(a, b, pairs(count, a, b), path);
            BufferedImage drawn = ImageIO.read(path.toFile());
            assertThat(drawn.getWidth()).isEqualTo(empty.getWidth());
            assertThat(differs(drawn, empty, 0, drawn.getWidth() / 3)).isTrue();
            assertThat(differs(drawn, empty, 2 * drawn.getWidth() / 3, drawn.getWidth()))
                    .isTrue();
        }
        try (var files = Files.list(folder)) {
            assertThat(files).hasSize(4);
        }
    }

    @Test
    void fieldsAreDrawnInEachForm(@TempDir Path folder) throws IOException {
        RgbImage a = RgbImage.read(Golden.fixtures().resolve("images/a.png"));
        RgbImage b = RgbImage.read(Golden.fixtures().resolve("images/b.png"));
        Random random = new Random(5);
        float[] values = new float[16 * 64];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        DescriptorMap ofA = new DescriptorMap(16, Size.square(8), values, a.size(), Size.square(64));
        DescriptorMap ofB = new DescriptorMap(16, Size.square(8), values, b.size(), Size.square(64));
        DenseField same = DenseField.of(ofA, ofB);
        for (FieldPicture.Form form : FieldPicture.Form.values()) {
            boolean places = form == FieldPicture.Form.PLACES;
            BufferedImage plain = CorrespondencePicture.draw(a, places ? b : a, List.of());
            Path path = folder.resolve(form + ".png");
            FieldPicture.write(form, a, b, same, "a note", path);
            BufferedImage drawn = ImageIO.read(path.toFile());
            assertThat(drawn.getHeight()).isEqualTo(plain.getHeight());
            int width = plain.getWidth();
            boolean left = differs(aboveText(drawn), aboveText(plain), 0, width / 3);
            assertThat(left).as("the first image under %s", form).isEqualTo(places);
            assertThat(differs(aboveText(drawn), aboveText(plain), 2 * width / 3, width))
                    .isTrue();
        }
    }

    private static BufferedImage aboveText(BufferedImage picture) {
        return picture.getSubimage(0, 0, picture.getWidth(), picture.getHeight() - 40);
    }

    private static boolean differs(BufferedImage a, BufferedImage b, int from, int to) {
        for (int y = 0; y < a.getHeight(); y++) {
            for (int x = from; x < to; x++) {
                if (a.getRGB(x, y) != b.getRGB(x, y)) {
                    return true;
                }
            }
        }
        return false;
    }

    @ParameterizedTest
    @CsvSource({"x.png,png", "x.PNG,png", "x.jpg,JPEG", "x.jpeg,JPEG", "x.gif,gif", "x.bmp,bmp", "x,png"})
    void aPictureIsWhatItsNameEndsIn(String name, String format, @TempDir Path folder) throws IOException {
        RgbImage grey = image(30, 20);
        Path path = folder.resolve(name);
        CorrespondencePicture.write(grey, grey, List.of(), path);
        try (ImageInputStream in = ImageIO.createImageInputStream(path.toFile())) {
            assertThat(ImageIO.getImageReaders(in).next().getFormatName()).isEqualTo(format);
        }
    }

    @Test
    void aPictureOfAnotherEndingIsRefused(@TempDir Path folder) {
        RgbImage grey = image(30, 20);
        for (String name : List.of("x.webp", "x.tiff", "x.svg", "x.")) {
            assertThatThrownBy(() -> CorrespondencePicture.write(grey, grey, List.of(), folder.resolve(name)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("must end in .png, .jpg, .gif or .bmp")
                    .hasMessageContaining(name);
        }
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void whatIsDoubtfulIsFaint() {
        RgbImage grey = image(40, 40);
        Point at = new Point(20, 20);
        BufferedImage sure = CorrespondencePicture.draw(grey, grey, List.of(new Correspondence(at, at, 0.9, 0.5, 0.1)));
        BufferedImage plain = CorrespondencePicture.draw(grey, grey, List.of(new Correspondence(at, at, 0.9)));
        BufferedImage doubtful =
                CorrespondencePicture.draw(grey, grey, List.of(new Correspondence(at, at, 0.9, 0.49, 0.1)));
        int x = 203; // in the first dot, beside its number
        int y = 210;
        assertThat(sure.getRGB(x, y)).isEqualTo(plain.getRGB(x, y));
        assertThat(colourfulness(doubtful.getRGB(x, y))).isBetween(1, colourfulness(sure.getRGB(x, y)) / 2);
    }

    private static int colourfulness(int rgb) {
        int red = rgb >> 16 & 0xff;
        int green = rgb >> 8 & 0xff;
        int blue = rgb & 0xff;
        return Math.max(red, Math.max(green, blue)) - Math.min(red, Math.min(green, blue));
    }

    @Test
    void aNoteStandsInEveryCaption() {
        RgbImage grey = image(40, 40);
        BufferedImage without = CorrespondencePicture.draw(grey, grey, List.of());
        BufferedImage with = CorrespondencePicture.draw(grey, grey, List.of(), "only a toy");
        assertThat(differs(with, without, 100, with.getWidth())).isTrue();
        DescriptorMap map = new DescriptorMap(3, new Size(2, 2), new float[12], Size.square(40), Size.square(40));
        assertThat(PcaPicture.draw(List.of(grey), List.of(map), "only a toy").getHeight())
                .isGreaterThan(PcaPicture.draw(List.of(grey), List.of(map)).getHeight());
        assertThat(PcaGridPicture.draw(List.of(List.of(map)), List.of("l"), List.of("s"), "only a toy")
                        .getHeight())
                .isGreaterThan(34 + 130);
        SimilarityMap similar = new SimilarityMap(new Point(3, 3), Size.square(2), Size.square(40), new float[4]);
        assertThat(differs(
                        HeatMapPicture.draw(grey, grey, similar, "only a toy"),
                        HeatMapPicture.draw(grey, grey, similar),
                        100,
                        800))
                .isTrue();
    }

    @Test
    void extremeShapesStayDrawable() {
        RgbImage wide = new RgbImage(2000, 3, new byte[3 * 2000 * 3]);
        RgbImage dot = new RgbImage(1, 1, new byte[3]);
        BufferedImage picture = CorrespondencePicture.draw(wide, dot, pairs(3, wide, dot));
        assertThat(picture.getWidth()).isLessThan(3000);
        assertThat(picture.getHeight()).isLessThan(1000);
    }

    @Test
    void aSheetHoldsEveryImageWholeInItsPlace() {
        RgbImage black = image(8, 8);
        RgbImage tall = image(1, 3);
        BufferedImage sheet = ImageSheetPicture.draw(
                List.of(black, black, black, black, tall), List.of("a", "b", "c", "d", "long ".repeat(99)));
        assertThat(sheet.getWidth()).isEqualTo(4 * 244);
        assertThat(sheet.getHeight()).isEqualTo(2 * 266);
        assertThat(sheet.getRGB(3 * 244 + 120, 120)).isEqualTo(0xFF000000);
        assertThat(sheet.getRGB(120, 266 + 120)).isEqualTo(0xFF000000);
        assertThat(sheet.getRGB(20, 266 + 120)).isEqualTo(0xFFFFFFFF);
        assertThat(sheet.getRGB(260, 266 + 258))
                .as("a long caption stays in its column")
                .isEqualTo(0xFFFFFFFF);
        assertThatThrownBy(() -> ImageSheetPicture.draw(List.of(black), List.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("1 images and 0 captions");
    }

    private static RgbImage image(int width, int height) {
        return new RgbImage(width, height, new byte[3 * width * height]);
    }

    @Test
    void heatIsHighestWhereTheSimilarityIs() {
        RgbImage grey = new RgbImage(40, 40, new byte[3 * 1600]);
        float[] values = new float[64];
        values[8 * 6 + 5] = 1;
        BufferedImage picture = HeatMapPicture.draw(
                grey, grey, new SimilarityMap(new Point(3, 3), Size.square(8), Size.square(40), values));
        int panel = 420;
        int hot = picture.getRGB(panel + 12 + (int) (5.8 * panel / 8), (int) (6.8 * panel / 8));
        int cold = picture.getRGB(panel + 12 + panel / 8, panel / 8);
        assertThat(hot >> 8 & 0xff).isGreaterThan((cold >> 8 & 0xff) + 50);
    }

    @Test
    void oneBasisGivesLikeDescriptorsLikeColours() {
        Random random = new Random(1);
        float[] first = new float[5 * 16];
        for (int i = 0; i < first.length; i++) {
            first[i] = (float) random.nextGaussian();
        }
        float[] second = first.clone();
        for (int c = 0; c < 5; c++) {
            second[c * 16] = first[c * 16 + 15];
        }
        DescriptorMap a = new DescriptorMap(5, Size.square(4), first, Size.square(32), Size.square(32));
        DescriptorMap b = new DescriptorMap(5, Size.square(4), second, Size.square(32), Size.square(32));
        PcaBasis basis = PcaBasis.of(List.of(a, b));
        BufferedImage pictureA = basis.draw(a);
        BufferedImage pictureB = basis.draw(b);
        assertThat(pictureB.getRGB(0, 0)).isEqualTo(pictureA.getRGB(3, 3));
        assertThat(pictureB.getRGB(2, 1)).isEqualTo(pictureA.getRGB(2, 1));
        assertThat(pictureA.getRGB(0, 0)).isNotEqualTo(pictureA.getRGB(3, 3));
        assertThat(PcaPicture.draw(List.of(), List.of(a, b)).getHeight()).isEqualTo(300);
    }

    @Test
    void aBasisIsTheSameByCellsAndByChannels() {
        java.util.Random random = new java.util.Random(4);
        Size image = new Size(40, 40);
        float[] few = new float[30 * 25];
        for (int i = 0; i < few.length; i++) {
            few[i] = (float) random.nextGaussian() * (1 + i / 25 % 5);
        }
        // 30 channels over 25 cells, and the same cells twice over, which has the same directions
        DescriptorMap narrow = new DescriptorMap(30, new Size(5, 5), few, image, image);
        BufferedImage byCells = PcaBasis.of(List.of(narrow)).draw(narrow);
        BufferedImage byChannels = PcaBasis.of(List.of(narrow, narrow)).draw(narrow);
        for (int p = 0; p < 25; p++) {
            int a = byCells.getRGB(p % 5, p / 5);
            int b = byChannels.getRGB(p % 5, p / 5);
            for (int shift = 0; shift < 24; shift += 8) {
                assertThat(Math.abs((a >> shift & 255) - (b >> shift & 255))).isLessThanOrEqualTo(1);
            }
        }
    }

    @Test
    void heatMapsCurvesAndGridsAreDrawn() {
        MixingPicture.Panel panel =
                new MixingPicture.Panel("a", new float[][] {{0.1f, 0.2f}, {0.3f, 0.4f}}, List.of(49, 0), List.of(4, 5));
        BufferedImage mixing = MixingPicture.draw(List.of(panel));
        // the largest share is yellow, the smallest dark
        assertThat(mixing.getRGB(90 + 62 + 4, 64 + 40 + 4) & 0xffffff).isEqualTo(0xfde725);
        assertThat(mixing.getRGB(90 + 4, 64 + 4) & 0xffffff).isEqualTo(0x440154);
        // of several networks a panel each below the other, in one scale
        BufferedImage joined = MixingPicture.draw(List.of(
                panel,
                new MixingPicture.Panel("b", new float[][] {{0.8f, 0.05f, 0.4f}}, List.of(0), List.of(1, 2, 3))));
        int second = 24 + 28 + 40 + 2 * 40 + 28 + 40;
        assertThat(joined.getHeight()).isEqualTo(second + 3 * 40 + 40);
        assertThat(joined.getRGB(90 + 4, second + 4) & 0xffffff).isEqualTo(0xfde725);
        assertThat(joined.getRGB(90 + 4, second + 40 + 4) & 0xffffff).isEqualTo(0x440154);
        assertThat(joined.getRGB(90 + 4, second + 80 + 4)).isEqualTo(joined.getRGB(90 + 62 + 4, 24 + 28 + 40 + 40 + 4));
        BufferedImage chart = ChartPicture.draw(List.of(
                new ChartPicture.Curve("flat", List.of(1.0, 2.0, 3.0), List.of(2.0, 2.0, Double.NaN), 1),
                new ChartPicture.Curve("none", List.of(), List.of(), 5)));
        assertThat(chart.getHeight()).isEqualTo(520);
        Size image = new Size(40, 40);
        float[] values = new float[3 * 16];
        for (int i = 0; i < values.length; i++) {
            values[i] = i % 7;
        }
        DescriptorMap map = new DescriptorMap(3, new Size(4, 4), values, image, image);
        BufferedImage grid = PcaGridPicture.draw(List.of(List.of(map, map)), List.of("layer 1"), List.of("s1", "s0"));
        assertThat(grid.getRGB(80 + 5, 34 + 5)).isEqualTo(grid.getRGB(80 + 130 + 5, 34 + 5));
    }

    @Test
    void aBudgetThatHoldsIsBlueAndOneThatLosesIsRed() {
        List<BudgetPicture.Mark> marks = List.of(
                new BudgetPicture.Mark(50, 51.4, 0, 0, 0, true), new BudgetPicture.Mark(1, 40, -11.4, -13, -9, false));
        BufferedImage picture = BudgetPicture.draw("title", marks, 0.5, "note");
        assertThat(picture.getWidth()).isEqualTo(860);
        // the fewest calls stand left, the most right
        assertThat(has(picture, 90, 98, 0xbe3c32)).isTrue();
        assertThat(has(picture, 800, 808, 0x1f5aa0)).isTrue();
        assertThat(has(picture, 90, 98, 0x1f5aa0)).isFalse();
        assertThat(BudgetPicture.draw("one", marks.subList(0, 1), 0.5, "").getHeight())
                .isEqualTo(420);
    }

    private static boolean has(BufferedImage picture, int from, int to, int rgb) {
        for (int y = 0; y < picture.getHeight(); y++) {
            for (int x = from; x < to; x++) {
                if ((picture.getRGB(x, y) & 0xffffff) == rgb) {
                    return true;
                }
            }
        }
        return false;
    }
}
