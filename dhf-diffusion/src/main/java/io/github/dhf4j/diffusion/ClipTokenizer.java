package io.github.dhf4j.diffusion;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.github.dhf4j.io.Json;
import io.github.dhf4j.io.Texts;
import io.github.dhf4j.tensor.OwnClassLoader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;

/**
 * CLIP's byte-pair tokenizer over the Hugging Face library. Vocabulary and merges are those of {@code tokenizer.json} if
 * there is one, else of {@code vocab.json} and {@code merges.txt}; special and added tokens (such as a saved pipeline's
 * textual inversions) are those that transformers takes where {@code special_tokens_map.json},
 * {@code tokenizer_config.json}, {@code added_tokens.json} and {@code tokenizer.json} name them. How words are made is
 * CLIP's, whatever {@code tokenizer.json} says of it. Pads and truncates to the tokenizer's own maximum.
 *
 * <p>Source: reference, extraction step 10; ids are those of transformers' fast tokenizer, {@code CLIPTokenizerFast} of
 * 4.57.
 *
 * <p>Differs: from transformers 4's slow {@code CLIPTokenizer}, whose ids depend on whether the package ftfy is installed.
 * Without it, it puts spaces around Chinese characters and drops control and format characters; with it, it straightens
 * quotes and repairs mangled text; it takes special tokens in any letter case. Of plain text both make the same. From the
 * fast one where ids of added tokens leave a gap: here each has the id that the file gives it, there they are counted on.
 */
public final class ClipTokenizer implements AutoCloseable {
    private static final String WORDS = "'s|'t|'re|'ve|'m|'ll|'d|[\\p{L}]+|[\\p{N}]|[^\\s\\p{L}\\p{N}]+";

    private final HuggingFaceTokenizer tokenizer;
    private final int maxLength;
    private final String pad;
    private final long padId;

    private ClipTokenizer(HuggingFaceTokenizer tokenizer, int maxLength, String pad, long padId) {
        this.tokenizer = tokenizer;
        this.maxLength = maxLength;
        this.pad = pad;
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
        ClipTokenizerFiles files = ClipTokenizerFiles.read(folder);
        int maxLength = files.maxLength(maxPositions);
        String pad = files.token("pad_token");
        long padId = files.id(pad);
        JsonObject json = build(files);
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
            HuggingFaceTokenizer tokenizer = OwnClassLoader.call(() -> HuggingFaceTokenizer.newInstance(
                    new ByteArrayInputStream(json.toString().getBytes(StandardCharsets.UTF_8)), options));
            return new ClipTokenizer(tokenizer, maxLength, pad, padId);
        } catch (RuntimeException e) {
            throw new IOException(
                    "tokenizer must be sound, got " + Texts.reason(e) + " (" + folder + "); fetch it again", e);
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

    /** The padding, as it is named. */
    String pad() {
        return pad;
    }

    /** What the library itself would write for a folder of these files. */
    static JsonObject build(Path folder, JsonObject config, JsonObject special) throws IOException {
        return build(ClipTokenizerFiles.read(folder, config, special));
    }

    private static JsonObject build(ClipTokenizerFiles files) throws IOException {
        String bos = files.token("bos_token");
        String eos = files.token("eos_token");
        JsonObject json = new JsonObject();
        json.addProperty("version", "1.0");
        json.add("truncation", null);
        json.add("added_tokens", files.addedTokens());
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
        post.add("sep", pair(eos, files.id(eos)));
        post.add("cls", pair(bos, files.id(bos)));
        post.addProperty("trim_offsets", false);
        post.addProperty("add_prefix_space", false);
        json.add("post_processor", post);
        json.add("decoder", null);
        JsonObject model = new JsonObject();
        model.addProperty("type", "BPE");
        model.addProperty("unk_token", files.token("unk_token"));
        model.addProperty("continuing_subword_prefix", "");
        model.addProperty("end_of_word_suffix", "</w>");
        model.addProperty("fuse_unk", false);
        model.add("vocab", files.vocabulary());
        model.add("merges", files.merges());
        json.add("model", model);
        return json;
    }

    private static JsonArray pair(String token, long id) {
        JsonArray pair = new JsonArray();
        pair.add(token);
        pair.add(id);
        return pair;
    }

    @Override
    public void close() {
        tokenizer.close();
    }
}
