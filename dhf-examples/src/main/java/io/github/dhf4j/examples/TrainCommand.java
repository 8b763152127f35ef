package io.github.dhf4j.examples;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;
import io.github.dhf4j.aggregation.AggregatorTrainer;
import io.github.dhf4j.aggregation.TrainingResult;
import io.github.dhf4j.data.FeatureSource;
import io.github.dhf4j.diffusion.DiffusionFeatureExtractor;
import io.github.dhf4j.eval.data.PairDataset;
import io.github.dhf4j.eval.data.Split;
import io.github.dhf4j.feature.ExtractionSettings;
import io.github.dhf4j.feature.RunMonitor;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code dhf train}. */
@Command(
        name = "train",
        mixinStandardHelpOptions = true,
        description = {
            "Train aggregation weights on the key-point pairs of a data set's training split.",
            "Writes aggregator.safetensors (the best by validation), metrics.jsonl, metrics.csv, curves.png, mixing.png. The same command on the same folder resumes a run that was stopped."
        })
final class TrainCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private DataOptions data = new DataOptions();

    @Mixin
    private CacheOptions cache = new CacheOptions();

    @Mixin
    private TrainingOptions training = new TrainingOptions();

    @Option(
            names = "--model",
            paramLabel = "DIR",
            description = "Checkpoint in the diffusers layout. Default: DHF_MODEL, else the small bundled one.")
    private @Nullable Path model;

    @Option(names = "--out", required = true, paramLabel = "DIR", description = "Where the run lives.")
    private Path out;

    @Mixin
    private StepOptions steps = new StepOptions();

    @Override
    public Integer call() throws IOException {
        PrintWriter print = spec.commandLine().getOut();
        PairDataset train = data.read(Split.TRAIN, print);
        PairDataset validation = training.validateEvery == 0 ? null : data.read(Split.VALIDATION, print);
        Path checkpoint = ModelOptions.checkpoint(model);
        Device device = Engine.getEngine("PyTorch").defaultDevice();
        try (DiffusionFeatureExtractor extractor = DiffusionFeatureExtractor.open(checkpoint, extraction(), device);
                NDManager manager = NDManager.newBaseManager(device, "PyTorch")) {
            FeatureSource features = cache.open().over(extractor, manager, RunMonitor.NONE);
            TrainingResult result = training.train(extractor, features, train, validation, out, print);
            print.printf(
                    Locale.ROOT,
                    "%d steps%s, last loss %.3f%s%nweights after step %d written to %s, pictures beside them%n",
                    result.steps(),
                    result.stoppedEarly() ? " (stopped early)" : "",
                    result.loss(),
                    result.bestScore() == null
                            ? ""
                            : String.format(
                                    Locale.ROOT, ", best validation PCK@0.1 img %.1f", 100 * result.bestScore()),
                    result.bestStep(),
                    out.resolve(AggregatorTrainer.WEIGHTS));
        }
        return 0;
    }

    private ExtractionSettings extraction() {
        return ExtractionSettings.inversion()
                .withTimesteps(steps.timesteps, steps.saved())
                .withLayers(steps.tapped());
    }
}
