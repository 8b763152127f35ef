package io.github.dhf4j.eval.annotation;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.github.dhf4j.data.Box;
import io.github.dhf4j.io.Texts;
import io.github.dhf4j.matching.Point;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Fields of an object in a file of annotations. What is not as it must be is an {@link IllegalArgumentException}. */
record Fields(JsonObject object) {
    static Fields of(@Nullable JsonElement element, String what) {
        if (element instanceof JsonObject object) {
            return new Fields(object);
        }
        throw new IllegalArgumentException(what + " must be an object, got " + Texts.shown(element));
    }

    boolean has(String key) {
        return object.has(key) && !object.get(key).isJsonNull();
    }

    @Nullable
    JsonElement get(String key) {
        return has(key) ? object.get(key) : null;
    }

    String text(String key) {
        JsonElement element = get(key);
        if (element != null
                && element.isJsonPrimitive()
                && !element.getAsString().isBlank()) {
            return element.getAsString();
        }
        throw broken(key, "a text", element);
    }

    String text(String key, String otherwise) {
        return has(key) ? text(key) : otherwise;
    }

    double number(String key) {
        return number(get(key), key);
    }

    double number(String key, double otherwise) {
        return has(key) ? number(key) : otherwise;
    }

    int integer(String key) {
        return integer(get(key), key);
    }

    boolean flag(String key) {
        JsonElement element = get(key);
        return element != null
                && element.isJsonPrimitive()
                && (element.getAsString().equals("1") || element.getAsString().equals("true"));
    }

    JsonArray array(String key) {
        if (get(key) instanceof JsonArray array) {
            return array;
        }
        throw broken(key, "a list", get(key));
    }

    JsonArray arrayOrNone(String key) {
        return has(key) ? array(key) : new JsonArray();
    }

    List<String> texts(String key) {
        List<String> texts = new ArrayList<>();
        for (JsonElement element : arrayOrNone(key)) {
            if (!element.isJsonPrimitive()) {
                throw broken(key, "a list of texts", element);
            }
            texts.add(element.getAsString());
        }
        return texts;
    }

    List<Point> points(String key) {
        return points(arrayOrNone(key), key);
    }

    static List<Point> points(JsonElement list, String key) {
        List<Point> points = new ArrayList<>();
        for (JsonElement element : arrayOf(list, key)) {
            JsonArray xy = arrayOf(element, key);
            if (xy.size() != 2) {
                throw broken(key, "a list of [x, y]", element);
            }
            points.add(new Point(number(xy.get(0), key), number(xy.get(1), key)));
        }
        return points;
    }

    /** Left, top, right, bottom; null where there is none. */
    @Nullable
    Box corners(String key) {
        if (!has(key)) {
            return null;
        }
        JsonArray sides = array(key);
        if (sides.size() != 4) {
            throw broken(key, "[left, top, right, bottom]", sides);
        }
        return new Box(
                number(sides.get(0), key),
                number(sides.get(1), key),
                number(sides.get(2), key),
                number(sides.get(3), key));
    }

    static JsonArray arrayOf(@Nullable JsonElement element, String key) {
        if (element instanceof JsonArray array) {
            return array;
        }
        throw broken(key, "a list", element);
    }

    static double number(@Nullable JsonElement element, String key) {
        if (element != null
                && element.isJsonPrimitive()
                && element.getAsJsonPrimitive().isNumber()) {
            double value = element.getAsDouble();
            if (Double.isFinite(value)) {
                return value;
            }
        }
        throw broken(key, "a number", element);
    }

    static int integer(@Nullable JsonElement element, String key) {
        double value = number(element, key);
        if (value != Math.rint(value) || Math.abs(value) > Integer.MAX_VALUE) {
            throw broken(key, "a whole number", element);
        }
        return (int) value;
    }

    static IllegalArgumentException broken(String key, String expected, @Nullable JsonElement found) {
        return new IllegalArgumentException("'" + key + "' must be " + expected + ", got " + Texts.shown(found));
    }
}
