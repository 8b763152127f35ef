package io.github.dhf4j.io.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dhf4j.feature.RunMonitor;
import io.github.dhf4j.io.Digests;
import io.github.dhf4j.testing.hub.HubRepository;
import io.github.dhf4j.testing.hub.HubServer;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of releases, from a server on this machine. */
class ReleasesTest {
    private static final HubId FILE = HubId.parse("lab/net/weights.pth@v1.0");

    @TempDir
    Path home;

    private HubServer server;
    private final Map<String, String> environment = new HashMap<>();

    @BeforeEach
    void serve() throws IOException {
        server = new HubServer();
        publish("the weights");
        environment.putAll(Map.of("HF_HOME", home.toString(), "HF_TOKEN", "hf_secret"));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private void publish(String content) {
        server.publish(new HubRepository("lab/net", Map.of("weights.pth", content.getBytes(StandardCharsets.UTF_8))));
    }

    private Path fetch(@Nullable String sha256) throws IOException {
        return new Releases(HubSettings.of(environment).withPatience(HubPatience.STANDARD.once()), RunMonitor.NONE)
                .file(new ReleaseAsset(URI.create(server.endpoint()), FILE, sha256));
    }

    private void refused(@Nullable String sha256, HubException.Reason reason, String... parts) {
        assertThatThrownBy(() -> fetch(sha256))
                .isInstanceOfSatisfying(
                        HubException.class, e -> assertThat(e.reason()).isEqualTo(reason))
                .hasMessageContainingAll(parts);
    }

    @Test
    void aFileIsFetchedOnceWithoutTheHubsToken() throws IOException {
        Path file = fetch(null);
        assertThat(file).hasContent("the weights").endsWith(Path.of("releases--lab--net", "v1.0", "weights.pth"));
        assertThat(server.requests())
                .extracting(HubServer.Request::path)
                .containsExactly("/lab/net/releases/download/v1.0/weights.pth", "/lab/net/weights.pth");
        assertThat(server.requests()).allMatch(request -> request.authorization() == null);
        server.requests().clear();
        assertThat(fetch(null)).isEqualTo(file);
        environment.put("HF_HUB_OFFLINE", "1");
        assertThat(fetch(null)).isEqualTo(file);
        assertThat(server.requests()).isEmpty();
    }

    @Test
    void aDigestThatNobodyKnewIsKeptAndLaterFetchesMustAgree() throws IOException {
        Path file = fetch(null);
        String digest = Digests.ofFile(file);
        assertThat(file.resolveSibling("weights.pth.sha256")).hasContent(digest + "\n");
        Files.delete(file);
        publish("other weights");
        refused(null, HubException.Reason.DAMAGED, digest + " of its first fetch", "nothing of it was kept");
        assertThat(file).doesNotExist();
        publish("the weights");
        assertThat(fetch(null)).hasContent("the weights");
    }

    @Test
    void aKnownDigestIsCompared() throws IOException {
        String digest = Digests.ofFile(Files.writeString(home.resolve("same"), "the weights"));
        String other = digest.replace(digest.charAt(0), digest.charAt(0) == '0' ? '1' : '0');
        refused(other, HubException.Reason.DAMAGED, other, digest);
        assertThat(fetch(digest)).hasContent("the weights");
    }

    @Test
    void whatIsNotThereIsSaid() {
        environment.put("HF_HUB_OFFLINE", "1");
        refused(null, HubException.Reason.OFFLINE, "lab/net/weights.pth@v1.0", "in the cache");
        environment.remove("HF_HUB_OFFLINE");
        assertThatThrownBy(() -> new Releases(HubSettings.of(environment), RunMonitor.NONE)
                        .file(new ReleaseAsset(
                                URI.create(server.endpoint()), HubId.parse("lab/none/weights.pth@v1.0"), null)))
                .isInstanceOf(HubException.class)
                .hasMessageContainingAll("lab/none/weights.pth@v1.0", "404");
    }
}
