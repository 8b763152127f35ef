package io.github.dhf4j.diffusion;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.github.dhf4j.io.FileBytes;
import io.github.dhf4j.io.Json;
import io.github.dhf4j.io.JsonConfig;
import io.github.dhf4j.io.TextFiles;
import io.github.dhf4j.io.Texts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the files of a tokenizer's folder say together, as transformers reads them:
 *
 * <ul>
 *   <li>Vocabulary and merges come from {@code tokenizer.json} if it is there, else from {@code vocab.json} and
 *       {@code merges.txt}.
 *   <li>Special tokens come from {@code tokenizer_config.json}. Where {@code special_tokens_map.json} says otherwise it
 *       wins, unless the configuration has {@code added_tokens_decoder}: then the map is not read, nor is
 *       {@code added_tokens.json}. What no file names is CLIP's own.
 *   <li>Added tokens come from {@code added_tokens_decoder} or {@code added_tokens.json}, and from
 *       {@code tokenizer.json}; each has the id that the file gives it.
 * </ul>
 *
 * <p>Source: transformers 4.57, {@code PreTrainedTokenizerBase._from_pretrained}.
 */
final class ClipTokenizerFiles {
    private static final String CONFIG = "tokenizer_config.json";
    private static final String MAP = "special_tokens_map.json";
    private static final String ADDED = "added_tokens.json";
    private static final String WHOLE = "tokenizer.json";
    private static final List<String> OWN = List.of("bos_token", "eos_token", "unk_token", "pad_token");
    private static final List<String> OTHER = List.of("sep_token", "cls_token", "mask_token");
    private static final List<String> LISTS = List.of("additional_special_tokens", "extra_special_tokens");
    private static final int MAX_ID = 10_000_000;

    private final Path folder;
    private final JsonObject config;
    private final JsonObject vocabulary;
    private final JsonArray merges;
    private final Map<String, AddedToken> special = new LinkedHashMap<>();
    private final Map<String, AddedToken> added = new LinkedHashMap<>();
    private final Map<Integer, String> contents = new HashMap<>();

    private ClipTokenizerFiles(Path folder, JsonObject config, JsonObject map) throws IOException {
        this.folder = folder;
        this.config = config;
        JsonObject whole = optional(folder, WHOLE);
        if (whole.isEmpty()) {
            vocabulary = Json.readObject(folder.resolve("vocab.json"));
            merges = merges(folder.resolve("merges.txt"));
        } else if (whole.get("model") instanceof JsonObject model
                && model.get("vocab") instanceof JsonObject words
                && model.get("merges") instanceof JsonArray pairs) {
            vocabulary = words;
            merges = pairs;
        } else {
            throw new IOException("'model' must have a vocabulary and merges of byte pairs, got "
                    + Texts.shown(whole.get("model")) + " (" + folder.resolve(WHOLE) + "); fetch CLIP's tokenizer");
        }
        for (Map.Entry<String, JsonElement> word : vocabulary.entrySet()) {
            contents.put(number(word.getValue(), folder), word.getKey());
        }
        boolean decoder = config.has("added_tokens_decoder");
        JsonObject named = decoder ? new JsonObject() : map;
        readSpecial(named);
        Path listed = folder.resolve(ADDED);
        for (Map.Entry<String, JsonElement> token : (decoder ? new JsonObject() : optional(folder, ADDED)).entrySet()) {
            boolean known =
                    special.values().stream().anyMatch(one -> one.content().equals(token.getKey()));
            add(AddedToken.plain(token.getKey(), known, !known), token.getValue(), listed);
        }
        if (whole.get("added_tokens") instanceof JsonArray tokens) {
            for (JsonElement token : tokens) {
                add(token, token instanceof JsonObject json ? json.get("id") : null, folder.resolve(WHOLE));
            }
        }
        if (decoder) {
            Path from = folder.resolve(CONFIG);
            for (Map.Entry<String, JsonElement> token :
                    object(config.get("added_tokens_decoder"), from).entrySet()) {
                add(token.getValue(), new JsonPrimitive(token.getKey()), from);
            }
        }
        addSpecial();
    }

    /**
     * Reads a folder.
     *
     * @param folder {@code tokenizer/}
     * @return what its files say
     * @throws IOException if a file is missing, not sound, or contradicts another where transformers has no answer
     */
    static ClipTokenizerFiles read(Path folder) throws IOException {
        return read(folder, optional(folder, CONFIG), optional(folder, MAP));
    }

    static ClipTokenizerFiles read(Path folder, JsonObject config, JsonObject map) throws IOException {
        return new ClipTokenizerFiles(folder, config, map);
    }

    JsonObject vocabulary() {
        return vocabulary;
    }

    JsonArray merges() {
        return merges;
    }

    /** The token that begins or ends a text, pads it, or stands for what is not known. */
    String token(String key) {
        return Objects.requireNonNull(special.get(key)).content();
    }

    int id(String token) throws IOException {
        JsonElement id = vocabulary.get(token);
        if (id == null) {
            throw new IOException("vocabulary must have the token '" + Texts.shown(token) + "', got none (" + folder
                    + "); fetch it again");
        }
        return number(id, folder);
    }

    /** All tokens that are looked for before byte pairs are, in the form of {@code tokenizer.json}. */
    JsonArray addedTokens() throws IOException {
        JsonArray array = new JsonArray();
        for (AddedToken token : added.values()) {
            array.add(token.toJson(id(token.content())));
        }
        return array;
    }

    /** The configuration's own maximum; some published files name 10^30 for "none". */
    int maxLength(int maxPositions) throws IOException {
        String where = folder.resolve(CONFIG).toString();
        JsonConfig reader = new JsonConfig(config, where)
                .expect("padding_side", "right")
                .expect("truncation_side", "right")
                .expect("split_special_tokens", false);
        if (reader.number("model_max_length", maxPositions) >= maxPositions) {
            return maxPositions;
        }
        int length = reader.integer("model_max_length", maxPositions);
        if (length < 2) {
            throw new IOException("'model_max_length' must be 2 or more, for start and end, got " + length + " ("
                    + where + "); fetch the file again");
        }
        return length;
    }

    private void readSpecial(JsonObject map) throws IOException {
        for (String key : Stream.concat(OWN.stream(), OTHER.stream()).toList()) {
            Path from = folder.resolve(map.has(key) ? MAP : CONFIG);
            JsonElement value = map.has(key) ? map.get(key) : config.get(key);
            boolean normalized = OWN.contains(key) && !key.equals("pad_token");
            if (value == null && OWN.contains(key)) {
                String content = key.equals("bos_token") ? "<|startoftext|>" : "<|endoftext|>";
                special.put(key, AddedToken.plain(content, true, normalized));
            } else if (value != null && (OWN.contains(key) || !value.isJsonNull())) {
                special.put(key, AddedToken.named(value, key, normalized, from.toString()));
            }
        }
        for (String key : LISTS) {
            readList(config.get(key), key, folder.resolve(CONFIG));
            readList(map.get(key), key, folder.resolve(MAP));
        }
    }

    private void readList(@Nullable JsonElement list, String key, Path from) throws IOException {
        if (list == null || list.isJsonNull()) {
            return;
        }
        List<JsonElement> tokens = list instanceof JsonArray array
                ? array.asList()
                : List.copyOf(object(list, from).asMap().values());
        for (JsonElement token : tokens) {
            AddedToken read = AddedToken.named(token, key, false, from.toString());
            special.putIfAbsent(key + " " + read.content(), read);
        }
    }

    /** A special token that is among the added ones keeps their description. */
    private void addSpecial() throws IOException {
        for (Map.Entry<String, AddedToken> token : special.entrySet()) {
            String content = token.getValue().content();
            if (!OWN.contains(token.getKey()) && !vocabulary.has(content)) {
                int next = contents.keySet().stream().max(Integer::compare).orElse(-1) + 1;
                vocabulary.addProperty(content, next);
                contents.put(next, content);
            }
            id(content);
            added.merge(content, token.getValue(), (known, own) -> known.asSpecial());
        }
    }

    private void add(JsonElement token, @Nullable JsonElement id, Path from) throws IOException {
        add(AddedToken.read(object(token, from), false, from.toString()), id, from);
    }

    /** Puts a token into the vocabulary too, from which the library takes its id; byte pairs never make it. */
    private void add(AddedToken token, @Nullable JsonElement id, Path from) throws IOException {
        int number = number(id, from);
        String other = contents.putIfAbsent(number, token.content());
        if (other == null && !vocabulary.has(token.content())) {
            vocabulary.addProperty(token.content(), number);
        }
        if ((other != null && !other.equals(token.content())) || id(token.content()) != number) {
            throw new IOException("added token '" + Texts.shown(token.content()) + "' must have an id of its own, got "
                    + number + ", which is that of '" + Texts.shown(other == null ? id(token.content()) : other) + "' ("
                    + from + "); fetch the tokenizer's files of one version");
        }
        added.put(token.content(), token);
    }

    private static int number(@Nullable JsonElement id, Path from) throws IOException {
        try {
            int number = id == null ? -1 : id.getAsBigDecimal().intValueExact();
            if (number >= 0 && number < MAX_ID) {
                return number;
            }
        } catch (ArithmeticException
                | IllegalStateException
                | UnsupportedOperationException
                | NumberFormatException e) {
            // answered below
        }
        throw new IOException("id of a token must be a whole number from 0 on, got " + Texts.shown(id) + " (" + from
                + "); fetch the file again");
    }

    private static JsonArray merges(Path path) throws IOException {
        FileBytes.lengthOf(path);
        JsonArray merges = new JsonArray();
        for (String line : TextFiles.lines(path)) {
            if (!line.isBlank() && !line.startsWith("#version")) {
                merges.add(line.strip());
            }
        }
        return merges;
    }

    private static JsonObject object(@Nullable JsonElement element, Path from) throws IOException {
        if (element instanceof JsonObject object) {
            return object;
        }
        throw new IOException("added tokens must be JSON objects, got " + Texts.shown(element) + " (" + from
                + "); fetch the file again");
    }

    private static JsonObject optional(Path folder, String name) throws IOException {
        Path path = folder.resolve(name);
        return Files.isRegularFile(path) ? Json.readObject(path) : new JsonObject();
    }
}
