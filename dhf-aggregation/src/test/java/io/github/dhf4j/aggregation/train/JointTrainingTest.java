package io.github.dhf4j.aggregation.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.github.dhf4j.aggregation.AggregationParameters;
import io.github.dhf4j.aggregation.AggregatorConfig;
import io.github.dhf4j.aggregation.AggregatorKeys;
import io.github.dhf4j.aggregation.AggregatorNetwork;
import io.github.dhf4j.data.FeatureSource;
import io.github.dhf4j.data.ImageFeatures;
import io.github.dhf4j.data.KeypointPair;
import io.github.dhf4j.feature.FeatureExtractor;
import io.github.dhf4j.feature.JointExtractor;
import io.github.dhf4j.feature.RunMonitor;
import io.github.dhf4j.matching.Point;
import io.github.dhf4j.tensor.TorchRuntime;
import io.github.dhf4j.testing.FakeExtractor;
import io.github.dhf4j.train.TrainingRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Weights over two networks, trained. */
class JointTrainingTest {
    @TempDir
    Path folder;

    private final NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");
    private final FeatureExtractor extractor =
            new JointExtractor(List.of(new FakeExtractor("walking"), FakeExtractor.forward("forward")));
    private final FeatureSource features = FeatureSource.of(extractor, manager, RunMonitor.NONE);
    private final AggregatorConfig config = AggregatorConfig.of(
            extractor.networks().stream()
                    .map(each -> AggregatorNetwork.of(
                            "fake",
                            each.name(),
                            each.settings(),
                            each.layout().networks().get(0)))
                    .toList(),
            128,
            FakeExtractor.SIDE);

    @BeforeEach
    void draw() throws IOException {
        RandomPictures.write(folder, 2);
    }

    @AfterEach
    void close() {
        manager.close();
    }

    private TrainingResult train(AggregatorConfig of, RunMonitor monitor, String run) throws IOException {
        List<Point> points = List.of(new Point(4, 3), new Point(9, 20), new Point(30, 28));
        List<KeypointPair> pairs = List.of(new KeypointPair(
                "pair",
                folder.resolve("0.png"),
                folder.resolve("1.png"),
                points,
                points,
                List.of(),
                "none",
                null,
                null));
        TrainingSettings settings = TrainingSettings.builder()
                .steps(8)
                .validateEvery(0)
                .checkpointEvery(3)
                .seed(3)
                .flip(0.5)
                .build();
        return new AggregatorTrainer(of, settings, pairs, features, null, TrainingHooks.NONE, monitor)
                .run(folder.resolve(run));
    }

    @Test
    void aRunThatWasStoppedEndsAsOneThatWasNot() throws IOException {
        TrainingResult whole = train(config, RunMonitor.NONE, "whole");
        int[] steps = new int[1];
        RunMonitor monitor = new RunMonitor(null, () -> steps[0]++ >= 5);
        assertThatThrownBy(() -> train(config, monitor, "stopped")).isInstanceOf(CancellationException.class);
        TrainingResult resumed = train(config, RunMonitor.NONE, "stopped");
        assertThat(resumed.loss()).isEqualTo(whole.loss());
        for (String file : List.of(AggregatorTrainer.WEIGHTS, TrainingRun.CHECKPOINT)) {
            assertThat(Files.readAllBytes(folder.resolve("stopped").resolve(file)))
                    .isEqualTo(Files.readAllBytes(folder.resolve("whole").resolve(file)));
        }
        // the networks are part of what a run is
        AggregatorNetwork first = config.networks().get(0);
        AggregatorConfig other = AggregatorConfig.of(
                List.of(
                        new AggregatorNetwork("other", "x", first.settings(), first.dims()),
                        config.networks().get(1)),
                128,
                FakeExtractor.SIDE);
        assertThatThrownBy(() -> train(other, RunMonitor.NONE, "whole"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("networks");
        AggregatorConfig alone = AggregatorConfig.of(List.of(first), 128, FakeExtractor.SIDE);
        assertThatThrownBy(() -> train(alone, RunMonitor.NONE, "alone"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("features must be those of the configuration");
    }

    /** By differences: the loss is the sum's inner product with fixed numbers. */
    @Test
    void gradientsOfMixingWeightsAreThoseOfAllNetworks() throws IOException {
        Map<String, NDArray> weights = AggregationParameters.initial(config, 4, manager);
        weights.put(AggregatorKeys.MIXING, manager.create(new float[] {0.3f, -0.2f, 0.5f, 0.1f, -0.4f, 0.6f, 0f}));
        Map<String, NDArray> gradients = new HashMap<>();
        weights.forEach((name, array) -> gradients.put(name, array.zerosLike()));
        try (ImageFeatures image = features.features(folder.resolve("0.png"), false);
                TrainableNetwork network =
                        new TrainableNetwork(config, weights, TorchRuntime.cpu().newManager())) {
            NDArray[] fixed = new NDArray[1];
            TrainableNetwork.SumLoss loss = sum -> {
                if (fixed[0] == null) {
                    float[] values = new float[(int) sum.size()];
                    for (int i = 0; i < values.length; i++) {
                        values[i] = (float) Math.sin(0.37 * i) / 100;
                    }
                    fixed[0] = manager.create(values, sum.getShape());
                }
                return new DescriptorLoss.Gradient(sum.mul(fixed[0]).sum().getFloat(), fixed[0], Map.of());
            };
            network.addGradients(List.of(image), MapDropout.NONE, loss, gradients);
            float[] found =
                    Objects.requireNonNull(gradients.get(AggregatorKeys.MIXING)).toFloatArray();
            NDArray mixing = Objects.requireNonNull(weights.get(AggregatorKeys.MIXING));
            float[] at = mixing.toFloatArray();
            float step = 0.05f;
            for (int i = 0; i < at.length; i++) {
                double[] values = new double[2];
                for (int side = 0; side < 2; side++) {
                    float[] moved = at.clone();
                    moved[i] += side == 0 ? step : -step;
                    mixing.set(moved);
                    values[side] = network.addGradients(List.of(image), MapDropout.NONE, loss, gradients);
                }
                assertThat(found[i])
                        .as("of map " + i)
                        .isCloseTo((float) ((values[0] - values[1]) / (2 * step)), within(2e-3f));
            }
            mixing.set(at);
            assertThat(found[4]).as("not by chance of nothing").isNotCloseTo(0f, within(0.005f));
            gradients.forEach((name, gradient) ->
                    assertThat(gradient.abs().sum().getFloat()).as(name).isPositive());
        }
    }
}
