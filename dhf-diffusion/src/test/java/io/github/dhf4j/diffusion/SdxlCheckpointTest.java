package io.github.dhf4j.diffusion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.dhf4j.feature.ExtractionSettings;
import io.github.dhf4j.image.Size;
import io.github.dhf4j.io.Json;
import io.github.dhf4j.tensor.TorchRuntime;
import io.github.dhf4j.testing.Golden;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Folders of Stable Diffusion XL that are not as they should be, and what else is told of one. */
class SdxlCheckpointTest {
    @TempDir
    Path folder;

    @BeforeEach
    void copy() throws IOException {
        Path from = Golden.fixtures().resolve("sdxl/pipeline");
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Path to = folder.resolve(from.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(to);
                } else {
                    Files.copy(file, to, StandardCopyOption.REPLACE_EXISTING);
                }
            }
        }
    }

    private void set(String file, String key, String json) throws IOException {
        JsonObject object = Json.readObject(folder.resolve(file));
        object.add(key, JsonParser.parseString(json));
        Files.writeString(folder.resolve(file), object.toString());
    }

    /** In one sentence that says what must be, what is there and where; in a report as its one problem. */
    private void refused(String... parts) {
        assertThatThrownBy(
                        () -> StableDiffusion.open(folder, TorchRuntime.cpu()).close())
                .isInstanceOf(IOException.class)
                .satisfies(e -> assertThat(e.getMessage())
                        .contains(parts)
                        .contains("must", "got", folder.toString())
                        .doesNotContain("\n")
                        .hasSizeLessThan(400 + folder.toString().length()));
        assertThat(CheckpointReport.of(folder).problems())
                .singleElement()
                .satisfies(problem -> assertThat(problem).contains(parts));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "unet/config.json | addition_embed_type | \"text_image\" | 'addition_embed_type' must be one of [text_time], got 'text_image'",
                "unet/config.json | in_channels | 9 | inpainting, depth and editing checkpoints are not supported",
                "unet/config.json | addition_time_embed_dim | 6 | addition_time_embed_dim plus text_encoder_2's projection_dim, 6 x 6 + 20, got 68",
                "vae/config.json | latents_mean | [0.1, 0.2, 0.3, 0.4] | 'latents_mean'",
                "model_index.json | requires_aesthetics_score | true | it is a refiner, give the base",
                "model_index.json | text_encoder_2 | [null, null] | 'text_encoder_2' must be CLIPTextModelWithProjection, got none",
                "model_index.json | text_encoder_2 | [\"transformers\", \"CLIPTextModel\"] | got CLIPTextModel (",
                "model_index.json | text_encoder | [null, null] | 'text_encoder' must be CLIPTextModel, got none",
                "model_index.json | tokenizer_2 | [null, null] | 'tokenizer_2' must be CLIPTokenizer, got none",
                "model_index.json | force_zeros_for_empty_prompt | 3 | 'force_zeros_for_empty_prompt' must be true or false",
                "text_encoder_2/config.json | projection_dim | 24 | 'text_projection.weight' must be of floats [24, 24] by the configuration, got text_projection.weight F16[20, 24]",
                "tokenizer_2/tokenizer_config.json | model_max_length | 20 | both tokenizers must give as many tokens, got 77 and 20"
            })
    void whatIsNotSupportedIsRefusedByName(String file, String key, String value, String message) throws IOException {
        set(file, key, value);
        refused(message);
    }

    @Test
    void partsOfOtherCheckpointsAreRefused() throws IOException {
        Path second = folder.resolve("text_encoder_2");
        Path first = folder.resolve("text_encoder");
        move(first, folder.resolve("kept"));
        move(second, first);
        move(folder.resolve("kept"), second);
        // what is called the second has no projection
        refused("text_projection.weight");
    }

    private static void move(Path from, Path to) throws IOException {
        Files.move(from, to);
    }

    @Test
    void widthsThatDoNotFitAreNamed() throws IOException {
        JsonObject unet = Json.readObject(folder.resolve("unet/config.json"));
        // the weights of sd15's text encoder are 32 wide
        for (String name : List.of("config.json", "model.safetensors")) {
            Files.copy(
                    Golden.fixtures().resolve("sd15/pipeline/text_encoder").resolve(name),
                    folder.resolve("text_encoder").resolve(name),
                    StandardCopyOption.REPLACE_EXISTING);
        }
        refused("cross_attention_dim of the UNet must be the text encoders' hidden_size together, 32 + 24, got "
                + unet.get("cross_attention_dim"));
    }

    @Test
    void aUNetOfAnotherFamilyIsRefused() throws IOException {
        for (String name : List.of("config.json", "diffusion_pytorch_model.safetensors")) {
            Files.copy(
                    Golden.fixtures().resolve("sd15/pipeline/unet").resolve(name),
                    folder.resolve("unet").resolve(name),
                    StandardCopyOption.REPLACE_EXISTING);
        }
        refused("addition_embed_type of the UNet must be text_time, got none");
    }

    @ParameterizedTest
    @ValueSource(strings = {"text_encoder_2/model.safetensors", "tokenizer_2/vocab.json", "text_encoder_2/config.json"})
    void whatIsMissingIsNamed(String file) throws IOException {
        Files.delete(folder.resolve(file));
        assertThatThrownBy(
                        () -> StableDiffusion.open(folder, TorchRuntime.cpu()).close())
                .isInstanceOf(IOException.class)
                .hasMessageContaining(file.substring(0, file.indexOf('/')));
        assertThat(CheckpointReport.of(folder).problems()).isNotEmpty();
    }

    @Test
    void reportsNameBothTextEncodersAndTokenizers() {
        CheckpointReport report = CheckpointReport.of(folder);
        assertThat(report.problems()).isEmpty();
        assertThat(String.join("\n", report.lines()))
                .contains("text_encoder  ", "text_encoder_2 ", "projected to 20", "tokenizer_2   ", "padded with '!'")
                .contains("9 decoder layers", "pooled text and sizes", "scaling 0.13025");
    }

    /** Whatever features are made of is in the fingerprint: every file of both encoders and tokenizers, and the flag. */
    @Test
    void theFingerprintCoversEveryPart() throws IOException {
        Set<String> seen = new HashSet<>();
        assertThat(seen.add(fingerprint())).isTrue();
        for (String file :
                List.of("text_encoder_2/config.json", "tokenizer_2/special_tokens_map.json", "unet/config.json")) {
            Files.writeString(folder.resolve(file), Files.readString(folder.resolve(file)) + "\n");
            assertThat(seen.add(fingerprint())).as(file).isTrue();
        }
        set("model_index.json", "force_zeros_for_empty_prompt", "false");
        assertThat(seen.add(fingerprint())).isTrue();
        set("model_index.json", "_diffusers_version", "\"0.40.0\"");
        assertThat(seen.add(fingerprint())).isFalse();
        try (StableDiffusion checkpoint = StableDiffusion.open(folder, TorchRuntime.cpu());
                NDManager manager = checkpoint.newManager()) {
            // where the flag is false, absent means empty
            NDArray none = checkpoint.conditions(null, Size.square(96), manager).text();
            assertThat(none.toFloatArray())
                    .isEqualTo(checkpoint
                            .conditions("", Size.square(96), manager)
                            .text()
                            .toFloatArray());
        }
    }

    private String fingerprint() throws IOException {
        try (StableDiffusion checkpoint = StableDiffusion.open(folder, TorchRuntime.cpu())) {
            return new DiffusionFeatureExtractor(checkpoint, ExtractionSettings.inversion()).fingerprint();
        }
    }
}
