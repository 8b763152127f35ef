package io.github.dhf4j.eval.pck;

import com.google.gson.JsonObject;
import io.github.dhf4j.io.AtomicFiles;
import io.github.dhf4j.io.Environment;
import io.github.dhf4j.io.Json;
import io.github.dhf4j.io.Texts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/**
 * What the files of all evaluations have in common: where they come from, what was run with what, and what was left out.
 *
 * @param method what was scored, by name
 * @param dataset on what
 * @param remarks of the data set
 * @param context what was run with what
 */
public record RunReport(String method, String dataset, List<String> remarks, EvaluationContext context) {
    /**
     * Copies the list.
     *
     * @param method as above
     * @param dataset as above
     * @param remarks as above
     * @param context as above
     */
    public RunReport {
        remarks = List.copyOf(remarks);
    }

    /**
     * When a file is written.
     *
     * @return now, to the second, in UTC
     */
    public static String created() {
        return Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
    }

    /**
     * Begins a JSON output.
     *
     * @param schema what it says it is
     * @return {@code schema}, {@code version}, {@code created}, {@code note}, {@code method} and {@code dataset}
     */
    public JsonObject head(String schema) {
        JsonObject json = new JsonObject();
        json.addProperty("schema", schema);
        json.addProperty("version", Environment.version());
        json.addProperty("created", created());
        json.addProperty("note", context.note());
        json.addProperty("method", method);
        json.addProperty("dataset", dataset);
        return json;
    }

    /**
     * Adds {@code settings}.
     *
     * @param json to which
     */
    public void addSettings(JsonObject json) {
        JsonObject settings = new JsonObject();
        context.settings().forEach(settings::addProperty);
        json.add("settings", settings);
    }

    /**
     * Adds {@code remarks} and writes the whole.
     *
     * @param json what else it says
     * @param path the file
     * @throws IOException if it cannot be written
     */
    public void write(JsonObject json, Path path) throws IOException {
        json.add("remarks", Json.array(remarks));
        String text = Json.pretty(json);
        AtomicFiles.write(path, temporary -> Files.writeString(temporary, text));
    }

    /**
     * The whole for people.
     *
     * @param caption a line of what was scored
     * @param tables the scores, each table with an empty line behind it
     * @return Markdown
     */
    public String markdown(String caption, String tables) {
        StringBuilder text = new StringBuilder("# " + method + "\n\n" + caption + "\n\n");
        text.append(context.note().isEmpty() ? "" : "**" + Texts.sentence(context.note()) + "**\n\n");
        text.append(tables);
        text.append(ScoreTable.settings(EvaluationFiles.settings(context)).markdown());
        remarks.forEach(remark -> text.append("\n- ").append(remark));
        return text.append(remarks.isEmpty() ? "" : "\n").toString();
    }
}
