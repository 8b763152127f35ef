package io.github.dhf4j.train;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MetricsLogTest {
    @TempDir
    Path folder;

    private static JsonObject line(int step) {
        JsonObject line = new JsonObject();
        line.addProperty("step", step);
        line.addProperty("loss", 0.5 * step);
        return line;
    }

    @Test
    void filesThatWereSavedWithAMarkAndOtherLineEndsAreGoneOnWith() throws IOException {
        try (MetricsLog log = MetricsLog.open(folder, 0, "loss")) {
            log.add(line(1));
            log.add(line(2));
        }
        String json = Files.readString(folder.resolve("metrics.jsonl"));
        String csv = Files.readString(folder.resolve("metrics.csv"));
        for (String name : new String[] {"metrics.jsonl", "metrics.csv"}) {
            String text = Files.readString(folder.resolve(name));
            Files.writeString(folder.resolve(name), "\uFEFF" + text.replace("\n", "\r\n"));
        }
        MetricsLog.open(folder, 2, "loss").close();
        assertThat(folder.resolve("metrics.jsonl")).hasContent(json);
        assertThat(folder.resolve("metrics.csv")).hasContent(csv);
    }
}
