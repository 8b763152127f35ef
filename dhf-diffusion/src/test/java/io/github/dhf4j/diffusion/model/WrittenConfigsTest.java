package io.github.dhf4j.diffusion.model;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonNull;
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

    /** The forms that are published, by the number of weights that each is known to have. */
    @Test
    void theFormsOfSdxlAndOfDistilledNetworksHaveTheirNumberOfWeights() throws IOException {
        JsonObject sd = written.getAsJsonObject("unet").deepCopy();
        sd.addProperty("cross_attention_dim", 768);
        assertThat(count(sd)).isEqualTo(859_520_964);
        JsonObject lcm = sd.deepCopy();
        lcm.addProperty("time_cond_proj_dim", 256);
        assertThat(count(lcm)).isEqualTo(859_520_964 + 320 * 256);
        JsonObject base = sd.deepCopy();
        base.addProperty("layers_per_block", 1);
        assertThat(count(base)).isEqualTo(579_384_964);
        JsonObject small = base.deepCopy();
        small.add("mid_block_type", JsonNull.INSTANCE);
        assertThat(count(small)).isEqualTo(482_346_884);
        JsonObject xl = sd.deepCopy();
        xl.add("block_out_channels", Json.array(List.of(320, 640, 1280)));
        xl.add("down_block_types", Json.array(List.of("DownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D")));
        xl.add("up_block_types", Json.array(List.of("CrossAttnUpBlock2D", "CrossAttnUpBlock2D", "UpBlock2D")));
        xl.add("attention_head_dim", Json.array(List.of(5, 10, 20)));
        xl.add("transformer_layers_per_block", Json.array(List.of(1, 2, 10)));
        xl.addProperty("cross_attention_dim", 2048);
        xl.addProperty("use_linear_projection", true);
        xl.addProperty("addition_embed_type", "text_time");
        xl.addProperty("addition_time_embed_dim", 256);
        xl.addProperty("projection_class_embeddings_input_dim", 2816);
        assertThat(count(xl)).isEqualTo(2_567_463_684L);
    }

    private static long count(JsonObject json) throws IOException {
        return UNet2DConditionModel.parameterShapes(UNet2DConditionConfig.read(json, "unet")).values().stream()
                .mapToLong(shape -> java.util.Arrays.stream(shape).reduce(1, (a, b) -> a * b))
                .sum();
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
