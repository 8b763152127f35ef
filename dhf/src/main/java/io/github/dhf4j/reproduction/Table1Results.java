package io.github.dhf4j.reproduction;

import io.github.dhf4j.eval.pck.Bootstrap;
import io.github.dhf4j.eval.pck.Evaluation;
import io.github.dhf4j.eval.pck.EvaluationContext;
import io.github.dhf4j.eval.pck.EvaluationFiles;
import io.github.dhf4j.eval.pck.PairCost;
import io.github.dhf4j.eval.pck.ScoreTable;
import io.github.dhf4j.eval.pck.Threshold;
import io.github.dhf4j.io.AtomicFiles;
import io.github.dhf4j.io.Texts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The finished rows of a {@link Table1}, and how they are written: {@code table1.md} and {@code table1.csv}. */
public final class Table1Results {
    private static final Threshold IMG = new Threshold(0.1, Threshold.Of.IMG);
    private static final Threshold BBOX = new Threshold(0.1, Threshold.Of.BBOX);
    private static final Evaluation.Average POINT = Evaluation.Average.PER_POINT;

    /**
     * A row of the table.
     *
     * @param name the paper's name
     * @param main its evaluation on the data set, of the first training's seed where something is trained
     * @param transfer the same on the second data set; null where there is none
     * @param cost of a pair; null where it was not measured
     * @param seeds PCK@0.1 img on the data set of every training's seed, 0 to 1, the first one's too
     * @param paper what the paper says of PCK@0.1 img / bbox on SPair-71k; empty where it has no such row
     * @param paperTransfer what it says of PCK@0.1 img on CUB
     */
    public record Result(
            String name,
            Evaluation main,
            @Nullable Evaluation transfer,
            @Nullable PairCost cost,
            List<Double> seeds,
            String paper,
            String paperTransfer) {
        /**
         * Copies the list.
         *
         * @param name as above
         * @param main as above
         * @param transfer as above
         * @param cost as above
         * @param seeds as above
         * @param paper as above
         * @param paperTransfer as above
         */
        public Result {
            seeds = List.copyOf(seeds);
        }

        private Result withSeeds(List<Double> of) {
            return new Result(name, main, transfer, cost, of, paper, paperTransfer);
        }
    }

    private final Map<Row, Result> results = new TreeMap<>(Comparator.comparing(Rows.ALL::indexOf));
    private final List<String> skipped = new ArrayList<>();
    private final EvaluationContext context;

    Table1Results(EvaluationContext context) {
        this.context = context;
    }

    /**
     * The rows.
     *
     * @return in the table's order
     */
    public List<Result> rows() {
        return List.copyOf(results.values());
    }

    /**
     * Rows that were left out.
     *
     * @return names with what was not given
     */
    public List<String> skipped() {
        return List.copyOf(skipped);
    }

    /**
     * What was run with what.
     *
     * @return as it stands in the files
     */
    public EvaluationContext context() {
        return context;
    }

    /** The first seed's evaluation is the row's; of others only the score is shown. */
    void add(Row row, int seed, Evaluation main, @Nullable Evaluation transfer, @Nullable PairCost cost) {
        Result first = results.get(row);
        List<Double> seeds = new ArrayList<>(seed == 0 || first == null ? List.of() : first.seeds());
        seeds.add(main.pck(IMG, POINT));
        Result of = seed == 0 || first == null
                ? new Result(
                        row.name(),
                        main,
                        transfer,
                        cost,
                        seeds,
                        row.paper().main(),
                        row.paper().transfer())
                : first.withSeeds(seeds);
        results.put(row, of);
    }

    void skip(String name, String why) {
        skipped.add(name + ": " + why);
    }

    /** The paper's figures belong beside ours only where the data are the paper's. */
    private boolean isPaper() {
        return results.values().stream()
                .anyMatch(result -> result.main().dataset().contains("SPair-71k"));
    }

    private boolean isPaperTransfer() {
        return results.values().stream()
                .anyMatch(result ->
                        result.transfer() != null && result.transfer().dataset().contains("CUB"));
    }

    /**
     * The table.
     *
     * @return what {@code table1.md} holds
     */
    public String markdown() {
        Result ours = results.values().stream()
                .filter(result -> result.name().equals(Rows.OURS))
                .findFirst()
                .orElse(null);
        StringBuilder text = new StringBuilder("# Table 1\n\n");
        results.values().stream().findFirst().ifPresent(first -> {
            text.append(describe("Data", first.main()));
            if (first.transfer() != null) {
                text.append(describe("Transfer", first.transfer()));
            }
        });
        text.append(context.note().isEmpty() ? "" : "**" + Texts.sentence(context.note()) + "**\n\n");
        text.append(
                "PCK@0.1 in percent, all points pooled, 95% bootstrap intervals over pairs. \"minus Ours\" compares pair"
                        + " by pair. Time and the process' peak memory are of one pair from its files, with nothing"
                        + " cached.\n\n");
        boolean seeds =
                results.values().stream().anyMatch(result -> result.seeds().size() > 1);
        text.append("| | img | bbox | transfer img | minus Ours, img | s a pair | peak MiB |");
        text.append(seeds ? " img by training seed |" : "");
        text.append(isPaper() ? " paper img / bbox |" : "").append(isPaperTransfer() ? " paper, CUB |" : "");
        text.append("\n| --- | --- | --- | --- | --- | --- | --- |").append(seeds ? " --- |" : "");
        text.append(isPaper() ? " --- |" : "")
                .append(isPaperTransfer() ? " --- |" : "")
                .append("\n");
        for (Result result : results.values()) {
            text.append("| ").append(result.name());
            text.append(" | ").append(score(result.main(), IMG));
            text.append(" | ").append(score(result.main(), BBOX));
            text.append(" | ").append(result.transfer() == null ? "" : score(result.transfer(), IMG));
            text.append(" | ")
                    .append(ours == null || result.equals(ours) ? "" : difference(result.main(), ours.main()));
            PairCost cost = result.cost();
            text.append(" | ").append(cost == null ? "" : String.format(Locale.ROOT, "%.2f", cost.seconds()));
            text.append(" | ")
                    .append(
                            cost == null || Double.isNaN(cost.peakMegabytes())
                                    ? ""
                                    : String.format(Locale.ROOT, "%.0f", cost.peakMegabytes()));
            if (seeds) {
                text.append(" | ")
                        .append(
                                result.seeds().size() < 2
                                        ? ""
                                        : result.seeds().stream()
                                                .map(score -> String.format(Locale.ROOT, "%.1f", 100 * score))
                                                .collect(Collectors.joining(", ")));
            }
            text.append(isPaper() ? " | " + result.paper() : "");
            text.append(isPaperTransfer() ? " | " + result.paperTransfer() : "").append(" |\n");
        }
        text.append(skipped.isEmpty() ? "" : "\n");
        skipped.forEach(line -> text.append("Skipped, ").append(line).append(".\n"));
        text.append('\n')
                .append(ScoreTable.settings(EvaluationFiles.settings(context)).markdown());
        return text.toString();
    }

    private static String describe(String what, Evaluation evaluation) {
        return what + ": " + ScoreTable.caption(evaluation) + "\n";
    }

    private static String score(Evaluation evaluation, Threshold threshold) {
        double pck = evaluation.pck(threshold, POINT);
        return Double.isNaN(pck)
                ? "-"
                : String.format(Locale.ROOT, "%.1f (%s)", 100 * pck, evaluation.interval(threshold, POINT));
    }

    private static String difference(Evaluation evaluation, Evaluation ours) {
        Bootstrap.Comparison comparison = Bootstrap.compare(evaluation, ours, IMG, POINT);
        return String.format(Locale.ROOT, "%+.1f (%s)", 100 * comparison.difference(), comparison.interval());
    }

    private String csv() {
        StringBuilder text = new StringBuilder("row,img,img_low,img_high,bbox,transfer_img,seconds,peak_mib\n");
        for (Result result : results.values()) {
            Bootstrap.Interval interval = result.main().interval(IMG, POINT);
            text.append(result.name()).append(',').append(result.main().pck(IMG, POINT));
            text.append(',').append(interval.low()).append(',').append(interval.high());
            text.append(',').append(result.main().pck(BBOX, POINT)).append(',');
            text.append(result.transfer() == null ? "" : result.transfer().pck(IMG, POINT));
            PairCost cost = result.cost();
            text.append(',').append(cost == null ? "" : cost.seconds());
            text.append(',').append(cost == null ? "" : cost.peakMegabytes()).append('\n');
        }
        return text.toString();
    }

    void write(Path folder) throws IOException {
        AtomicFiles.write(folder.resolve("table1.md"), path -> Files.writeString(path, markdown()));
        AtomicFiles.write(folder.resolve("table1.csv"), path -> Files.writeString(path, csv()));
    }
}
