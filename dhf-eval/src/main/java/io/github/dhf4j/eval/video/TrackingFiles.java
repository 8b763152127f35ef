package io.github.dhf4j.eval.video;

import com.google.gson.JsonObject;
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

/** An evaluation of videos as files in a folder: {@code objects.csv}, {@code tracking.json} and {@code tracking.md}. */
public final class TrackingFiles {
    /** What {@code tracking.json} says it is; a later form has another number. */
    public static final String SCHEMA = "dhf.tracking/1";

    private static final String HEAD = "sequence,object,frames,j_mean,j_recall,j_decay,f_mean,f_recall,f_decay";

    private TrackingFiles() {}

    /**
     * Writes all three.
     *
     * @param evaluation what to write
     * @param how labels went on
     * @param remarks of the data set
     * @param context what was run with what
     * @param folder made if it is not there
     * @throws IOException if a file cannot be written
     */
    public static void write(
            VideoEvaluation evaluation,
            LabelPropagation how,
            List<String> remarks,
            EvaluationContext context,
            Path folder)
            throws IOException {
        Files.createDirectories(folder);
        List<String> lines = new ArrayList<>(List.of(HEAD));
        evaluation.objects().forEach(object -> lines.add(line(object)));
        AtomicFiles.write(folder.resolve("objects.csv"), path -> Files.write(path, lines));
        RunReport report = new RunReport(evaluation.method(), evaluation.dataset(), remarks, context);
        report.write(json(evaluation, how, report), folder.resolve("tracking.json"));
        String tables = evaluation.objects().isEmpty()
                ? ""
                : overall(evaluation).markdown() + '\n' + byObject(evaluation).markdown() + '\n';
        String markdown = report.markdown(
                evaluation.dataset() + ": " + evaluation.objects().size() + " objects.", tables);
        AtomicFiles.write(folder.resolve("tracking.md"), path -> Files.writeString(path, markdown));
    }

    private static String line(ObjectScore object) {
        FrameStatistics j = object.region();
        FrameStatistics f = object.contour();
        return object.sequence() + "," + object.object() + "," + object.frames() + "," + j.mean() + "," + j.recall()
                + "," + j.decay() + "," + f.mean() + "," + f.recall() + "," + f.decay();
    }

    private static JsonObject json(VideoEvaluation evaluation, LabelPropagation how, RunReport report) {
        JsonObject json = report.head(SCHEMA);
        json.addProperty("objects", evaluation.objects().size());
        report.addSettings(json);
        JsonObject propagation = new JsonObject();
        propagation.addProperty("frames", how.frames());
        propagation.addProperty("nearest", how.nearest());
        propagation.addProperty("temperature", how.temperature());
        propagation.addProperty("reach", how.reach());
        json.add("propagation", propagation);
        if (!evaluation.objects().isEmpty()) {
            json.addProperty("j_and_f", evaluation.regionAndContour());
            json.add("j", json(evaluation.region()));
            json.add("f", json(evaluation.contour()));
        }
        return json;
    }

    private static JsonObject json(FrameStatistics statistics) {
        JsonObject json = new JsonObject();
        json.addProperty("mean", statistics.mean());
        json.addProperty("recall", statistics.recall());
        json.addProperty("decay", statistics.decay());
        return json;
    }

    /**
     * J, F and their mean, in percent.
     *
     * @param evaluation what to lay out
     * @return a table of one row
     */
    public static ScoreTable overall(VideoEvaluation evaluation) {
        FrameStatistics j = evaluation.region();
        FrameStatistics f = evaluation.contour();
        return new ScoreTable(
                List.of("J&F mean", "J mean", "J recall", "J decay", "F mean", "F recall", "F decay"),
                List.of(List.of(
                        percent(evaluation.regionAndContour()),
                        percent(j.mean()),
                        percent(j.recall()),
                        percent(j.decay()),
                        percent(f.mean()),
                        percent(f.recall()),
                        percent(f.decay()))));
    }

    private static ScoreTable byObject(VideoEvaluation evaluation) {
        return new ScoreTable(
                List.of("object", "frames", "J mean", "F mean"),
                evaluation.objects().stream()
                        .map(object -> List.of(
                                object.sequence() + " " + object.object(),
                                String.valueOf(object.frames()),
                                percent(object.region().mean()),
                                percent(object.contour().mean())))
                        .toList());
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f", 100 * share);
    }
}
