package io.github.dhf4j.eval.annotation;

import com.google.gson.stream.JsonWriter;
import io.github.dhf4j.io.AtomicFiles;
import io.github.dhf4j.matching.Point;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** JSON files that are written as they grow. */
final class JsonStream {
    private JsonStream() {}

    @FunctionalInterface
    interface Content {
        void write(JsonWriter json) throws IOException;
    }

    static void write(Path file, Content content) throws IOException {
        AtomicFiles.write(file, temporary -> {
            try (JsonWriter json = new JsonWriter(Files.newBufferedWriter(temporary))) {
                json.setHtmlSafe(false);
                content.write(json);
            }
        });
    }

    static void point(JsonWriter json, Point point) throws IOException {
        json.beginArray()
                .value(Numbers.pixels(point.x()))
                .value(Numbers.pixels(point.y()))
                .endArray();
    }
}
