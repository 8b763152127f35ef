package io.github.dhf4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import io.github.dhf4j.diffusion.BundledCheckpoint;
import io.github.dhf4j.io.Json;
import io.github.dhf4j.testing.hub.HubRepository;
import io.github.dhf4j.testing.hub.HubServer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Names of the hub where commands take checkpoints and weights, against a server on this machine. */
class ByNameCommandsTest {
    private static final String TOKEN = "hf_secretOfTheUser";

    @TempDir
    Path folder;

    private HubServer server;
    private @Nullable String offline;
    private Path tiny;

    @BeforeEach
    void serve() throws IOException {
        server = new HubServer();
        tiny = BundledCheckpoint.unpack();
        server.publish(HubRepository.of("owner/tiny", tiny));
        System.setProperty("HF_ENDPOINT", server.endpoint());
        System.setProperty("HF_HOME", folder.resolve("home").toString());
        System.setProperty("HF_TOKEN", TOKEN);
        offline = System.setProperty("HF_HUB_OFFLINE", "0");
    }

    @AfterEach
    void stop() {
        List.of("HF_ENDPOINT", "HF_HOME", "HF_TOKEN", "HF_HUB_OFFLINE").forEach(System::clearProperty);
        if (offline != null) {
            System.setProperty("HF_HUB_OFFLINE", offline);
        }
        server.close();
    }

    private JsonElement matches(String name, Object... words) throws IOException {
        Path json = folder.resolve(name + ".json");
        Object[] all = new Object[words.length + 5];
        System.arraycopy(new Object[] {"match", "--json", json, "--out", folder.resolve(name + ".png")}, 0, all, 0, 5);
        System.arraycopy(words, 0, all, 5, words.length);
        CommandLineTest.Result result = CommandLineTest.works(all);
        assertThat(result.out() + result.err()).doesNotContain(TOKEN);
        return Json.readObject(json).get("correspondences");
    }

    @Test
    void commandsTakeNamesWhereTheyTakePaths() throws IOException {
        JsonElement byFolder = matches("folder", "--model", tiny);
        assertThat(server.requests()).isEmpty();
        assertThat(matches("name", "--model", "owner/tiny")).isEqualTo(byFolder);
        assertThat(Json.readObject(folder.resolve("name.json"))
                        .getAsJsonObject("settings")
                        .get("checkpoint")
                        .getAsString())
                .startsWith("owner/tiny@");
        assertThat(CommandLineTest.works("inspect", "owner/tiny").out()).contains("no problems");
        assertThat(CommandLineTest.works("inspect", "owner/tiny/aggregator.safetensors")
                        .out())
                .contains("aggregation weights");
        Path out = folder.resolve("weights.pt");
        CommandLineTest.works("convert-weights", "owner/tiny/aggregator.safetensors", out);
        assertThat(out).exists();
        System.setProperty("HF_HUB_OFFLINE", "1");
        server.requests().clear();
        assertThat(CommandLineTest.works("inspect", "owner/tiny").out()).contains("no problems");
        assertThat(server.requests()).isEmpty();
        CommandLineTest.fails(1, "where HF_HUB_OFFLINE is set", "inspect", "owner/other");
    }

    @Test
    void mistakesAreOneSentence() {
        CommandLineTest.fails(1, "model 'no/such' must be there and open to you", "match", "--model", "no/such");
        CommandLineTest.fails(
                1, "file 'owner/tiny/none.pt' must be in its", "match", "--weights", "owner/tiny/none.pt");
        CommandLineTest.fails(1, "owner/name/path/in/repository", "match", "--weights", "owner/tiny");
        CommandLineTest.fails(2, "name of a model must be owner/name", "match", "--model", "hf:owner");
        CommandLineTest.fails(2, "preset must be one of paper, one-step", "match", "--preset", "none");
        CommandLineTest.fails(1, "got both", "match", "--preset", "paper", "--model", "owner/tiny");
        CommandLineTest.fails(
                1, "got both", "synthesize", "--prompt", "x", "--preset", "paper", "--model", tiny, "--out", folder);
        server.faults().gate("owner/tiny");
        CommandLineTest.fails(1, "accept its terms at " + server.endpoint() + "/owner/tiny", "inspect", "owner/tiny");
    }

    @Test
    void aPresetSaysItsLicenceFirst() {
        CommandLineTest.Result result = CommandLineTest.dhf("match", "--preset", "dinov2-small");
        assertThat(result.code()).isEqualTo(1);
        assertThat(result.err())
                .contains("preset dinov2-small: DINOv2's ViT-S/14", "licence  Apache-2.0", "not run by us")
                .contains("error: model 'facebook/dinov2-small' must be there");
    }
}
