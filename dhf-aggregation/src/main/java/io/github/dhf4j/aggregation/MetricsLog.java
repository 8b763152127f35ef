package io.github.dhf4j.aggregation;

import com.google.gson.JsonObject;
import io.github.dhf4j.io.AtomicFiles;
import io.github.dhf4j.io.Json;
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
final class MetricsLog implements Closeable {
    private static final String HEAD = "step,loss,learning_rate,seconds,score";

    private final BufferedWriter json;
    private final BufferedWriter csv;

    private MetricsLog(BufferedWriter json, BufferedWriter csv) {
        this.json = json;
        this.csv = csv;
    }

    /** Opens both files behind the line of {@code step}; 0 begins anew. */
    static MetricsLog open(Path folder, int step) throws IOException {
        Path jsonPath = folder.resolve("metrics.jsonl");
        Path csvPath = folder.resolve("metrics.csv");
        List<String> jsonLines = kept(jsonPath, step);
        List<String> csvLines = new ArrayList<>(List.of(HEAD));
        if (step > 0 && Files.exists(csvPath)) {
            for (String line : Files.readAllLines(csvPath)) {
                if (line.matches("\\d+,.*") && Integer.parseInt(line.substring(0, line.indexOf(','))) <= step) {
                    csvLines.add(line);
                }
            }
        }
        AtomicFiles.write(jsonPath, path -> Files.write(path, jsonLines));
        AtomicFiles.write(csvPath, path -> Files.write(path, csvLines));
        return new MetricsLog(appender(jsonPath), appender(csvPath));
    }

    private static List<String> kept(Path path, int step) throws IOException {
        List<String> lines = new ArrayList<>();
        if (step > 0 && Files.exists(path)) {
            for (String line : Files.readAllLines(path)) {
                try {
                    JsonObject object = Json.parseObject(line);
                    if (object.get("step").getAsInt() <= step) {
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

    void add(TrainingStep step) throws IOException {
        json.write(step.toJson() + "\n");
        json.flush();
        csv.write(step.toCsv() + "\n");
        csv.flush();
    }

    @Override
    public void close() throws IOException {
        json.close();
        csv.close();
    }
}
