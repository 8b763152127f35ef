package io.github.dhf4j.diffusion;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.github.dhf4j.io.Json;
import io.github.dhf4j.io.JsonConfig;
import io.github.dhf4j.io.TensorFile;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * CLIP's byte-pair tokenizer over the Hugging Face library: from {@code tokenizer.json}, or from {@code vocab.json} and
 * {@code merges.txt} as older checkpoints have them. Pads and truncates to the tokenizer's own maximum.
 *
 * <p>Source: reference, extraction step 10.
 */
public final class ClipTokenizer implements AutoCloseable {
    private static final String WORDS = "'s|'t|'re|'ve|'m|'ll|'d|[\\p{L}]+|[\\p{N}]|[^\\s\\p{L}\\p{N}]+";

    private final HuggingFaceTokenizer tokenizer;
    private final int maxLength;
    private final long padId;

    private ClipTokenizer(HuggingFaceTokenizer tokenizer, int maxLength, long padId) {
        this.tokenizer = tokenizer;
        this.maxLength = maxLength;
        this.padId = padId;
    }

    /**
     * Opens a checkpoint's tokenizer.
     *
     * @param folder {@code tokenizer/}
     * @param maxPositions positions of the text encoder, the length where the folder names none
     * @return the tokenizer; the caller closes it
     * @throws IOException if a file is missing or not sound
     */
    public static ClipTokenizer open(Path folder, int maxPositions) throws IOException {
        JsonObject config = optional(folder.resolve("tokenizer_config.json"));
        JsonObject special = optional(folder.resolve("special_tokens_map.json"));
        Path whole = folder.resolve("tokenizer.json");
        JsonObject json = Files.isRegularFile(whole) ? Json.readObject(whole) : build(folder, config, special);
        int maxLength = Math.min(
                maxPositions,
                new JsonConfig(bounded(config), folder + "/tokenizer_config.json")
                        .integer("model_max_length", maxPositions));
        String pad = token("pad_token", config, special, "<|endoftext|>");
        Map<String, String> options = Map.of(
                "padding",
                "max_length",
                "truncation",
                "true",
                "maxLength",
                "" + maxLength,
                "modelMaxLength",
                "" + maxLength);
        try {
            long padId = idOf(json, pad, folder);
            // the library pads with what the JSON says
            JsonObject padding = new JsonObject();
            JsonObject fixed = new JsonObject();
            fixed.addProperty("Fixed", maxLength);
            padding.add("strategy", fixed);
            padding.addProperty("direction", "Right");
            padding.addProperty("pad_id", padId);
            padding.addProperty("pad_type_id", 0);
            padding.addProperty("pad_token", pad);
            json.add("padding", padding);
            HuggingFaceTokenizer tokenizer = HuggingFaceTokenizer.newInstance(
                    new ByteArrayInputStream(json.toString().getBytes(StandardCharsets.UTF_8)), options);
            return new ClipTokenizer(tokenizer, maxLength, padId);
        } catch (RuntimeException e) {
            throw new IOException(
                    "tokenizer must be sound, got " + e.getMessage() + " (" + folder + "); fetch it again", e);
        }
    }

    /**
     * Token ids of a prompt.
     *
     * @param prompt any text; "" is the empty prompt
     * @return start, words, end, padded with the pad token or cut to the maximum
     */
    public long[] encode(String prompt) {
        long[] ids = tokenizer.encode(prompt).getIds();
        if (ids.length == maxLength) {
            return ids;
        }
        long[] padded = java.util.Arrays.copyOf(ids, maxLength);
        java.util.Arrays.fill(padded, Math.min(ids.length, maxLength), maxLength, padId);
        return padded;
    }

    static JsonObject build(Path folder, JsonObject config, JsonObject special) throws IOException {
        JsonObject vocabulary = Json.readObject(folder.resolve("vocab.json"));
        Path mergesPath = folder.resolve("merges.txt");
        TensorFile.lengthOf(mergesPath);
        JsonArray merges = new JsonArray();
        for (String line : Files.readAllLines(mergesPath, StandardCharsets.UTF_8)) {
            if (!line.isBlank() && !line.startsWith("#version")) {
                merges.add(line);
            }
        }
        String bos = token("bos_token", config, special, "<|startoftext|>");
        String eos = token("eos_token", config, special, "<|endoftext|>");
        String unknown = token("unk_token", config, special, "<|endoftext|>");
        JsonObject json = new JsonObject();
        json.addProperty("version", "1.0");
        json.add("truncation", null);
        JsonArray added = new JsonArray();
        Set<String> tokens = new LinkedHashSet<>(List.of(bos, eos, unknown, token("pad_token", config, special, eos)));
        for (String token : tokens) {
            JsonObject item = new JsonObject();
            item.addProperty("id", idIn(vocabulary, token, folder.resolve("vocab.json")));
            item.addProperty("content", token);
            for (String flag : List.of("single_word", "lstrip", "rstrip", "normalized")) {
                item.addProperty(flag, false);
            }
            item.addProperty("special", true);
            added.add(item);
        }
        json.add("added_tokens", added);
        json.add(
                "normalizer",
                Json.parseObject(
                        "{\"type\":\"Sequence\",\"normalizers\":[{\"type\":\"NFC\"},{\"type\":\"Replace\",\"pattern\":{\"Regex\":\"\\\\s+\"},\"content\":\" \"},{\"type\":\"Lowercase\"}]}"));
        JsonObject split = new JsonObject();
        split.addProperty("type", "Split");
        JsonObject pattern = new JsonObject();
        pattern.addProperty("Regex", WORDS);
        split.add("pattern", pattern);
        split.addProperty("behavior", "Removed");
        split.addProperty("invert", true);
        JsonObject pre = Json.parseObject(
                "{\"type\":\"Sequence\",\"pretokenizers\":[{\"type\":\"ByteLevel\",\"add_prefix_space\":false,\"trim_offsets\":true,\"use_regex\":true}]}");
        JsonArray steps = new JsonArray();
        steps.add(split);
        steps.addAll(pre.getAsJsonArray("pretokenizers"));
        pre.add("pretokenizers", steps);
        json.add("pre_tokenizer", pre);
        JsonObject post = new JsonObject();
        post.addProperty("type", "RobertaProcessing");
        post.add("sep", pair(eos, idIn(vocabulary, eos, folder)));
        post.add("cls", pair(bos, idIn(vocabulary, bos, folder)));
        post.addProperty("trim_offsets", false);
        post.addProperty("add_prefix_space", false);
        json.add("post_processor", post);
        json.add("decoder", null);
        JsonObject model = new JsonObject();
        model.addProperty("type", "BPE");
        model.addProperty("unk_token", unknown);
        model.addProperty("continuing_subword_prefix", "");
        model.addProperty("end_of_word_suffix", "</w>");
        model.addProperty("fuse_unk", false);
        model.add("vocab", vocabulary);
        model.add("merges", merges);
        json.add("model", model);
        return json;
    }

    private static JsonArray pair(String token, long id) {
        JsonArray pair = new JsonArray();
        pair.add(token);
        pair.add(id);
        return pair;
    }

    private static long idOf(JsonObject json, String token, Path folder) throws IOException {
        List<JsonElement> added = new ArrayList<>();
        if (json.get("added_tokens") instanceof JsonArray array) {
            array.forEach(added::add);
        }
        for (JsonElement item : added) {
            if (item.getAsJsonObject().get("content").getAsString().equals(token)) {
                return item.getAsJsonObject().get("id").getAsLong();
            }
        }
        if (json.get("model") instanceof JsonObject model && model.get("vocab") instanceof JsonObject vocabulary) {
            return idIn(vocabulary, token, folder);
        }
        throw new IOException("tokenizer must know its pad token '" + token + "' (" + folder + "); fetch it again");
    }

    private static long idIn(JsonObject vocabulary, String token, Path where) throws IOException {
        JsonElement id = vocabulary.get(token);
        if (id == null || !id.isJsonPrimitive()) {
            throw new IOException(
                    "vocabulary must have the token '" + token + "', got none (" + where + "); fetch it again");
        }
        return id.getAsLong();
    }

    private static String token(String key, JsonObject config, JsonObject special, String otherwise) {
        for (JsonObject object : List.of(config, special)) {
            JsonElement value = object.get(key);
            @Nullable JsonElement content = value instanceof JsonObject inner ? inner.get("content") : value;
            if (content != null && content.isJsonPrimitive()) {
                return content.getAsString();
            }
        }
        return otherwise;
    }

    /** Some published files name a maximum of 10^30 for "none". */
    private static JsonObject bounded(JsonObject config) {
        JsonElement max = config.get("model_max_length");
        JsonObject result = new JsonObject();
        if (max != null && max.isJsonPrimitive() && max.getAsDouble() >= 2 && max.getAsDouble() <= 1_000_000) {
            result.add("model_max_length", max);
        }
        return result;
    }

    private static JsonObject optional(Path path) throws IOException {
        return Files.isRegularFile(path) ? Json.readObject(path) : new JsonObject();
    }

    @Override
    public void close() {
        tokenizer.close();
    }
}
