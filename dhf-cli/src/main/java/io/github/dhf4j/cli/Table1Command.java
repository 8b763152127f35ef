package io.github.dhf4j.cli;

import io.github.dhf4j.HubModels;
import io.github.dhf4j.eval.data.PairDataset;
import io.github.dhf4j.eval.data.PairDatasets;
import io.github.dhf4j.eval.data.Split;
import io.github.dhf4j.eval.pck.MatchGrid;
import io.github.dhf4j.feature.RunMonitor;
import io.github.dhf4j.io.hub.ModelPath;
import io.github.dhf4j.reproduction.Table1;
import io.github.dhf4j.reproduction.Table1Checkpoint;
import io.github.dhf4j.reproduction.Table1Inputs;
import io.github.dhf4j.reproduction.Table1InputsBuilder;
import io.github.dhf4j.reproduction.Table1Results;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.IModelTransformer;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code dhf table1}. */
@Command(
        name = "table1",
        mixinStandardHelpOptions = true,
        modelTransformer = Table1Command.Checkpoints.class,
        description = {
            "Lay out the paper's Table 1 for a checkpoint and a data set: train what has to be trained on its training split, choose by its validation split, score on its test split.",
            "Writes table1.md and table1.csv, a folder a row, and the trained weights. Started again on the same folder it goes on where it was stopped; finished rows are not run again."
        })
final class Table1Command implements Callable<Integer>, Outputs.IntoFolder {
    @Spec
    private CommandSpec spec;

    @Mixin
    private DataOptions data = new DataOptions();

    @Mixin
    private RuntimeOptions where = new RuntimeOptions();

    @Mixin
    private CacheOptions cache = new CacheOptions();

    @Mixin
    private TrainingOptions training = new TrainingOptions();

    @Mixin
    private CheckpointOptions checkpoint = new CheckpointOptions();

    @Option(
            names = "--transfer",
            paramLabel = "DIR|FILE",
            description = "A second data set, which is only scored: CUB in the paper.")
    private @Nullable Path transfer;

    @Option(
            names = "--held-out",
            paramLabel = "CATEGORY",
            split = ",",
            description = "Categories of the test split that are scored apart, as transfer.")
    private List<String> heldOut = List.of();

    @Option(
            names = "--match-size",
            paramLabel = "N",
            description =
                    "Side of the pixel grid that is matched on: 224 in the paper's figures. Default: the size at which the network sees images.",
            defaultValue = "0")
    private int matchSize;

    @Mixin
    private PlacementOptions placing = new PlacementOptions();

    @Option(
            names = "--raw-save-index",
            description = "Save index of SD-Layer-4. Default: ${DEFAULT-VALUE}.",
            defaultValue = "10")
    private int rawSaveIndex;

    @Option(names = "--out", required = true, paramLabel = "DIR", description = "The folder to write into.")
    private Path out;

    @Option(
            names = "--seeds",
            paramLabel = "N",
            description = "Train this many times, with --seed, --seed + 1, ... Default: ${DEFAULT-VALUE}.",
            defaultValue = "1")
    private int seeds;

    @Option(
            names = "--floors",
            description = "A row more: an aggregator trained over a denoising network with random weights.")
    private boolean floors;

    @Option(
            names = "--dift",
            description =
                    "A row more: DIFT on the diffusion checkpoint, timestep 261, second up block, mean over 8 noises, prompt \"a photo of a CATEGORY\", at 768 x 768 (at the checkpoint's own size where that is below 512).")
    private boolean dift;

    @Option(
            names = "--sd-dino",
            description =
                    "A row more: Stable Diffusion's half of SD + DINO, 256 components of decoder blocks 2, 5 and 8 of a pair, timestep 100, prompt \"a photo of a CATEGORY\".%nThe whole is a row where --dinov2 is given.")
    private boolean sdDino;

    @Option(
            names = "--unlabelled",
            description =
                    "A row more: weights trained on the training split's pictures alone, with no key point, as 'dhf train --pictures' does.")
    private boolean unlabelled;

    @Option(
            names = "--dhpf-torch-1.7",
            description =
                    "Count DHPF's Hough cells as torch 1.7 and later do. Default: as torch 1.0.1 did, for which its authors wrote.")
    private boolean later;

    @Option(
            names = "--no-costs",
            description = "Leave out time and memory a pair, which take two pairs a row that are not cached.")
    private boolean noCosts;

    /** An option a checkpoint that rows may need. */
    static final class Checkpoints implements IModelTransformer {
        @Override
        public CommandSpec transform(CommandSpec command) {
            for (Table1Checkpoint checkpoint : Table1Checkpoint.values()) {
                command.addOption(OptionSpec.builder(checkpoint.option())
                        .type(ModelPath.class)
                        .paramLabel(checkpoint.form() + "|NAME")
                        .description(checkpoint.description())
                        .build());
            }
            return command;
        }
    }

    @Override
    public List<String> written() {
        return List.of("table1.md", "table1.csv", "pruned.safetensors", "mixing.png");
    }

    @Override
    public Integer call() throws IOException {
        PrintWriter print = spec.commandLine().getOut();
        RunMonitor monitor = ConsoleProgress.monitor();
        Table1Results results = Table1.run(inputs(print), out, monitor, print::println);
        print.println();
        print.print(results.markdown());
        print.println("written to " + out.resolve("table1.md"));
        return 0;
    }

    private Table1Inputs inputs(PrintWriter print) throws IOException {
        Map<String, String> settings = data.addTo(new LinkedHashMap<>(), Split.TEST);
        Table1InputsBuilder inputs = Table1Inputs.of(
                        split -> data.read(split, split == Split.TEST ? List.of() : heldOut, print))
                .heldOut(heldOut)
                .training(training.recipe())
                .seeds(seeds)
                .grid(new MatchGrid(matchSize, placing.placement()))
                .rawSaveIndex(rawSaveIndex)
                .floors(floors)
                .dift(dift)
                .sdDino(sdDino)
                .unlabelled(unlabelled)
                .dhpfAsTorch17(later)
                .costs(!noCosts)
                .runtime(where.exact(print))
                .cache(cache.open());
        Path second = transfer;
        if (second != null) {
            settings.put("transfer", RunSettings.last(second));
            inputs.transfer(split -> {
                PairDataset set =
                        PairDatasets.read(second, null, new PairDatasets.Selection(split, data.pairs, data.seed));
                print.println(set);
                set.remarks().forEach(remark -> print.println("  " + remark));
                return set;
            });
        }
        if (!checkpoint.isBundled()) {
            inputs.model(checkpoint.checkpoint());
        }
        Path published = checkpoint.weights();
        if (published != null) {
            inputs.checkpoint(Table1Checkpoint.WEIGHTS, published);
        }
        HubModels models = CheckpointOptions.models();
        for (Table1Checkpoint each : Table1Checkpoint.values()) {
            ModelPath given = spec.findOption(each.option()).getValue();
            if (given != null) {
                inputs.checkpoint(each, each.form().contains("DIR") ? models.checkpoint(given) : models.file(given));
            }
        }
        return inputs.described(settings).build();
    }
}
