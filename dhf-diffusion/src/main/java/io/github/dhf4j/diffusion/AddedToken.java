package io.github.dhf4j.diffusion;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.github.dhf4j.io.JsonConfig;
import io.github.dhf4j.io.Texts;
import java.io.IOException;

/**
 * A token that is looked for before byte pairs are.
 *
 * @param content what is looked for
 * @param special whether it is one of the tokenizer's own, such as the padding
 * @param normalized whether it is looked for after the text was put into small letters
 * @param lstrip whether it takes the spaces before it
 * @param rstrip whether it takes the spaces behind it
 * @param singleWord whether it must stand by itself
 */
record AddedToken(
        String content, boolean special, boolean normalized, boolean lstrip, boolean rstrip, boolean singleWord) {

    static AddedToken plain(String content, boolean special, boolean normalized) {
        return new AddedToken(content, special, normalized, false, false, false);
    }

    /** What the files call an added token; what they do not say is as transformers' {@code AddedToken} has it. */
    static AddedToken read(JsonObject json, boolean special, String where) throws IOException {
        JsonConfig config = new JsonConfig(json, where);
        String content = config.text("content", "");
        if (content.isEmpty()) {
            throw new IOException("added token must have a text 'content', got " + Texts.shown(json) + " (" + where
                    + "); fetch the file again");
        }
        boolean isSpecial = config.flag("special", special);
        return new AddedToken(
                content,
                isSpecial,
                config.flag("normalized", !isSpecial),
                config.flag("lstrip", false),
                config.flag("rstrip", false),
                config.flag("single_word", false));
    }

    /** A token that a file names by its text, or in full. */
    static AddedToken named(JsonElement value, String key, boolean normalized, String where) throws IOException {
        if (value instanceof JsonObject json) {
            return read(json, false, where).asSpecial();
        }
        if (!value.isJsonPrimitive()
                || !value.getAsJsonPrimitive().isString()
                || value.getAsString().isEmpty()) {
            throw new IOException("'" + Texts.shown(key) + "' must be a token, got " + Texts.shown(value) + " (" + where
                    + "); name one of the vocabulary");
        }
        return plain(value.getAsString(), true, normalized);
    }

    AddedToken asSpecial() {
        return new AddedToken(content, true, normalized, lstrip, rstrip, singleWord);
    }

    JsonObject toJson(int id) {
        JsonObject json = new JsonObject();
        json.addProperty("id", id);
        json.addProperty("content", content);
        json.addProperty("single_word", singleWord);
        json.addProperty("lstrip", lstrip);
        json.addProperty("rstrip", rstrip);
        json.addProperty("normalized", normalized);
        json.addProperty("special", special);
        return json;
    }
}
