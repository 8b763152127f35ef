package io.github.dhf4j.feature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.dhf4j.io.Json;
import io.github.dhf4j.testing.ChangedSettings;
import java.io.IOException;
import java.util.Comparator;
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
    void keysAreWrittenInOneOrder() throws Exception {
        Set<String> written = new HashSet<>();
        for (ExtractionSettings settings : ChangedSettings.all().values()) {
            List<String> keys = List.copyOf(SettingsCodec.toJson(settings).keySet());
            assertThat(keys)
                    .isSubsetOf(SettingsCodec.KEYS)
                    .isSortedAccordingTo(Comparator.comparing(SettingsCodec.KEYS::indexOf));
            written.addAll(keys);
        }
        assertThat(written).containsExactlyInAnyOrderElementsOf(SettingsCodec.KEYS);
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
    void aNegativePromptThatIsAbsentIsNotAnEmptyOne() throws IOException {
        ExtractionSettings none = ExtractionSettings.of(Generation.of("a cat").withGuidance(null, 2));
        JsonObject json = SettingsCodec.toJson(none);
        assertThat(json.toString()).contains("\"negative_prompt\":null");
        assertThat(SettingsCodec.fromJson(json, "test")).isEqualTo(none);
        // older files, which do not name it, meant the empty text
        json.remove("negative_prompt");
        assertThat(SettingsCodec.fromJson(json, "test"))
                .isEqualTo(ExtractionSettings.of(Generation.of("a cat").withGuidance("", 2)));
    }

    /** Files of before there was a process each wrote every key, whatever the mode. */
    @Test
    void theFormBeforeThisOneIsRead() throws IOException {
        String old = "{\"diffusion_mode\":\"%s\",\"num_timesteps\":%d,\"save_timestep\":[%d],\"layers\":[%s],"
                + "\"prompt\":\"%s\",\"negative_prompt\":\"%s\",\"guidance\":%s,\"sample_latent\":%s,\"seed\":5,"
                + "\"load_resolution\":96,\"ensemble\":%d,\"facet\":\"%s\",\"stride\":%d,\"cell_centres\":false,"
                + "\"log_bins\":false}";
        Map<String, ExtractionSettings> expected = Map.of(
                old.formatted("inversion", 50, 10, "", "a", "b", "2.0", "true", 1, "token", 0),
                new ExtractionSettings(new Inversion(50, List.of(10), "a", true, 5), LayerTaps.ALL, 96),
                old.formatted("generation", 50, 10, "4", "a", "b", "2.0", "false", 1, "token", 0),
                new ExtractionSettings(new Generation(50, List.of(10), "a", "b", 2, 5), new LayerTaps(List.of(4)), 96),
                old.formatted("noised", 1000, 738, "14", "a", "", "1.0", "false", 8, "token", 0),
                new ExtractionSettings(
                        new Noised(1000, List.of(738), "a", false, 5, 8), new LayerTaps(List.of(14)), 96),
                old.formatted("forward", 1, 0, "10", "", "", "1.0", "false", 1, "key", 4),
                new ExtractionSettings(new Forward(), new TokenTaps(List.of(10), Facet.KEY, 4, false, false), 96));
        for (Map.Entry<String, ExtractionSettings> each : expected.entrySet()) {
            assertThat(SettingsCodec.fromJson(Json.parseObject(each.getKey()), "test"))
                    .isEqualTo(each.getValue());
        }
    }

    /** Digests of caches, weights and kept maps are made of these: none may ever change. */
    @Test
    void thePapersWalkIsTheTextThatItAlwaysWas() {
        assertThat(SettingsCodec.text(ExtractionSettings.inversion()))
                .isEqualTo("{\"diffusion_mode\":\"inversion\",\"num_timesteps\":50,"
                        + "\"save_timestep\":[49,45,40,35,30,25,20,15,10,5,0],\"layers\":[],\"prompt\":\"\","
                        + "\"sample_latent\":false,\"seed\":0,\"load_resolution\":0}");
        assertThat(SettingsCodec.text(ExtractionSettings.oneStep().withLoadSize(96)))
                .isEqualTo("{\"diffusion_mode\":\"inversion\",\"num_timesteps\":1,\"save_timestep\":[0],"
                        + "\"layers\":[],\"prompt\":\"\",\"sample_latent\":false,\"seed\":0,\"load_resolution\":96}");
    }

    @Test
    void aShorterWalkIsWrittenAndReadBack() throws IOException {
        ExtractionSettings settings =
                ExtractionSettings.of(new Inversion(50, List.of(49, 30), "a", false, 0, List.of(49, 30, 10)));
        assertThat(SettingsCodec.text(settings))
                .isEqualTo("{\"diffusion_mode\":\"inversion\",\"num_timesteps\":50,\"save_timestep\":[49,30],"
                        + "\"calls\":[49,30,10],\"layers\":[],\"prompt\":\"a\",\"sample_latent\":false,"
                        + "\"seed\":0,\"load_resolution\":0}");
        assertThat(SettingsCodec.fromJson(SettingsCodec.toJson(settings), "test"))
                .isEqualTo(settings);
        for (String walk : List.of("[30]", "[49,10]", "[30,49]", "[49,50,30]", "[49,30,30]", "[49,30,-1]")) {
            JsonObject json = SettingsCodec.toJson(settings);
            json.add("calls", JsonParser.parseString(walk));
            assertThatThrownBy(() -> SettingsCodec.fromJson(json, "here"))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("calls ");
        }
    }

    @Test
    void tapsMustBeOfTheProcessNetworks() {
        TokenTaps tokens = new TokenTaps(List.of(1), Facet.KEY, 4, false, false);
        assertThatThrownBy(() -> ExtractionSettings.inversion().withTaps(tokens))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("taps must be of the process' networks, got tokens with the process inversion");
        assertThatThrownBy(() -> ExtractionSettings.forward().withTaps(new UpBlockTaps(List.of(2))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("got up blocks with the process forward");
        assertThatThrownBy(() -> ExtractionSettings.forward().withTaps(new DecoderBlockTaps(List.of(2))))
                .hasMessageContaining("got decoder blocks with the process forward");
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
