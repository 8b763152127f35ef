package io.github.dhf4j.cli;

import io.github.dhf4j.eval.data.PairDataset;
import io.github.dhf4j.eval.data.PairDatasets;
import io.github.dhf4j.eval.data.PairReader;
import io.github.dhf4j.eval.data.Split;
import io.github.dhf4j.eval.homography.HPatches;
import io.github.dhf4j.eval.video.Davis;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Which pairs of which data set. */
final class DataOptions {
    @Option(
            names = "--data",
            paramLabel = "DIR|FILE",
            completionCandidates = Forms.class,
            description =
                    "The data set, as distributed or as 'dhf render' writes it. One of: ${COMPLETION-CANDIDATES}.")
    @Nullable
    Path data;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(
            names = "--images",
            paramLabel = "DIR",
            description = "The folder of a list's images. Default: where the list lies.")
    @Nullable
    Path images;

    @Option(
            names = "--pairs",
            paramLabel = "N",
            description =
                    "How many pairs are drawn where images and not pairs are annotated. Default: ${DEFAULT-VALUE}.",
            defaultValue = "360")
    int pairs;

    @Option(
            names = "--per-category",
            paramLabel = "N",
            description = "Take only N pairs of each category, by --data-seed; the paper takes 20.")
    int perCategory;

    @Option(
            names = "--data-seed",
            paramLabel = "N",
            description = "Which pairs are drawn. Default: ${DEFAULT-VALUE}.",
            defaultValue = "0")
    long seed;

    @Option(names = "--only", paramLabel = "CATEGORY", split = ",", description = "Take only these categories.")
    List<String> only = List.of();

    @Option(names = "--without", paramLabel = "CATEGORY", split = ",", description = "Leave these categories out.")
    List<String> without = List.of();

    /** What is read, for the help. */
    static final class Forms implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return PairDatasets.READERS.stream().map(PairReader::name).iterator();
        }
    }

    /** All data sets, a block each. */
    static String known() {
        StringBuilder text = new StringBuilder();
        PairDatasets.READERS.forEach(reader -> append(reader.name(), reader.about(), text));
        append("DAVIS 2017, by 'dhf track'", Davis.KNOWN, text);
        append("HPatches, by 'dhf homography'", HPatches.KNOWN, text);
        return text.toString();
    }

    private static void append(String name, PairReader.Known about, StringBuilder text) {
        text.append(name).append('\n');
        String[][] lines = {
            {"holds", about.what()},
            {"from", about.from()},
            {"licence", about.licence()},
            {"layout", about.layout()}
        };
        for (String[] line : lines) {
            if (!line[1].isEmpty() && !line[1].equals(name)) {
                text.append(String.format(Locale.ROOT, "  %-8s %s\n", line[0], line[1]));
            }
        }
    }

    /** The data set, without which there is nothing to do. */
    Path require() {
        if (data == null) {
            throw new ParameterException(command.commandLine(), "Missing required option: '--data=DIR|FILE'");
        }
        return data;
    }

    PairDataset read(Split split, PrintWriter print) throws IOException {
        return read(split, List.of(), print);
    }

    /** The pairs of a split that lacks some categories: asking for these is no mistake there. */
    PairDataset read(Split split, List<String> lacking, PrintWriter print) throws IOException {
        PairDataset set = read(split);
        if (!only.isEmpty()) {
            set = set.categories(
                    only.stream().filter(name -> !lacking.contains(name)).toList(), true);
        }
        if (!without.isEmpty()) {
            set = set.categories(without, false);
        }
        if (perCategory > 0) {
            set = set.sample(perCategory, seed);
        }
        set = new PairDataset(
                set.name(),
                set.pairs(),
                set.remarks().stream().map(this::relative).toList());
        print.println(set);
        set.remarks().forEach(remark -> print.println("  " + remark));
        return set;
    }

    private PairDataset read(Split split) throws IOException {
        Path folder = require();
        try {
            return PairDatasets.read(folder, images, new PairDatasets.Selection(split, pairs, seed));
        } catch (IOException e) {
            if (Davis.recognises(folder)) {
                throw new IOException("DAVIS has videos and no pairs (" + folder + "); score it with 'dhf track'", e);
            }
            if (HPatches.recognises(folder)) {
                throw new IOException(
                        "HPatches has homographies and no pairs of points (" + folder
                                + "); score it with 'dhf homography'",
                        e);
            }
            throw e;
        }
    }

    /** Adds which pairs of which data set to what a report says of a run. */
    Map<String, String> addTo(Map<String, String> settings, Split split) {
        settings.put("data", RunSettings.last(require()));
        settings.put("split", split.toString());
        settings.put("data_seed", String.valueOf(seed));
        if (perCategory > 0) {
            settings.put("pairs_per_category", String.valueOf(perCategory));
        }
        if (!only.isEmpty()) {
            settings.put("only", String.join(", ", only));
        }
        if (!without.isEmpty()) {
            settings.put("without", String.join(", ", without));
        }
        return settings;
    }

    /** A remark with its files relative to the data set, for it stands in reports that are passed on. */
    private String relative(String remark) {
        String text = remark;
        Path given = require();
        Path list = Files.isRegularFile(given) ? given.toAbsolutePath().getParent() : given;
        for (Path folder : Stream.of(images, list).filter(Objects::nonNull).toList()) {
            text = text.replace(folder.toAbsolutePath() + File.separator, "").replace(folder + File.separator, "");
        }
        return text;
    }
}
