package io.github.dhf4j.cli;

import io.github.dhf4j.aggregation.train.AggregatorTrainer;
import io.github.dhf4j.aggregation.train.TrainingResult;
import io.github.dhf4j.eval.data.PairDataset;
import io.github.dhf4j.eval.data.Split;
import io.github.dhf4j.feature.CallBudget;
import io.github.dhf4j.feature.ExtractionSettings;
import io.github.dhf4j.reproduction.TrainingRecipe;
import io.github.dhf4j.tensor.TorchRuntime;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
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
final class TrainCommand implements Callable<Integer>, Outputs.IntoFolder {
    @Spec
    private CommandSpec spec;

    @Mixin
    private DataOptions data = new DataOptions();

    @Mixin
    private CacheOptions cache = new CacheOptions();

    @Mixin
    private TrainingOptions training = new TrainingOptions();

    @Mixin
    private BackboneOptions backbone = new BackboneOptions();

    @Option(names = "--out", required = true, paramLabel = "DIR", description = "Where the run lives.")
    private Path out;

    @Mixin
    private StepOptions steps = new StepOptions();

    @Option(
            names = "--calls",
            paramLabel = "N|paper",
            converter = ModelOptions.CallBudgetConverter.class,
            description =
                    "How many calls of the network an image takes: N of those of --save-indices, whose maps are then all that the weights know, or paper for the whole walk. Default: paper.",
            defaultValue = "paper")
    private CallBudget calls = CallBudget.PAPER;

    @Override
    public List<String> written() {
        return List.of(
                "aggregator.safetensors",
                "checkpoint.safetensors",
                "metrics.jsonl",
                "metrics.csv",
                "curves.png",
                "mixing.png");
    }

    @Override
    public Integer call() throws IOException {
        PrintWriter print = spec.commandLine().getOut();
        TrainingRecipe recipe = training.recipe();
        ExtractionSettings extraction = extraction();
        PairDataset train = data.read(Split.TRAIN, print);
        PairDataset validation = training.validateEvery == 0 ? null : data.read(Split.VALIDATION, print);
        TorchRuntime runtime = backbone.runtime.exact(print);
        cache.with(backbone.pipeline(), extraction, runtime, (extractor, features) -> {
            TrainingResult result = recipe.train(
                    extractor,
                    features,
                    train,
                    validation,
                    training.seed,
                    out,
                    runtime,
                    ConsoleProgress.monitor(),
                    print::println);
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
        });
        return 0;
    }

    private ExtractionSettings extraction() throws IOException {
        if (!backbone.isDiffusion()) {
            for (String option : List.of("--timesteps", "--save-indices", "--calls")) {
                if (spec.commandLine().getParseResult().hasMatchedOption(option)) {
                    backbone.requireDiffusion(option);
                }
            }
            return backbone.forward(steps.tapped());
        }
        return backbone.complete(calls.of(ExtractionSettings.inversion()
                .withTimesteps(steps.timesteps, steps.saveIndices())
                .withLayers(steps.tapped())));
    }
}
