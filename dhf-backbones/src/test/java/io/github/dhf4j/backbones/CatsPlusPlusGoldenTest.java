package io.github.dhf4j.backbones;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import com.google.gson.JsonObject;
import io.github.dhf4j.image.PillowResize;
import io.github.dhf4j.image.RgbImage;
import io.github.dhf4j.image.Size;
import io.github.dhf4j.io.Json;
import io.github.dhf4j.io.TensorFile;
import io.github.dhf4j.io.TensorInfo;
import io.github.dhf4j.matching.Point;
import io.github.dhf4j.tensor.TorchRuntime;
import io.github.dhf4j.testing.Golden;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** CATs++ stage by stage against its authors' code, with weights by formula. */
class CatsPlusPlusGoldenTest {
    private final TreeSet<String> seen = new TreeSet<>();

    @Test
    void stagesFlowAndPoints() throws IOException {
        NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");
        try (Golden golden = new Golden("baselines/catspp");
                CatsPlusPlus network = new CatsPlusPlus(weights(golden));
                CatsPlusPlusFinder finder = new CatsPlusPlusFinder(network, manager)) {
            network.load(manager, DataType.FLOAT32);
            GoldenPoints.check(finder, golden.json().getAsJsonObject("points"), CatsPlusPlus.SIDE, 0.03);
            float[] flow = network.flow(
                    pixels(golden, "a", "trg"),
                    pixels(golden, "b", "src"),
                    (name, array) -> check(golden, name, array));
            assertThat(seen).contains("level2.correlation", "level2.in", "level4.out", "level2.out", "final", "grid");
            float[] expected = golden.tensor("flow").toFloatArray();
            for (int i = 0; i < expected.length; i++) {
                assertThat(flow[i]).as("flow at %d", i).isCloseTo(expected[i], within(2e-3f));
            }
            JsonObject points = golden.json().getAsJsonObject("points");
            List<Point> source = GoldenPoints.of(points, "source_512_xy");
            List<Point> predicted = GoldenPoints.of(points, "predicted_512_xy");
            List<Point> found = CatsPlusPlus.transfer(flow, source);
            for (int i = 0; i < source.size(); i++) {
                assertThat(found.get(i).x()).isCloseTo(predicted.get(i).x(), within(0.03));
                assertThat(found.get(i).y()).isCloseTo(predicted.get(i).y(), within(0.03));
            }
        }
    }

    @Test
    void ofATrainingsStateOnlyTheNetworkIsTaken() throws IOException {
        try (Golden golden = new Golden("baselines/catspp")) {
            try (TensorFile file = CatsPlusPlus.file(golden.folder().resolve("checkpoint-form.pth"))) {
                assertThat(file.tensors().keySet())
                        .contains("hpn_learner.x_normal")
                        .allMatch(key -> key.startsWith("hpn_learner.") || key.startsWith("backbone."));
            }
            assertThatThrownBy(() ->
                            CatsPlusPlusFinder.open(golden.folder().resolve("checkpoint-form.pth"), TorchRuntime.cpu()))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("must have every key of the network")
                    .hasMessageContaining("checkpoint-form.pth");
            assertThatThrownBy(() -> CatsPlusPlusFinder.open(
                            Golden.fixtures().resolve("baselines/dhpf/checkpoint-form.pt"), TorchRuntime.cpu()))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("file must hold CATs++");
        }
    }

    @Test
    void itsCheckpointIsRead() throws IOException {
        try (Golden golden = new Golden("baselines/catspp");
                TensorFile file = TensorFile.open(golden.folder().resolve("checkpoint-form.pth"))) {
            FormulaTensors formula = weights(golden);
            List<TensorInfo> floats = file.tensors().values().stream()
                    // x_normal and y_normal hold numbers of their own in this file
                    .filter(info -> info.name().startsWith("state_dict.")
                            && info.type().isFloat()
                            && !info.name().endsWith("_normal"))
                    .toList();
            assertThat(floats).isNotEmpty();
            for (TensorInfo info : floats) {
                String key = info.name().substring("state_dict.".length());
                assertThat(file.read(info.name(), golden.manager(), DataType.FLOAT32)
                                .toFloatArray())
                        .as(key)
                        .containsExactly(formula.values(key, info.dimensions()), within(2e-7f));
            }
        }
    }

    private static FormulaTensors weights(Golden golden) throws IOException {
        Map<String, long[]> shapes = FormulaTensors.shapes(golden.json().getAsJsonObject("keys"));
        // the backbone's keys come first, each with its ordinal, those that are not read too
        List<String> keys = new ArrayList<>();
        Json.readObject(Golden.fixtures().resolve("baselines/resnet101/golden.json"))
                .getAsJsonArray("keys")
                .forEach(key -> keys.add("backbone." + key.getAsString()));
        keys.addAll(shapes.keySet());
        ResNet101.parameterShapes().forEach((key, shape) -> shapes.put("backbone." + key, shape));
        return new FormulaTensors(keys, shapes, CatsPlusPlusGoldenTest::gain);
    }

    private static double gain(String name) {
        if (name.endsWith("bn3.weight")) {
            return 0.3;
        }
        if (name.matches(".*early_conv\\.\\d\\.conv4d\\.0\\.1\\..*")) {
            return 0.06;
        }
        if (name.matches(".*transformers\\.\\d\\.layer\\.0\\.v\\.1\\..*")) {
            return 0.02;
        }
        return name.contains(".mlp.mlp.2.") ? 0.006 : 1;
    }

    private static NDArray pixels(Golden golden, String image, String side) throws IOException {
        RgbImage read = RgbImage.read(Golden.fixtures().resolve("images").resolve(image + ".png"));
        Size size = Size.square(CatsPlusPlus.SIDE);
        try (NDArray expected = golden.bytes("input." + side + ".u8")) {
            assertThat(PillowResize.resize(read, size).samples()).isEqualTo(expected.toByteArray());
        }
        return ImageNetPixels.of(List.of(read), size, PillowResize.Kernel.BILINEAR, golden.manager());
    }

    private void check(Golden golden, String name, NDArray array) {
        seen.add(name);
        try {
            if (name.equals("grid")) {
                float[] expected = golden.tensor(name).toFloatArray();
                float[] actual = array.toFloatArray();
                for (int i = 0; i < expected.length; i++) {
                    assertThat(actual[i]).as("grid at %d", i).isCloseTo(expected[i], within(1e-4f));
                }
                return;
            }
            double deviation = golden.json()
                    .getAsJsonObject("stats")
                    .getAsJsonObject(name)
                    .get("std")
                    .getAsDouble();
            float[] expected = golden.tensor(name + ".val").toFloatArray();
            int[] places;
            try (NDArray idx = golden.bytes(name + ".idx")) {
                places = idx.toType(DataType.INT32, false).toIntArray();
            }
            float[] actual = array.toFloatArray();
            for (int i = 0; i < places.length; i++) {
                assertThat((double) actual[places[i]])
                        .as("%s at %d", name, places[i])
                        .isCloseTo(expected[i], within(5e-5 * deviation));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
