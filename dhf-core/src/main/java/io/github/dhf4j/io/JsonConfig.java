package io.github.dhf4j.io;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A configuration read key by key. What is read is checked; what is left over must be {@code null} or {@code false},
 * so that a setting this library does not know is refused by name and never silently ignored. A list of equal values
 * means that value where one is asked for.
 */
public final class JsonConfig {
    private static final int MAX_COUNT = 1_000;

    private final JsonObject object;
    private final String where;
    private final Set<String> seen = new HashSet<>();

    /**
     * Wraps an object.
     *
     * @param object the configuration
     * @param where its file, for messages
     */
    public JsonConfig(JsonObject object, String where) {
        this.object = object;
        this.where = where;
    }

    private @Nullable JsonElement get(String key) {
        seen.add(key);
        JsonElement element = object.get(key);
        return element == null || element.isJsonNull() ? null : element;
    }

    private @Nullable JsonElement single(String key) {
        JsonElement element = get(key);
        JsonElement one = element == null ? null : single(element);
        return one == null || one.isJsonNull() ? null : one;
    }

    /** What a list of equal values, or of lists of them, means. */
    private static JsonElement single(JsonElement element) {
        if (!(element instanceof JsonArray list) || list.isEmpty()) {
            return element;
        }
        List<JsonElement> values =
                list.asList().stream().map(JsonConfig::single).distinct().toList();
        return values.size() == 1 ? values.get(0) : element;
    }

    /**
     * An integer.
     *
     * @param key its key
     * @param otherwise the value where the key is absent or null
     * @return the value, 0 or more
     * @throws IOException if it is something else
     */
    public int integer(String key, int otherwise) throws IOException {
        JsonElement element = single(key);
        if (element == null) {
            return otherwise;
        }
        try {
            int value = element.getAsBigDecimal().intValueExact();
            if (value >= 0) {
                return value;
            }
        } catch (NumberFormatException
                | ArithmeticException
                | IllegalStateException
                | UnsupportedOperationException e) {
            // answered below
        }
        throw unsupported(key, element, "a whole number");
    }

    /**
     * How many layers or blocks there are. Each is declared before anything is compared with a file, so a number that no
     * network has is refused at once.
     *
     * @param key its key
     * @param otherwise the value where the key is absent or null
     * @return the value, 0 to 1,000
     * @throws IOException if it is something else
     */
    public int count(String key, int otherwise) throws IOException {
        return counted(key, integer(key, otherwise));
    }

    /**
     * How many layers there are in each block: one whole number for all, or a list with one for each.
     *
     * @param key its key
     * @param otherwise the value where the key is absent or null
     * @param blocks how many blocks
     * @return one number a block, each 0 to 1,000
     * @throws IOException if it is something else
     */
    public List<Integer> countPerBlock(String key, int otherwise, int blocks) throws IOException {
        List<Integer> values = integerPerBlock(key, otherwise, blocks);
        for (int value : values) {
            counted(key, value);
        }
        return values;
    }

    private int counted(String key, int value) throws IOException {
        if (value < 0 || value > MAX_COUNT) {
            throw unsupported(key, get(key), "0 to " + MAX_COUNT);
        }
        return value;
    }

    /**
     * A number.
     *
     * @param key its key
     * @param otherwise the value where the key is absent or null
     * @return the value
     * @throws IOException if it is something else
     */
    public double number(String key, double otherwise) throws IOException {
        JsonElement element = single(key);
        if (element == null) {
            return otherwise;
        }
        try {
            double value = element.getAsDouble();
            if (Double.isFinite(value)) {
                return value;
            }
        } catch (NumberFormatException | IllegalStateException | UnsupportedOperationException e) {
            // answered below
        }
        throw unsupported(key, element, "a number");
    }

    /**
     * A truth value.
     *
     * @param key its key
     * @param otherwise the value where the key is absent or null
     * @return the value
     * @throws IOException if it is something else
     */
    public boolean flag(String key, boolean otherwise) throws IOException {
        JsonElement element = single(key);
        if (element == null) {
            return otherwise;
        }
        if (element.isJsonPrimitive() && element.getAsJsonPrimitive().isBoolean()) {
            return element.getAsBoolean();
        }
        throw unsupported(key, element, "true or false");
    }

    /**
     * A text.
     *
     * @param key its key
     * @param otherwise the value where the key is absent or null
     * @return the value
     * @throws IOException if it is something else
     */
    public String text(String key, String otherwise) throws IOException {
        JsonElement element = single(key);
        if (element == null) {
            return otherwise;
        }
        if (element.isJsonPrimitive() && element.getAsJsonPrimitive().isString()) {
            return element.getAsString();
        }
        throw unsupported(key, element, "a text");
    }

    /**
     * A text out of a few.
     *
     * @param key its key
     * @param otherwise the value where the key is absent or null
     * @param allowed what is supported
     * @return the value
     * @throws IOException naming what is supported
     */
    public String oneOf(String key, String otherwise, String... allowed) throws IOException {
        String value = text(key, otherwise);
        if (!Arrays.asList(allowed).contains(value)) {
            throw new IOException("'" + key + "' must be one of " + Arrays.toString(allowed) + ", got '"
                    + Texts.shown(value) + "' (" + where + "); this library supports nothing else here");
        }
        return value;
    }

    /**
     * A list of whole numbers.
     *
     * @param key its key; must be there
     * @return the list, not empty
     * @throws IOException if it is something else
     */
    public List<Integer> integers(String key) throws IOException {
        JsonElement element = get(key);
        List<Integer> values = new ArrayList<>();
        if (element != null && element.isJsonArray()) {
            try {
                for (JsonElement item : element.getAsJsonArray()) {
                    values.add(single(item).getAsBigDecimal().intValueExact());
                }
            } catch (NumberFormatException
                    | ArithmeticException
                    | IllegalStateException
                    | UnsupportedOperationException e) {
                values.clear();
            }
        }
        if (values.isEmpty()) {
            throw unsupported(key, element, "a list of whole numbers");
        }
        return List.copyOf(values);
    }

    /**
     * One whole number for all blocks, or a list with one for each.
     *
     * @param key its key
     * @param otherwise the value where the key is absent or null
     * @param count how many blocks
     * @return one number a block
     * @throws IOException if it is neither
     */
    public List<Integer> integerPerBlock(String key, int otherwise, int count) throws IOException {
        JsonElement element = get(key);
        if (element != null && element.isJsonArray()) {
            List<Integer> values = integers(key);
            if (values.size() != count) {
                throw unsupported(key, element, count + " whole numbers");
            }
            return values;
        }
        int value = integer(key, otherwise);
        return java.util.Collections.nCopies(count, value);
    }

    /**
     * A list of texts.
     *
     * @param key its key; must be there
     * @return the list, not empty
     * @throws IOException if it is something else
     */
    public List<String> texts(String key) throws IOException {
        JsonElement element = get(key);
        List<String> values = new ArrayList<>();
        if (element != null && element.isJsonArray()) {
            for (JsonElement item : element.getAsJsonArray()) {
                if (item.isJsonPrimitive() && item.getAsJsonPrimitive().isString()) {
                    values.add(item.getAsString());
                }
            }
        }
        if (element == null
                || values.isEmpty()
                || values.size() != element.getAsJsonArray().size()) {
            throw unsupported(key, element, "a list of texts");
        }
        return List.copyOf(values);
    }

    /**
     * A list of objects.
     *
     * @param key its key; must be there
     * @return the list, not empty
     * @throws IOException if it is something else
     */
    public List<JsonObject> objects(String key) throws IOException {
        JsonElement element = get(key);
        List<JsonObject> values = new ArrayList<>();
        if (element instanceof JsonArray array) {
            for (JsonElement item : array) {
                if (item instanceof JsonObject object) {
                    values.add(object);
                }
            }
        }
        if (element == null
                || values.isEmpty()
                || values.size() != element.getAsJsonArray().size()) {
            throw unsupported(key, element, "a list of objects");
        }
        return List.copyOf(values);
    }

    /**
     * Says that a key, where it is there, has the one value that is supported.
     *
     * @param key its key
     * @param value the value
     * @return this
     * @throws IOException if it has another
     */
    public JsonConfig expect(String key, Object value) throws IOException {
        JsonElement element = single(key);
        if (element == null) {
            return this;
        }
        boolean same;
        try {
            same = value instanceof Number number
                    ? element.isJsonPrimitive() && element.getAsDouble() == number.doubleValue()
                    : element.isJsonPrimitive() && element.getAsString().equals(value.toString());
        } catch (NumberFormatException e) {
            same = false;
        }
        if (!same) {
            throw unsupported(key, element, String.valueOf(value));
        }
        return this;
    }

    /**
     * Marks keys whose value does not matter for inference.
     *
     * @param keys the keys
     * @return this
     */
    public JsonConfig ignore(String... keys) {
        seen.addAll(Arrays.asList(keys));
        return this;
    }

    /**
     * Refuses what is left over, but for null, false and keys that begin with an underscore.
     *
     * @throws IOException naming the first key that is not known
     */
    public void finish() throws IOException {
        for (String key : object.keySet()) {
            JsonElement element = single(object.get(key));
            boolean off = element.isJsonNull()
                    || (element.isJsonPrimitive() && element.getAsString().equals("false"));
            if (!seen.contains(key) && !off && !key.startsWith("_")) {
                throw unsupported(key, element, "absent");
            }
        }
    }

    private IOException unsupported(String key, @Nullable JsonElement value, String expected) {
        return new IOException("'" + Texts.shown(key) + "' must be " + expected + ", got " + Texts.shown(value) + " ("
                + where + "); this library supports nothing else here");
    }
}
