package io.github.dhf4j.eval.homography;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.github.dhf4j.eval.homography.HomographyEvaluation.Part;
import io.github.dhf4j.eval.pck.EvaluationContext;
import io.github.dhf4j.eval.pck.RunReport;
import io.github.dhf4j.eval.pck.ScoreTable;
import io.github.dhf4j.io.AtomicFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** An evaluation of homographies as files in a folder: {@code pairs.csv}, {@code homography.json} and {@code homography.md}. */
public final class HomographyFiles {
    /** What {@code homography.json} says it is; a later form has another number. */
    public static final String SCHEMA = "dhf.homography/1";

    private static final String HEAD = "sequence,image,first_points,second_points,matches,inliers,error";

    private HomographyFiles() {}

    /**
     * Writes all three.
     *
     * @param evaluation what to write
     * @param remarks of the data set
     * @param context what was run with what
     * @param folder made if it is not there
     * @throws IOException if a file cannot be written
     */
    public static void write(
            HomographyEvaluation evaluation, List<String> remarks, EvaluationContext context, Path folder)
            throws IOException {
        Files.createDirectories(folder);
        List<String> lines = new ArrayList<>(List.of(HEAD));
        for (HomographyScore score : evaluation.scores()) {
            lines.add(score.pair().sequence() + "," + score.pair().number() + "," + score.firstPoints() + ","
                    + score.secondPoints() + "," + score.matches() + "," + score.inliers() + ","
                    + (Double.isFinite(score.error()) ? score.error() : ""));
        }
        AtomicFiles.write(folder.resolve("pairs.csv"), path -> Files.write(path, lines));
        RunReport report = new RunReport(evaluation.method(), evaluation.dataset(), remarks, context);
        report.write(json(evaluation, report), folder.resolve("homography.json"));
        String markdown = report.markdown(
                evaluation.dataset() + ": " + evaluation.scores().size() + " pairs.",
                overall(evaluation).markdown() + '\n');
        AtomicFiles.write(folder.resolve("homography.md"), path -> Files.writeString(path, markdown));
    }

    private static JsonObject json(HomographyEvaluation evaluation, RunReport report) {
        JsonObject json = report.head(SCHEMA);
        json.addProperty("pairs", evaluation.scores().size());
        report.addSettings(json);
        JsonArray scores = new JsonArray();
        for (Part part : Part.values()) {
            for (int within : HomographyEvaluation.WITHIN) {
                double accuracy = evaluation.accuracy(part, within);
                if (!Double.isNaN(accuracy)) {
                    JsonObject score = new JsonObject();
                    score.addProperty("part", part.name().toLowerCase(Locale.ROOT));
                    score.addProperty("within", within);
                    score.addProperty("accuracy", accuracy);
                    scores.add(score);
                }
            }
        }
        json.add("scores", scores);
        return json;
    }

    /**
     * The share of homographies within each distance, in percent.
     *
     * @param evaluation what to lay out
     * @return a row for all pairs and for those of each kind that there are
     */
    public static ScoreTable overall(HomographyEvaluation evaluation) {
        List<String> head = new ArrayList<>(List.of(""));
        HomographyEvaluation.WITHIN.forEach(within -> head.add("within " + within + " px"));
        List<List<String>> rows = new ArrayList<>();
        for (Part part : Part.values()) {
            if (!Double.isNaN(evaluation.accuracy(part, 1))) {
                List<String> row = new ArrayList<>(List.of(part.name().toLowerCase(Locale.ROOT)));
                for (int within : HomographyEvaluation.WITHIN) {
                    row.add(String.format(Locale.ROOT, "%.1f", 100 * evaluation.accuracy(part, within)));
                }
                rows.add(row);
            }
        }
        return new ScoreTable(head, rows);
    }
}
