package io.github.dhf4j.eval.video;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.github.dhf4j.eval.pck.EvaluationContext;
import io.github.dhf4j.eval.pck.EvaluationFiles;
import io.github.dhf4j.eval.pck.ScoreTable;
import io.github.dhf4j.io.AtomicFiles;
import io.github.dhf4j.io.Environment;
import io.github.dhf4j.io.Texts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
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
        String json = new GsonBuilder()
                .setPrettyPrinting()
                .disableHtmlEscaping()
                .create()
                .toJson(json(evaluation, how, remarks, context));
        AtomicFiles.write(folder.resolve("tracking.json"), path -> Files.writeString(path, json + "\n"));
        String markdown = markdown(evaluation, remarks, context);
        AtomicFiles.write(folder.resolve("tracking.md"), path -> Files.writeString(path, markdown));
    }

    private static String line(ObjectScore object) {
        FrameStatistics j = object.region();
        FrameStatistics f = object.contour();
        return object.sequence() + "," + object.object() + "," + object.frames() + "," + j.mean() + "," + j.recall()
                + "," + j.decay() + "," + f.mean() + "," + f.recall() + "," + f.decay();
    }

    private static JsonObject json(
            VideoEvaluation evaluation, LabelPropagation how, List<String> remarks, EvaluationContext context) {
        JsonObject json = new JsonObject();
        json.addProperty("schema", SCHEMA);
        json.addProperty("version", Environment.version());
        json.addProperty(
                "created", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
        json.addProperty("note", context.note());
        json.addProperty("method", evaluation.method());
        json.addProperty("dataset", evaluation.dataset());
        json.addProperty("objects", evaluation.objects().size());
        JsonObject settings = new JsonObject();
        context.settings().forEach(settings::addProperty);
        json.add("settings", settings);
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
        JsonArray notes = new JsonArray();
        remarks.forEach(notes::add);
        json.add("remarks", notes);
        return json;
    }

    private static JsonObject json(FrameStatistics statistics) {
        JsonObject json = new JsonObject();
        json.addProperty("mean", statistics.mean());
        json.addProperty("recall", statistics.recall());
        json.addProperty("decay", statistics.decay());
        return json;
    }

    private static String markdown(VideoEvaluation evaluation, List<String> remarks, EvaluationContext context) {
        StringBuilder text = new StringBuilder("# " + evaluation.method() + "\n\n" + evaluation.dataset() + ": "
                + evaluation.objects().size() + " objects.\n\n");
        text.append(context.note().isEmpty() ? "" : "**" + Texts.sentence(context.note()) + "**\n\n");
        if (!evaluation.objects().isEmpty()) {
            text.append(overall(evaluation).markdown())
                    .append('\n')
                    .append(byObject(evaluation).markdown())
                    .append('\n');
        }
        text.append(ScoreTable.settings(EvaluationFiles.settings(context)).markdown());
        remarks.forEach(remark -> text.append("\n- ").append(remark));
        return text.append(remarks.isEmpty() ? "" : "\n").toString();
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
