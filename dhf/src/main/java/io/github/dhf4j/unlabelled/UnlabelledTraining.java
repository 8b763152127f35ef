package io.github.dhf4j.unlabelled;

import io.github.dhf4j.aggregation.AggregatorConfig;
import io.github.dhf4j.aggregation.train.AggregatorTrainer;
import io.github.dhf4j.aggregation.train.TrainingHooks;
import io.github.dhf4j.aggregation.train.TrainingResult;
import io.github.dhf4j.aggregation.train.TrainingSettings;
import io.github.dhf4j.data.FeatureSource;
import io.github.dhf4j.data.KeypointPair;
import io.github.dhf4j.feature.RunMonitor;
import io.github.dhf4j.tensor.TorchRuntime;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Trains an aggregator on pictures alone: on warps of each, and on matches between pictures of a category that are aligned with one
 * another. No key point is looked at, and so none is validated on: the last weights are what comes out.
 *
 * <p>A run lives in a folder, as that of an {@link AggregatorTrainer}; warps and matches lie in it. The same call on the same folder
 * goes on where it was stopped.
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
     * @throws IllegalArgumentException if no picture can be matched with another, or there is none of which a warp can be made
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
        List<KeypointPair> pairs = new ArrayList<>(warped.stream()
                .map(each -> each.pair(plan.points(), settings.seed()))
                .filter(pair -> pair.sourcePoints().size() * 2 >= plan.points())
                .toList());
        log.accept(pairs.size() + " warps");
        if (plan.matches() > 0) {
            List<KeypointPair> matches = matches(warped, features, folder, monitor);
            log.accept(matches.size() + " aligned pairs with "
                    + matches.stream()
                            .mapToInt(pair -> pair.sourcePoints().size())
                            .sum() + " matches");
            pairs.addAll(matches);
        }
        TrainingSettings unvalidated = settings.toBuilder().validateEvery(0).build();
        return new AggregatorTrainer(config, unvalidated, pairs, features, null, TrainingHooks.NONE, monitor)
                .run(folder, runtime);
    }

    private List<KeypointPair> matches(
            List<WarpedPicture> warped, FeatureSource features, Path folder, RunMonitor monitor) throws IOException {
        // a warp's name tells its picture
        String madeOf = features.fingerprint()
                + plan
                + settings.seed()
                + warped.stream()
                        .map(each -> each.picture().category() + each.file().getFileName())
                        .toList();
        return KeptPairs.of(folder, "matches.jsonl", madeOf, () -> {
            List<UnlabelledPicture> pictures =
                    warped.stream().map(WarpedPicture::picture).toList();
            List<KeypointPair> found = AlignedMatches.find(pictures, features, plan, settings.seed(), monitor);
            if (found.isEmpty()) {
                throw new IllegalArgumentException(
                        "categories must have two pictures or more to be matched, got none of " + pictures.size()
                                + " pictures; give more of each, or train on warps alone (0 matches)");
            }
            return found;
        });
    }
}
