package io.github.dhf4j.backbones;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.github.dhf4j.image.PillowResize;
import io.github.dhf4j.image.RgbImage;
import io.github.dhf4j.image.Size;
import io.github.dhf4j.io.Json;
import io.github.dhf4j.io.TensorFile;
import io.github.dhf4j.io.TensorInfo;
import io.github.dhf4j.matching.Point;
import io.github.dhf4j.testing.Golden;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** DHPF stage by stage against its authors' code, with weights by formula. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DhpfGoldenTest {
    private final Golden golden = new Golden("baselines/dhpf");
    private Dhpf.Correlation found = new Dhpf.Correlation(Set.of(), new float[0][], new float[0]);

    @BeforeAll
    void correlate() throws IOException {
        try (Dhpf network = open(golden.manager())) {
            found = network.correlate(pixels("a", "src"), pixels("b", "trg"));
        }
    }

    private Dhpf open(NDManager manager) throws IOException {
        ResNet101 backbone = new ResNet101(backbone(), "", Set.of());
        backbone.load(manager, DataType.FLOAT32);
        Dhpf network = new Dhpf(backbone, head());
        network.load(manager, DataType.FLOAT32);
        return network;
    }

    @Test
    void pointsOfImagesInTheirOwnPixels() throws IOException {
        NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");
        HoughMatching hough = new HoughMatching(HoughMatching.CELL);
        try (DhpfFinder finder = new DhpfFinder(open(manager), hough, manager)) {
            GoldenPoints.check(finder, golden.json().getAsJsonObject("points"), Dhpf.SIDE, 1e-3);
        }
    }

    private FormulaTensors head() throws IOException {
        Map<String, long[]> shapes =
                FormulaTensors.shapes(Json.readObject(golden.folder().resolve("keys.json")));
        return new FormulaTensors(List.copyOf(shapes.keySet()), shapes, name -> 1);
    }

    /** ResNet-101 with the gain that both heads' files have. */
    static FormulaTensors backbone() throws IOException {
        List<String> keys = new ArrayList<>();
        Json.readObject(Golden.fixtures().resolve("baselines/resnet101/golden.json"))
                .getAsJsonArray("keys")
                .forEach(key -> keys.add(key.getAsString()));
        return new FormulaTensors(keys, ResNet101.parameterShapes(), name -> name.endsWith("bn3.weight") ? 0.3 : 1);
    }

    private NDArray pixels(String image, String side) throws IOException {
        RgbImage read = RgbImage.read(Golden.fixtures().resolve("images").resolve(image + ".png"));
        Size size = Size.square(Dhpf.SIDE);
        byte[] samples = PillowResize.resize(read, size).samples();
        try (NDArray expected = golden.bytes("input." + side + ".u8")) {
            assertThat(samples).isEqualTo(expected.toByteArray());
        }
        return ImageNetPixels.of(List.of(read), size, PillowResize.Kernel.BILINEAR, golden.manager());
    }

    @AfterAll
    void close() {
        golden.close();
    }

    @Test
    void theOldFormOfTorchFilesIsRead() throws IOException {
        FormulaTensors formula = head();
        try (TensorFile file = TensorFile.open(golden.folder().resolve("checkpoint-form.pt"))) {
            assertThat(file.tensors()).hasSize(24);
            for (TensorInfo info : file.tensors().values()) {
                if (info.type().isFloat()) {
                    assertThat(file.read(info.name(), golden.manager(), DataType.FLOAT32)
                                    .toFloatArray())
                            .as(info.name())
                            .isEqualTo(formula.values(info.name(), info.dimensions()));
                }
            }
        }
    }

    @Test
    void gates() throws IOException {
        float[] logits = golden.tensor("gate.logits").toFloatArray();
        JsonArray on = golden.json().getAsJsonArray("gates");
        for (int map = 0; map < ResNet101.MAPS; map++) {
            assertThat(found.on().contains(map))
                    .as("map %d", map)
                    .isEqualTo(on.get(map).getAsInt() == 1);
            assertThat(found.logits()[map][0]).isCloseTo(logits[2 * map], within(1e-3f));
            assertThat(found.logits()[map][1]).isCloseTo(logits[2 * map + 1], within(1e-3f));
        }
    }

    private void checkRows(String name, float[] actual, int count, double tolerance) throws IOException {
        JsonObject json = golden.json();
        double deviation =
                json.getAsJsonObject("stats").getAsJsonObject(name).get("std").getAsDouble();
        float[] expected = golden.tensor(name + ".rows").toFloatArray();
        for (int r = 0; r < count; r++) {
            int row = json.getAsJsonArray("rows").get(r).getAsInt();
            for (int q = 0; q < 3600; q++) {
                assertThat((double) actual[row * 3600 + q])
                        .as("%s, row %d, column %d", name, row, q)
                        .isCloseTo(expected[r * 3600 + q], within(tolerance * deviation));
            }
        }
    }

    @Test
    void correlation() throws IOException {
        checkRows("correlation", found.correlation(), 8, 1e-4);
    }

    @Test
    void houghSpaceAndMatches() throws IOException {
        HoughMatching hough = new HoughMatching(HoughMatching.CELL);
        assertThat(hough.bins()).isEqualTo(91);
        int[] ids = integers("hough.bin_ids.rows");
        for (int r = 0; r < 8; r++) {
            int row = golden.json().getAsJsonArray("rows").get(r).getAsInt();
            for (int q = 0; q < 3600; q++) {
                assertThat(hough.bin(row, q)).isEqualTo(ids[r * 3600 + q]);
            }
        }
        checkSpace("hough.filter", HoughMatching.filter());
        double[] votes = hough.votes(found.correlation());
        checkSpace("hough.votes", votes);
        checkSpace("hough.smoothed", hough.smooth(votes));
        float[] scores = found.correlation().clone();
        hough.regularise(scores);
        checkRows("final", scores, 8, 3e-5);
        checkMatches("", scores);
    }

    @Test
    void theHoughSpaceOfOldTorch() throws IOException {
        HoughMatching hough = new HoughMatching(HoughMatching.CELL_TORCH_1_0);
        checkSpaceOf97(hough.smooth(hough.votes(found.correlation())), hough.bins());
        float[] scores = found.correlation().clone();
        hough.regularise(scores);
        checkMatches("torch101.", scores);
    }

    private void checkMatches(String prefix, float[] scores) throws IOException {
        int[] best = HoughMatching.best(scores);
        int[] expected = integers(prefix + "argmax");
        float[] margin = golden.tensor(prefix + "margin").toFloatArray();
        int compared = 0;
        for (int p = 0; p < 3600; p++) {
            if (margin[p] > 2e-5) {
                assertThat(best[p]).as("position %d", p).isEqualTo(expected[p]);
                compared++;
            }
        }
        assertThat(compared).isGreaterThan(3000);
        JsonObject points = golden.json().getAsJsonObject(prefix + "points");
        List<Point> source = GoldenPoints.of(points, "source_240_xy");
        List<Point> predicted = GoldenPoints.of(points, "predicted_240_xy");
        List<Point> transferred = HoughMatching.transfer(best, source);
        for (int i = 0; i < source.size(); i++) {
            assertThat(transferred.get(i).x()).isCloseTo(predicted.get(i).x(), within(1e-3));
            assertThat(transferred.get(i).y()).isCloseTo(predicted.get(i).y(), within(1e-3));
        }
    }

    private int[] integers(String name) throws IOException {
        try (NDArray array = golden.bytes(name)) {
            return array.toType(DataType.INT32, false).toIntArray();
        }
    }

    private void checkSpace(String name, double[] actual) throws IOException {
        float[] expected = golden.tensor(name).toFloatArray();
        assertThat(actual).hasSize(expected.length);
        double most = 0;
        for (float value : expected) {
            most = Math.max(most, value);
        }
        for (int i = 0; i < expected.length; i++) {
            assertThat(actual[i]).as("%s at %d", name, i).isCloseTo(expected[i], within(3e-5 * most));
        }
    }

    /** Under the old rule the grid has 97 bins, the last ones empty. */
    private void checkSpaceOf97(double[] actual, int bins) throws IOException {
        float[] expected = golden.tensor("torch101.hough.smoothed").toFloatArray();
        double most = 0;
        for (float value : expected) {
            most = Math.max(most, value);
        }
        for (int y = 0; y < bins; y++) {
            for (int x = 0; x < bins; x++) {
                assertThat(actual[y * bins + x]).isCloseTo(expected[y * 97 + x], within(3e-5 * most));
            }
        }
    }
}
