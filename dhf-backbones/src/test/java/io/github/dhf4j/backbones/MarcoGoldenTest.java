package io.github.dhf4j.backbones;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.github.dhf4j.image.Size;
import io.github.dhf4j.io.SafeTensorsWriter;
import io.github.dhf4j.io.TensorFile;
import io.github.dhf4j.matching.KernelSoftArgMax;
import io.github.dhf4j.matching.Point;
import io.github.dhf4j.tensor.TorchRuntime;
import io.github.dhf4j.testing.Golden;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** MARCO stage by stage. */
class MarcoGoldenTest {
    private static final double CLOSE = 1e-5;
    private static final double PIXELS = 1e-2;

    private final Golden golden = new Golden("baselines/marco");
    private final Path dinov2 = golden.folder().resolve("dinov2");
    private final Path file = golden.folder().resolve("marco.pth");

    private static List<Point> points(float[] xy) {
        List<Point> points = new ArrayList<>();
        for (int i = 0; i < xy.length; i += 2) {
            points.add(new Point(xy[i], xy[i + 1]));
        }
        return points;
    }

    private static void assertPoints(List<Point> found, List<Point> expected, double within) {
        assertThat(found).hasSameSizeAs(expected);
        for (int i = 0; i < found.size(); i++) {
            assertThat(found.get(i).x())
                    .as("x of point %d", i)
                    .isCloseTo(expected.get(i).x(), within(within));
            assertThat(found.get(i).y())
                    .as("y of point %d", i)
                    .isCloseTo(expected.get(i).y(), within(within));
        }
    }

    @ParameterizedTest
    @CsvSource({"squashed, false", "padded, false", "squashed, true"})
    void stages(String name, boolean packed) throws IOException {
        int side = golden.json().get("size").getAsInt();
        try (golden;
                NDManager work = golden.manager().newSubManager();
                Marco network = Marco.open(dinov2, file, work, DataType.FLOAT32)) {
            if (packed) {
                network.pack(work, DataType.FLOAT32, side);
            }
            NDArray last = network.last(golden.tensor(name + ".input"), work);
            golden.assertClose(name + ".last", last, CLOSE);
            NDArray map = network.upscaled(last, work);
            golden.assertClose(name + ".descriptors", map, CLOSE);
            int cells = (int) map.getShape().get(2);
            List<Point> at = GoldenPoints.of(golden.json(), "points_xy").stream()
                    .map(point -> new Point(point.x() * cells / side, point.y() * cells / side))
                    .toList();
            NDArray sampled = Marco.sampled(map.get(new NDIndex("0:1")), at, work);
            golden.assertClose(name + ".sampled", sampled, CLOSE);
            NDArray logits = Marco.logits(sampled, map.get(new NDIndex("1:2")), work);
            golden.assertClose(name + ".logits", logits.reshape(at.size(), cells, cells), CLOSE);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"squashed", "padded"})
    void placesOfTheGoldenLogits(String name) throws IOException {
        try (golden) {
            NDArray logits = golden.tensor(name + ".logits");
            int cells = (int) logits.getShape().get(1);
            float[] all = logits.toFloatArray();
            List<Point> found = new ArrayList<>();
            for (int i = 0; i < logits.getShape().get(0); i++) {
                float[] one = Arrays.copyOfRange(all, i * cells * cells, (i + 1) * cells * cells);
                found.add(KernelSoftArgMax.MARCO.locate(one, Size.square(cells)));
            }
            assertPoints(
                    found, points(golden.tensor(name + ".predicted_grid_xy").toFloatArray()), 1e-4);
        }
    }

    @Test
    void theFinderLeadsAPairToTheGoldenPoints() throws IOException {
        int side = golden.json().get("size").getAsInt();
        NDManager manager = golden.manager().newSubManager();
        try (golden;
                MarcoFinder finder =
                        new MarcoFinder(Marco.open(dinov2, file, manager, DataType.FLOAT32), side, manager)) {
            GoldenPoints.check(finder, golden.json().getAsJsonObject("points"), side, PIXELS);
        }
    }

    @Test
    void whatIsNoMarcoIsSaid(@TempDir Path folder) throws IOException {
        try (golden) {
            assertThatThrownBy(() -> MarcoFinder.open(dinov2, dinov2.resolve("model.safetensors"), TorchRuntime.cpu()))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("MARCO's adapters")
                    .hasMessageContaining("marco_release.pth");
            Path plain = Golden.fixtures().resolve("baselines/dinov2/plain");
            assertThatThrownBy(() -> MarcoFinder.open(plain, file, TorchRuntime.cpu()))
                    .hasMessageContaining("must have registers");
            Path other = folder.resolve("other.safetensors");
            try (NDArray down = golden.manager().zeros(new Shape(24, 48))) {
                new SafeTensorsWriter()
                        .tensor("dino.blocks.9.adapter.down_proj.weight", down)
                        .write(other);
            }
            assertThatThrownBy(() -> MarcoFinder.open(dinov2, other, TorchRuntime.cpu()))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("below 4")
                    .hasMessageContaining("[9]");
            Path cut = folder.resolve("marco.pth");
            byte[] whole = Files.readAllBytes(file);
            Files.write(cut, Arrays.copyOf(whole, whole.length / 2));
            assertThatThrownBy(() -> MarcoFinder.open(dinov2, cut, TorchRuntime.cpu()))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining(cut.toString());
            try (TensorFile opened = TensorFile.open(file)) {
                assertThat(opened.tensors()).hasSize(22);
            }
        }
    }
}
