package io.github.dhf4j.unlabelled;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.github.dhf4j.aggregation.AggregatorConfig;
import io.github.dhf4j.aggregation.train.AggregatorTrainer;
import io.github.dhf4j.aggregation.train.TrainingResult;
import io.github.dhf4j.aggregation.train.TrainingSettings;
import io.github.dhf4j.data.FeatureSource;
import io.github.dhf4j.data.ImageFeatures;
import io.github.dhf4j.data.KeypointPair;
import io.github.dhf4j.feature.FeatureKey;
import io.github.dhf4j.feature.FeatureLayout;
import io.github.dhf4j.feature.FeatureStack;
import io.github.dhf4j.feature.MapExtent;
import io.github.dhf4j.feature.RunMonitor;
import io.github.dhf4j.image.PillowResize;
import io.github.dhf4j.image.RgbImage;
import io.github.dhf4j.image.Size;
import io.github.dhf4j.matching.Point;
import io.github.dhf4j.tensor.TorchRuntime;
import io.github.dhf4j.testing.FakeExtractor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnlabelledTrainingTest {
    /** Blocks of noise a side, each a cell of what pictures are aligned by. */
    private static final int SIDE = 12;

    private static final int PIXELS = 96;

    /** Moves things, and leaves them as they look. */
    private static final WarpSettings MOVES = new WarpSettings(0, 1, 0, 0, 0.3, 0, 0, 0);

    @TempDir
    Path folder;

    private final NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");

    @AfterEach
    void close() {
        manager.close();
    }

    private Path picture(String name, int right, boolean mirrored) throws IOException {
        return NoisePicture.write(folder.resolve(name), PIXELS, SIDE, right, mirrored);
    }

    /** One map: colours, of which a cell tells less than of where it is. */
    private FeatureSource cells() {
        return new FeatureSource() {
            @Override
            public ImageFeatures features(Path image, boolean mirrored) throws IOException {
                RgbImage picture = RgbImage.read(image);
                byte[] rgb = PillowResize.resize(mirrored ? picture.mirrored() : picture, Size.square(SIDE))
                        .samples();
                float[] values = new float[3 * SIDE * SIDE];
                for (int cell = 0; cell < SIDE * SIDE; cell++) {
                    int place = 1000 * (cell % SIDE + cell / SIDE);
                    for (int c = 0; c < 3; c++) {
                        values[c * SIDE * SIDE + cell] = (rgb[3 * cell + c] & 0xff) + (c + 1) * place;
                    }
                }
                FeatureStack stack = FeatureStack.create(manager, DataType.FLOAT32);
                try (NDArray map = manager.create(values, new Shape(1, 3, SIDE, SIDE))) {
                    stack.accept(new FeatureKey(0, 1), map);
                }
                return new ImageFeatures(stack, Size.square(PIXELS), Size.square(SIDE), MapExtent.WHOLE);
            }

            @Override
            public FeatureLayout layout() {
                return new FeatureLayout(Map.of(1, 3), List.of(0));
            }

            @Override
            public Size loadSize() {
                return Size.square(SIDE);
            }

            @Override
            public String name() {
                return "cells";
            }

            @Override
            public String fingerprint() {
                return "cells";
            }
        };
    }

    @Test
    void picturesOfACategoryAreAlignedMirroredOrNot() throws IOException {
        List<UnlabelledPicture> pictures = new ArrayList<>();
        int[] right = {0, 1, -1, 0, 1, -1, 1, 0};
        for (int i = 0; i < right.length; i++) {
            pictures.add(new UnlabelledPicture(picture("p" + i + ".png", right[i], i >= 5), "noise"));
        }
        pictures.add(new UnlabelledPicture(picture("alone.png", 0, false), "alone"));
        UnlabelledPlan plan = new UnlabelledPlan(MOVES, 50, 3, 1, 1);
        List<KeypointPair> found = AlignedMatches.find(pictures, cells(), plan, 1, RunMonitor.NONE);
        assertThat(found).hasSize(3 * right.length);
        int agree = 0;
        int all = 0;
        for (KeypointPair pair : found) {
            assertThat(pair.category()).isEqualTo("noise");
            for (int i = 0; i < pair.sourcePoints().size(); i++) {
                double from = upright(pair.sourcePoints().get(i), pair.source(), right);
                double to = upright(pair.targetPoints().get(i), pair.target(), right);
                double down = pair.targetPoints().get(i).y()
                        - pair.sourcePoints().get(i).y();
                all++;
                agree += Math.abs(from - to) < 2 && Math.abs(down) < 2 ? 1 : 0;
            }
        }
        assertThat(all).isGreaterThan(found.size() * 25);
        assertThat((double) agree / all).isGreaterThan(0.9);
    }

    /** How far to the right a place lies in the noise before it was moved and mirrored. */
    private static double upright(Point point, Path file, int[] right) {
        int number = file.getFileName().toString().charAt(1) - '0';
        double x = number >= 5 ? PIXELS - 1 - point.x() : point.x();
        return x - right[number] * (double) PIXELS / SIDE;
    }

    @Test
    void whitenedChannelsAreEquallyStrongAndIndependent() {
        Random random = new Random(3);
        LayerStatistics statistics = new LayerStatistics(2, 3);
        List<float[]> maps = new ArrayList<>();
        for (int i = 0; i < 4000; i++) {
            float[] map = new float[6];
            for (int cell = 0; cell < 2; cell++) {
                double common = random.nextGaussian();
                map[3 * cell] = (float) (5 + common + 0.5 * random.nextGaussian());
                map[3 * cell + 1] = (float) (common * 2 + random.nextGaussian() + 9 * cell);
                map[3 * cell + 2] = (float) random.nextGaussian();
            }
            maps.add(map);
            statistics.add(map);
        }
        Whitening whitening = statistics.whitening();
        assertThat(whitening.mean()[4] - whitening.mean()[1]).isCloseTo(9, within(0.2f));
        double[][] products = new double[3][3];
        for (float[] map : maps) {
            whitening.apply(map);
            assertThat(map[0] * map[0] + map[1] * map[1] + map[2] * map[2]).isCloseTo(1, within(1e-4f));
            for (int i = 0; i < 9; i++) {
                products[i / 3][i % 3] += map[i / 3] * map[i % 3] / maps.size();
            }
        }
        for (int i = 0; i < 9; i++) {
            assertThat(products[i / 3][i % 3]).isCloseTo(i / 3 == i % 3 ? 1 / 3.0 : 0, within(0.04));
        }
    }

    @Test
    void aRunThatWasStoppedEndsAsOneThatWasNot() throws IOException {
        FakeExtractor extractor = new FakeExtractor("one");
        FeatureSource features = FeatureSource.of(extractor, manager, RunMonitor.NONE);
        AggregatorConfig config =
                AggregatorConfig.of("fake", extractor.settings(), extractor.layout(), 128, FakeExtractor.SIDE);
        TrainingSettings settings =
                TrainingSettings.builder().steps(4).checkpointEvery(1).build(); // validations are left out
        UnlabelledPlan plan = new UnlabelledPlan(MOVES, 50, 1, 1, 0.5);
        List<UnlabelledPicture> pictures = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            pictures.add(new UnlabelledPicture(picture("p" + i + ".png", i, false), "noise"));
        }
        UnlabelledTraining training = new UnlabelledTraining(config, settings, plan);
        TorchRuntime runtime = TorchRuntime.of(Device.cpu());
        List<String> lines = new ArrayList<>();
        TrainingResult whole =
                training.run(pictures, features, folder.resolve("whole"), runtime, RunMonitor.NONE, lines::add);
        assertThat(whole.steps()).isEqualTo(4);
        assertThat(lines).hasSize(2);
        assertThat(lines.get(0)).matches("[1-3] warps");
        assertThat(lines.get(1)).matches("3 aligned pairs with \\d+ matches");
        for (int stop : new int[] {2, 5, 8}) {
            int[] asked = new int[1];
            RunMonitor monitor = new RunMonitor(null, () -> asked[0]++ >= stop);
            Path run = folder.resolve("stopped" + stop);
            assertThatThrownBy(() -> training.run(pictures, features, run, runtime, monitor, line -> {}))
                    .isInstanceOf(CancellationException.class);
            training.run(pictures, features, run, runtime, RunMonitor.NONE, line -> {});
            assertThat(Files.readAllBytes(run.resolve(AggregatorTrainer.WEIGHTS)))
                    .isEqualTo(Files.readAllBytes(whole.weights()));
        }
        // what was made is not made again
        int before = extractor.runs.get();
        training.run(pictures, features, folder.resolve("whole"), runtime, RunMonitor.NONE, lines::add);
        assertThat(extractor.runs).hasValue(before);
    }

    @Test
    void aFolderWithBrokenPicturesIsReadWithALineOfEach() throws IOException {
        for (int i = 0; i < 4; i++) {
            picture("all/" + (i % 2 == 0 ? "cat" : "dog") + "/deep/p" + i + ".png", i, false);
        }
        picture("all/top.PNG.png", 0, false);
        byte[] whole = Files.readAllBytes(folder.resolve("all/top.PNG.png"));
        Files.write(folder.resolve("all/cat/cut.png"), java.util.Arrays.copyOf(whole, whole.length / 2));
        Files.writeString(folder.resolve("all/dog/none.jpg"), "no picture");
        Files.writeString(folder.resolve("all/dog/notes.txt"), "no picture either");
        UnlabelledPictures read = UnlabelledPictures.read(folder.resolve("all"));
        assertThat(read).hasToString("5 pictures of 3 categories");
        assertThat(read.pictures().stream().map(UnlabelledPicture::category))
                .containsExactlyInAnyOrder("cat", "cat", "dog", "dog", "pictures");
        assertThat(read.remarks()).hasSize(2);
        assertThat(read.remarks().get(0)).contains("cut.png left out: ");
        assertThat(read.remarks().get(1)).contains("none.jpg left out: ");
        Path empty = Files.createDirectories(folder.resolve("empty"));
        assertThatThrownBy(() -> UnlabelledPictures.read(empty))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("pictures that can be read, got none");
        assertThatThrownBy(() -> UnlabelledPictures.read(folder.resolve("nowhere")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("must be a folder");
    }
}
