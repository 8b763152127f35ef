package io.github.dhf4j.eval.picture;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dhf4j.feature.DescriptorMap;
import io.github.dhf4j.golden.Golden;
import io.github.dhf4j.image.RgbImage;
import io.github.dhf4j.image.Size;
import io.github.dhf4j.match.Correspondence;
import io.github.dhf4j.match.Point;
import io.github.dhf4j.match.SimilarityMap;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PicturesTest {
    private static List<Correspondence> pairs(int count, RgbImage a, RgbImage b) {
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

    @Test
    void extremeShapesStayDrawable() {
        RgbImage wide = new RgbImage(2000, 3, new byte[3 * 2000 * 3]);
        RgbImage dot = new RgbImage(1, 1, new byte[3]);
        BufferedImage picture = CorrespondencePicture.draw(wide, dot, pairs(3, wide, dot));
        assertThat(picture.getWidth()).isLessThan(3000);
        assertThat(picture.getHeight()).isLessThan(1000);
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
}
