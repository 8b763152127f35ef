package io.github.dhf4j.unlabelled;

import io.github.dhf4j.aggregation.Aggregator;
import io.github.dhf4j.aggregation.AggregatorConfig;
import io.github.dhf4j.aggregation.train.AggregatorTrainer;
import io.github.dhf4j.aggregation.train.TrainingHooks;
import io.github.dhf4j.aggregation.train.TrainingResult;
import io.github.dhf4j.aggregation.train.TrainingSettings;
import io.github.dhf4j.data.FeatureSource;
import io.github.dhf4j.data.KeypointPair;
import io.github.dhf4j.eval.data.PairLists;
import io.github.dhf4j.feature.RunMonitor;
import io.github.dhf4j.io.AtomicFiles;
import io.github.dhf4j.io.Digests;
import io.github.dhf4j.io.TextFiles;
import io.github.dhf4j.tensor.TorchRuntime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/**
 * Trains an aggregator on pictures alone. First on warps of each; then, as often as the plan says, the weights so far match
 * pictures of a category, and new weights are trained on the matches that agree. No key point is looked at, and so none is
 * validated on: the last weights are what comes out.
 *
 * <p>A run lives in a folder, as that of an {@link AggregatorTrainer}; warps, matches and the trainings before the last lie in
 * it. The same call on the same folder goes on where it was stopped.
 *
 * @param config what the weights are for: the process and the layers of {@code features}, the descriptor's width
 * @param settings how they are trained; validations that they ask for are left out
 * @param plan what they are trained on
 */
public record UnlabelledTraining(AggregatorConfig config, TrainingSettings settings, UnlabelledPlan plan) {
    /**
     * Trains, or goes on.
     *
     * @param pictures one or more, of one category or several
     * @param features where the pictures' maps come from; borrowed
     * @param folder where the run lives
     * @param runtime where to train
     * @param monitor hears of progress, and can cancel
     * @param log hears a line of each part
     * @return what came out
     * @throws IOException if a picture or the folder fails, or if the folder holds a run that was begun otherwise
     * @throws IllegalArgumentException if there is no picture of which a warp can be made
     */
    public TrainingResult run(
            List<UnlabelledPicture> pictures,
            FeatureSource features,
            Path folder,
            TorchRuntime runtime,
            RunMonitor monitor,
            Consumer<String> log)
            throws IOException {
        List<WarpedPicture> warped =
                WarpedPicture.write(pictures, plan.warp(), settings.seed(), folder.resolve("warps"), monitor);
        List<KeypointPair> pairs = warped.stream()
                .map(each -> each.pair(plan.points(), settings.seed()))
                .filter(pair -> pair.sourcePoints().size() * 2 >= plan.points())
                .toList();
        TrainingSettings first = settings.toBuilder().steps(plan.warpSteps()).build();
        Path place = plan.rounds() == 0 ? folder : folder.resolve("first");
        TrainingResult result = train(plan.rounds() == 0 ? settings : first, pairs, features, place, runtime, monitor);
        log.accept(pairs.size() + " warps, last loss " + Math.round(1000 * result.loss()) / 1000.0);
        for (int round = 1; round <= plan.rounds(); round++) {
            List<KeypointPair> matches = matches(warped, result.weights(), features, folder, round, runtime, monitor);
            log.accept("round " + round + ": " + matches.size() + " pairs with "
                    + matches.stream()
                            .mapToInt(pair -> pair.sourcePoints().size())
                            .sum() + " matches that agree");
            if (matches.isEmpty()) {
                throw new IllegalArgumentException(
                        "pictures of a category must have matches that agree, got none of " + pictures.size()
                                + " pictures; give more of each category, or train on warps alone (0 rounds)");
            }
            place = round == plan.rounds() ? folder : folder.resolve("round-" + round);
            result = train(settings, matches, features, place, runtime, monitor);
        }
        return result;
    }

    private TrainingResult train(
            TrainingSettings how,
            List<KeypointPair> pairs,
            FeatureSource features,
            Path folder,
            TorchRuntime runtime,
            RunMonitor monitor)
            throws IOException {
        TrainingSettings unvalidated = how.toBuilder().validateEvery(0).build();
        return new AggregatorTrainer(config, unvalidated, pairs, features, null, TrainingHooks.NONE, monitor)
                .run(folder, runtime);
    }

    /** Those of an earlier call, if they are by the same weights and plan. */
    private List<KeypointPair> matches(
            List<WarpedPicture> warped,
            Path weights,
            FeatureSource features,
            Path folder,
            int round,
            TorchRuntime runtime,
            RunMonitor monitor)
            throws IOException {
        Path list = folder.resolve("matches-" + round + ".jsonl");
        Path mark = list.resolveSibling(list.getFileName() + ".made-of.txt");
        String by = Digests.of(Digests.ofFile(weights) + plan + settings.seed() + warped.size());
        if (!Files.exists(list)
                || !Files.exists(mark)
                || !TextFiles.read(mark).strip().equals(by)) {
            try (Aggregator aggregator = Aggregator.open(weights, runtime)) {
                List<KeypointPair> found =
                        CycleMatches.find(warped, features, aggregator, plan, settings.seed(), monitor);
                if (found.isEmpty()) {
                    return found;
                }
                PairLists.write(found, list);
            }
            AtomicFiles.write(mark, path -> Files.writeString(path, by + "\n"));
        }
        // as they were written, whether they are new or not: the run's description is of these
        return PairLists.read(list, folder).pairs();
    }
}
