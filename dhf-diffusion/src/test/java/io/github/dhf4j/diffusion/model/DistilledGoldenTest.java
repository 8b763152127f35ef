package io.github.dhf4j.diffusion.model;

import static io.github.dhf4j.diffusion.model.NetworkStages.EXACT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import io.github.dhf4j.io.Json;
import io.github.dhf4j.testing.Golden;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Networks distilled of Stable Diffusion 1.x against diffusers: without a middle block, and told a guidance scale. */
class DistilledGoldenTest {
    private static Golden golden;

    @BeforeAll
    static void open() {
        golden = new Golden("sd-distilled");
    }

    @AfterAll
    static void close() {
        golden.close();
    }

    @ParameterizedTest
    @CsvSource({"bk-sdm, ''", "lcm, ''", "lcm, .guided"})
    void everyTapAndTheOutputAreDiffusers(String form, String suffix) throws IOException {
        double scale = golden.json().get("guidance_scale").getAsDouble();
        try (UNet2DConditionModel unet =
                        NetworkStages.open(golden.folder().resolve(form).resolve("unet"), golden);
                TextConditioning told = unet.condition(
                        Conditions.of(golden.tensor("text")).withGuidance(suffix.isEmpty() ? null : scale))) {
            List<Integer> channels = golden.json().getAsJsonObject("layers").getAsJsonArray(form).asList().stream()
                    .map(width -> width.getAsInt())
                    .toList();
            assertThat(unet.config().layers()).isEqualTo(channels.size());
            for (int layer = 1; layer <= channels.size(); layer++) {
                assertThat(unet.config().layerChannels(layer)).isEqualTo(channels.get(layer - 1));
            }
            for (int timestep : new int[] {-1, 501}) {
                String prefix = form + suffix + ".t" + timestep;
                try (NDArray time = golden.manager().create(new float[] {timestep});
                        NDArray seen = unet.timeEmbedding(time, told, golden.manager());
                        NDArray before = golden.tensor(prefix + ".time_embedding");
                        NDArray after = before.mul(before.neg().exp().add(1).pow(-1))) {
                    Golden.assertClose(prefix + ".time_embedding, after silu", seen, after, EXACT);
                }
                NetworkStages.compare(unet, golden, prefix, timestep, told);
            }
        }
    }

    @Test
    void theEmbeddedGuidanceIsDiffusers() throws IOException {
        try (NDArray scale = golden.manager().create(new float[] {7500});
                NDArray embedded = DiffusionOps.SCRIPT.run(golden.manager(), "sinusoids", scale, 24, false, 1.0)) {
            golden.assertClose("lcm.guidance_embedding", embedded, EXACT);
        }
    }

    /** Weights laid out for the size of the latents give the same numbers, whatever blocks there are. */
    @ParameterizedTest
    @ValueSource(strings = {"bk-sdm", "lcm"})
    void packedWeightsGiveTheSame(String form) throws IOException {
        try (UNet2DConditionModel unet =
                        NetworkStages.open(golden.folder().resolve(form).resolve("unet"), golden);
                TextConditioning told = unet.condition(Conditions.of(golden.tensor("text")))) {
            unet.pack(1, 16, 16);
            NetworkStages.compare(unet, golden, form + ".t501", 501, told);
        }
    }

    @Test
    void onlyANetworkThatTakesGuidanceIsToldIt() throws IOException {
        try (UNet2DConditionModel unet = NetworkStages.open(golden.folder().resolve("bk-sdm/unet"), golden)) {
            Conditions guided = Conditions.of(golden.tensor("text")).withGuidance(8.5);
            assertThatThrownBy(() -> unet.condition(guided))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("conditions must be what the network takes")
                    .hasMessageContaining("no guidance");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"bk-sdm", "lcm"})
    void theConfigurationIsWrittenAsItWasRead(String form) throws IOException {
        String where = golden.folder().resolve(form).resolve("unet/config.json").toString();
        UNet2DConditionConfig config = UNet2DConditionConfig.read(Json.readObject(java.nio.file.Path.of(where)), where);
        assertThat(UNet2DConditionConfig.read(config.toJson(), where)).isEqualTo(config);
        assertThat(config.midBlock()).isEqualTo(form.equals("lcm"));
        assertThat(config.guidanceWidth()).isEqualTo(form.equals("lcm") ? 24 : 0);
    }
}
