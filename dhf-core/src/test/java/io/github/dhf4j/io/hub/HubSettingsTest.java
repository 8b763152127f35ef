package io.github.dhf4j.io.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The variables of Python's client, and what they mean there. */
class HubSettingsTest {
    private static final String HOME = System.getProperty("user.home");

    @Test
    void theCacheIsWhereItIsInPython() {
        assertThat(cache(Map.of())).isEqualTo(Path.of(HOME, ".cache/huggingface/hub"));
        assertThat(cache(Map.of("XDG_CACHE_HOME", "/x"))).isEqualTo(Path.of("/x/huggingface/hub"));
        assertThat(cache(Map.of("XDG_CACHE_HOME", "/x", "HF_HOME", "/h"))).isEqualTo(Path.of("/h/hub"));
        assertThat(cache(Map.of("HF_HOME", "/h", "HUGGINGFACE_HUB_CACHE", "/old")))
                .isEqualTo(Path.of("/old"));
        assertThat(cache(Map.of("HUGGINGFACE_HUB_CACHE", "/old", "HF_HUB_CACHE", "/new")))
                .isEqualTo(Path.of("/new"));
        assertThat(cache(Map.of("HF_HOME", "~/models"))).isEqualTo(Path.of(HOME, "models/hub"));
        assertThat(cache(Map.of("HF_HOME", "$BIG/${SUB}/x", "BIG", "/d", "SUB", "s")))
                .isEqualTo(Path.of("/d/s/x/hub"));
        assertThat(cache(Map.of("HF_HOME", " "))).isEqualTo(Path.of(HOME, ".cache/huggingface/hub"));
    }

    private static Path cache(Map<String, String> environment) {
        return HubSettings.of(environment).cache();
    }

    @Test
    void theEndpointIsAnAddress() {
        assertThat(HubSettings.of(Map.of()).endpoint()).isEqualTo(URI.create("https://huggingface.co"));
        HubSettings mirror = HubSettings.of(Map.of("HF_ENDPOINT", "http://mirror.example:8080//"));
        assertThat(mirror.endpoint()).isEqualTo(URI.create("http://mirror.example:8080"));
        assertThat(mirror.page(HubId.parse("a/b"))).isEqualTo("http://mirror.example:8080/a/b");
        for (String wrong : new String[] {"mirror", "ftp://a", "https://user:secret@a", "https://a?x=secret", "a b"}) {
            assertThatThrownBy(() -> HubSettings.of(Map.of("HF_ENDPOINT", wrong)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("HF_ENDPOINT must be an address")
                    .hasMessageNotContaining("secret");
        }
    }

    @Test
    void theTokenIsThatOfAVariableElseOfAFileAndIsNeverShown(@TempDir Path folder) throws IOException {
        Files.writeString(folder.resolve("token"), "hf_file\n");
        Files.writeString(folder.resolve("other"), " hf_other ");
        Map<String, String> home = Map.of("HF_HOME", folder.toString());
        assertThat(header(home)).isEqualTo("Bearer hf_file");
        assertThat(header(Map.of("HF_TOKEN_PATH", folder.resolve("other").toString())))
                .isEqualTo("Bearer hf_other");
        assertThat(header(Map.of(
                        "HF_HOME", folder.toString(), "HF_TOKEN", "hf_new\r\n", "HUGGING_FACE_HUB_TOKEN", "hf_old")))
                .isEqualTo("Bearer hf_new");
        assertThat(header(Map.of("HUGGING_FACE_HUB_TOKEN", "hf_old"))).isEqualTo("Bearer hf_old");
        assertThat(HubSettings.of(home).toString()).doesNotContain("hf_file").contains("a token");
        assertThat(HubSettings.of(Map.of("HF_TOKEN", "hf_x", "HF_HUB_DISABLE_IMPLICIT_TOKEN", "1"))
                        .token())
                .isNull();
        assertThat(HubSettings.of(Map.of("HF_HOME", "/none", "HF_TOKEN", "a\u0001b"))
                        .token())
                .as("no header can hold it")
                .isNull();
    }

    private static String header(Map<String, String> environment) {
        return Objects.requireNonNull(HubSettings.of(environment).token()).header();
    }

    @Test
    void flagsAreTrueInPythonsWords() {
        for (String yes : new String[] {"1", "on", "YES", "true"}) {
            assertThat(HubSettings.of(Map.of("HF_HUB_OFFLINE", yes)).offline()).isTrue();
            assertThat(HubSettings.of(Map.of("HF_HUB_DISABLE_SYMLINKS", yes)).links())
                    .isFalse();
        }
        assertThat(HubSettings.of(Map.of("TRANSFORMERS_OFFLINE", "1")).offline())
                .isTrue();
        assertThat(HubSettings.of(Map.of("HF_HUB_OFFLINE", "0", "TRANSFORMERS_OFFLINE", "1"))
                        .offline())
                .isFalse();
        assertThat(HubSettings.of(Map.of()).links()).isTrue();
    }
}
