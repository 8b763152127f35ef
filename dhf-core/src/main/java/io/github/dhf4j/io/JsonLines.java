package io.github.dhf4j.io;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** JSON Lines: text files of one JSON object a line. Empty lines are passed over. */
public final class JsonLines {
    private JsonLines() {}

    /**
     * A line.
     *
     * @param object what it holds
     * @param number its number, 1 for the first of the file
     * @param where file and line, for messages
     */
    public record Line(JsonObject object, int number, String where) {}

    /**
     * Reads a file.
     *
     * @param path a text file that fits into memory
     * @return its lines that are not empty
     * @throws IOException if it is missing, empty or no text, or a line is not one JSON object; then the message names
     *     file and line
     */
    public static List<Line> read(Path path) throws IOException {
        FileBytes.lengthOf(path);
        List<Line> lines = new ArrayList<>();
        int number = 0;
        for (String text : TextFiles.lines(path)) {
            number++;
            if (!text.isBlank()) {
                String where = path + " line " + number;
                try {
                    lines.add(new Line(Json.parseObject(text), number, where));
                } catch (IOException e) {
                    throw new IOException(
                            "line must be a JSON object, got " + Texts.reason(e) + " (" + where
                                    + "); the file is damaged",
                            e);
                }
            }
        }
        return lines;
    }
}
