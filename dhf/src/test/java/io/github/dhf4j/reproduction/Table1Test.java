package io.github.dhf4j.reproduction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.types.DataType;
import io.github.dhf4j.aggregation.train.TrainingSettings;
import io.github.dhf4j.data.FeatureCache;
import io.github.dhf4j.diffusion.BundledCheckpoint;
import io.github.dhf4j.eval.data.PairDataset;
import io.github.dhf4j.eval.data.PairDatasets;
import io.github.dhf4j.eval.data.Split;
import io.github.dhf4j.eval.pck.Evaluation;
import io.github.dhf4j.eval.pck.Threshold;
import io.github.dhf4j.eval.world.RenderedWorld;
import io.github.dhf4j.feature.RunMonitor;
import io.github.dhf4j.testing.Golden;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The table from Java, without a command line. */
class Table1Test {
    private static final Threshold IMG = new Threshold(0.1, Threshold.Of.IMG);

    @TempDir
    static Path folder;

    @BeforeAll
    static void draw() throws IOException {
        for (Split split : Split.values()) {
            RenderedWorld.write(new RenderedWorld.Order(split, 15, 2, 48, 0), folder, RunMonitor.NONE);
        }
    }

    private static PairDataset read(Split split) throws IOException {
        List<String> wanted = split == Split.TEST ? List.of("car", "bird") : List.of("car");
        return PairDatasets.read(folder, null, new PairDatasets.Selection(split, 0, 0))
                .categories(wanted, true);
    }

    private static Table1InputsBuilder inputs(List<Split> reads) {
        TrainingSettings settings = TrainingSettings.builder()
                .steps(2)
                .validateEvery(2)
                .checkpointEvery(1)
                .build();
        return Table1Inputs.of(split -> {
                    reads.add(split);
                    return read(split);
                })
                .heldOut(List.of("bird"))
                .training(new TrainingRecipe(settings, 128, null, 0))
                .costs(false)
                .cache(FeatureCache.open(folder.resolve("cache"), 1_000_000_000L, DataType.FLOAT16));
    }

    private static Table1InputsBuilder withoutTraining(List<Split> reads) throws IOException {
        return inputs(reads)
                .checkpoint(Table1Checkpoint.WEIGHTS, BundledCheckpoint.unpack().resolve("aggregator.safetensors"))
                .checkpoint(Table1Checkpoint.DINO, Golden.fixtures().resolve("baselines/dino"))
                .checkpoint(Table1Checkpoint.MARCO, Golden.fixtures().resolve("baselines/marco/marco.pth"))
                .checkpoint(Table1Checkpoint.MARCO_DINOV2, Golden.fixtures().resolve("baselines/marco/dinov2"))
                .described(Map.of("data", "drawn"));
    }

    private static String withoutTime(String markdown) {
        return markdown.replaceFirst("\\| written \\| .* \\|", "");
    }

    private static List<Double> scores(Table1Results results) {
        return results.rows().stream()
                .map(row -> row.main().pck(IMG, Evaluation.Average.PER_POINT))
                .toList();
    }

    @Test
    void aTableThatWasStoppedGoesOnAndItsRowsAreValues() throws IOException {
        Path out = folder.resolve("table");
        List<String> first = new ArrayList<>();
        List<Split> reads = new ArrayList<>();
        Table1Inputs inputs = withoutTraining(reads).build();
        RunMonitor stop = new RunMonitor(null, () -> first.size() >= 4);
        assertThatThrownBy(() -> Table1.run(inputs, out, stop, first::add)).isInstanceOf(CancellationException.class);
        assertThat(first.get(0)).startsWith("raw pixels (floor), test: PCK@0.1 img ");
        assertThat(reads).as("nothing was trained so far").containsExactly(Split.TEST);
        assertThat(Files.readAllLines(out.resolve("table1.csv"))).hasSize(3);

        List<String> second = new ArrayList<>();
        Table1Results results = Table1.run(inputs, out, RunMonitor.NONE, second::add);
        assertThat(results.rows())
                .extracting(Table1Results.Result::name)
                .containsExactly(
                        "raw pixels (floor)",
                        "same position (floor)",
                        "DINO",
                        "SD-Layer-4",
                        "SD-Concat-All",
                        "Ours",
                        "Ours-One-Step",
                        "SD-Layer-Pruned",
                        "Ours-Pruned",
                        "MARCO");
        assertThat(second)
                .anyMatch(line -> line.startsWith("step 2: validation PCK@0.1 img "))
                .anyMatch(line -> line.startsWith("highest mixing weight: layer "))
                .noneMatch(line -> line.startsWith("raw pixels"));
        assertThat(results.skipped())
                .contains("Ours-SDv2-1: no --second-model was given", "CATs++: no --catspp was given")
                .noneMatch(line -> line.startsWith("DINO:") || line.contains("untrained"));
        assertThat(results.context().settings())
                .containsEntry("checkpoint", "bundled pipeline")
                .containsEntry("weights", "aggregator.safetensors")
                .containsEntry("data", "drawn")
                .containsEntry("held_out", "bird");
        assertThat(withoutTime(Files.readString(out.resolve("table1.md")))).isEqualTo(withoutTime(results.markdown()));
        assertThat(out.resolve("mixing.png")).isNotEmptyFile();
        Table1Results.Result ours = results.rows().get(5);
        assertThat(ours.seeds()).hasSize(1);
        assertThat(ours.transfer())
                .isNotNull()
                .satisfies(bird -> assertThat(bird.categories()).containsExactly("bird"));
        assertThat(ours.cost()).isNull();
        assertThat(ours.paper()).isEqualTo("72.56 / 64.61");

        List<String> third = new ArrayList<>();
        Table1Results again = Table1.run(inputs, out, RunMonitor.NONE, third::add);
        assertThat(third).noneMatch(line -> line.contains("PCK"));
        assertThat(scores(again)).isEqualTo(scores(results));
    }

    @Test
    void whatCannotBeReadIsFoundBeforeTheDataAre() throws IOException {
        List<Split> reads = new ArrayList<>();
        Path empty = Files.createDirectories(folder.resolve("empty"));
        Path out = folder.resolve("none");
        Table1Inputs inputs = withoutTraining(reads)
                .checkpoint(Table1Checkpoint.DINOV2, empty)
                .build();
        assertThatThrownBy(() -> Table1.run(inputs, out, RunMonitor.NONE, line -> {}))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("config.json");
        assertThat(reads).isEmpty();
        assertThat(out).doesNotExist();
    }

    @Test
    void inputsThatExcludeOneAnotherAreRefused() throws IOException {
        assertThatThrownBy(() -> inputs(List.of()).transfer(Table1Test::read).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("one of --transfer and --held-out");
        Table1InputsBuilder twice = withoutTraining(List.of()).seeds(2);
        assertThatThrownBy(twice::build).hasMessageContaining("1 with --weights, got 2");
        assertThatThrownBy(() -> inputs(List.of()).seeds(0).build()).hasMessageContaining("1 or more");
    }

    @Test
    void everyRowHasANameAndAFolderOfItsOwn() {
        assertThat(Rows.ALL).extracting(Row::name).doesNotHaveDuplicates().contains(Rows.OURS);
        assertThat(Stream.concat(
                        Rows.ALL.stream().map(row -> row.folder(0)),
                        Rows.ALL.stream().map(row -> row.folder(1))))
                .doesNotHaveDuplicates()
                .contains("ours", "ours-seed-2");
    }

    @Test
    void aRowSaysWhatItLacks() {
        Table1InputsBuilder inputs = inputs(List.of());
        Needs needs = Needs.given(Table1Checkpoint.DHPF, Table1Checkpoint.RESNET);
        assertThat(needs.lacking(inputs.build())).isEqualTo("no --dhpf was given");
        inputs.checkpoint(Table1Checkpoint.DHPF, folder);
        assertThat(needs.lacking(inputs.build())).isEqualTo("--dhpf needs --resnet, which was not given");
        assertThat(needs.lacking(
                        inputs.checkpoint(Table1Checkpoint.RESNET, folder).build()))
                .isNull();
    }
}
