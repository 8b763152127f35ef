package io.github.dhf4j.diffusion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.github.dhf4j.io.Json;
import io.github.dhf4j.testing.Golden;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Ids as transformers has them (src/test/golden/tokens.py), whatever files say what the special tokens are. */
class ClipTokenizerTest {
    private static final Map<String, String> NAMES =
            Map.of("map", "special_tokens_map.json", "config", "tokenizer_config.json", "added", "added_tokens.json");

    @TempDir
    Path folder;

    private static JsonObject golden() throws IOException {
        try (InputStream in = ClipTokenizerTest.class.getResourceAsStream("tokens.json")) {
            return Json.parseObject(new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    static List<String> cases() throws IOException {
        return List.copyOf(golden().getAsJsonObject("cases").keySet());
    }

    private static Path vocabulary() {
        return Golden.fixtures().resolve("sd15/pipeline/tokenizer");
    }

    private void write(JsonObject files) throws IOException {
        if (files.has("whole")) {
            JsonObject whole = files.getAsJsonObject("whole");
            JsonObject model = whole.getAsJsonObject("model");
            JsonArray merges = new JsonArray();
            Files.readAllLines(vocabulary().resolve("merges.txt")).stream()
                    .skip(1)
                    .forEach(merges::add);
            model.add("vocab", Json.readObject(vocabulary().resolve("vocab.json")));
            model.add("merges", merges);
            write("tokenizer.json", whole.toString());
        } else {
            for (String name : List.of("vocab.json", "merges.txt")) {
                write(name, Files.readString(vocabulary().resolve(name)));
            }
        }
        for (Map.Entry<String, String> name : NAMES.entrySet()) {
            if (files.has(name.getKey())) {
                write(name.getValue(), files.get(name.getKey()).toString());
            }
        }
    }

    private void write(String name, String text) throws IOException {
        Files.writeString(folder.resolve(name), text);
    }

    private static long[] ids(JsonElement kept, int length) {
        long[] ids = new long[length];
        JsonArray array = kept.getAsJsonArray();
        for (int i = 0; i < length; i++) {
            ids[i] = array.get(Math.min(i, array.size() - 1)).getAsLong();
        }
        return ids;
    }

    @ParameterizedTest
    @MethodSource("cases")
    void idsAreThoseOfTransformers(String name) throws IOException {
        JsonObject golden = golden();
        JsonObject one = golden.getAsJsonObject("cases").getAsJsonObject(name);
        write(one.getAsJsonObject("files"));
        try (ClipTokenizer tokenizer = ClipTokenizer.open(folder, 77)) {
            long[] empty = tokenizer.encode("");
            assertThat(empty[empty.length - 1])
                    .as("padding")
                    .isEqualTo(one.get("pad").getAsLong());
            JsonArray prompts = golden.getAsJsonArray("prompts");
            for (int i = 0; i < prompts.size(); i++) {
                String prompt = prompts.get(i).getAsString();
                assertThat(tokenizer.encode(prompt))
                        .as(prompt)
                        .isEqualTo(ids(one.getAsJsonArray("ids").get(i), empty.length));
            }
        }
    }

    @Test
    void theMapsPaddingWinsOverTheConfigurations() throws IOException {
        JsonObject files =
                Json.parseObject("{\"map\": {\"pad_token\": \"!\"}, \"config\": {\"pad_token\": \"cat</w>\"}}");
        write(files);
        try (ClipTokenizer tokenizer = ClipTokenizer.open(folder, 77)) {
            assertThat(tokenizer.encode("")).startsWith(2512, 2513, 0, 0).endsWith(0);
        }
        files.getAsJsonObject("config").add("added_tokens_decoder", new JsonObject());
        write(files);
        try (ClipTokenizer tokenizer = ClipTokenizer.open(folder, 77)) {
            assertThat(tokenizer.encode("")).startsWith(2512, 2513, 2368).endsWith(2368);
        }
    }

    @Test
    void addedTokensHaveTheIdsThatTheirFileGives() throws IOException {
        write(Json.parseObject("{\"added\": {\"<b>\": 2600, \"<a>\": 2514, \"cat</w>\": 2368}}"));
        try (ClipTokenizer tokenizer = ClipTokenizer.open(folder, 77)) {
            assertThat(tokenizer.encode("<a>, <b>")).startsWith(2512, 2514, 267, 2600, 2513);
        }
    }

    @Test
    void aByteOrderMarkAndWindowsLineEndsChangeNothing() throws IOException {
        write(new JsonObject());
        long[] expected;
        try (ClipTokenizer tokenizer = ClipTokenizer.open(folder, 77)) {
            expected = tokenizer.encode("A photo of a cat");
        }
        for (String name : List.of("vocab.json", "merges.txt")) {
            write(name, "\uFEFF" + Files.readString(folder.resolve(name)).replace("\n", "\r\n"));
        }
        try (ClipTokenizer tokenizer = ClipTokenizer.open(folder, 77)) {
            assertThat(tokenizer.encode("A photo of a cat")).isEqualTo(expected);
        }
        Files.write(folder.resolve("merges.txt"), new byte[] {'a', ' ', 'b', '\n', (byte) 0xe9, ' ', 'x'});
        assertThatThrownBy(() -> ClipTokenizer.open(folder, 77))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("UTF-8")
                .hasMessageContaining("line 2");
    }

    static Stream<String> lengths() {
        return Stream.of("1e30", "1000000000000000019884624838656", "77", "null");
    }

    @ParameterizedTest
    @MethodSource("lengths")
    void noMaximumIsThatOfTheTextEncoder(String length) throws IOException {
        write(Json.parseObject("{\"config\": {\"model_max_length\": " + length + "}}"));
        try (ClipTokenizer tokenizer = ClipTokenizer.open(folder, 20)) {
            assertThat(tokenizer.encode("a cat")).hasSize(20);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "map | {\"pad_token\": \"<none>\"} | must have the token '<none>'",
                "map | {\"pad_token\": null} | 'pad_token' must be a token, got null",
                "config | {\"eos_token\": 7} | 'eos_token' must be a token, got 7",
                "config | {\"eos_token\": {\"lstrip\": true}} | must have a text 'content'",
                "config | {\"padding_side\": \"left\"} | 'padding_side' must be right",
                "config | {\"truncation_side\": \"left\"} | 'truncation_side' must be right",
                "config | {\"split_special_tokens\": true} | 'split_special_tokens' must be false",
                "config | {\"model_max_length\": \"many\"} | 'model_max_length' must be a number",
                "config | {\"model_max_length\": 1} | 'model_max_length' must be 2 or more",
                "config | {\"added_tokens_decoder\": [1]} | must be JSON objects",
                "config | {\"added_tokens_decoder\": {\"x\": {\"content\": \"<a>\"}}} | must be a whole number",
                "config | {\"added_tokens_decoder\": {\"2514\": {\"content\": \"<a>\", \"lstrip\": 1}}} | 'lstrip' must be true or false",
                "added | {\"<a>\": 5} | '<a>' must have an id of its own, got 5, which is that of '&'",
                "added | {\"cat</w>\": 2514} | must have an id of its own",
                "added | {\"<a>\": -1} | must be a whole number",
                "added | {\"<a>\": 2514, \"<b>\": 2514} | which is that of '<a>'",
                "added | {\"<a>\": \"b\"} | must be a whole number"
            })
    void whatContradictsItselfIsRefusedInWords(String file, String content, String message) throws IOException {
        write(Json.parseObject("{\"" + file + "\": " + content + "}"));
        assertThatThrownBy(() -> ClipTokenizer.open(folder, 77))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(message)
                .hasMessageContaining(folder.toString());
    }

    @Test
    void aTokenizerOfAnotherFamilyIsNamed() throws IOException {
        write("tokenizer.json", "{\"model\": {\"type\": \"Unigram\", \"vocab\": [[\"a\", 0.5]]}}");
        assertThatThrownBy(() -> ClipTokenizer.open(folder, 77))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("'model' must have a vocabulary and merges of byte pairs");
    }

    @Test
    void aLongPromptKeepsItsEnd() throws IOException {
        write(Json.parseObject("{\"config\": {\"model_max_length\": 8}}"));
        try (ClipTokenizer tokenizer = ClipTokenizer.open(folder, 77)) {
            long[] ids = tokenizer.encode("cat ".repeat(100));
            assertThat(ids).hasSize(8).startsWith(2512).endsWith(2513);
            assertThat(Arrays.copyOfRange(ids, 1, 7)).containsOnly(2368);
        }
    }
}
