package io.github.dhf4j.eval.data;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.github.dhf4j.data.Box;
import io.github.dhf4j.image.Size;
import io.github.dhf4j.io.Texts;
import io.github.dhf4j.matching.Point;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
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

    /** A file named by a field, relative to a folder. */
    Path path(Path folder, String key) throws IOException {
        String text = text(key);
        try {
            Path path = folder.resolve(text);
            if (path.getFileName() != null) {
                return path;
            }
        } catch (InvalidPathException e) {
            // answered below
        }
        throw broken(key, "the name of a file", object.get(key));
    }

    /** Width and height, whatever follows them; null where there are none. */
    @Nullable
    Size size(String key) throws IOException {
        if (!object.has(key)) {
            return null;
        }
        JsonArray sides = array(key);
        try {
            if (sides.size() >= 2) {
                return new Size(
                        (int) sides.get(0).getAsDouble(), (int) sides.get(1).getAsDouble());
            }
        } catch (IllegalStateException | IllegalArgumentException | UnsupportedOperationException e) {
            // answered below
        }
        throw broken(key, "[width, height]", sides);
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

    /** A list of finite numbers. */
    List<Double> numbers(String key) throws IOException {
        List<Double> numbers = new ArrayList<>();
        for (JsonElement element : array(key)) {
            try {
                numbers.add(element.getAsDouble());
            } catch (IllegalStateException | NumberFormatException | UnsupportedOperationException e) {
                throw broken(key, "a list of numbers", element);
            }
            if (!Double.isFinite(numbers.get(numbers.size() - 1))) {
                throw broken(key, "a list of finite numbers", element);
            }
        }
        return numbers;
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

    /** A whole number. */
    int integer(String key) throws IOException {
        JsonElement element = object.get(key);
        try {
            if (element != null && element.isJsonPrimitive()) {
                return element.getAsBigDecimal().intValueExact();
            }
        } catch (ArithmeticException | NumberFormatException e) {
            // answered below
        }
        throw broken(key, "a whole number", element);
    }

    /** A whole number above 0. */
    int positive(String key) throws IOException {
        int number = integer(key);
        if (number > 0) {
            return number;
        }
        throw broken(key, "a whole number above 0", object.get(key));
    }

    /** A box as COCO has it; null with a remark if it has no area. */
    @Nullable
    Box boxOfSides(String key, PairCollector collector) throws IOException {
        List<Double> box = numbers(key);
        if (box.size() != 4) {
            throw broken(key, "[left, top, width, height]", object.get(key));
        }
        return collector.box(box.get(0), box.get(1), box.get(0) + box.get(2), box.get(1) + box.get(3), where);
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

    JsonArray array(String key) throws IOException {
        if (object.get(key) instanceof JsonArray array) {
            return array;
        }
        throw broken(key, "a list", object.get(key));
    }

    IOException broken(String key, String expected, @Nullable JsonElement found) {
        return new IOException("'" + key + "' must be " + expected + ", got " + Texts.shown(found) + " (" + where
                + "); the annotation is damaged");
    }
}
