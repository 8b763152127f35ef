package io.github.dhf4j.feature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import io.github.dhf4j.io.Json;
import io.github.dhf4j.testing.ChangedSettings;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SettingsCodecTest {
    @Test
    void everyComponentIsReadBackAsItWasWritten() throws Exception {
        Set<String> texts = new HashSet<>();
        for (Map.Entry<String, ExtractionSettings> changed :
                ChangedSettings.all().entrySet()) {
            String text = SettingsCodec.text(changed.getValue());
            assertThat(SettingsCodec.fromJson(Json.parseObject(text), "test"))
                    .as(changed.getKey())
                    .isEqualTo(changed.getValue());
            assertThat(texts.add(text)).as(changed.getKey()).isTrue();
        }
    }

    @Test
    void allKeysAreWrittenInOneOrder() {
        assertThat(SettingsCodec.toJson(ExtractionSettings.inversion()).keySet())
                .containsExactlyElementsOf(SettingsCodec.KEYS);
    }

    @Test
    void absentKeysMeanWhatTheyMeantBeforeThereWereThese() throws IOException {
        assertThat(SettingsCodec.fromJson(
                        Json.parseObject("{\"save_timestep\": [49,45,40,35,30,25,20,15,10,5,0]}"), "test"))
                .isEqualTo(ExtractionSettings.inversion());
        JsonObject json = SettingsCodec.toJson(ExtractionSettings.inversion());
        json.add("seed", JsonNull.INSTANCE);
        assertThat(SettingsCodec.fromJson(json, "test")).isEqualTo(ExtractionSettings.inversion());
    }

    @Test
    void whatIsNotKnownOrCannotBeIsNamed() {
        for (List<String> wrong : List.of(
                List.of("tempo", "3"),
                List.of("seed", "1.5"),
                List.of("seed", "12345678901234567890"),
                List.of("seed", "true"),
                List.of("sample_latent", "1"),
                List.of("facet", "\"keys\""),
                List.of("save_timestep", "[]"),
                List.of("layers", "[0]"),
                List.of("layers", "{}"))) {
            JsonObject json = SettingsCodec.toJson(ExtractionSettings.inversion());
            json.remove(wrong.get(0));
            assertThatThrownBy(() -> SettingsCodec.fromJson(
                            Json.parseObject(json.toString()
                                    .replaceFirst("\\{", "{\"" + wrong.get(0) + "\":" + wrong.get(1) + ",")),
                            "here"))
                    .as(wrong.toString())
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining(wrong.get(0))
                    .hasMessageContaining("here");
        }
    }
}
