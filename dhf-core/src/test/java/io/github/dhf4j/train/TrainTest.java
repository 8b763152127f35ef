package io.github.dhf4j.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.google.gson.JsonObject;
import io.github.dhf4j.tensor.Autograd;
import io.github.dhf4j.tensor.DhfException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainTest {
    private static final Offset<Double> NEAR = Offset.offset(1e-12);

    @Test
    void adamWStepsAsTheAlgorithmSays() {
        try (NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch")) {
            NDArray weight = manager.create(new float[] {1, -2, 0.5f});
            AdamW optimiser = new AdamW(Map.of("w", weight), manager, AdamW.Settings.REFERENCE.withWeightDecay(0.1));
            double[] w = {1, -2, 0.5};
            double[] m = new double[3];
            double[] v = new double[3];
            float[][] gradients = {{0.1f, -3, 6e-6f}, {0.2f, 1, -6e-6f}, {-0.3f, 0, 1e-9f}};
            for (int t = 1; t <= gradients.length; t++) {
                optimiser.step(Map.of("w", manager.create(gradients[t - 1])), name -> 1e-2);
                for (int i = 0; i < 3; i++) {
                    double g = gradients[t - 1][i];
                    m[i] = 0.9 * m[i] + 0.1 * g;
                    v[i] = 0.999 * v[i] + 0.001 * g * g;
                    w[i] -= 1e-2 * 0.1 * w[i];
                    w[i] -= 1e-2
                            * (m[i] / (1 - Math.pow(0.9, t)))
                            / (Math.sqrt(v[i] / (1 - Math.pow(0.999, t))) + 1e-8);
                    assertThat((double) weight.toFloatArray()[i]).isCloseTo(w[i], Offset.offset(1e-6));
                }
            }
            assertThat(optimiser.steps()).isEqualTo(3);
            assertThatThrownBy(() -> optimiser.step(Map.of(), name -> 1))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("'w'");
        }
    }

    @Test
    void theEngineWarnsOfNothingWhenWeightsAreTrainedAndTheRunIsResumed(@TempDir Path folder) throws Exception {
        Path printed = folder.resolve("printed.txt");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        "-Dai.djl.offline=true",
                        OneStep.class.getName(),
                        folder.resolve("run.safetensors").toString())
                .redirectErrorStream(true)
                .redirectOutput(printed.toFile())
                .start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(Files.readString(printed)).contains("stepped").doesNotContain("Warning");
        assertThat(process.exitValue()).isZero();
    }

    /** A program: what native code prints cannot be caught within the JVM. */
    static final class OneStep {
        private OneStep() {}

        public static void main(String[] args) throws IOException {
            NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");
            NDArray weight = manager.create(new float[] {1, -2});
            try (TrainableParameters trained =
                    new TrainableParameters(Map.of("w", weight), AdamW.Settings.REFERENCE, manager)) {
                assertThat(trained.averages().values())
                        .allSatisfy(
                                average -> assertThat(average.toFloatArray()).containsExactly(1, -2));
                try (Autograd autograd = Autograd.record()) {
                    autograd.backward(weight.mul(weight).sum());
                }
                trained.step(0.1, 1, 0.9);
                float[] stepped = weight.toFloatArray();
                Path path = Path.of(args[0]);
                RunState.write(path, trained.tensors().byName(), RunProgress.START, new JsonObject());
                trained.step(0.1, 1, 0.9);
                RunState.read(path, trained.tensors().byName(), new JsonObject(), RunState.Form.AS_NOW, manager);
                assertThat(weight.toFloatArray()).containsExactly(stepped);
                System.out.println("stepped");
            }
        }
    }

    @Test
    void aResumedRunIsToldTheOneSettingThatDiffersWithBothValues(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("checkpoint.safetensors");
        try (NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch")) {
            Map<String, NDArray> tensors = Map.of("w", manager.create(new float[] {1}));
            RunState.write(file, tensors, RunProgress.START, run(64, "car", 8));
            RunState.read(file, tensors, run(64, "car", 8), RunState.Form.AS_NOW, manager);
            assertThatThrownBy(() -> RunState.read(file, tensors, run(128, "car", 8), RunState.Form.AS_NOW, manager))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("got config.projection_dim 128 where it was 64 (")
                    .hasMessageNotContaining("prompt");
            assertThatThrownBy(() -> RunState.read(file, tensors, run(64, "horse", 8), RunState.Form.AS_NOW, manager))
                    .hasMessageContaining("got config.prompt \"horse\" where it was \"car\" (");
            assertThatThrownBy(() -> RunState.read(file, tensors, run(64, "car", 1), RunState.Form.AS_NOW, manager))
                    .hasMessageContaining("got stage.batch 1 where it was 8 (");
        }
    }

    /** A configuration and a group of settings. */
    private static JsonObject run(int width, String prompt, int batch) {
        JsonObject config = new JsonObject();
        config.addProperty("projection_dim", width);
        config.addProperty("prompt", prompt);
        JsonObject stage = new JsonObject();
        stage.addProperty("batch", batch);
        JsonObject run = new JsonObject();
        run.add("config", config);
        run.add("stage", stage);
        return run;
    }

    @Test
    void aGradientsMemoryLayoutDoesNotMatter() {
        try (NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch")) {
            NDArray plain = manager.create(new float[] {1, -2, 0.5f, 3, 4, -1}, new Shape(2, 3));
            NDArray turned = plain.duplicate();
            NDArray gradient = manager.create(new float[] {0.1f, -3, 1, 0, -0.2f, 5}, new Shape(3, 2));
            for (int t = 0; t < 2; t++) {
                new AdamW(Map.of("w", turned), manager, AdamW.Settings.REFERENCE)
                        .step(Map.of("w", gradient.transpose()), name -> 1e-2);
                NDArray copy = manager.create(gradient.transpose().toFloatArray(), new Shape(2, 3));
                new AdamW(Map.of("w", plain), manager, AdamW.Settings.REFERENCE).step(Map.of("w", copy), name -> 1e-2);
            }
            assertThat(turned.toFloatArray()).containsExactly(plain.toFloatArray());
            AdamW refusing = new AdamW(Map.of("w", plain.transpose()), manager, AdamW.Settings.REFERENCE);
            assertThatThrownBy(() -> refusing.step(Map.of("w", gradient), name -> 1e-2))
                    .isInstanceOf(DhfException.class)
                    .hasStackTraceContaining("parameters must be contiguous");
        }
    }

    @Test
    void ratesRiseHoldAndFall() {
        LearningRateSchedule linear = new LearningRateSchedule(LearningRateSchedule.Decay.LINEAR, 4, 0.5, 0.1);
        assertThat(linear.factor(0, 100)).isCloseTo(0.2, NEAR);
        assertThat(linear.factor(3, 100)).isCloseTo(0.8, NEAR);
        assertThat(linear.factor(49, 100)).isEqualTo(1);
        assertThat(linear.factor(75, 100)).isCloseTo(0.55, NEAR);
        assertThat(linear.factor(100, 100)).isCloseTo(0.1, NEAR);
        LearningRateSchedule cosine = new LearningRateSchedule(LearningRateSchedule.Decay.COSINE, 0, 0, 0);
        assertThat(cosine.factor(50, 100)).isCloseTo(0.5, NEAR);
        assertThat(LearningRateSchedule.REFERENCE.factor(4999, 5000)).isEqualTo(1);
    }

    @Test
    void eachEpochIsAPermutationAndNeedsNoMemory() {
        SeededOrder order = new SeededOrder(7, 10);
        Set<Integer> first = new HashSet<>();
        for (int i = 0; i < 10; i++) {
            first.add(order.item(i));
        }
        assertThat(first).hasSize(10);
        int later = order.item(37);
        assertThat(new SeededOrder(7, 10).item(37)).isEqualTo(later);
        int heads = 0;
        for (int i = 0; i < 1000; i++) {
            heads += order.coin(i, 0.3) ? 1 : 0;
        }
        assertThat(heads).isBetween(240, 360);
    }
}
