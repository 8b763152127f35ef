package io.github.dhf4j.cli;

import io.github.dhf4j.data.KeypointPair;
import io.github.dhf4j.eval.data.Split;
import io.github.dhf4j.eval.world.RenderedWorld;
import io.github.dhf4j.feature.RunMonitor;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code dhf render}. */
@Command(
        name = "render",
        mixinStandardHelpOptions = true,
        description = {
            "Draw pairs of pictures with exact key points, for trying and training where no data set is at hand.",
            "Writes images/*.png and SPLIT.jsonl; the same seed gives the same pictures everywhere, and splits share none. 12 categories; test has three more, which are never trained on: bird, bus, lamp."
        })
final class RenderCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @ArgGroup(multiplicity = "1")
    private What what = new What();

    private static final class What {
        @Option(names = "--pairs", paramLabel = "N", description = "How many pairs.")
        private @Nullable Integer pairs;

        @Option(
                names = "--pictures",
                paramLabel = "N",
                description =
                        "How many pictures with captions instead, for 'dhf train-pipeline': SPLIT/*.png and SPLIT/metadata.jsonl.")
        private @Nullable Integer pictures;
    }

    @Option(
            names = "--split",
            required = true,
            converter = SplitConverter.class,
            paramLabel = "SPLIT",
            description = "train, validation or test.")
    private Split split;

    @Option(names = "--out", required = true, paramLabel = "DIR", description = "The folder to write into.")
    private Path out;

    @Option(names = "--seed", description = "Default: ${DEFAULT-VALUE}.", defaultValue = "0")
    private long seed;

    @Option(names = "--size", description = "Side in pixels. Default: ${DEFAULT-VALUE}.", defaultValue = "128")
    private int size;

    @Option(
            names = "--images",
            paramLabel = "N",
            description =
                    "Pictures a category that pairs are made of. Default: as many as pairs a category, at most 48.")
    private @Nullable Integer images;

    @Override
    public Integer call() throws IOException {
        RunMonitor monitor = ConsoleProgress.monitor();
        PrintWriter print = spec.commandLine().getOut();
        if (what.pictures != null) {
            RenderedWorld.writePictures(new RenderedWorld.Order(split, 1, 2, size, seed), what.pictures, out, monitor);
            print.printf("%d pictures with captions written to %s%n", what.pictures, out.resolve(split.toString()));
            return 0;
        }
        int pairs = what.pairs == null ? 0 : what.pairs;
        int categories = split == Split.TEST ? 15 : 12;
        int perCategory = images != null ? images : Math.max(2, Math.min(48, (pairs + categories - 1) / categories));
        List<KeypointPair> made =
                RenderedWorld.write(new RenderedWorld.Order(split, pairs, perCategory, size, seed), out, monitor);
        int points = made.stream().mapToInt(pair -> pair.sourcePoints().size()).sum();
        print.printf("%d pairs, %d points, written to %s%n", made.size(), points, out.resolve(split + ".jsonl"));
        if (made.size() < pairs) {
            print.printf("%d pairs without common points left out%n", pairs - made.size());
        }
        return 0;
    }
}
