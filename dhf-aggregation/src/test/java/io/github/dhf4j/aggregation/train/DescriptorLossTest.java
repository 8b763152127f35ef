package io.github.dhf4j.aggregation.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.github.dhf4j.aggregation.AggregatorConfig;
import io.github.dhf4j.aggregation.AggregatorFile;
import io.github.dhf4j.data.FeatureSource;
import io.github.dhf4j.data.ImageFeatures;
import io.github.dhf4j.feature.ExtractionSettings;
import io.github.dhf4j.feature.RunMonitor;
import io.github.dhf4j.image.PictureFiles;
import io.github.dhf4j.image.RgbImage;
import io.github.dhf4j.image.Size;
import io.github.dhf4j.io.Json;
import io.github.dhf4j.io.TensorFile;
import io.github.dhf4j.tensor.TorchRuntime;
import io.github.dhf4j.testing.FakeExtractor;
import io.github.dhf4j.train.TrainingRun;
import io.github.dhf4j.train.TrainingStep;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A loss that is not the paper's, of three images at once and with weights of its own, is trained like the paper's. */
class DescriptorLossTest {
    @TempDir
    Path folder;

    private final NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");
    private final FakeExtractor extractor = new FakeExtractor("one");
    private final FeatureSource features = FeatureSource.of(extractor, manager, RunMonitor.NONE);
    private final AggregatorConfig config = AggregatorConfig.of(
            "fake",
            ExtractionSettings.inversion().withTimesteps(2, List.of(1, 0)).withLoadSize(FakeExtractor.SIDE),
            extractor.layout(),
            128,
            FakeExtractor.SIDE);
    private final TrainingSettings settings = TrainingSettings.builder()
            .steps(9)
            .validateEvery(3)
            .checkpointEvery(2)
            .flip(0.5)
            .build();

    @BeforeEach
    void draw() throws IOException {
        byte[] samples = new byte[3 * 32 * 32];
        for (int i = 0; i < 4; i++) {
            new Random(i).nextBytes(samples);
            PictureFiles.write(new RgbImage(32, 32, samples.clone()).toBufferedImage(), folder.resolve(i + ".png"));
        }
    }

    @AfterEach
    void close() {
        manager.close();
    }

    /** Half the mean square of each cell's descriptor times a weight, less a number: the example's target. */
    private class Levels implements DescriptorLoss {
        private final List<Boolean> mirrored = new ArrayList<>();

        @Override
        public String name() {
            return "levels";
        }

        @Override
        public int size() {
            return 2;
        }

        @Override
        public String id(int example) {
            return "level " + example;
        }

        @Override
        public List<View> views(int example) {
            return Stream.of("0.png", "3.png", example + 1 + ".png")
                    .map(name -> View.of(folder.resolve(name)))
                    .toList();
        }

        @Override
        public String targets(int example) {
            return String.valueOf(level(example));
        }

        float level(int example) {
            return 3 + example;
        }

        @Override
        public Map<String, NDArray> initialWeights(AggregatorConfig of, long seed, NDManager owner) {
            return Map.of("level", owner.ones(new Shape(1, of.projectionDim())).mul(1e-2f));
        }

        @Override
        public Gradient of(int example, Maps maps, Map<String, NDArray> weights) {
            mirrored.add(maps.mirrored());
            assertThat(maps.imageSizes()).hasSize(3);
            NDArray level = Objects.requireNonNull(weights.get("level"));
            NDArray all = maps.descriptors();
            NDArray rows =
                    all.transpose(0, 2, 3, 1).reshape(-1, level.getShape().get(1)); // (cells, D)
            NDArray off = rows.matMul(level.transpose()).sub(level(example)); // (cells, 1)
            NDArray share = off.div(off.size());
            long side = all.getShape().get(2);
            NDArray byDescriptors = share.matMul(all.getManager().create(level.toFloatArray(), level.getShape()))
                    .reshape(3, side, side, level.getShape().get(1))
                    .transpose(0, 3, 1, 2); // in another order in memory, as a loss may give it
            return new Gradient(
                    off.square().mean().getFloat() / 2,
                    byDescriptors,
                    Map.of("level", share.transpose().matMul(rows)));
        }
    }

    private TrainingResult train(DescriptorLoss loss, String run, RunMonitor monitor, TrainingHooks hooks)
            throws IOException {
        TrainingValidator validator = (aggregator, own, step) -> {
            assertThat(own.keySet())
                    .containsExactlyInAnyOrderElementsOf(
                            loss.initialWeights(config, 0, manager).keySet());
            return -Math.abs(step - 6);
        };
        return new AggregatorTrainer(config, settings, loss, features, validator, hooks, monitor)
                .run(folder.resolve(run), TorchRuntime.of(Device.cpu()));
    }

    private static byte[] bytes(Path run, String name) throws IOException {
        return Files.readAllBytes(run.resolve(name));
    }

    @Test
    void weightsOfTheLossAreTrainedKeptAndResumed() throws IOException {
        List<Double> losses = new ArrayList<>();
        TrainingHooks hooks = new TrainingHooks() {
            @Override
            public void onStep(TrainingStep step) {
                losses.add(step.loss());
            }
        };
        Levels loss = new Levels();
        TrainingResult whole = train(loss, "whole", RunMonitor.NONE, hooks);
        assertThat(losses.get(8)).isLessThan(0.8 * losses.get(0));
        assertThat(loss.mirrored).contains(true, false);
        assertThat(whole.bestStep()).isEqualTo(6);
        Path there = folder.resolve("whole");
        try (TensorFile file = TensorFile.open(there.resolve(AggregatorTrainer.LOSS_WEIGHTS))) {
            assertThat(file.tensors().keySet()).containsExactly("level");
            assertThat(Json.parseObject(Objects.requireNonNull(file.metadata().get("provenance")))
                            .get("step")
                            .getAsInt())
                    .isEqualTo(6);
            assertThat(file.read("level", manager, DataType.FLOAT32).getFloat(0, 0))
                    .isNotEqualTo(1e-2f);
        }
        int[] steps = new int[1];
        RunMonitor stop = new RunMonitor(null, () -> steps[0]++ >= 5);
        assertThatThrownBy(() -> train(new Levels(), "stopped", stop, TrainingHooks.NONE))
                .isInstanceOf(CancellationException.class);
        train(new Levels(), "stopped", RunMonitor.NONE, TrainingHooks.NONE);
        for (String name : List.of(AggregatorTrainer.WEIGHTS, AggregatorTrainer.LOSS_WEIGHTS, TrainingRun.CHECKPOINT)) {
            assertThat(bytes(folder.resolve("stopped"), name)).as(name).isEqualTo(bytes(there, name));
        }
        assertThat(Files.readAllLines(folder.resolve("stopped/metrics.csv"))).hasSize(10);
        try (AggregatorFile file = AggregatorFile.open(whole.weights())) {
            assertThat(file.provenance().get("loss").getAsString()).isEqualTo("levels");
        }
    }

    @Test
    void aRunIsResumedWithTheSameTargetsOnly() throws IOException {
        train(new Levels(), "run", RunMonitor.NONE, TrainingHooks.NONE);
        DescriptorLoss others = new Levels() {
            @Override
            float level(int example) {
                return 7;
            }
        };
        assertThatThrownBy(() -> train(others, "run", RunMonitor.NONE, TrainingHooks.NONE))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("examples_digest");
    }

    @Test
    void aGradientThatDoesNotFitIsRefused() {
        DescriptorLoss flat = new Levels() {
            @Override
            public Gradient of(int example, Maps maps, Map<String, NDArray> weights) {
                Gradient found = super.of(example, maps, weights);
                return new Gradient(found.loss(), found.byDescriptors().flatten(), found.byWeights());
            }
        };
        assertThatThrownBy(() -> train(flat, "flat", RunMonitor.NONE, TrainingHooks.NONE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("descriptors' shape");
        DescriptorLoss lacking = new Levels() {
            @Override
            public Gradient of(int example, Maps maps, Map<String, NDArray> weights) {
                return new Gradient(1, maps.descriptors(), Map.of());
            }
        };
        assertThatThrownBy(() -> train(lacking, "lacking", RunMonitor.NONE, TrainingHooks.NONE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("got none for 'level' (1, 128)");
        assertThatThrownBy(() -> new CorrespondenceLoss(List.of(), CorrespondenceSettings.REFERENCE).id(0))
                .isInstanceOf(IndexOutOfBoundsException.class);
    }

    /** Of three images, which no golden file has: the loss' slope by a mixing weight, and by the weights of a bottleneck. */
    @Test
    void gradientsOfThreeImagesAreTheSlopes() throws IOException {
        Levels loss = new Levels();
        List<ImageFeatures> images = new ArrayList<>();
        for (DescriptorLoss.View view : loss.views(0)) {
            images.add(features.features(view.image(), view.mirrored()));
        }
        try (TrainableNetwork network = TrainableNetwork.initialise(config, 1, TorchRuntime.of(Device.cpu()))) {
            Map<String, NDArray> own = loss.initialWeights(config, 1, network.manager());
            Map<String, NDArray> gradients = gradients(network);
            loss(network, loss, images, own, gradients);
            for (String name : List.of("mixing_weights", "bottleneck_layers.0.0.conv3.weight")) {
                NDArray weight = Objects.requireNonNull(network.weights().get(name));
                float slope =
                        Objects.requireNonNull(gradients.get(name)).flatten().getFloat(0);
                float[] values = weight.toFloatArray();
                double[] at = new double[2];
                for (int side = 0; side < 2; side++) {
                    float[] moved = values.clone();
                    moved[0] += side == 0 ? -0.05f : 0.05f;
                    weight.set(moved);
                    at[side] = loss(network, loss, images, own, gradients(network));
                }
                weight.set(values);
                assertThat((at[1] - at[0]) / 0.1).as(name).isCloseTo(slope, within(0.02 * Math.abs(slope) + 1e-4));
            }
        } finally {
            images.forEach(ImageFeatures::close);
        }
    }

    private Map<String, NDArray> gradients(TrainableNetwork network) {
        Map<String, NDArray> gradients = new LinkedHashMap<>();
        network.weights().forEach((name, array) -> gradients.put(name, manager.zeros(array.getShape())));
        return gradients;
    }

    private static double loss(
            TrainableNetwork network,
            Levels loss,
            List<ImageFeatures> images,
            Map<String, NDArray> own,
            Map<String, NDArray> gradients) {
        List<Size> sizes = images.stream().map(ImageFeatures::imageSize).toList();
        return network.addGradients(
                images, MapDropout.NONE, sum -> loss.of(0, new DescriptorLoss.Maps(sum, sizes, false), own), gradients);
    }
}
