package io.github.dhf4j.cli;

import io.github.dhf4j.aggregation.train.AggregatorTrainer;
import io.github.dhf4j.aggregation.train.TrainingResult;
import io.github.dhf4j.data.FeatureSource;
import io.github.dhf4j.eval.data.PairDataset;
import io.github.dhf4j.eval.data.Split;
import io.github.dhf4j.feature.CallBudget;
import io.github.dhf4j.feature.ExtractionSettings;
import io.github.dhf4j.feature.FeatureExtractor;
import io.github.dhf4j.reproduction.TrainingRecipe;
import io.github.dhf4j.spi.Checkpoint;
import io.github.dhf4j.tensor.TorchRuntime;
import io.github.dhf4j.unlabelled.UnlabelledPictures;
import io.github.dhf4j.unlabelled.UnlabelledPlan;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code dhf train}. */
@Command(
        name = "train",
        mixinStandardHelpOptions = true,
        description = {
            "Train aggregation weights on the key-point pairs of a data set's training split, or on pictures alone.",
            "With --pictures no key point is needed: warps of each picture are learned, and matches between pictures of a category that are aligned with one another. Options of data and validation have no meaning then.",
            "Writes aggregator.safetensors (the best by validation), metrics.jsonl, metrics.csv, curves.png, mixing.png. The same command on the same folder resumes a run that was stopped."
        })
final class TrainCommand implements Callable<Integer>, Outputs.IntoFolder {
    @Spec
    private CommandSpec spec;

    @Mixin
    private DataOptions data = new DataOptions();

    @Option(
            names = "--pictures",
            paramLabel = "DIR",
            description =
                    "Train on pictures of which nobody said where anything is, in place of --data: each folder in it is a category, what lies right in it one more.")
    private @Nullable Path pictures;

    @Mixin
    private UnlabelledOptions unlabelled = new UnlabelledOptions();

    @Mixin
    private TeacherOptions teacher = new TeacherOptions();

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
        if ((pictures == null) == (data.data == null)) {
            throw new ParameterException(
                    spec.commandLine(),
                    "one of --data and --pictures must be given, got " + (pictures == null ? "none" : "both"));
        }
        ExtractionSettings extraction = extraction();
        Work work = pictures == null ? onPairs(recipe, print) : onPictures(pictures, recipe, print);
        TorchRuntime runtime = backbone.runtime.exact(print);
        cache.with(backbone.pipeline(), extraction, runtime, (extractor, features) -> {
            TrainingResult result = work.train(extractor, features, runtime);
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

    /** A training over an open network. */
    @FunctionalInterface
    private interface Work {
        TrainingResult train(FeatureExtractor extractor, FeatureSource features, TorchRuntime runtime)
                throws IOException;
    }

    private Work onPairs(TrainingRecipe recipe, PrintWriter print) throws IOException {
        PairDataset train = data.read(Split.TRAIN, print);
        PairDataset validation = recipe.settings().validateEvery() == 0 ? null : data.read(Split.VALIDATION, print);
        return (extractor, features, runtime) -> recipe.train(
                extractor,
                features,
                teacher.with(train, features, recipe.settings().seed(), out, runtime, print),
                validation,
                recipe.settings().seed(),
                out,
                runtime,
                ConsoleProgress.monitor(),
                print::println);
    }

    private Work onPictures(Path folder, TrainingRecipe recipe, PrintWriter print) throws IOException {
        UnlabelledPictures all = UnlabelledPictures.read(folder);
        print.println(all);
        all.remarks().forEach(remark -> print.println("  " + remark));
        UnlabelledPlan plan = unlabelled.plan();
        return (extractor, features, runtime) -> recipe.train(
                extractor,
                features,
                all,
                plan,
                recipe.settings().seed(),
                out,
                runtime,
                ConsoleProgress.monitor(),
                print::println);
    }

    private ExtractionSettings extraction() throws IOException {
        List<Checkpoint> networks = backbone.networks();
        if (networks.stream().noneMatch(BackboneOptions::isDiffusion)) {
            for (String option : List.of("--timesteps", "--save-indices", "--calls")) {
                if (spec.commandLine().getParseResult().hasMatchedOption(option)) {
                    backbone.requireDiffusion(option);
                }
            }
        }
        List<ExtractionSettings> each = new ArrayList<>();
        for (int n = 0; n < networks.size(); n++) {
            ExtractionSettings way = BackboneOptions.isDiffusion(networks.get(n))
                    ? calls.of(ExtractionSettings.inversion().withTimesteps(steps.timesteps, steps.saveIndices()))
                    : ExtractionSettings.forward();
            each.add(way.withLayers(steps.tapped(n, networks.size())));
        }
        return backbone.complete(ExtractionSettings.joined(each));
    }
}
