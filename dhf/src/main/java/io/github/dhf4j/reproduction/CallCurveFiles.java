package io.github.dhf4j.reproduction;

import io.github.dhf4j.eval.picture.BudgetPicture;
import io.github.dhf4j.io.AtomicFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** A {@link CallCurve} as a table for people, one for programs, and a picture. */
public final class CallCurveFiles {
    /** The names of what is written. */
    public static final List<String> NAMES = List.of("calls.md", "calls.csv", "calls.png");

    private CallCurveFiles() {}

    /**
     * The table, the choice and which budgets hold.
     *
     * @param curve what was measured
     * @param method by which checkpoint and weights, in words
     * @param note what the reader must know before any score; empty for nothing
     * @return Markdown
     */
    public static String markdown(CallCurve curve, String method, String note) {
        StringBuilder text = new StringBuilder();
        text.append("# PCK against network calls: ").append(method).append("\n\n");
        if (!note.isEmpty()) {
            text.append(note).append("\n\n");
        }
        text.append("PCK@0.1 img per point on ")
                .append(curve.pairs())
                .append(" pairs (")
                .append(curve.dataset())
                .append("); the difference is against the paper's walk, with its 95% interval over pairs.\n\n");
        text.append("| budget | calls an image | save indices | PCK | difference | interval | holds |\n");
        text.append("| --- | --- | --- | --- | --- | --- | --- |\n");
        for (CallCurve.Row row : curve.rows()) {
            text.append(String.format(
                    Locale.ROOT,
                    "| %s | %d | %s | %.1f | %+.1f | %s | %s |%n",
                    row.budget(),
                    row.calls(),
                    row.saveIndices().stream().map(String::valueOf).collect(Collectors.joining(" ")),
                    100 * row.pck(),
                    100 * row.difference().difference() + 0.0,
                    row.difference().interval(),
                    row.holds() ? "yes" : "no"));
        }
        return text.append('\n')
                .append(choice(curve))
                .append('\n')
                .append(holding(curve))
                .append('\n')
                .toString();
    }

    /**
     * What the curve speaks for.
     *
     * @param curve what was measured
     * @return a sentence
     */
    public static String choice(CallCurve curve) {
        CallCurve.Row choice = curve.choice();
        return String.format(
                Locale.ROOT,
                "choice: --calls %s, the fewest calls (%d an image) whose mean loss is at most %.1f points",
                choice.budget(),
                choice.calls(),
                100 * CallCurve.TOLERATED);
    }

    /**
     * Which budgets one weights file serves.
     *
     * @param curve what was measured
     * @return a sentence
     */
    public static String holding(CallCurve curve) {
        String lost = budgets(curve, false);
        return "one weights file holds at the budgets " + budgets(curve, true)
                + (lost.isEmpty() ? "" : "; not at " + lost);
    }

    private static String budgets(CallCurve curve, boolean holds) {
        return curve.rows().stream()
                .filter(row -> row.holds() == holds)
                .map(row -> row.budget().toString())
                .collect(Collectors.joining(", "));
    }

    /**
     * The table for programs, in shares of 1.
     *
     * @param curve what was measured
     * @return CSV with a line of names
     */
    public static String csv(CallCurve curve) {
        StringBuilder text = new StringBuilder("budget,calls,save_indices,pck,difference,low,high,holds\n");
        for (CallCurve.Row row : curve.rows()) {
            text.append(String.format(
                    Locale.ROOT,
                    "%s,%d,%s,%.6f,%.6f,%.6f,%.6f,%s%n",
                    row.budget(),
                    row.calls(),
                    row.saveIndices().stream().map(String::valueOf).collect(Collectors.joining(" ")),
                    row.pck(),
                    row.difference().difference() + 0.0,
                    row.difference().interval().low() + 0.0,
                    row.difference().interval().high() + 0.0,
                    row.holds()));
        }
        return text.toString();
    }

    /**
     * Writes {@link #NAMES}.
     *
     * @param curve what was measured
     * @param method by which checkpoint and weights, in words
     * @param note what the reader must know before any score; empty for nothing
     * @param folder made where it is missing
     * @throws IOException if a file cannot be written
     */
    public static void write(CallCurve curve, String method, String note, Path folder) throws IOException {
        Files.createDirectories(folder);
        AtomicFiles.write(folder.resolve(NAMES.get(0)), path -> Files.writeString(path, markdown(curve, method, note)));
        AtomicFiles.write(folder.resolve(NAMES.get(1)), path -> Files.writeString(path, csv(curve)));
        List<BudgetPicture.Mark> marks = curve.rows().stream()
                .map(row -> new BudgetPicture.Mark(
                        row.calls(),
                        100 * row.pck(),
                        100 * row.difference().difference(),
                        100 * row.difference().interval().low(),
                        100 * row.difference().interval().high(),
                        row.holds()))
                .toList();
        BudgetPicture.write(
                "PCK@0.1 img against network calls, " + curve.pairs() + " pairs: " + method,
                marks,
                100 * CallCurve.TOLERATED,
                note,
                folder.resolve(NAMES.get(2)));
    }
}
