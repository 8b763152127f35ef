package io.github.dhf4j.aggregation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.training.Trainer;
import ai.djl.training.listener.TrainingListener;
import ai.djl.training.listener.TrainingListenerAdapter;
import io.github.dhf4j.data.FakeExtractor;
import io.github.dhf4j.data.FeatureSource;
import io.github.dhf4j.data.ImageFeatures;
import io.github.dhf4j.data.KeypointPair;
import io.github.dhf4j.feature.ExtractionSettings;
import io.github.dhf4j.feature.FeatureKey;
import io.github.dhf4j.feature.FeatureLayout;
import io.github.dhf4j.feature.FeatureStack;
import io.github.dhf4j.feature.MapExtent;
import io.github.dhf4j.feature.RunMonitor;
import io.github.dhf4j.image.Size;
import io.github.dhf4j.io.TensorFile;
import io.github.dhf4j.match.Point;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CancellationException;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AggregatorTrainerTest {
    private static final TrainingSettings SETTINGS =
            TrainingSettings.REFERENCE.withSteps(12).withIntervals(4, 0, 5).withSeed(3, 0.5);

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
    private final List<KeypointPair> pairs = new ArrayList<>();

    @BeforeEach
    void draw() throws IOException {
        Random random = new Random(1);
        for (int i = 0; i < 3; i++) {
            BufferedImage image = new BufferedImage(32, 32, BufferedImage.TYPE_INT_RGB);
            for (int p = 0; p < 1024; p++) {
                image.setRGB(p % 32, p / 32, random.nextInt(1 << 24));
            }
            ImageIO.write(image, "png", folder.resolve(i + ".png").toFile());
        }
        for (int i = 0; i < 6; i++) {
            List<Point> points = List.of(new Point(4 * i, 3), new Point(9, 5 * i), new Point(30, 30 - i));
            pairs.add(new KeypointPair(
                    "pair " + i,
                    folder.resolve(i % 3 + ".png"),
                    folder.resolve((i + 1) % 3 + ".png"),
                    points,
                    points,
                    List.of(),
                    "none",
                    null,
                    null));
        }
    }

    @AfterEach
    void close() {
        manager.close();
    }

    private static TrainingHooks scores(double... scores) {
        return new TrainingHooks() {
            private int next;

            @Override
            public double validate(Aggregator aggregator, int step) {
                assertThat(aggregator.config().projectionDim()).isEqualTo(128);
                return scores[next++];
            }
        };
    }

    private TrainingResult train(TrainingSettings settings, TrainingHooks hooks, RunMonitor monitor, String run)
            throws IOException {
        return Aggregator.train(config, settings, pairs, features, hooks, monitor, folder.resolve(run));
    }

    private static Map<String, List<Float>> weights(Path file) throws IOException {
        Map<String, List<Float>> weights = new HashMap<>();
        try (TensorFile tensors = TensorFile.open(file);
                NDManager reading = NDManager.newBaseManager(Device.cpu(), "PyTorch")) {
            for (String name : tensors.tensors().keySet()) {
                List<Float> values = new ArrayList<>();
                for (float value : tensors.read(name, reading, DataType.FLOAT32).toFloatArray()) {
                    values.add(value);
                }
                weights.put(name, values);
            }
        }
        return weights;
    }

    @Test
    void aRunThatWasStoppedEndsAsOneThatWasNot() throws IOException {
        TrainingResult whole = train(SETTINGS, scores(0.1, 0.3, 0.2), RunMonitor.NONE, "whole");
        assertThat(whole.bestStep()).isEqualTo(8);
        assertThat(whole.bestScore()).isEqualTo(0.3);
        for (int stop : new int[] {3, 7, 11}) {
            Path run = folder.resolve("stopped" + stop);
            int[] steps = new int[1];
            RunMonitor monitor = new RunMonitor(null, () -> steps[0]++ >= stop);
            assertThatThrownBy(() -> train(SETTINGS, scores(0.1, 0.3, 0.2), monitor, "stopped" + stop))
                    .isInstanceOf(CancellationException.class);
            // validations that come again give the same scores
            double[] left =
                    stop < 5 ? new double[] {0.1, 0.3, 0.2} : stop < 10 ? new double[] {0.3, 0.2} : new double[] {0.2};
            TrainingResult resumed = train(SETTINGS, scores(left), RunMonitor.NONE, "stopped" + stop);
            assertThat(resumed.steps()).isEqualTo(12);
            assertThat(resumed.loss()).isEqualTo(whole.loss());
            assertThat(resumed.bestStep()).isEqualTo(8);
            assertThat(weights(run.resolve(AggregatorTrainer.WEIGHTS)))
                    .isEqualTo(weights(folder.resolve("whole/" + AggregatorTrainer.WEIGHTS)));
            assertThat(weights(run.resolve(AggregatorTrainer.CHECKPOINT)))
                    .isEqualTo(weights(folder.resolve("whole/" + AggregatorTrainer.CHECKPOINT)));
            assertThat(Files.readAllLines(run.resolve("metrics.csv"))).hasSize(13);
            assertThat(Files.readAllLines(run.resolve("metrics.jsonl"))).hasSize(12);
        }
        assertThatThrownBy(() -> train(SETTINGS.withSeed(4, 0.5), scores(), RunMonitor.NONE, "whole"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("seed")
                .hasMessageContaining("name another folder");
    }

    @Test
    void lossFallsAndTheFileSaysWhereItComesFrom() throws IOException {
        List<TrainingStep> steps = new ArrayList<>();
        TrainingHooks hooks = new TrainingHooks() {
            @Override
            public void onStep(TrainingStep step) {
                steps.add(step);
            }
        };
        TrainingSettings settings = TrainingSettings.REFERENCE.withSteps(60).withIntervals(0, 0, 100);
        TrainingResult result = train(settings, hooks, RunMonitor.NONE, "run");
        double first =
                steps.subList(0, 12).stream().mapToDouble(TrainingStep::loss).sum();
        double last =
                steps.subList(48, 60).stream().mapToDouble(TrainingStep::loss).sum();
        assertThat(last).isLessThan(0.6 * first);
        try (AggregatorFile file = AggregatorFile.open(result.weights())) {
            assertThat(file.config()).isEqualTo(config);
            assertThat(file.provenance().get("step").getAsInt()).isEqualTo(60);
            assertThat(file.provenance().get("pairs_digest").getAsString()).hasSize(64);
        }
    }

    @Test
    void listenersOfDjlHearOfTheRun() throws IOException {
        int[] heard = new int[4];
        TrainingListener listener = new TrainingListenerAdapter() {
            @Override
            public void onTrainingBegin(Trainer trainer) {
                heard[0]++;
            }

            @Override
            public void onTrainingBatch(Trainer trainer, BatchData data) {
                heard[1]++;
                assertThat(data.getBatch().getProgress()).isEqualTo(heard[1]);
                assertThat(trainer.getMetrics()
                                .latestMetric("train_loss")
                                .getValue()
                                .doubleValue())
                        .isPositive();
            }

            @Override
            public void onEpoch(Trainer trainer) {
                heard[2]++;
            }

            @Override
            public void onTrainingEnd(Trainer trainer) {
                heard[3]++;
            }
        };
        try (DjlTrainingListeners hooks = new DjlTrainingListeners(scores(0.1, 0.3, 0.2), listener)) {
            train(SETTINGS, hooks, RunMonitor.NONE, "heard");
            assertThat(hooks.metrics().getMetric("validate_score")).hasSize(3);
        }
        assertThat(heard).containsExactly(1, 12, 3, 1);
    }

    @Test
    void patienceEndsARun() throws IOException {
        TrainingResult result =
                train(SETTINGS.withIntervals(2, 2, 100), scores(0.4, 0.3, 0.2, 0.9), RunMonitor.NONE, "patient");
        assertThat(result.stoppedEarly()).isTrue();
        assertThat(result.steps()).isEqualTo(6);
        assertThat(result.bestStep()).isEqualTo(2);
        // and stays ended
        assertThat(train(SETTINGS.withIntervals(2, 2, 100), scores(), RunMonitor.NONE, "patient")
                        .steps())
                .isEqualTo(6);
    }

    @Test
    void aLossThatIsNoNumberStopsTheRunWithItsPair() throws IOException {
        FeatureSource broken = new FeatureSource() {
            @Override
            public ImageFeatures features(Path image, boolean mirrored) throws IOException {
                ImageFeatures whole = features.features(image, mirrored);
                if (!image.endsWith("2.png")) {
                    return whole;
                }
                FeatureStack stack = FeatureStack.create(manager, DataType.FLOAT32);
                for (FeatureKey key : whole.stack().keys()) {
                    try (NDArray nan =
                            whole.stack().get(key.saveIndex(), key.layer()).mul(Float.NaN)) {
                        stack.accept(key, nan);
                    }
                }
                whole.close();
                return new ImageFeatures(stack, new Size(32, 32), Size.square(FakeExtractor.SIDE), MapExtent.WHOLE);
            }

            @Override
            public FeatureLayout layout() {
                return features.layout();
            }

            @Override
            public Size loadSize() {
                return features.loadSize();
            }

            @Override
            public String name() {
                return "broken";
            }

            @Override
            public String fingerprint() {
                return "broken";
            }
        };
        assertThatThrownBy(() -> Aggregator.train(
                        config,
                        SETTINGS.withIntervals(0, 0, 1),
                        pairs,
                        broken,
                        TrainingHooks.NONE,
                        RunMonitor.NONE,
                        folder.resolve("nan")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("NaN")
                .hasMessageContaining("pair ")
                .hasMessageContaining("2.png");
        Path checkpoint = folder.resolve("nan/" + AggregatorTrainer.CHECKPOINT);
        if (Files.exists(checkpoint)) {
            weights(checkpoint).values().forEach(values -> assertThat(values).noneMatch(value -> value.isNaN()));
        }
    }

    @Test
    void featuresOfAnotherModelAreRefused() {
        AggregatorConfig other = AggregatorConfig.of(
                "other",
                ExtractionSettings.inversion().withTimesteps(2, List.of(1, 0)),
                new FeatureLayout(Map.of(1, 64), List.of(1, 0)),
                128,
                16);
        assertThatThrownBy(() -> Aggregator.train(
                        other, SETTINGS, pairs, features, TrainingHooks.NONE, RunMonitor.NONE, folder.resolve("other")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("[64]");
    }
}
