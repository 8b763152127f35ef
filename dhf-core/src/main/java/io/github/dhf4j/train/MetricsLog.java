package io.github.dhf4j.train;

import com.google.gson.JsonObject;
import io.github.dhf4j.io.AtomicFiles;
import io.github.dhf4j.io.Json;
import io.github.dhf4j.io.TextFiles;
import java.io.BufferedWriter;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/** {@code metrics.jsonl} and {@code metrics.csv}, a line a step. What a killed run wrote past its checkpoint is cut off. */
public final class MetricsLog implements Closeable {
    private static final String STEP = "step";

    private final List<String> columns;
    private final BufferedWriter json;
    private final BufferedWriter csv;

    private MetricsLog(List<String> columns, BufferedWriter json, BufferedWriter csv) {
        this.columns = columns;
        this.json = json;
        this.csv = csv;
    }

    /**
     * Opens both files behind the line of a step.
     *
     * @param folder where they lie
     * @param step the last that is kept; 0 begins anew
     * @param columns what lines hold, beside {@code step}
     * @return the log; the caller closes it
     * @throws IOException if a file cannot be read or written
     */
    public static MetricsLog open(Path folder, int step, String... columns) throws IOException {
        Path jsonPath = folder.resolve("metrics.jsonl");
        Path csvPath = folder.resolve("metrics.csv");
        List<String> jsonLines = kept(jsonPath, step);
        List<String> csvLines = new ArrayList<>(List.of(STEP + "," + String.join(",", columns)));
        if (step > 0 && Files.exists(csvPath)) {
            for (String line : TextFiles.lines(csvPath)) {
                if (line.matches("\\d+,.*") && Integer.parseInt(line.substring(0, line.indexOf(','))) <= step) {
                    csvLines.add(line);
                }
            }
        }
        AtomicFiles.write(jsonPath, path -> Files.write(path, jsonLines));
        AtomicFiles.write(csvPath, path -> Files.write(path, csvLines));
        return new MetricsLog(List.of(columns), appender(jsonPath), appender(csvPath));
    }

    private static List<String> kept(Path path, int step) throws IOException {
        List<String> lines = new ArrayList<>();
        if (step > 0 && Files.exists(path)) {
            for (String line : TextFiles.lines(path)) {
                try {
                    JsonObject object = Json.parseObject(line);
                    if (object.get(STEP).getAsInt() <= step) {
                        lines.add(line);
                    }
                } catch (IOException e) {
                    break; // the line at which the run was killed
                }
            }
        }
        return lines;
    }

    private static BufferedWriter appender(Path path) throws IOException {
        return Files.newBufferedWriter(path, StandardCharsets.UTF_8, StandardOpenOption.APPEND);
    }

    /**
     * Adds a line to both.
     *
     * @param line {@code step}, and what there is of the columns
     * @throws IOException if a file cannot be written
     */
    public void add(JsonObject line) throws IOException {
        json.write(line + "\n");
        json.flush();
        csv.write(line.get(STEP).getAsString());
        for (String column : columns) {
            csv.write("," + (line.has(column) ? line.get(column).getAsString() : ""));
        }
        csv.write("\n");
        csv.flush();
    }

    @Override
    public void close() throws IOException {
        json.close();
        csv.close();
    }
}
