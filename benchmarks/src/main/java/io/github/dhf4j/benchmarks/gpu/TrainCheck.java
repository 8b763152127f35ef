package io.github.dhf4j.benchmarks.gpu;

import static io.github.dhf4j.benchmarks.gpu.DeviceChecks.say;

import ai.djl.ndarray.NDManager;
import io.github.dhf4j.aggregation.AggregatorConfig;
import io.github.dhf4j.aggregation.train.AggregatorTrainer;
import io.github.dhf4j.aggregation.train.TrainingHooks;
import io.github.dhf4j.aggregation.train.TrainingSettings;
import io.github.dhf4j.data.FeatureSource;
import io.github.dhf4j.data.KeypointPair;
import io.github.dhf4j.diffusion.DiffusionFeatureExtractor;
import io.github.dhf4j.diffusion.train.CaptionedPictures;
import io.github.dhf4j.diffusion.train.PipelineForm;
import io.github.dhf4j.diffusion.train.PipelineTrainer;
import io.github.dhf4j.diffusion.train.PipelineTrainingSettings;
import io.github.dhf4j.feature.ExtractionSettings;
import io.github.dhf4j.feature.RunMonitor;
import io.github.dhf4j.image.RgbImage;
import io.github.dhf4j.matching.Point;
import io.github.dhf4j.tensor.TorchRuntime;
import io.github.dhf4j.train.StageSettings;
import io.github.dhf4j.train.TrainingStep;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;

/** A few steps of both trainers on the default device; a second run without a GPU tells what they should be. */
final class TrainCheck {
    private static final int SIDE = 96;
    private static final int PICTURES = 24;
    private static final int STEPS = 8;

    private TrainCheck() {}

    static void run(Path folder, Path checkpoint) throws IOException {
        Path pictures = draw(folder.resolve("pictures"));
        aggregator(folder, pictures, checkpoint);
        PipelineTrainingSettings settings = new PipelineTrainingSettings(
                new StageSettings(STEPS, 8, 4e-4, 1, 1e-4, 1, 0.9, STEPS),
                PipelineTrainingSettings.SMALL.crop(),
                new StageSettings(STEPS, 16, 1e-3, 1, 1e-3, 1, 0.9, STEPS),
                0.15,
                5,
                0.1,
                0);
        long begin = System.nanoTime();
        Path out = folder.resolve("pipeline-run");
        PipelineForm form = PipelineForm.SMALL;
        new PipelineTrainer(
                        form, settings, CaptionedPictures.read(pictures, form.side(), RunMonitor.NONE), RunMonitor.NONE)
                .run(out);
        for (String stage : List.of("autoencoder", "denoiser")) {
            for (String line : Files.readAllLines(out.resolve(stage).resolve("metrics.csv"))) {
                say("train %s %s", stage, line);
            }
        }
        say("train pipeline took %.1f s, memory in use %s", (System.nanoTime() - begin) / 1e9, DeviceChecks.memory());
    }

    private static void aggregator(Path folder, Path pictures, Path checkpoint) throws IOException {
        List<Point> source = new ArrayList<>();
        List<Point> target = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            source.add(new Point(9 * i, 50));
            target.add(new Point(40, 9 * i));
        }
        KeypointPair pair = new KeypointPair(
                "pair",
                pictures.resolve("0.png"),
                pictures.resolve("1.png"),
                source,
                target,
                List.of(),
                "none",
                null,
                null);
        TrainingHooks hooks = new TrainingHooks() {
            @Override
            public void onStep(TrainingStep step) {
                say("train aggregator %d,%.9g,%.4f s", step.step(), step.loss(), step.seconds());
            }
        };
        try (DiffusionFeatureExtractor extractor = DiffusionFeatureExtractor.open(
                        checkpoint, ExtractionSettings.inversion(), TorchRuntime.best());
                NDManager manager = TorchRuntime.best().newManager()) {
            AggregatorConfig config = AggregatorConfig.of(
                    "check",
                    extractor.settings(),
                    extractor.layout(),
                    128,
                    extractor.mapSize().width());
            new AggregatorTrainer(
                            config,
                            TrainingSettings.builder()
                                    .steps(STEPS)
                                    .validateEvery(0)
                                    .checkpointEvery(STEPS)
                                    .build(),
                            List.of(pair),
                            FeatureSource.of(extractor, manager, RunMonitor.NONE),
                            null,
                            hooks,
                            RunMonitor.NONE)
                    .run(folder.resolve("aggregator-run"));
        }
    }

    private static Path draw(Path folder) throws IOException {
        Files.createDirectories(folder);
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < PICTURES; i++) {
            byte[] rgb = new byte[3 * SIDE * SIDE];
            for (int p = 0; p < rgb.length; p++) {
                int x = p / 3 % SIDE;
                int y = p / 3 / SIDE;
                boolean inside = x > 10 + i && x < 50 + i && y > 20 && y < 70;
                rgb[p] = (byte) ((p % 3 == i % 3) == inside ? 180 + i + x / 4 : 40 + i + y / 4);
            }
            ImageIO.write(
                    new RgbImage(SIDE, SIDE, rgb).toBufferedImage(),
                    "png",
                    folder.resolve(i + ".png").toFile());
            lines.add(
                    "{\"file_name\": \"" + i + ".png\", \"text\": \"a " + (i % 3 == 0 ? "red" : "blue") + " square\"}");
        }
        Files.write(folder.resolve("metadata.jsonl"), lines);
        return folder;
    }
}
