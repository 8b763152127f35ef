package io.github.dhf4j.eval.pck;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Scores laid out for people: what every form of a report shows, so that no two forms differ.
 *
 * @param head titles of the columns
 * @param rows cells as text, as many in each row as there are columns
 */
public record ScoreTable(List<String> head, List<List<String>> rows) {
    /**
     * Takes copies.
     *
     * @param head titles of the columns
     * @param rows cells as text
     */
    public ScoreTable {
        head = List.copyOf(head);
        rows = List.copyOf(rows);
    }

    /**
     * One line that says what was scored.
     *
     * @param evaluation what to describe
     * @return data set, pairs, points and grid
     */
    public static String caption(Evaluation evaluation) {
        return String.format(
                Locale.ROOT,
                "%s: %d pairs, %d points, matched at %d x %d.",
                evaluation.dataset(),
                evaluation.byPair().size(),
                evaluation.points().size(),
                evaluation.matchSize(),
                evaluation.matchSize());
    }

    /**
     * All pairs: a row a threshold, each average with its 95% interval.
     *
     * @param evaluation what to lay out
     * @param thresholds the rows
     * @return the table
     */
    public static ScoreTable overall(Evaluation evaluation, List<Threshold> thresholds) {
        List<List<String>> rows = new ArrayList<>();
        for (Threshold threshold : thresholds) {
            List<String> row = new ArrayList<>(List.of(threshold.toString()));
            for (Evaluation.Average average : Evaluation.Average.values()) {
                row.add(percent(evaluation.pck(threshold, average)));
                row.add(evaluation.interval(threshold, average).toString());
            }
            rows.add(row);
        }
        return new ScoreTable(List.of("", "per point", "95% interval", "per image", "95% interval"), rows);
    }

    /**
     * A row a category, a column a threshold, points pooled.
     *
     * @param evaluation what to lay out
     * @param thresholds the columns
     * @return the table
     */
    public static ScoreTable byCategory(Evaluation evaluation, List<Threshold> thresholds) {
        List<String> head = new ArrayList<>(List.of("category, per point"));
        thresholds.forEach(threshold -> head.add(threshold.toString()));
        List<List<String>> rows = new ArrayList<>();
        for (String category : evaluation.categories()) {
            List<String> row = new ArrayList<>(List.of(category));
            for (Threshold threshold : thresholds) {
                row.add(percent(evaluation.pck(threshold, Evaluation.Average.PER_POINT, category)));
            }
            rows.add(row);
        }
        List<String> mean =
                new ArrayList<>(List.of("mean of " + evaluation.categories().size() + " categories"));
        for (Threshold threshold : thresholds) {
            mean.add(percent(evaluation.meanOfCategories(threshold, Evaluation.Average.PER_POINT)));
        }
        rows.add(mean);
        return new ScoreTable(head, rows);
    }

    /**
     * The points that can be taken for a like part: a row a threshold.
     *
     * @param evaluation what to lay out
     * @param thresholds the rows
     * @return the table; no rows where no point has a twin
     */
    public static ScoreTable twins(Evaluation evaluation, List<Threshold> thresholds) {
        Evaluation twins = evaluation.withTwins();
        List<String> head = List.of(
                String.format(
                        Locale.ROOT,
                        "%d points with a twin, %s%% taken for it",
                        twins.points().size(),
                        percent((double) twins.swapped() / twins.points().size())),
                "per point",
                "95% interval");
        List<List<String>> rows = new ArrayList<>();
        for (Threshold threshold : twins.points().isEmpty() ? List.<Threshold>of() : thresholds) {
            rows.add(List.of(
                    threshold.toString(),
                    percent(twins.pck(threshold, Evaluation.Average.PER_POINT)),
                    twins.interval(threshold, Evaluation.Average.PER_POINT).toString()));
        }
        return new ScoreTable(head, rows);
    }

    /**
     * What was run with what: a row a setting.
     *
     * @param settings by name, in order
     * @return the table
     */
    public static ScoreTable settings(Map<String, String> settings) {
        List<List<String>> rows = new ArrayList<>();
        settings.forEach((name, value) -> rows.add(List.of(name, value)));
        return new ScoreTable(List.of("setting", "value"), rows);
    }

    /**
     * As Markdown.
     *
     * @return lines, each with its end
     */
    public String markdown() {
        StringBuilder text = new StringBuilder();
        text.append(line(head)).append("| --- ".repeat(head.size())).append("|\n");
        rows.forEach(row -> text.append(line(row)));
        return text.toString();
    }

    private static String line(List<String> cells) {
        return "| " + String.join(" | ", cells) + " |\n";
    }

    private static String percent(double share) {
        return Double.isNaN(share) ? "-" : String.format(Locale.ROOT, "%.1f", 100 * share);
    }
}
