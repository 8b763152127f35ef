package io.github.dhf4j.diffusion.model;

import static io.github.dhf4j.diffusion.model.NetworkStages.EXACT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import com.google.gson.JsonObject;
import io.github.dhf4j.io.Json;
import io.github.dhf4j.io.SafeTensors;
import io.github.dhf4j.tensor.TensorList;
import io.github.dhf4j.testing.Golden;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Stable Diffusion XL's networks alone against diffusers and transformers, what they are told taken from the golden file. */
class SdxlNetworkGoldenTest {
    private static Golden golden;
    private static UNet2DConditionModel unet;

    @BeforeAll
    static void open() throws IOException {
        golden = new Golden("sdxl");
        unet = NetworkStages.open(golden.pipeline().resolve("unet"), golden);
    }

    @AfterAll
    static void close() {
        unet.close();
        golden.close();
    }

    @Test
    void hiddenStatesAndPooledTextsAreTransformers() throws IOException {
        for (int part = 0; part < 2; part++) {
            String suffix = part == 0 ? "" : "_2";
            Path folder = golden.pipeline().resolve("text_encoder" + suffix);
            JsonObject json = Json.readObject(folder.resolve("config.json"));
            CLIPTextConfig config = CLIPTextConfig.read(json, folder.toString());
            try (SafeTensors file = SafeTensors.open(folder.resolve("model.safetensors"));
                    CLIPTextModel encoder = part == 0
                            ? new CLIPTextModel(config, file)
                            : new CLIPTextModel(
                                    config, CLIPTextProjection.Config.read(json, folder.toString()), file)) {
                encoder.load(golden.manager(), DataType.FLOAT32);
                for (int i = 0; i < 3; i++) {
                    long[] ids = ids(i, "input_ids" + suffix);
                    golden.assertClose(
                            "text." + i + ".encoder" + suffix,
                            encoder.penultimate(new long[][] {ids}, golden.manager()),
                            EXACT);
                    if (part == 1) {
                        NDArray last = encoder.encode(new long[][] {ids}, golden.manager());
                        golden.assertClose("text." + i + ".encoder_2.last_hidden_state", last, EXACT);
                        golden.assertClose("text." + i + ".pooled", encoder.pooled(ids, last), EXACT);
                    }
                }
            }
        }
    }

    /** The first end token, by its id or, in older files, as the highest id. */
    @Test
    void whereATextEndsIsFoundAsTransformersFindsIt() throws IOException {
        Path folder = golden.pipeline().resolve("text_encoder_2");
        JsonObject json = Json.readObject(folder.resolve("config.json"));
        CLIPTextConfig config = CLIPTextConfig.read(json, folder.toString());
        long[] ids = ids(1, "input_ids_2");
        try (SafeTensors file = SafeTensors.open(folder.resolve("model.safetensors"))) {
            for (int endId : new int[] {2, 2513}) {
                try (CLIPTextModel encoder =
                        new CLIPTextModel(config, new CLIPTextProjection.Config(20, endId), file)) {
                    encoder.load(golden.manager(), DataType.FLOAT32);
                    NDArray last = golden.tensor("text.1.encoder_2.last_hidden_state");
                    golden.assertClose("text.1.pooled", encoder.pooled(ids, last), EXACT);
                }
            }
        }
    }

    @Test
    void whatIsAddedToTheTimestepIsDiffusers() throws IOException {
        try (SafeTensors file =
                SafeTensors.open(golden.pipeline().resolve("unet/diffusion_pytorch_model.safetensors"))) {
            NDArray ids = golden.tensor("time_ids").flatten();
            NDArray projected = DiffusionOps.SCRIPT.run(golden.manager(), "sinusoids", ids, 8, true, 0.0);
            golden.assertClose("time_ids.projected", projected.reshape(1, -1), EXACT);
            golden.assertClose(
                    "add_embedding.input", golden.tensor("text.1.pooled").concat(projected.reshape(1, -1), 1), EXACT);
            NDArray[] weights = List.of("linear_1.weight", "linear_1.bias", "linear_2.weight", "linear_2.bias").stream()
                    .map(name -> read(file, "add_embedding." + name))
                    .toArray(NDArray[]::new);
            try (TensorList list = TensorList.of(weights)) {
                NDArray added = DiffusionOps.SCRIPT
                        .runToArrays(
                                golden.manager(),
                                "text_time_embedding",
                                golden.tensor("text.1.pooled"),
                                golden.tensor("time_ids"),
                                list,
                                8,
                                true,
                                0.0)[0];
                golden.assertClose("add_embedding", added, EXACT);
            }
        }
        try (TextConditioning told = condition("text.1");
                NDArray time = golden.manager().create(new float[] {501})) {
            NDArray sum = golden.tensor("time_embedding.t501").add(golden.tensor("add_embedding"));
            Golden.assertClose(
                    "time_embedding.t501 + add_embedding, after silu",
                    unet.timeEmbedding(time, told, golden.manager()),
                    sum.mul(sum.neg().exp().add(1).pow(-1)),
                    EXACT);
        }
    }

    @Test
    void everyTapAndTheOutputAreDiffusers() throws IOException {
        try (TextConditioning told = condition("text.1")) {
            for (int timestep : new int[] {-1, 0}) {
                golden.assertClose(
                        "unet.t" + timestep,
                        unet.forward(golden.tensor("latents"), timestep, told, FeatureTaps.NONE, true),
                        EXACT);
            }
            NetworkStages.compare(unet, golden, "unet.t501", 501, told);
        }
        try (TextConditioning zeros = condition("negative.none")) {
            golden.assertClose(
                    "unet.t501.negative.none",
                    unet.forward(golden.tensor("latents"), 501, zeros, FeatureTaps.NONE, true),
                    EXACT);
        }
    }

    @Test
    void aNetworkThatNeedsPooledTextIsToldIt() throws IOException {
        NDArray text = golden.tensor("text.1");
        assertThatThrownBy(() -> unet.condition(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("pooled text and sizes");
    }

    @Test
    void theConfigurationIsWrittenAsItWasRead() throws IOException {
        UNet2DConditionConfig config = unet.config();
        assertThat(config.textTime()).isEqualTo(new TextTime(8, 20));
        assertThat(config.transformerLayers()).containsExactly(1, 2, 3);
        assertThat(UNet2DConditionConfig.read(config.toJson(), "written")).isEqualTo(config);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "addition_embed_type | \"image\" | 'addition_embed_type' must be one of [text_time], got 'image'",
                "addition_embed_type | null | 'addition_time_embed_dim' must be absent",
                "addition_time_embed_dim | null | 'addition_time_embed_dim' must be even and 2 or more",
                "addition_time_embed_dim | 7 | got 7 (unet/config.json)",
                "projection_class_embeddings_input_dim | 48 | must be more than 6 times",
                "in_channels | 9 | 'in_channels' must be the 'out_channels' 4, got 9",
                "time_cond_proj_dim | 3 | 'time_cond_proj_dim' must be even",
                "mid_block_type | \"UNetMidBlock2D\" | 'mid_block_type' must be UNetMidBlock2DCrossAttn"
            })
    void otherFormsAreRefusedByName(String key, String value, String message) throws IOException {
        JsonObject json = Json.readObject(golden.pipeline().resolve("unet/config.json"));
        json.add(key, com.google.gson.JsonParser.parseString(value));
        assertThatThrownBy(() -> UNet2DConditionConfig.read(json, "unet/config.json"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(message);
    }

    private static TextConditioning condition(String name) throws IOException {
        return unet.condition(new Conditions(
                golden.tensor(name),
                new Conditions.Added(golden.tensor(name + ".pooled"), golden.tensor("time_ids")),
                null));
    }

    private static long[] ids(int prompt, String key) throws IOException {
        return golden
                .json()
                .getAsJsonArray("prompts")
                .get(prompt)
                .getAsJsonObject()
                .getAsJsonArray(key)
                .asList()
                .stream()
                .mapToLong(id -> id.getAsLong())
                .toArray();
    }

    private static NDArray read(SafeTensors file, String name) {
        try {
            return file.read(name, golden.manager(), DataType.FLOAT32);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
