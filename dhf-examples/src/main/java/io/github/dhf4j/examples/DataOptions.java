package io.github.dhf4j.examples;

import io.github.dhf4j.eval.data.PairDataset;
import io.github.dhf4j.eval.data.PairDatasets;
import io.github.dhf4j.eval.data.Split;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which pairs of which data set. */
final class DataOptions {
    @Option(
            names = "--data",
            required = true,
            paramLabel = "DIR|FILE",
            description =
                    "The data set: a folder of SPair-71k, CUB-200-2011, PF-PASCAL or PF-WILLOW as distributed, a folder that 'dhf render' wrote, or a .json or .jsonl list of pairs.")
    private Path data;

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

    PairDataset read(Split split, PrintWriter print) throws IOException {
        return read(split, List.of(), print);
    }

    /** The pairs of a split that lacks some categories: asking for these is no mistake there. */
    PairDataset read(Split split, List<String> lacking, PrintWriter print) throws IOException {
        PairDataset set = PairDatasets.read(data, images, new PairDatasets.Selection(split, pairs, seed));
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
        print.println(set);
        set.remarks().forEach(remark -> print.println("  " + remark));
        return set;
    }
}
