package io.github.dhf4j.backbones.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.github.dhf4j.backbones.TrainableTransformer;
import io.github.dhf4j.backbones.TransformerForm;
import io.github.dhf4j.backbones.VisionTransformerExtractor;
import io.github.dhf4j.feature.ExtractionSettings;
import io.github.dhf4j.feature.Facet;
import io.github.dhf4j.feature.Forward;
import io.github.dhf4j.feature.RunMonitor;
import io.github.dhf4j.feature.TokenTaps;
import io.github.dhf4j.image.PillowResize;
import io.github.dhf4j.image.RgbImage;
import io.github.dhf4j.image.Size;
import io.github.dhf4j.io.Digests;
import io.github.dhf4j.io.TensorFile;
import io.github.dhf4j.tensor.TorchRuntime;
import io.github.dhf4j.train.PictureSet;
import io.github.dhf4j.train.StageSettings;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BackboneTrainerTest {
    private static final TransformerForm FORM = new TransformerForm(32, 8, 16, 2, 2);
    private static final StageSettings STAGE = new StageSettings(80, 4, 5e-3, 2, 1e-2, 1, 0.9, 7);
    private static final BackboneTrainingSettings SETTINGS = new BackboneTrainingSettings(STAGE, 0.1, 1, true, 5);

    @TempDir
    private static Path temporary;

    private final List<Path> files = new ArrayList<>();
    private Path whole = Path.of("");

    @BeforeAll
    void train() throws IOException {
        for (int i = 0; i < 6; i++) {
            Path file = temporary.resolve(i + ".png");
            ImageIO.write(picture(i).toBufferedImage(), "png", file.toFile());
            files.add(file);
        }
        whole = trainer(SETTINGS, RunMonitor.NONE).run(temporary.resolve("whole"), TorchRuntime.cpu());
    }

    /** Red says how far down, green how far from the middle, so that mirrored views show where they are too. */
    private static RgbImage picture(int seed) {
        byte[] rgb = new byte[3 * 48 * 48];
        for (int p = 0; p < 48 * 48; p++) {
            rgb[3 * p] = (byte) (5 * (p / 48));
            rgb[3 * p + 1] = (byte) (9 * Math.abs(p % 48 - 24));
            rgb[3 * p + 2] = (byte) (20 * seed);
        }
        return new RgbImage(48, 48, rgb);
    }

    private BackboneTrainer trainer(BackboneTrainingSettings settings, RunMonitor monitor) throws IOException {
        PictureSet pictures = PictureSet.read(files, BackboneTrainer.pictureSide(FORM), RunMonitor.NONE);
        return new BackboneTrainer(FORM, settings, pictures, monitor);
    }

    @Test
    void placesFindThemselves() throws IOException {
        double[] losses = Files.readAllLines(whole.resolveSibling("metrics.csv")).stream()
                .skip(1)
                .mapToDouble(line -> Double.parseDouble(line.split(",", -1)[1]))
                .toArray();
        assertThat(losses).hasSize(80);
        assertThat(Arrays.stream(losses, 70, 80).sum())
                .isLessThan(0.9 * Arrays.stream(losses, 0, 10).sum());
    }

    /** What is trained and what is opened are one network. */
    @Test
    void whatIsWrittenGivesTheTokensThatWereTrained() throws IOException {
        ExtractionSettings settings = new ExtractionSettings(
                new Forward(), new TokenTaps(List.of(2), Facet.NORMED_TOKEN, 0, false, false), FORM.side());
        RgbImage image = PillowResize.resize(picture(3), Size.square(32), PillowResize.Kernel.LANCZOS);
        TorchRuntime runtime = TorchRuntime.cpu();
        try (NDManager manager = runtime.newManager();
                VisionTransformerExtractor extractor = VisionTransformerExtractor.open(whole, settings, runtime);
                TrainableTransformer network = new TrainableTransformer(FORM, weights(manager))) {
            float[][] found = new float[1][];
            extractor.extract(List.of(image), (key, given) -> found[0] = given.toFloatArray(), RunMonitor.NONE);
            float[] map = found[0];
            NDArray samples = manager.create(ByteBuffer.wrap(image.samples()), new Shape(1, 32, 32, 3), DataType.UINT8);
            float[] tokens = network.tokens(TrainableTransformer.pixels(samples, manager), manager)
                    .toFloatArray();
            assertThat(map).hasSize(16 * 16);
            for (int i = 0; i < map.length; i++) {
                int channel = i / 16;
                int cell = i % 16;
                assertThat(map[i]).isCloseTo(tokens[(1 + cell) * 16 + channel], within(1e-5f));
            }
        }
    }

    private Map<String, NDArray> weights(NDManager manager) throws IOException {
        Map<String, NDArray> weights = new LinkedHashMap<>();
        try (TensorFile file = TensorFile.open(whole.resolve("model.safetensors"))) {
            for (Map.Entry<String, long[]> entry :
                    TrainableTransformer.parameterShapes(FORM).entrySet()) {
                assertThat(file.require(entry.getKey()).dimensions()).isEqualTo(entry.getValue());
                weights.put(entry.getKey(), file.read(entry.getKey(), manager, DataType.FLOAT32));
            }
        }
        return weights;
    }

    @Test
    void aRunThatWasStoppedEndsWithTheSameWeights() throws IOException {
        Path out = temporary.resolve("stopped");
        Path backbone = null;
        int stops = 0;
        while (backbone == null) {
            AtomicInteger left = new AtomicInteger(30);
            try {
                backbone = trainer(SETTINGS, new RunMonitor(null, () -> left.getAndDecrement() == 0))
                        .run(out, TorchRuntime.cpu());
            } catch (CancellationException e) {
                stops++;
            }
        }
        assertThat(stops).isBetween(2, 6);
        for (String file : List.of("config.json", "model.safetensors")) {
            assertThat(Digests.ofFile(backbone.resolve(file))).as(file).isEqualTo(Digests.ofFile(whole.resolve(file)));
        }
    }

    @Test
    void aFolderOfAnotherRunIsRefused() throws IOException {
        Path out = temporary.resolve("other");
        AtomicInteger left = new AtomicInteger(10);
        assertThatThrownBy(() -> trainer(SETTINGS, new RunMonitor(null, () -> left.getAndDecrement() == 0))
                        .run(out, TorchRuntime.cpu()))
                .isInstanceOf(CancellationException.class);
        BackboneTrainingSettings others = new BackboneTrainingSettings(STAGE, 0.2, 1, true, 5);
        assertThatThrownBy(() -> trainer(others, RunMonitor.NONE).run(out, TorchRuntime.cpu()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("got temperature 0.2 where it was 0.1");
    }

    @Test
    void picturesThatCannotBeReadAreNamed() throws IOException {
        Path broken = Files.writeString(temporary.resolve("broken.png"), "no picture");
        PictureSet some = PictureSet.read(List.of(files.get(0), broken), 42, RunMonitor.NONE);
        assertThat(some.size()).isEqualTo(1);
        assertThat(some.leftOut()).containsExactly(broken.toString());
        assertThatThrownBy(() -> PictureSet.read(List.of(broken), 42, RunMonitor.NONE))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("got 1 broken ones");
        assertThatThrownBy(() -> new TransformerForm(30, 8, 16, 2, 2))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("patches of 8 and pictures of 30");
    }

    @Test
    void viewsAreMirroredOnlyWhereTheyMayBe() {
        Random may = new Random(7);
        Random mayNot = new Random(7);
        int mirrored = 0;
        for (int i = 0; i < 100; i++) {
            ViewPlace one = ViewPlace.draw(may, 1, true);
            ViewPlace other = ViewPlace.draw(mayNot, 1, false);
            assertThat(other.a() * other.d() - other.b() * other.c()).isPositive();
            mirrored += one.a() * one.d() - one.b() * one.c() < 0 ? 1 : 0;
            assertThat(one.x()).as("the same otherwise").isEqualTo(other.x());
        }
        assertThat(mirrored).isBetween(30, 70);
    }

    @Test
    void aPlaceOfAViewIsTheSameInTheOther() {
        Random random = new Random(7);
        for (int i = 0; i < 20; i++) {
            ViewPlace view = ViewPlace.draw(random, 1, true);
            double x = random.nextDouble();
            double y = random.nextDouble();
            assertThat(view.viewX(view.pictureX(x, y), view.pictureY(x, y))).isCloseTo(x, within(1e-12));
            assertThat(view.viewY(view.pictureX(x, y), view.pictureY(x, y))).isCloseTo(y, within(1e-12));
        }
        ViewPlace straight = new ViewPlace(1, 0, 0, 1, 0.5, 0.5);
        ViewPlace mirrored = new ViewPlace(-1, 0, 0, 1, 0.5, 0.5);
        ViewPlace half = new ViewPlace(0.5, 0, 0, 0.5, 0.5, 0.5);
        float[] targets = new float[16 * 16];
        straight.targets(mirrored, 4, targets, 0);
        for (int cell = 0; cell < 16; cell++) {
            int across = cell / 4 * 4 + 3 - cell % 4;
            assertThat(targets[cell * 16 + across]).as("cell %d", cell).isCloseTo(1, within(1e-6f));
        }
        Arrays.fill(targets, 0);
        straight.targets(half, 4, targets, 0);
        for (int cell = 0; cell < 16; cell++) {
            boolean isSeen = (cell % 4 == 1 || cell % 4 == 2) && (cell / 4 == 1 || cell / 4 == 2);
            float sum = 0;
            for (int other = 0; other < 16; other++) {
                sum += targets[cell * 16 + other];
            }
            assertThat(sum).as("cell %d", cell).isCloseTo(isSeen ? 1 : 0, within(1e-6f));
        }
    }
}
