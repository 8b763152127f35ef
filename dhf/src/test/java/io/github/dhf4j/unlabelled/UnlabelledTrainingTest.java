package io.github.dhf4j.unlabelled;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.github.dhf4j.DescriptorPipeline;
import io.github.dhf4j.aggregation.AggregatorConfig;
import io.github.dhf4j.aggregation.train.AggregatorTrainer;
import io.github.dhf4j.aggregation.train.TrainingResult;
import io.github.dhf4j.aggregation.train.TrainingSettings;
import io.github.dhf4j.data.FeatureSource;
import io.github.dhf4j.data.ImageFeatures;
import io.github.dhf4j.data.KeypointPair;
import io.github.dhf4j.feature.FeatureAggregator;
import io.github.dhf4j.feature.FeatureKey;
import io.github.dhf4j.feature.FeatureLayout;
import io.github.dhf4j.feature.FeatureStack;
import io.github.dhf4j.feature.MapExtent;
import io.github.dhf4j.feature.RunMonitor;
import io.github.dhf4j.image.PictureFiles;
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
    private static final int SIDE = 16;
    /** Moves things, and leaves them as they look. */
    private static final WarpSettings MOVES = new WarpSettings(0, 1, 0, 0, 0.3, 0, 0, 0);

    @TempDir
    Path folder;

    private final NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");

    @AfterEach
    void close() {
        manager.close();
    }

    /** The same noise in every picture, farther to the right by so many cells. */
    private Path picture(String name, int right) throws IOException {
        byte[] rgb = new byte[3 * 64 * 64];
        for (int y = 0; y < 64; y++) {
            for (int x = 0; x < 64; x++) {
                Random cell = new Random(1000L * Math.floorMod(x / 4 - right, SIDE) + y / 4);
                for (int c = 0; c < 3; c++) {
                    rgb[3 * (y * 64 + x) + c] = (byte) (cell.nextGaussian() * 60 + 128);
                }
            }
        }
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        PictureFiles.write(new RgbImage(64, 64, rgb).toBufferedImage(), file);
        return file;
    }

    /** One map of cells: of an image's colours, or of nothing but where a cell is. */
    private FeatureSource source(boolean colours) {
        return new FeatureSource() {
            @Override
            public ImageFeatures features(Path image, boolean mirrored) throws IOException {
                byte[] rgb = PillowResize.resize(RgbImage.read(image), Size.square(SIDE))
                        .samples();
                float[] values = new float[4 * SIDE * SIDE];
                for (int cell = 0; cell < SIDE * SIDE; cell++) {
                    for (int c = 0; c < 3; c++) {
                        double angle = c == 0 ? cell % SIDE : c == 1 ? cell / SIDE : 3;
                        values[c * SIDE * SIDE + cell] =
                                colours ? (rgb[3 * cell + c] & 0xff) - 128 : (float) StrictMath.sin(angle / SIDE);
                    }
                    values[3 * SIDE * SIDE + cell] = colours ? 30 : 1;
                }
                FeatureStack stack = FeatureStack.create(manager, DataType.FLOAT32);
                try (NDArray map = manager.create(values, new Shape(1, 4, SIDE, SIDE))) {
                    stack.accept(new FeatureKey(0, 1), map);
                }
                return new ImageFeatures(stack, Size.square(64), Size.square(SIDE), MapExtent.WHOLE);
            }

            @Override
            public FeatureLayout layout() {
                return new FeatureLayout(Map.of(1, 4), List.of(0));
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
                return "cells " + colours;
            }
        };
    }

    @Test
    void whatMovesWithThePictureIsMatchedAndWhatStandsStillIsNot() throws IOException {
        List<UnlabelledPicture> pictures = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            pictures.add(new UnlabelledPicture(picture("p" + i + ".png", i), "noise"));
        }
        pictures.add(new UnlabelledPicture(picture("alone.png", 0), "alone"));
        UnlabelledPlan plan = new UnlabelledPlan(MOVES, 50, 1, 1, 2, 0.5, 3);
        List<WarpedPicture> warped = farMoved(pictures);
        try (FeatureAggregator raw = DescriptorPipeline.builder().raw(1, 0).openAggregator()) {
            List<KeypointPair> found = CycleMatches.find(warped, source(true), raw, plan, 1, RunMonitor.NONE);
            assertThat(found).hasSize(8);
            int right = 0;
            int all = 0;
            for (KeypointPair pair : found) {
                assertThat(pair.category()).isEqualTo("noise");
                int shift = number(pair.target()) - number(pair.source());
                for (int i = 0; i < pair.sourcePoints().size(); i++) {
                    Point from = pair.sourcePoints().get(i);
                    Point to = pair.targetPoints().get(i);
                    all++;
                    right += Math.abs(to.x() - from.x() - 4 * shift) < 1 && Math.abs(to.y() - from.y()) < 1 ? 1 : 0;
                }
            }
            assertThat(all).isGreaterThan(8 * 20);
            assertThat((double) right / all).isGreaterThan(0.9);
            // the same place in both pictures agrees both ways and around all others, but not under the warp
            List<KeypointPair> still = CycleMatches.find(warped, source(false), raw, plan, 1, RunMonitor.NONE);
            int places =
                    still.stream().mapToInt(pair -> pair.sourcePoints().size()).sum();
            assertThat(places).isLessThan(all / 10);
        }
    }

    /** Warps of the first seed that moves all pictures by more than what still counts as the same place. */
    private List<WarpedPicture> farMoved(List<UnlabelledPicture> pictures) throws IOException {
        for (int seed = 0; ; seed++) {
            List<WarpedPicture> warped =
                    WarpedPicture.write(pictures, MOVES, seed, folder.resolve("warps" + seed), RunMonitor.NONE);
            Point middle = new Point(32, 32);
            if (warped.stream()
                    .allMatch(each ->
                            Math.abs(each.warp().source(middle, each.size()).x() - middle.x()) > 13)) {
                return warped;
            }
        }
    }

    private static int number(Path file) {
        return file.getFileName().toString().charAt(1) - '0';
    }

    @Test
    void aRunThatWasStoppedEndsAsOneThatWasNot() throws IOException {
        FakeExtractor extractor = new FakeExtractor("one");
        FeatureSource features = FeatureSource.of(extractor, manager, RunMonitor.NONE);
        AggregatorConfig config =
                AggregatorConfig.of("fake", extractor.settings(), extractor.layout(), 128, FakeExtractor.SIDE);
        TrainingSettings settings =
                TrainingSettings.builder().steps(4).checkpointEvery(1).build(); // validations are left out
        UnlabelledPlan plan = new UnlabelledPlan(MOVES, 50, 3, 2, 1, 0, 1);
        List<UnlabelledPicture> pictures = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            pictures.add(new UnlabelledPicture(picture("p" + i + ".png", i), "noise"));
        }
        UnlabelledTraining training = new UnlabelledTraining(config, settings, plan);
        TorchRuntime runtime = TorchRuntime.of(Device.cpu());
        List<String> lines = new ArrayList<>();
        TrainingResult whole =
                training.run(pictures, features, folder.resolve("whole"), runtime, RunMonitor.NONE, lines::add);
        assertThat(whole.steps()).isEqualTo(4);
        assertThat(lines).hasSize(3);
        assertThat(lines.get(1)).matches("round 1: 3 pairs with \\d+ matches that agree");
        for (int stop : new int[] {5, 10, 14}) {
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
            picture("all/" + (i % 2 == 0 ? "cat" : "dog") + "/deep/p" + i + ".png", i);
        }
        picture("all/top.PNG.png", 0);
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
