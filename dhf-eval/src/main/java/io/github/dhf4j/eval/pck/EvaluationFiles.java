package io.github.dhf4j.eval.pck;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.github.dhf4j.io.AtomicFiles;
import io.github.dhf4j.io.Environment;
import io.github.dhf4j.io.FileBytes;
import io.github.dhf4j.io.Json;
import io.github.dhf4j.io.TextFiles;
import io.github.dhf4j.io.Texts;
import io.github.dhf4j.matching.Point;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * An evaluation as files in a folder: {@code points.csv} (a line a point, to which every score can be traced),
 * {@code evaluation.json} and {@code evaluation.md}.
 */
public final class EvaluationFiles {
    private static final String OLDER_HEAD =
            "pair,category,keypoint,source_x,source_y,target_x,target_y,found_x,found_y,distance,image_side,box_side";

    private static final String HEAD = OLDER_HEAD + ",twin_distance";

    /** What {@code evaluation.json} says it is; a later form has another number. */
    public static final String SCHEMA = "dhf.evaluation/1";

    private static final String POINTS = "points.csv";
    private static final String JSON = "evaluation.json";

    private EvaluationFiles() {}

    /**
     * Writes all three, with nothing known of the run.
     *
     * @param evaluation what to write
     * @param thresholds what to score
     * @param remarks of the data set, so that what was left out is not forgotten
     * @param folder made if it is not there
     * @throws IOException if a file cannot be written
     */
    public static void write(Evaluation evaluation, List<Threshold> thresholds, List<String> remarks, Path folder)
            throws IOException {
        write(evaluation, thresholds, remarks, EvaluationContext.NONE, folder);
    }

    /**
     * Writes all three.
     *
     * @param evaluation what to write
     * @param thresholds what to score
     * @param remarks of the data set, so that what was left out is not forgotten
     * @param context what was run with what
     * @param folder made if it is not there
     * @throws IOException if a file cannot be written
     */
    public static void write(
            Evaluation evaluation,
            List<Threshold> thresholds,
            List<String> remarks,
            EvaluationContext context,
            Path folder)
            throws IOException {
        Files.createDirectories(folder);
        List<String> lines = new ArrayList<>(List.of(HEAD));
        evaluation.points().forEach(point -> lines.add(line(point)));
        AtomicFiles.write(folder.resolve(POINTS), path -> Files.write(path, lines));
        RunReport report = report(evaluation, remarks, context);
        report.write(json(evaluation, thresholds, report), folder.resolve(JSON));
        String markdown = markdown(evaluation, thresholds, remarks, context);
        AtomicFiles.write(folder.resolve("evaluation.md"), path -> Files.writeString(path, markdown));
    }

    private static String line(PointScore point) {
        return quote(point.pair()) + "," + quote(point.category()) + "," + quote(point.keypoint()) + ","
                + point.source().x() + "," + point.source().y() + ","
                + point.target().x() + ","
                + point.target().y() + "," + point.found().x() + ","
                + point.found().y() + "," + point.distance() + ","
                + point.imageSide() + "," + number(point.boxSide()) + "," + number(point.twinDistance());
    }

    private static String number(double value) {
        return Double.isNaN(value) ? "" : String.valueOf(value);
    }

    private static String quote(String text) {
        return text.matches("[^,\"\\r\\n]*") ? text : "\"" + text.replace("\"", "\"\"") + "\"";
    }

    private static RunReport report(Evaluation evaluation, List<String> remarks, EvaluationContext context) {
        return new RunReport(evaluation.method(), evaluation.dataset(), remarks, context);
    }

    private static JsonObject json(Evaluation evaluation, List<Threshold> thresholds, RunReport report) {
        JsonObject json = report.head(SCHEMA);
        json.addProperty("resolution", evaluation.matchSize());
        json.addProperty("pairs", evaluation.byPair().size());
        json.addProperty("points", evaluation.points().size());
        report.addSettings(json);
        JsonArray scores = new JsonArray();
        for (Threshold threshold : thresholds) {
            for (Evaluation.Average average : Evaluation.Average.values()) {
                double pck = evaluation.pck(threshold, average);
                if (Double.isNaN(pck)) {
                    continue; // boxes where the data set has none
                }
                Bootstrap.Interval interval = evaluation.interval(threshold, average);
                JsonObject score = new JsonObject();
                score.addProperty("threshold", threshold.toString());
                score.addProperty("average", average.name().toLowerCase(Locale.ROOT));
                score.addProperty("pck", pck);
                score.addProperty("mean_of_categories", evaluation.meanOfCategories(threshold, average));
                score.addProperty("low", interval.low());
                score.addProperty("high", interval.high());
                JsonObject categories = new JsonObject();
                for (String category : evaluation.categories()) {
                    double value = evaluation.pck(threshold, average, category);
                    if (!Double.isNaN(value)) {
                        categories.addProperty(category, value);
                    }
                }
                score.add("categories", categories);
                scores.add(score);
            }
        }
        json.add("scores", scores);
        Evaluation twins = evaluation.withTwins();
        if (!twins.points().isEmpty()) {
            json.add("twins", twins(twins, thresholds));
        }
        return json;
    }

    private static JsonObject twins(Evaluation twins, List<Threshold> thresholds) {
        JsonObject json = new JsonObject();
        json.addProperty("points", twins.points().size());
        json.addProperty("swapped", twins.swapped());
        JsonArray scores = new JsonArray();
        for (Threshold threshold : thresholds) {
            double pck = twins.pck(threshold, Evaluation.Average.PER_POINT);
            if (!Double.isNaN(pck)) {
                Bootstrap.Interval interval = twins.interval(threshold, Evaluation.Average.PER_POINT);
                JsonObject score = new JsonObject();
                score.addProperty("threshold", threshold.toString());
                score.addProperty("pck", pck);
                score.addProperty("low", interval.low());
                score.addProperty("high", interval.high());
                scores.add(score);
            }
        }
        json.add("scores", scores);
        return json;
    }

    /**
     * The scores as a Markdown text, with nothing known of the run.
     *
     * @param evaluation what to write
     * @param thresholds what to score
     * @param remarks of the data set
     * @return the text
     */
    public static String markdown(Evaluation evaluation, List<Threshold> thresholds, List<String> remarks) {
        return markdown(evaluation, thresholds, remarks, EvaluationContext.NONE);
    }

    /**
     * The scores as a Markdown text: overall with 95% intervals, then by category, then what was run with what.
     *
     * @param evaluation what to write
     * @param thresholds what to score
     * @param remarks of the data set
     * @param context what was run with what
     * @return the text
     */
    public static String markdown(
            Evaluation evaluation, List<Threshold> thresholds, List<String> remarks, EvaluationContext context) {
        StringBuilder tables = new StringBuilder();
        tables.append(ScoreTable.overall(evaluation, thresholds).markdown()).append('\n');
        tables.append(ScoreTable.byCategory(evaluation, thresholds).markdown()).append('\n');
        ScoreTable twins = ScoreTable.twins(evaluation, thresholds);
        tables.append(twins.rows().isEmpty() ? "" : twins.markdown() + '\n');
        return report(evaluation, remarks, context).markdown(ScoreTable.caption(evaluation), tables.toString());
    }

    /**
     * What a report lists of a run: its settings, then when and by which version of the library it was written.
     *
     * @param context what was run with what
     * @return by name, in order
     */
    public static Map<String, String> settings(EvaluationContext context) {
        Map<String, String> settings = new LinkedHashMap<>(context.settings());
        settings.put("written", RunReport.created());
        settings.put("version", Environment.version());
        return settings;
    }

    /**
     * Reads an evaluation that {@link #write} wrote, such as to compare it with another.
     *
     * @param folder where it lies
     * @return the evaluation
     * @throws IOException if the files are missing or malformed
     */
    public static Evaluation read(Path folder) throws IOException {
        JsonObject json = Json.readObject(folder.resolve(JSON));
        Path csv = folder.resolve(POINTS);
        FileBytes.lengthOf(csv);
        List<String> lines = TextFiles.lines(csv);
        String head = lines.isEmpty() ? "" : lines.get(0);
        if (!head.equals(HEAD) && !head.equals(OLDER_HEAD)) {
            throw new IOException("first line must be '" + HEAD + "', got '" + Texts.shown(head) + "' (" + csv
                    + "); name the folder of an evaluation");
        }
        List<PointScore> points = new ArrayList<>();
        for (int i = 1; i < lines.size(); i++) {
            if (!lines.get(i).isBlank()) {
                points.add(parse(lines.get(i), csv + " line " + (i + 1)));
            }
        }
        try {
            return new Evaluation(
                    json.get("method").getAsString(),
                    json.get("dataset").getAsString(),
                    json.get("resolution").getAsInt(),
                    points);
        } catch (RuntimeException e) {
            throw new IOException(
                    "evaluation must name method, dataset and resolution, got " + Texts.reason(e) + " (" + folder
                            + "); evaluate again",
                    e);
        }
    }

    private static PointScore parse(String line, String where) throws IOException {
        List<String> cells = new ArrayList<>();
        StringBuilder cell = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c == '"') {
                boolean escaped = quoted && i + 1 < line.length() && line.charAt(i + 1) == '"';
                if (escaped) {
                    cell.append(c);
                    i++;
                } else {
                    quoted = !quoted;
                }
            } else if (c == ',' && !quoted) {
                cells.add(cell.toString());
                cell.setLength(0);
            } else {
                cell.append(c);
            }
        }
        cells.add(cell.toString());
        try {
            double[] numbers = new double[10];
            for (int k = 0; k < numbers.length; k++) {
                // evaluations of earlier versions do not know twins
                String text = k == 9 && cells.size() == 12 ? "" : cells.get(k + 3);
                numbers[k] = text.isEmpty() ? Double.NaN : Double.parseDouble(text);
            }
            return new PointScore(
                    cells.get(0),
                    cells.get(1),
                    cells.get(2),
                    new Point(numbers[0], numbers[1]),
                    new Point(numbers[2], numbers[3]),
                    new Point(numbers[4], numbers[5]),
                    numbers[6],
                    numbers[7],
                    numbers[8],
                    numbers[9]);
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            throw new IOException(
                    "line must have " + HEAD + ", got '" + Texts.shown(line) + "' (" + where + "); evaluate again", e);
        }
    }
}
