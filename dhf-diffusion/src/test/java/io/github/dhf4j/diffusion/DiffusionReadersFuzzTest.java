package io.github.dhf4j.diffusion;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonObject;
import io.github.dhf4j.diffusion.model.AutoencoderKL;
import io.github.dhf4j.diffusion.model.CLIPTextModel;
import io.github.dhf4j.diffusion.model.UNet2DConditionConfig;
import io.github.dhf4j.diffusion.model.UNet2DConditionModel;
import io.github.dhf4j.diffusion.process.NoiseSchedule;
import io.github.dhf4j.diffusion.train.CaptionedPictures;
import io.github.dhf4j.feature.RunMonitor;
import io.github.dhf4j.io.Json;
import io.github.dhf4j.io.TensorFile;
import io.github.dhf4j.testing.Golden;
import io.github.dhf4j.testing.ReaderFuzz;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DiffusionReadersFuzzTest {
    private static final Path PIPELINE = Golden.fixtures().resolve("sd15/pipeline");

    @TempDir
    Path temporary;

    private Path root;

    @BeforeEach
    void makeFolder() throws IOException {
        root = ReaderFuzz.folder(temporary);
    }

    private Path copy(String part, String... names) throws IOException {
        return copy(PIPELINE, part, names);
    }

    private Path copy(Path pipeline, String part, String... names) throws IOException {
        Path folder = Files.createDirectories(root.resolve(part));
        for (String name : names) {
            Files.copy(pipeline.resolve(part).resolve(name), folder.resolve(name));
        }
        return folder.resolve(names[0]);
    }

    private DiffusersFolder folder() throws IOException {
        return DiffusersFolder.open(root);
    }

    @ParameterizedTest
    @ValueSource(strings = {"sd15", "sdxl"})
    void indexOfAPipeline(String form) throws Exception {
        Path pipeline = Golden.fixtures().resolve(form).resolve("pipeline");
        ReaderFuzz.of("model index of " + form, copy(pipeline, "", "model_index.json"))
                .check(file -> folder().fingerprint());
    }

    @ParameterizedTest
    @ValueSource(strings = {"sd15", "sdxl"})
    void unetConfigurations(String form) throws Exception {
        Path pipeline = Golden.fixtures().resolve(form).resolve("pipeline");
        copy(pipeline, "", "model_index.json");
        Path config = copy(pipeline, "unet", "config.json", "diffusion_pytorch_model.safetensors");
        ReaderFuzz.of("UNet configuration of " + form, config).check(file -> {
            try (TensorFile weights = folder().weights("unet")) {
                new UNet2DConditionModel(folder().unetConfig(), weights).close();
            }
        });
    }

    @Test
    void moreLayersThanANetworkHasAreRefusedBeforeTheyAreDeclared() throws Exception {
        for (String key : List.of("layers_per_block", "transformer_layers_per_block")) {
            JsonObject json = Json.readObject(PIPELINE.resolve("unet/config.json"));
            json.addProperty(key, Integer.MAX_VALUE);
            assertThatThrownBy(() -> UNet2DConditionConfig.read(json, "config.json"))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("'" + key + "' must be 0 to 1000, got 2147483647 (config.json)");
        }
    }

    @Test
    void autoencoderConfigurations() throws Exception {
        copy("", "model_index.json");
        ReaderFuzz.of("VAE configuration", copy("vae", "config.json", "diffusion_pytorch_model.safetensors"))
                .check(file -> {
                    try (TensorFile weights = folder().weights("vae")) {
                        new AutoencoderKL(folder().vaeConfig(), weights).close();
                    }
                });
    }

    @Test
    void textEncoderConfigurations() throws Exception {
        copy("", "model_index.json");
        ReaderFuzz.of("text encoder configuration", copy("text_encoder", "config.json", "model.safetensors"))
                .check(file -> {
                    try (TensorFile weights = folder().weights("text_encoder")) {
                        new CLIPTextModel(folder().textConfig("text_encoder"), weights).close();
                    }
                });
    }

    @Test
    void projectionsOfTextEncoders() throws Exception {
        Path pipeline = Golden.fixtures().resolve("sdxl/pipeline");
        copy(pipeline, "", "model_index.json");
        copy(pipeline, "tokenizer_2", "vocab.json", "merges.txt");
        ReaderFuzz.of(
                        "configuration of a second text encoder",
                        copy(pipeline, "text_encoder_2", "config.json", "model.safetensors"))
                .check(file -> {
                    try (TextPart part =
                            TextPart.open(folder(), folder().texts().get(1))) {
                        part.tokens("a cat");
                    }
                });
    }

    @Test
    void schedulers() throws Exception {
        ReaderFuzz.of("scheduler", copy("scheduler", "scheduler_config.json")).check(NoiseSchedule::read);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "vocab.json",
                "merges.txt",
                "special_tokens_map.json",
                "tokenizer_config.json",
                "added_tokens.json",
                "tokenizer.json"
            })
    void tokenizers(String damaged) throws Exception {
        Path folder = Files.createDirectories(root.resolve("tokenizer"));
        Files.writeString(
                folder.resolve("vocab.json"),
                "{\"a\": 0, \"b\": 1, \"a</w>\": 2, \"b</w>\": 3, \"ab</w>\": 4, \"!\": 5, \"!</w>\": 6,"
                        + " \"<|startoftext|>\": 7, \"<|endoftext|>\": 8}");
        Files.writeString(folder.resolve("merges.txt"), "#version: 0.2\na b</w>\n");
        Files.writeString(
                folder.resolve("special_tokens_map.json"),
                "{\"bos_token\": {\"content\": \"<|startoftext|>\", \"lstrip\": false}, \"eos_token\":"
                        + " \"<|endoftext|>\", \"pad_token\": \"!\", \"unk_token\": \"<|endoftext|>\"}");
        // where the configuration has these, the map and the added tokens are not read
        String decoder = damaged.equals("tokenizer_config.json")
                ? ", \"added_tokens_decoder\": {\"7\": {\"content\": \"<|startoftext|>\", \"special\": true}, \"8\":"
                        + " {\"content\": \"<|endoftext|>\", \"special\": true}}"
                : "";
        Files.writeString(
                folder.resolve("tokenizer_config.json"),
                "{\"model_max_length\": 77, \"pad_token\": \"!\"" + decoder
                        + ", \"tokenizer_class\": \"CLIPTokenizer\"}");
        if (damaged.equals("added_tokens.json")) {
            Files.writeString(folder.resolve(damaged), "{\"<cat-toy>\": 9}");
            // where there is a decoder of added tokens, this file is not read
            Files.writeString(folder.resolve("tokenizer_config.json"), "{\"model_max_length\": 77}");
        }
        if (damaged.equals("tokenizer.json")) {
            Files.writeString(
                    folder.resolve(damaged),
                    "{\"version\": \"1.0\", \"truncation\": null, \"padding\": null, \"added_tokens\": [{\"id\": 8,"
                            + " \"content\": \"<|endoftext|>\", \"single_word\": false, \"lstrip\": false, \"rstrip\":"
                            + " false, \"normalized\": false, \"special\": true}], \"normalizer\": {\"type\": \"NFC\"},"
                            + " \"pre_tokenizer\": {\"type\": \"ByteLevel\", \"add_prefix_space\": false, \"trim_offsets\":"
                            + " true, \"use_regex\": true}, \"post_processor\": {\"type\": \"RobertaProcessing\", \"sep\":"
                            + " [\"<|endoftext|>\", 8], \"cls\": [\"<|startoftext|>\", 7], \"trim_offsets\": false,"
                            + " \"add_prefix_space\": false}, \"decoder\": null, \"model\": {\"type\": \"BPE\","
                            + " \"unk_token\": \"<|endoftext|>\", \"continuing_subword_prefix\": \"\","
                            + " \"end_of_word_suffix\": \"</w>\", \"fuse_unk\": false, \"vocab\": {\"a\": 0, \"b\": 1,"
                            + " \"b</w>\": 3, \"ab</w>\": 4, \"!\": 5, \"<|startoftext|>\": 7, \"<|endoftext|>\": 8},"
                            + " \"merges\": [\"a b</w>\"]}}");
        }
        ReaderFuzz.of("tokenizer " + damaged, folder.resolve(damaged)).check(file -> {
            try (ClipTokenizer tokenizer = ClipTokenizer.open(folder, 77)) {
                for (String prompt : List.of("", "ab a!", "<cat-toy> b")) {
                    tokenizer.encode(prompt);
                }
            }
        });
    }

    @Test
    void captionedPictures() throws Exception {
        Files.copy(Golden.fixtures().resolve("odd/grey.png"), root.resolve("a.png"));
        Path list = Files.writeString(
                root.resolve("metadata.jsonl"),
                "{\"file_name\": \"a.png\", \"text\": \"a caf\u00e9\"}\n{\"file_name\": \"a.png\", \"text\": \"b\"}\n");
        ReaderFuzz.of("captions", list).check(file -> CaptionedPictures.read(root, 16, RunMonitor.NONE));
    }
}
