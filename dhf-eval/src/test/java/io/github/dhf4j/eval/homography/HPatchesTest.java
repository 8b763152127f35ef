package io.github.dhf4j.eval.homography;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.offset;

import io.github.dhf4j.eval.homography.HomographyEvaluation.Part;
import io.github.dhf4j.feature.DescriptorMap;
import io.github.dhf4j.feature.RunMonitor;
import io.github.dhf4j.image.RgbImage;
import io.github.dhf4j.image.Size;
import io.github.dhf4j.matching.PlaneTransform;
import io.github.dhf4j.matching.Point;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sequences in the layout in which they are published: pictures of one drawn plane. */
class HPatchesTest {
    private static final int WIDTH = 160;
    private static final int HEIGHT = 120;
    private static final double[] SHIFT = {1, 0, 7, 0, 1, -5, 0, 0, 1};
    private static final double[] TURN = {0.98, -0.1, 12, 0.1, 0.97, -6, 0.0002, -0.0001, 1};

    @TempDir
    Path root;

    /** Brightness of a plane at a place, the same everywhere: smoothed noise of a seed. */
    private static double plane(double x, double y) {
        long column = (long) Math.floor(x / 6);
        long row = (long) Math.floor(y / 6);
        double u = x / 6 - column;
        double v = y / 6 - row;
        return (noise(column, row) * (1 - u) + noise(column + 1, row) * u) * (1 - v)
                + (noise(column, row + 1) * (1 - u) + noise(column + 1, row + 1) * u) * v;
    }

    private static double noise(long column, long row) {
        return new Random(31 * column + 1009 * row + 7).nextInt(1 << 20) % 251;
    }

    private static void picture(Path file, double[] matrix) throws IOException {
        PlaneTransform back = PlaneTransform.of(matrix).inverse().orElseThrow();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(("P6\n" + WIDTH + " " + HEIGHT + "\n255\n").getBytes(StandardCharsets.US_ASCII));
        for (int i = 0; i < WIDTH * HEIGHT; i++) {
            Point there = back.apply(new Point(i % WIDTH, i / WIDTH)).orElseThrow();
            int grey = (int) Math.round(plane(there.x() + 400, there.y() + 400));
            bytes.writeBytes(new byte[] {(byte) grey, (byte) grey, (byte) grey});
        }
        Files.write(file, bytes.toByteArray());
    }

    private static String lines(double[] m) {
        return m[0] + " " + m[1] + " " + m[2] + "\n" + m[3] + " " + m[4] + " " + m[5] + "\n" + m[6] + " " + m[7] + " "
                + m[8] + "\n";
    }

    private Path sequence(String name) throws IOException {
        Path folder = Files.createDirectories(
                root.resolve("hpatches-sequences-release").resolve(name));
        picture(folder.resolve("1.ppm"), new double[] {1, 0, 0, 0, 1, 0, 0, 0, 1});
        for (int i = 2; i <= 6; i++) {
            double[] matrix = i % 2 == 0 ? SHIFT : TURN;
            picture(folder.resolve(i + ".ppm"), matrix);
            Files.writeString(folder.resolve("H_1_" + i), lines(matrix));
        }
        return folder;
    }

    /** Nine values around each pixel, less their mean: enough to tell places of noise apart. */
    private static DescriptorMap patches(RgbImage picture) {
        int width = picture.width();
        int height = picture.height();
        int side = 9;
        float[] values = new float[side * side * width * height];
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                float mean = 0;
                for (int k = 0; k < side * side; k++) {
                    mean += at(picture, x, y, k, side) / (side * side);
                }
                for (int k = 0; k < side * side; k++) {
                    values[k * width * height + y * width + x] = at(picture, x, y, k, side) - mean;
                }
            }
        }
        Size size = new Size(width, height);
        return new DescriptorMap(side * side, size, values, size, size);
    }

    private static float at(RgbImage picture, int x, int y, int k, int side) {
        int u = Math.max(0, Math.min(picture.width() - 1, x + k % side - side / 2));
        int v = Math.max(0, Math.min(picture.height() - 1, y + k / side - side / 2));
        return picture.samples()[3 * (v * picture.width() + u)] & 0xff;
    }

    @Test
    void homographiesAreFoundScoredAndWhatIsMissingIsLeftOut() throws IOException {
        Path light = sequence("i_noise");
        Path view = sequence("v_noise");
        sequence("v_talent");
        Files.delete(light.resolve("6.ppm"));
        Files.writeString(view.resolve("H_1_5"), "1 0 0\n0 1 0\n");
        Files.writeString(view.resolve("notes.txt"), "x");
        assertThat(HPatches.recognises(root)).isTrue();
        HomographySet set = HPatches.read(root);
        assertThat(set).hasToString("HPatches: 8 pairs of 2 sequences");
        assertThat(set.remarks()).hasSize(2);
        assertThat(set.remarks().get(0))
                .startsWith("2 pairs left out, such as i_noise 6: ")
                .contains("v_noise 5: ");
        assertThat(set.remarks().get(1))
                .contains("1 sequences of larger pictures left out")
                .contains("v_talent");
        HomographyEvaluation evaluation =
                new HomographyRun(HPatchesTest::patches, "patches", Corners.USUAL).run(set, RunMonitor.NONE);
        assertThat(evaluation.scores()).hasSize(8).allSatisfy(score -> {
            assertThat(score.firstPoints()).isBetween(50, 1000);
            assertThat(score.inliers()).isBetween(20, score.matches());
            assertThat(score.error()).isLessThan(1);
        });
        for (Part part : Part.values()) {
            assertThat(evaluation.accuracy(part, 1)).isEqualTo(1);
        }
        assertThat(evaluation.accuracy(Part.ALL, 0))
                .as("never exact but by luck")
                .isLessThan(1);
    }

    @Test
    void theErrorIsTheMeanOfFourCorners() {
        PlaneTransform none = PlaneTransform.of(new double[] {1, 0, 0, 0, 1, 0, 0, 0, 1});
        PlaneTransform wider = PlaneTransform.of(new double[] {1.1, 0, 0, 0, 1, 0, 0, 0, 1});
        assertThat(HomographyRun.error(none, none, new Size(11, 7))).isZero();
        assertThat(HomographyRun.error(wider, none, new Size(11, 7))).isCloseTo(0.5, offset(1e-12));
    }

    @Test
    void keptKeyPointsAreReadAndRefusedWhereTheyAreNone() throws IOException {
        RgbImage picture = new RgbImage(20, 10, new byte[600]);
        Path folder = Files.createDirectories(root.resolve("points"));
        Files.writeString(folder.resolve("v_a-1.kp"), "1.5 2\n\n3e0 4.25 0.9\n1.5 2\n");
        assertThat(new KeyPointFiles(folder).of("v_a", 1, picture))
                .containsExactly(new Point(1.5, 2), new Point(3, 4.25));
        Files.writeString(folder.resolve("v_a-2.kp"), "1 2\n30 2\n");
        assertThatThrownBy(() -> new KeyPointFiles(folder).of("v_a", 2, picture))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("v_a-2.kp, line 2");
        assertThatThrownBy(() -> new KeyPointFiles(folder).of("v_a", 3, picture))
                .hasMessageContaining("got no ");
        assertThat(Corners.USUAL.of(picture)).as("nothing to see").isEmpty();
        assertThatThrownBy(() -> new Corners(3)).hasMessageContaining("4 or more");
    }

    @Test
    void cornersAreWhereTwoEdgesMeet() {
        byte[] samples = new byte[3 * 40 * 30];
        for (int y = 10; y < 20; y++) {
            for (int x = 12; x < 28; x++) {
                java.util.Arrays.fill(samples, 3 * (y * 40 + x), 3 * (y * 40 + x) + 3, (byte) 200);
            }
        }
        List<Point> found = new Corners(4).of(new RgbImage(40, 30, samples));
        assertThat(found).hasSize(4);
        for (Point corner : List.of(new Point(12, 10), new Point(27, 10), new Point(12, 19), new Point(27, 19))) {
            assertThat(found).anyMatch(point -> point.distanceTo(corner) <= 1.5);
        }
    }

    @Test
    void foldersWithHomographiesAloneAreRefused() throws IOException {
        Path folder = Files.createDirectories(root.resolve("v_empty"));
        Files.writeString(folder.resolve("H_1_2"), lines(SHIFT));
        assertThatThrownBy(() -> HPatches.read(root))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("5 pairs left out, such as v_empty 2: ")
                .hasMessageContaining("fetch hpatches-sequences-release");
        assertThatThrownBy(() -> HPatches.read(folder)).hasMessageContaining("got none");
        for (double[] wrong : new double[][] {{1, 2}, {1, 0, 0, 0, 1, 0, 0, 0, 0}, new double[9]}) {
            assertThatThrownBy(() -> PlaneTransform.of(wrong)).isInstanceOf(IllegalArgumentException.class);
        }
    }
}
