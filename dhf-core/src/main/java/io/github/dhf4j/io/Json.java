package io.github.dhf4j.io;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonSyntaxException;
import com.google.gson.Strictness;
import com.google.gson.TypeAdapter;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** JSON read strictly: one object, no duplicate keys, bounded size. */
public final class Json {
    private static final long MAX_FILE_BYTES = 64_000_000;
    private static final TypeAdapter<JsonElement> ADAPTER = new Gson().getAdapter(JsonElement.class);

    private Json() {}

    /**
     * Reads a file that holds one JSON object.
     *
     * @param path the file
     * @return the object
     * @throws IOException if it is missing, over 64 MB, or not one JSON object
     */
    public static JsonObject readObject(Path path) throws IOException {
        long length = TensorFile.lengthOf(path);
        if (length > MAX_FILE_BYTES) {
            throw new IOException("JSON file must be below " + Texts.bytes(MAX_FILE_BYTES) + ", got "
                    + Texts.bytes(length) + " (" + path + "); is it the right file?");
        }
        try {
            return parseObject(new String(Files.readAllBytes(path), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new IOException(
                    "file must be a JSON object, got " + e.getMessage() + " (" + path + "); fetch it again", e);
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
        JsonReader reader = new JsonReader(new StringReader(text));
        reader.setStrictness(Strictness.STRICT);
        try {
            JsonElement element = ADAPTER.read(reader);
            if (!element.isJsonObject()) {
                throw new IOException("no object");
            }
            if (reader.peek() != JsonToken.END_DOCUMENT) {
                throw new IOException("text after the object");
            }
            return element.getAsJsonObject();
        } catch (JsonParseException | IllegalStateException | IOException e) {
            String message = e instanceof JsonSyntaxException && e.getCause() != null
                    ? e.getCause().getMessage()
                    : e.getMessage();
            throw new IOException(String.valueOf(message).lines().findFirst().orElse("broken JSON"), e);
        } catch (StackOverflowError e) {
            throw new IOException("nesting too deep", e);
        }
    }
}
