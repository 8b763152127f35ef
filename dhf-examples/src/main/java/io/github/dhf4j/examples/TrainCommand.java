package io.github.dhf4j.examples;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;
import io.github.dhf4j.aggregation.Aggregator;
import io.github.dhf4j.aggregation.AggregatorConfig;
import io.github.dhf4j.aggregation.AggregatorTrainer;
import io.github.dhf4j.aggregation.TrainingHooks;
import io.github.dhf4j.aggregation.TrainingResult;
import io.github.dhf4j.aggregation.TrainingSettings;
import io.github.dhf4j.data.FeatureSource;
import io.github.dhf4j.diffusion.DiffusionFeatureExtractor;
import io.github.dhf4j.eval.data.PairDataset;
import io.github.dhf4j.eval.data.Split;
import io.github.dhf4j.eval.pck.Evaluation;
import io.github.dhf4j.eval.pck.Evaluator;
import io.github.dhf4j.eval.pck.Finders;
import io.github.dhf4j.eval.pck.Threshold;
import io.github.dhf4j.feature.ExtractionSettings;
import io.github.dhf4j.feature.RunMonitor;
import io.github.dhf4j.train.AdamW;
import io.github.dhf4j.train.LearningRateSchedule;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
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

    @Option(
            names = "--model",
            paramLabel = "DIR",
            description = "Checkpoint in the diffusers layout. Default: DHF_MODEL, else the small bundled one.")
    private @Nullable Path model;

    @Option(names = "--out", required = true, paramLabel = "DIR", description = "Where the run lives.")
    private Path out;

    @Option(names = "--steps", description = "Default: ${DEFAULT-VALUE}, the paper's.", defaultValue = "5000")
    private int steps;

    @Option(
            names = "--projection",
            description = "Width of a descriptor. Default: ${DEFAULT-VALUE}.",
            defaultValue = "384")
    private int projection;

    @Option(
            names = "--resolution",
            description = "Side of the descriptor map, and of the grid of training points. Default: the latents'.")
    private @Nullable Integer resolution;

    @Option(names = "--timesteps", paramLabel = "T", description = "Default: ${DEFAULT-VALUE}.", defaultValue = "50")
    private int timesteps;

    @Option(
            names = "--save",
            paramLabel = "49,45,...",
            converter = IntegerList.Converter.class,
            description = "Saved indices. Default: the paper's eleven for T = 50, else all.")
    private @Nullable IntegerList save;

    @Option(
            names = "--layers",
            paramLabel = "1-12",
            converter = IntegerList.Converter.class,
            description = "Decoder layers. Default: all.")
    private @Nullable IntegerList layers;

    @Option(names = "--lr", description = "Learning rate. Default: ${DEFAULT-VALUE}.", defaultValue = "1e-3")
    private double learningRate;

    @Option(names = "--mixing-lr", description = "Learning rate of the mixing weights. Default: that of --lr.")
    private @Nullable Double mixingRate;

    @Option(
            names = "--decay",
            description = "How rates fall: ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.",
            defaultValue = "CONSTANT")
    private LearningRateSchedule.Decay decay;

    @Option(
            names = "--hold",
            description = "Share of the run before rates fall. Default: ${DEFAULT-VALUE}.",
            defaultValue = "0.6")
    private double hold;

    @Option(
            names = "--warm-up",
            description = "Steps over which rates rise. Default: ${DEFAULT-VALUE}.",
            defaultValue = "0")
    private int warmUp;

    @Option(names = "--weight-decay", description = "Default: ${DEFAULT-VALUE}.", defaultValue = "0")
    private double weightDecay;

    @Option(names = "--temperature", description = "Default: ${DEFAULT-VALUE}.", defaultValue = "0.07")
    private double temperature;

    @Option(
            names = "--accumulate",
            paramLabel = "N",
            description = "Pairs a step. Default: ${DEFAULT-VALUE}.",
            defaultValue = "1")
    private int accumulate;

    @Option(
            names = "--flip",
            paramLabel = "P",
            description = "Probability that both images of a pair are mirrored. Default: ${DEFAULT-VALUE}.",
            defaultValue = "0")
    private double flip;

    @Option(names = "--seed", description = "Default: ${DEFAULT-VALUE}.", defaultValue = "0")
    private long seed;

    @Option(
            names = "--validate-every",
            paramLabel = "N",
            description =
                    "Steps between validations by PCK@0.1 on the validation split; 0 for none. Default: ${DEFAULT-VALUE}.",
            defaultValue = "1000")
    private int validateEvery;

    @Option(
            names = "--validation-pairs",
            paramLabel = "N",
            description = "Validate on N pairs of each category at most. Default: all.",
            defaultValue = "0")
    private int validationPairs;

    @Option(
            names = "--patience",
            paramLabel = "N",
            description = "Stop after N validations without a better score; 0 for never. Default: ${DEFAULT-VALUE}.",
            defaultValue = "0")
    private int patience;

    @Option(
            names = "--checkpoint-every",
            paramLabel = "N",
            description = "Default: ${DEFAULT-VALUE}.",
            defaultValue = "100")
    private int checkpointEvery;

    @Override
    public Integer call() throws IOException {
        PrintWriter print = spec.commandLine().getOut();
        TrainingSettings settings = settings();
        PairDataset train = data.read(Split.TRAIN, print);
        PairDataset validation = validateEvery == 0 ? null : data.read(Split.VALIDATION, print);
        if (validation != null && validationPairs > 0) {
            validation = validation.sample(validationPairs, seed);
        }
        Files.createDirectories(out);
        Path checkpoint = ModelOptions.checkpoint(model);
        RunMonitor quiet = RunMonitor.NONE;
        Device device = Engine.getEngine("PyTorch").defaultDevice();
        try (DiffusionFeatureExtractor extractor = DiffusionFeatureExtractor.open(checkpoint, extraction(), device);
                NDManager manager = NDManager.newBaseManager(device, "PyTorch")) {
            FeatureSource features = cache.open().over(extractor, manager, quiet);
            AggregatorConfig config = AggregatorConfig.of(
                    checkpoint.getFileName().toString(),
                    extractor.settings(),
                    extractor.layout(),
                    projection,
                    resolution != null ? resolution : extractor.latentSize().width());
            RunMonitor monitor = new RunMonitor(new ConsoleProgress(), () -> false);
            TrainingResult result = Aggregator.train(
                    config, settings, train.pairs(), features, hooks(validation, features, print), monitor, out);
            TrainingPictures.draw(out);
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

    private TrainingSettings settings() {
        return new TrainingSettings(
                steps,
                accumulate,
                learningRate,
                mixingRate != null ? mixingRate : learningRate,
                new LearningRateSchedule(decay, warmUp, hold, decay == LearningRateSchedule.Decay.CONSTANT ? 1 : 0.05),
                AdamW.Settings.REFERENCE.withWeightDecay(weightDecay),
                temperature,
                flip,
                seed,
                validateEvery,
                patience,
                checkpointEvery);
    }

    private ExtractionSettings extraction() {
        ExtractionSettings settings = ExtractionSettings.inversion();
        if (save != null || timesteps != 50) {
            settings = settings.withTimesteps(
                    timesteps,
                    save != null
                            ? save.values()
                            : java.util.stream.IntStream.range(0, timesteps)
                                    .map(i -> timesteps - 1 - i)
                                    .boxed()
                                    .toList());
        }
        return layers == null ? settings : settings.withLayers(layers.values());
    }

    private static TrainingHooks hooks(@Nullable PairDataset validation, FeatureSource features, PrintWriter print) {
        if (validation == null) {
            return TrainingHooks.NONE;
        }
        return new TrainingHooks() {
            @Override
            public double validate(Aggregator aggregator, int step) throws IOException {
                Evaluation evaluation = Evaluator.evaluate(
                        "validation",
                        Finders.descriptors(features, aggregator, 0),
                        validation,
                        features.loadSize().width(),
                        RunMonitor.NONE);
                double pck = evaluation.pck(new Threshold(0.1, Threshold.Of.IMG), Evaluation.Average.PER_POINT);
                print.printf(Locale.ROOT, "step %d: validation PCK@0.1 img %.1f%n", step, 100 * pck);
                print.flush();
                return pck;
            }
        };
    }
}
