package io.github.dhf4j.aggregation.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.training.Trainer;
import ai.djl.training.listener.TrainingListener;
import ai.djl.training.listener.TrainingListenerAdapter;
import com.google.gson.JsonObject;
import io.github.dhf4j.aggregation.AggregatorConfig;
import io.github.dhf4j.aggregation.AggregatorFile;
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
import io.github.dhf4j.io.Json;
import io.github.dhf4j.io.SafeTensorsWriter;
import io.github.dhf4j.io.TensorFile;
import io.github.dhf4j.matching.Point;
import io.github.dhf4j.testing.FakeExtractor;
import io.github.dhf4j.train.AdamW;
import io.github.dhf4j.train.LearningRateSchedule;
import io.github.dhf4j.train.TrainingRun;
import io.github.dhf4j.train.TrainingStep;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AggregatorTrainerTest {
    private static final TrainingSettings SETTINGS = settings().build();

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
        RandomPictures.write(folder, 3);
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

    private static TrainingSettingsBuilder settings() {
        return TrainingSettings.builder()
                .steps(12)
                .validateEvery(4)
                .checkpointEvery(5)
                .seed(3)
                .flip(0.5);
    }

    private static TrainingSettings settings(int steps, int validateEvery, int patience, int checkpointEvery) {
        return settings()
                .steps(steps)
                .validateEvery(validateEvery)
                .patience(patience)
                .checkpointEvery(checkpointEvery)
                .build();
    }

    private static TrainingValidator scores(double... scores) {
        int[] next = new int[1];
        return (aggregator, own, step) -> {
            assertThat(aggregator.config().projectionDim()).isEqualTo(128);
            return scores[next[0]++];
        };
    }

    private TrainingResult train(TrainingSettings settings, TrainingValidator scores, RunMonitor monitor, String run)
            throws IOException {
        return new AggregatorTrainer(config, settings, pairs, features, scores, TrainingHooks.NONE, monitor)
                .run(folder.resolve(run));
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
            assertThat(weights(run.resolve(TrainingRun.CHECKPOINT)))
                    .isEqualTo(weights(folder.resolve("whole/" + TrainingRun.CHECKPOINT)));
            assertThat(Files.readAllLines(run.resolve("metrics.csv"))).hasSize(13);
            assertThat(Files.readAllLines(run.resolve("metrics.jsonl"))).hasSize(12);
        }
        assertThatThrownBy(() -> train(settings().seed(4).build(), scores(), RunMonitor.NONE, "whole"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("seed")
                .hasMessageContaining("name another folder");
    }

    /** Chance and averages of a run are its seed's and its checkpoint's. */
    @Test
    void aRunWithEveryOptionGoesOnAsIfItHadNotStopped() throws IOException {
        TrainingSettings all = settings()
                .validateEvery(0)
                .dropout(0.2)
                .averaging(0.9)
                .accumulation(2)
                .schedule(new LearningRateSchedule(LearningRateSchedule.Decay.ONE_CYCLE, 0, 0.3, 0))
                .correspondence(CorrespondenceSettings.REFERENCE
                        .withSigma(2, 0.5)
                        .withPlace(0.1, 0.1)
                        .withLearnedTemperature(true)
                        .withMirroredPairs(EnumSet.allOf(MirroredPairs.class)))
                .build();
        TrainingResult whole = train(all, scores(), RunMonitor.NONE, "all");
        int[] steps = new int[1];
        RunMonitor monitor = new RunMonitor(null, () -> steps[0]++ >= 7);
        assertThatThrownBy(() -> train(all, scores(), monitor, "half")).isInstanceOf(CancellationException.class);
        TrainingResult resumed = train(all, scores(), RunMonitor.NONE, "half");
        assertThat(resumed.loss()).isEqualTo(whole.loss());
        for (String file : List.of(AggregatorTrainer.WEIGHTS, AggregatorTrainer.LOSS_WEIGHTS, TrainingRun.CHECKPOINT)) {
            assertThat(weights(folder.resolve("half/" + file)))
                    .as(file)
                    .isEqualTo(weights(folder.resolve("all/" + file)));
        }
        Map<String, List<Float>> kept = weights(folder.resolve("all/" + AggregatorTrainer.WEIGHTS));
        Map<String, List<Float>> state = weights(folder.resolve("all/" + TrainingRun.CHECKPOINT));
        kept.forEach((name, values) -> assertThat(values)
                .as(name)
                .isEqualTo(state.get("average." + name))
                .isNotEqualTo(state.get("network." + name)));
        assertThat(weights(folder.resolve("all/" + AggregatorTrainer.LOSS_WEIGHTS)))
                .containsEntry("log_temperature", state.get("average.loss.log_temperature"));

        TrainingResult without = train(all.toBuilder().dropout(0).build(), scores(), RunMonitor.NONE, "without");
        assertThat(without.loss()).isNotEqualTo(whole.loss());
    }

    @Test
    void aRunWhoseSettingsWereWrittenInTheFormOfBeforeGoesOn() throws IOException {
        train(SETTINGS, scores(0.1, 0.3, 0.2), RunMonitor.NONE, "whole");
        int[] steps = new int[1];
        RunMonitor monitor = new RunMonitor(null, () -> steps[0]++ >= 7);
        assertThatThrownBy(() -> train(SETTINGS, scores(0.1, 0.3, 0.2), monitor, "before"))
                .isInstanceOf(CancellationException.class);
        Path checkpoint = folder.resolve("before").resolve(TrainingRun.CHECKPOINT);
        SafeTensorsWriter writer = new SafeTensorsWriter();
        try (TensorFile file = TensorFile.open(checkpoint)) {
            JsonObject run =
                    Json.parseObject(Objects.requireNonNull(file.metadata().get("run")));
            run.addProperty("schedule", "LearningRateSchedule[decay=CONSTANT, warmUp=0, hold=1.0, end=1.0]");
            run.addProperty("optimiser", "AdamW Settings[beta1=0.9, beta2=0.999, eps=1.0E-8, weightDecay=0.0]");
            writer.metadata("run", run.toString())
                    .metadata("progress", Objects.requireNonNull(file.metadata().get("progress")));
            for (String name : file.tensors().keySet()) {
                writer.tensor(name, file.read(name, manager, DataType.FLOAT32));
            }
        }
        writer.write(checkpoint);
        assertThatThrownBy(() -> train(
                        settings()
                                .optimiser(AdamW.Settings.REFERENCE.withWeightDecay(0.1))
                                .build(),
                        scores(),
                        RunMonitor.NONE,
                        "before"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("got optimiser.weight_decay 0.1 where it was 0.0 (");
        TrainingResult resumed = train(SETTINGS, scores(0.3, 0.2), RunMonitor.NONE, "before");
        assertThat(resumed.bestStep()).isEqualTo(8);
        assertThat(weights(checkpoint)).isEqualTo(weights(folder.resolve("whole/" + TrainingRun.CHECKPOINT)));
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
        TrainingSettings settings =
                TrainingSettings.builder().steps(60).validateEvery(0).build();
        TrainingResult result = new AggregatorTrainer(config, settings, pairs, features, null, hooks, RunMonitor.NONE)
                .run(folder.resolve("run"));
        double first =
                steps.subList(0, 12).stream().mapToDouble(TrainingStep::loss).sum();
        double last =
                steps.subList(48, 60).stream().mapToDouble(TrainingStep::loss).sum();
        assertThat(last).isLessThan(0.6 * first);
        try (AggregatorFile file = AggregatorFile.open(result.weights())) {
            assertThat(file.config()).isEqualTo(config);
            assertThat(file.provenance().get("step").getAsInt()).isEqualTo(60);
            assertThat(file.provenance().get("examples_digest").getAsString()).hasSize(64);
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
        try (DjlTrainingListeners hooks = new DjlTrainingListeners(TrainingHooks.NONE, listener)) {
            new AggregatorTrainer(config, SETTINGS, pairs, features, scores(0.1, 0.3, 0.2), hooks, RunMonitor.NONE)
                    .run(folder.resolve("heard"));
            assertThat(hooks.metrics().getMetric("validate_score")).hasSize(3);
        }
        assertThat(heard).containsExactly(1, 12, 3, 1);
    }

    @Test
    void patienceEndsARun() throws IOException {
        TrainingResult result = train(settings(12, 2, 2, 100), scores(0.4, 0.3, 0.2, 0.9), RunMonitor.NONE, "patient");
        assertThat(result.stoppedEarly()).isTrue();
        assertThat(result.steps()).isEqualTo(6);
        assertThat(result.bestStep()).isEqualTo(2);
        // and stays ended
        assertThat(train(settings(12, 2, 2, 100), scores(), RunMonitor.NONE, "patient")
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
        assertThatThrownBy(() -> new AggregatorTrainer(
                                config, settings(12, 0, 0, 1), pairs, broken, null, TrainingHooks.NONE, RunMonitor.NONE)
                        .run(folder.resolve("nan")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("NaN")
                .hasMessageContaining("pair ")
                .hasMessageContaining("2.png");
        Path checkpoint = folder.resolve("nan/" + TrainingRun.CHECKPOINT);
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
        assertThatThrownBy(() -> new AggregatorTrainer(
                                other,
                                settings(12, 0, 0, 5),
                                pairs,
                                features,
                                null,
                                TrainingHooks.NONE,
                                RunMonitor.NONE)
                        .run(folder.resolve("other")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("[64]");
    }

    @Test
    void validationWithoutAValidatorIsRefusedBeforeAnythingIsDone() {
        assertThatThrownBy(() -> new AggregatorTrainer(
                                config, SETTINGS, pairs, features, null, TrainingHooks.NONE, RunMonitor.NONE)
                        .run(folder.resolve("none")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("every 4 steps must have a validator");
        assertThat(folder.resolve("none")).doesNotExist();
        assertThat(extractor.runs).hasValue(0);
    }

    @ParameterizedTest
    @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
    void aScoreThatIsNoNumberEndsTheRunWithItsStep(double score) {
        assertThatThrownBy(() -> train(SETTINGS, scores(0.2, score), RunMonitor.NONE, "no number"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining(String.valueOf(score))
                .hasMessageContaining("after step 8");
    }

    @Test
    void theWeightsThatAResultNamesAreThere() throws IOException {
        record Case(String name, TrainingSettings settings, double... scores) {}
        for (Case each : List.of(
                new Case("none", settings(4, 0, 0, 100)),
                new Case("rarely", settings(4, 100, 0, 100), 0.5),
                new Case("often", settings(4, 1, 0, 1), -3, -2, -5, 0),
                new Case("early", settings(4, 1, 1, 100), 0, 0))) {
            TrainingValidator validator = each.scores.length == 0 ? null : scores(each.scores);
            Path run = folder.resolve(each.name);
            for (int again = 0; again < 2; again++) {
                TrainingResult result = new AggregatorTrainer(
                                config, each.settings, pairs, features, validator, TrainingHooks.NONE, RunMonitor.NONE)
                        .run(run);
                assertThat(result.weights()).as(each.name + " " + again).isRegularFile();
                try (AggregatorFile file = AggregatorFile.open(result.weights())) {
                    assertThat(file.provenance().get("step").getAsInt()).isEqualTo(result.bestStep());
                }
            }
            Files.delete(run.resolve(AggregatorTrainer.WEIGHTS));
            if (validator == null) {
                assertThat(new AggregatorTrainer(
                                        config,
                                        each.settings,
                                        pairs,
                                        features,
                                        null,
                                        TrainingHooks.NONE,
                                        RunMonitor.NONE)
                                .run(run)
                                .weights())
                        .isRegularFile();
            } else {
                assertThatThrownBy(() -> train(each.settings, validator, RunMonitor.NONE, each.name))
                        .isInstanceOf(IOException.class)
                        .hasMessageContaining("must hold its best weights")
                        .hasMessageContaining("delete checkpoint.safetensors to begin anew");
            }
        }
    }

    @Test
    void aRunThatIsResumedOtherwiseNamesTheOneSettingThatDiffers() throws IOException {
        TrainingSettings brief = settings(1, 0, 0, 1);
        train(brief, scores(), RunMonitor.NONE, "width");
        AggregatorConfig wider = AggregatorConfig.of(
                "fake",
                ExtractionSettings.inversion().withTimesteps(2, List.of(1, 0)).withLoadSize(FakeExtractor.SIDE),
                extractor.layout(),
                256,
                FakeExtractor.SIDE);
        assertThatThrownBy(() -> new AggregatorTrainer(
                                wider, brief, pairs, features, null, TrainingHooks.NONE, RunMonitor.NONE)
                        .run(folder.resolve("width")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("projection_dim 256 where it was 128 (");
    }
}
