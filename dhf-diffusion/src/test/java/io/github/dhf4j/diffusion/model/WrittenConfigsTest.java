package io.github.dhf4j.diffusion.model;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import io.github.dhf4j.io.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Configurations as recent diffusers and transformers write them (src/test/golden/configs.py). */
class WrittenConfigsTest {
    private static JsonObject written;

    @BeforeAll
    static void read() throws IOException {
        try (var in = WrittenConfigsTest.class.getResourceAsStream("../configs.json")) {
            String text = new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
            written = Json.parseObject(text.replace("-Infinity", "null"));
        }
    }

    @Test
    void theDenoisingNetworksOfBothStableDiffusionsAreRead() throws IOException {
        JsonObject json = written.getAsJsonObject("unet");
        assertThat(UNet2DConditionConfig.read(json, "unet").layers()).isEqualTo(12);
        json.addProperty("cross_attention_dim", 1024);
        json.addProperty("use_linear_projection", true);
        json.addProperty("upcast_attention", true);
        json.add("attention_head_dim", Json.array(List.of(5, 10, 20, 20)));
        assertThat(UNet2DConditionConfig.read(json, "unet").heads()).containsExactly(5, 10, 20, 20);
    }

    @Test
    void theAutoencoderIsRead() throws IOException {
        assertThat(AutoencoderKLConfig.read(written.getAsJsonObject("vae"), "vae")
                        .latentChannels())
                .isEqualTo(4);
    }

    @Test
    void textEncodersAndWholeClipModelsAreRead() throws IOException {
        JsonObject texts = written.getAsJsonObject("text_encoder");
        assertThat(texts.keySet()).hasSizeGreaterThanOrEqualTo(4);
        for (String name : texts.keySet()) {
            assertThat(CLIPTextConfig.read(texts.getAsJsonObject(name), name))
                    .as(name)
                    .isEqualTo(new CLIPTextConfig(49408, 77, 512, 2048, 12, 8, true, 1e-5));
        }
    }
}
