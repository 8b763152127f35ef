package io.github.dhf4j.io;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonPrimitive;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import java.io.IOException;
import java.io.StringReader;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;

/** JSON read strictly: one object, no duplicate keys, bounded size; and written for people. */
public final class Json {
    /**
     * A list as JSON.
     *
     * @param values numbers, flags or texts
     * @return an array of them, in order
     */
    public static JsonArray array(Iterable<?> values) {
        JsonArray array = new JsonArray();
        for (Object value : values) {
            array.add(
                    value instanceof Number number
                            ? new JsonPrimitive(number)
                            : value instanceof Boolean flag
                                    ? new JsonPrimitive(flag)
                                    : new JsonPrimitive(String.valueOf(value)));
        }
        return array;
    }

    private static final long MAX_FILE_BYTES = 64_000_000;
    private static final int MAX_DEPTH = 100;
    private static final int MAX_VALUES = 10_000_000;
    private static final Pattern NOT_FINITE = Pattern.compile("(?<=[:\\[,]\\s{0,20})-?(?:Infinity|NaN)(?=\\s*[,}\\]])");

    private static final Gson PRETTY =
            new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();

    private Json() {}

    /**
     * As people read it: indented, texts as they are.
     *
     * @param object what to write; members that are null are left out
     * @return several lines, the last one ended
     */
    public static String pretty(JsonObject object) {
        return PRETTY.toJson(object) + "\n";
    }

    /**
     * Reads a file that holds one JSON object.
     *
     * @param path the file
     * @return the object
     * @throws IOException if it is missing, over 64 MB, not UTF-8, or not one JSON object
     */
    public static JsonObject readObject(Path path) throws IOException {
        return readFile(path, "a JSON object", Json::parseObject);
    }

    /**
     * Reads a file that holds one JSON object as Python writes it: {@code Infinity}, {@code -Infinity} and {@code NaN},
     * which JSON does not know, are read as null.
     *
     * @param path the file
     * @return the object
     * @throws IOException as {@link #readObject}
     */
    public static JsonObject readPythonObject(Path path) throws IOException {
        return readFile(
                path,
                "a JSON object",
                text -> parseObject(NOT_FINITE.matcher(text).replaceAll("null")));
    }

    /**
     * Reads a file that holds one JSON array.
     *
     * @param path the file
     * @return the array
     * @throws IOException if it is missing, over 64 MB, not UTF-8, or not one JSON array
     */
    public static JsonArray readArray(Path path) throws IOException {
        return readFile(path, "a JSON array", text -> (JsonArray) parse(text, JsonToken.BEGIN_ARRAY, "no array"));
    }

    @FunctionalInterface
    private interface Parser<T> {
        T parse(String text) throws IOException;
    }

    private static <T> T readFile(Path path, String what, Parser<T> parser) throws IOException {
        long length = FileBytes.lengthOf(path);
        if (length > MAX_FILE_BYTES) {
            throw new IOException("JSON file must be below " + Texts.bytes(MAX_FILE_BYTES) + ", got "
                    + Texts.bytes(length) + " (" + path + "); is it the right file?");
        }
        String text = TextFiles.read(path);
        try {
            return parser.parse(text);
        } catch (IOException e) {
            throw new IOException(
                    "file must be " + what + ", got " + Texts.reason(e) + " (" + path + "); fetch it again", e);
        }
    }

    /**
     * Parses one JSON object.
     *
     * @param text the object's text
     * @return the object
     * @throws IOException saying where the text breaks the rules
     */
    public static JsonObject parseObject(String text) throws IOException {
        return (JsonObject) parse(text, JsonToken.BEGIN_OBJECT, "no object");
    }

    /**
     * Parses one JSON object that is a part of a file.
     *
     * @param text the object's text
     * @param what its name, for messages
     * @param where its file and place, for messages
     * @return the object
     * @throws IOException naming what, where, and how the text breaks the rules
     */
    public static JsonObject parseObject(String text, String what, String where) throws IOException {
        try {
            return parseObject(text);
        } catch (IOException e) {
            throw new IOException(
                    what + " must be a JSON object, got " + Texts.reason(e) + " (" + where + "); the file is damaged",
                    e);
        }
    }

    private static JsonElement parse(String text, JsonToken begin, String otherwise) throws IOException {
        JsonReader reader = new JsonReader(new StringReader(text));
        reader.setStrictness(Strictness.STRICT);
        try {
            if (reader.peek() != begin) {
                throw new IOException(otherwise);
            }
            JsonElement element = read(reader, 0, new AtomicInteger(MAX_VALUES));
            if (reader.peek() != JsonToken.END_DOCUMENT) {
                throw new IOException("text after the end");
            }
            return element;
        } catch (JsonParseException | IllegalStateException | NumberFormatException | IOException e) {
            throw new IOException(Texts.reason(e), e);
        }
    }

    /** Gson's own element reader lets the last of equal keys win; here they are refused. */
    private static JsonElement read(JsonReader reader, int depth, AtomicInteger left) throws IOException {
        if (left.decrementAndGet() < 0) {
            throw new IOException("more than " + MAX_VALUES + " values");
        }
        if (depth > MAX_DEPTH) {
            throw new IOException("nesting deeper than " + MAX_DEPTH);
        }
        switch (reader.peek()) {
            case BEGIN_OBJECT -> {
                JsonObject object = new JsonObject();
                reader.beginObject();
                while (reader.hasNext()) {
                    String key = reader.nextName();
                    if (object.has(key)) {
                        throw new IOException("key '" + Texts.shown(key) + "' twice");
                    }
                    object.add(key, read(reader, depth + 1, left));
                }
                reader.endObject();
                return object;
            }
            case BEGIN_ARRAY -> {
                JsonArray array = new JsonArray();
                reader.beginArray();
                while (reader.hasNext()) {
                    array.add(read(reader, depth + 1, left));
                }
                reader.endArray();
                return array;
            }
            case STRING -> {
                return new JsonPrimitive(reader.nextString());
            }
            case NUMBER -> {
                return new JsonPrimitive(new BigDecimal(reader.nextString()));
            }
            case BOOLEAN -> {
                return new JsonPrimitive(reader.nextBoolean());
            }
            case NULL -> {
                reader.nextNull();
                return JsonNull.INSTANCE;
            }
            default -> throw new IOException("text that ends too early");
        }
    }
}
