package io.github.dhf4j.reproduction;

import io.github.dhf4j.DescriptorPipeline;
import io.github.dhf4j.eval.pck.EvaluationContext;
import io.github.dhf4j.feature.FeatureExtractor;
import io.github.dhf4j.feature.RunMonitor;
import io.github.dhf4j.io.Texts;
import io.github.dhf4j.matching.Placement;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Lays out the paper's Table 1 for a checkpoint and a data set: trains what has to be trained on its training split,
 * chooses by its validation split, scores on its test split. Rows of other methods are scored where their checkpoints
 * are given, rows of the diffusion checkpoint always.
 *
 * <pre>{@code
 * Table1Inputs inputs = Table1Inputs.of(split -> PairDatasets.read(data, null, new Selection(split, 360, 0)))
 *         .model(checkpoint)
 *         .checkpoint(Table1Checkpoint.DINOV2, dinov2)
 *         .build();
 * System.out.print(Table1.run(inputs, folder, RunMonitor.NONE, System.out::println).markdown());
 * }</pre>
 *
 * <p>Source: arXiv 2305.14334, table 1.
 */
public final class Table1 {
    private Table1() {}

    /**
     * Lays out the table. Writes {@code table1.md} and {@code table1.csv} after each row, a folder a row, the trained
     * weights and what they look like. On a folder where it was stopped before, it goes on: finished rows are not run
     * again, trainings resume.
     *
     * @param inputs what it is laid out of
     * @param folder where it is written; made if it is not there
     * @param monitor hears of each training and evaluation, and can cancel
     * @param log hears a line of each row that is scored, of each validation, and of where mixing weights are highest
     * @return the rows
     * @throws IOException if a checkpoint or a data set cannot be read, which is found first, or the folder not written
     * @throws java.util.concurrent.CancellationException if the monitor cancels
     */
    public static Table1Results run(Table1Inputs inputs, Path folder, RunMonitor monitor, Consumer<String> log)
            throws IOException {
        Map<Source, List<Row>> rows = new LinkedHashMap<>();
        List<Row> skipped = new ArrayList<>();
        for (Row row : Rows.ALL) {
            if (row.needs().lacking(inputs) == null) {
                rows.computeIfAbsent(row.over(), source -> new ArrayList<>()).add(row);
            } else {
                skipped.add(row);
            }
        }
        check(rows, inputs);
        Files.createDirectories(folder);
        Sets sets = new Sets(inputs);
        Table1Results results = new Table1Results(context(inputs));
        for (Row row : skipped) {
            String why = row.needs().lacking(inputs);
            if (why != null && !why.isEmpty()) {
                results.skip(row.name(), why);
            }
        }
        RowScores scores = new RowScores(folder, sets, inputs.costs, results, monitor, log);
        Bench bench = new Bench(inputs, sets, scores, folder, monitor, log);
        for (Map.Entry<Source, List<Row>> entry : rows.entrySet()) {
            Source.Network network = entry.getKey().network(bench);
            Bench.Work work = () -> {
                for (Row row : entry.getValue()) {
                    row.recipe().score(row, bench);
                }
            };
            if (network == null) {
                work.run();
            } else {
                bench.with(network, work);
            }
        }
        results.write(folder);
        return results;
    }

    /** Opens every file that is given once, so that a wrong one is found before long work. */
    private static void check(Map<Source, List<Row>> rows, Table1Inputs inputs) throws IOException {
        Set<Path> checked = new HashSet<>();
        for (Map.Entry<Source, List<Row>> entry : rows.entrySet()) {
            Source.Network given = entry.getKey().given(inputs);
            if (given != null && checked.add(given.checkpoint().path())) {
                try (FeatureExtractor extractor = Features.openExtractor(given, inputs.runtime)) {
                    extractor.layout();
                }
            }
            for (Row row : entry.getValue()) {
                row.recipe().check(inputs);
            }
        }
    }

    private static EvaluationContext context(Table1Inputs inputs) throws IOException {
        Map<String, String> settings = new LinkedHashMap<>();
        // files and folders by their names: files of the table are passed on
        settings.put(
                "checkpoint",
                inputs.isBundled()
                        ? "bundled pipeline"
                        : Texts.lastName(inputs.model().path()));
        Path weights = inputs.given(Table1Checkpoint.WEIGHTS);
        if (weights != null) {
            settings.put("weights", Texts.lastName(weights));
        } else {
            settings.put("training", inputs.training.summary());
        }
        Placement placement = inputs.grid.placement();
        settings.put("localizer", placement.localizer().word());
        if (!placement.isPlain()) {
            settings.put("placement", placement.extras());
        }
        settings.putAll(inputs.described);
        if (!inputs.heldOut.isEmpty()) {
            settings.put("held_out", String.join(", ", inputs.heldOut));
        }
        return new EvaluationContext(settings, inputs.isBundled() ? DescriptorPipeline.BUNDLED_NOTE : "");
    }
}
