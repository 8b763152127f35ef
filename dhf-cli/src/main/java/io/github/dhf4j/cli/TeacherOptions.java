package io.github.dhf4j.cli;

import io.github.dhf4j.aggregation.Aggregator;
import io.github.dhf4j.data.FeatureSource;
import io.github.dhf4j.data.KeypointPair;
import io.github.dhf4j.eval.annotation.Labels;
import io.github.dhf4j.eval.data.PairDataset;
import io.github.dhf4j.feature.RunMonitor;
import io.github.dhf4j.tensor.TorchRuntime;
import io.github.dhf4j.unlabelled.ObjectAreas;
import io.github.dhf4j.unlabelled.TeacherMatches;
import io.github.dhf4j.unlabelled.TeacherPlan;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** More points for training pairs, by weights that were trained before. */
final class TeacherOptions {
    @Option(
            names = "--teacher",
            paramLabel = "FILE",
            description =
                    "Weights that were trained before, whose matches on the objects are trained on too, as far as they agree with the key points.")
    private @Nullable Path teacher;

    @Option(
            names = "--teacher-pairs",
            paramLabel = "N",
            description = "How many of the training pairs the teacher matches. Default: ${DEFAULT-VALUE}.",
            defaultValue = "1000")
    private int pairs;

    @Option(
            names = "--masks",
            paramLabel = "LABELS",
            description =
                    "Where the objects are that the teacher matches, in any of the forms that 'dhf transfer' reads. Default: the pairs' boxes.")
    private @Nullable Path masks;

    /** The training pairs, and those of the teacher. */
    PairDataset with(
            PairDataset train, FeatureSource features, long seed, Path out, TorchRuntime runtime, PrintWriter print)
            throws IOException {
        if (teacher == null) {
            return train;
        }
        RunMonitor monitor = ConsoleProgress.monitor();
        ObjectAreas areas = masks == null ? ObjectAreas.BOXES : new ObjectAreas(Labels.read(masks, null));
        List<KeypointPair> all = new ArrayList<>(train.pairs());
        try (Aggregator weights = Aggregator.open(teacher, runtime)) {
            all.addAll(new TeacherMatches(weights, features, areas, TeacherPlan.STANDARD.withPairs(pairs), seed)
                    .of(train.pairs(), out, monitor, print::println));
        }
        return new PairDataset(train.name() + ", and more by " + teacher, all, train.remarks());
    }
}
