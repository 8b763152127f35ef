package io.github.dhf4j.eval.data;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.github.dhf4j.data.Box;
import io.github.dhf4j.match.Point;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Fields of an annotation object, with errors that name file, place and key. */
record JsonFields(JsonObject object, String where) {
    String text(String key) throws IOException {
        JsonElement element = object.get(key);
        if (element == null
                || !element.isJsonPrimitive()
                || element.getAsString().isBlank()) {
            throw broken(key, "a text", element);
        }
        return element.getAsString();
    }

    String text(String key, String otherwise) throws IOException {
        return object.has(key) ? text(key) : otherwise;
    }

    List<String> texts(String key) throws IOException {
        List<String> texts = new ArrayList<>();
        if (object.has(key)) {
            for (JsonElement element : array(key)) {
                texts.add(element.isJsonPrimitive() ? element.getAsString() : element.toString());
            }
        }
        return texts;
    }

    List<Point> points(String key) throws IOException {
        List<Point> points = new ArrayList<>();
        for (JsonElement element : array(key)) {
            try {
                JsonArray xy = element.getAsJsonArray();
                if (xy.size() != 2) {
                    throw broken(key, "a list of [x, y]", element);
                }
                points.add(new Point(xy.get(0).getAsDouble(), xy.get(1).getAsDouble()));
            } catch (IllegalStateException | NumberFormatException | UnsupportedOperationException e) {
                throw broken(key, "a list of [x, y]", element);
            } catch (IllegalArgumentException e) {
                throw broken(key, "a list of finite [x, y]", element);
            }
        }
        return points;
    }

    @Nullable
    Box box(String key, PairCollector collector) throws IOException {
        JsonElement element = object.get(key);
        if (element == null || element.isJsonNull()) {
            return null;
        }
        JsonArray corners = array(key);
        try {
            if (corners.size() == 4) {
                return collector.box(
                        corners.get(0).getAsDouble(),
                        corners.get(1).getAsDouble(),
                        corners.get(2).getAsDouble(),
                        corners.get(3).getAsDouble(),
                        where);
            }
        } catch (IllegalStateException | NumberFormatException | UnsupportedOperationException e) {
            // answered below
        }
        throw broken(key, "[left, top, right, bottom]", element);
    }

    private JsonArray array(String key) throws IOException {
        if (object.get(key) instanceof JsonArray array) {
            return array;
        }
        throw broken(key, "a list", object.get(key));
    }

    IOException broken(String key, String expected, @Nullable JsonElement found) {
        return new IOException("'" + key + "' must be " + expected + ", got " + (found == null ? "nothing" : found)
                + " (" + where + "); the annotation is damaged");
    }
}
