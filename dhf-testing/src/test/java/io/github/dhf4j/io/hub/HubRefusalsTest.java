package io.github.dhf4j.io.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dhf4j.io.hub.HubException.Reason;
import io.github.dhf4j.testing.hub.HubRepository;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** One sentence a failure: what, what was expected, what is, where, and what to do; and never the token. */
class HubRefusalsTest extends HubCase {
    private void refuses(HubId id, Reason reason, String... parts) {
        assertThatThrownBy(() -> hub().file(id))
                .isInstanceOfSatisfying(
                        HubException.class, e -> assertThat(e.reason()).isEqualTo(reason))
                .hasMessageContainingAll(parts)
                .hasMessageContaining("' must ")
                .hasMessageContaining(", got ")
                .message()
                .doesNotContain(TOKEN, "secret", "\n")
                .hasSizeLessThan(500);
    }

    @Test
    void whatIsNotThereIsSaidToBeTheRepositoryTheRevisionOrTheFile() {
        refuses(
                HubId.parse("no/such/x.pt"),
                Reason.NO_REPOSITORY,
                "401, with the token that is set",
                server.endpoint() + "/no/such");
        refuses(CONFIG.at("v9"), Reason.NO_REVISION, "have the revision 'v9'", "404");
        refuses(HubId.parse("owner/net/none.pt"), Reason.NO_FILE, "be in its repository", "/owner/net/tree/main");
        assertThatThrownBy(() -> hub().file(HubId.parse("owner/net")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("owner/name/path/in/repository");
    }

    @Test
    void aGatedRepositoryNamesThePageToAccept() {
        server.faults().gate("owner/net");
        refuses(
                WEIGHTS,
                Reason.DENIED,
                "403, since it is gated",
                "accept its terms at " + server.endpoint() + "/owner/net");
        environment.remove("HF_TOKEN");
        refuses(WEIGHTS, Reason.DENIED, "gated and no token was sent", "HF_TOKEN");
    }

    @Test
    void statusesAreTold() {
        server.faults().answerWith(1, 401, Map.of());
        refuses(CONFIG, Reason.DENIED, "401");
        server.faults().answerWith(1, 403, Map.of("X-Error-Message", "your token hf_secretOfTheUser is bad"));
        refuses(CONFIG, Reason.DENIED, "403", "whether your token may read it");
        server.faults().answerWith(1, 404, Map.of());
        refuses(CONFIG, Reason.NO_REPOSITORY, "404");
        server.faults().answerWith(3, 429, Map.of());
        refuses(CONFIG, Reason.BUSY, "429 (too many requests) again and again", "wait some minutes");
        server.faults().answerWith(3, 500, Map.of());
        refuses(CONFIG, Reason.BUSY, "500 again and again");
        server.faults().answerWith(1, 200, Map.of());
        refuses(CONFIG, Reason.STRANGE, "X-Repo-Commit", "HF_ENDPOINT");
        server.faults().answerWith(1, 200, Map.of("X-Repo-Commit", repository.commit(), "ETag", "\"../../x\""));
        refuses(CONFIG, Reason.STRANGE, "no header ETag");
        server.faults().answerWith(1, 200, Map.of("X-Repo-Commit", "../x", "ETag", "\"x\""));
        refuses(CONFIG, Reason.STRANGE, "X-Repo-Commit");
        server.faults().answerWith(30, 302, Map.of("Location", "/again"));
        refuses(CONFIG, Reason.STRANGE, "more than 10 redirects");
    }

    @Test
    void noNetworkIsOneSentenceAndTheCacheIsGoodEnough() throws IOException {
        Path weights = hub().file(WEIGHTS);
        try (ServerSocket free = new ServerSocket(0)) {
            environment.put("HF_ENDPOINT", "http://127.0.0.1:" + free.getLocalPort());
        }
        refuses(CONFIG, Reason.UNREACHABLE, "come over the network", "no connection", "https.proxyHost");
        assertThat(hub().file(WEIGHTS)).isEqualTo(weights);
        assertThat(hub().snapshot(HubId.parse("owner/net"), PublishedFiles::names))
                .isEqualTo(snapshot());
        environment.put("HF_ENDPOINT", "http://none.invalid");
        refuses(CONFIG, Reason.UNREACHABLE, "no such host");
    }

    @Test
    void offlineNobodyIsAsked() throws IOException {
        environment.put("HF_HUB_OFFLINE", "1");
        refuses(WEIGHTS, Reason.OFFLINE, "where HF_HUB_OFFLINE is set", "none in " + home.resolve("hub"));
        assertThatThrownBy(() -> hub().snapshot(HubId.parse("owner/net"), PublishedFiles::names))
                .hasMessageContaining("model 'owner/net' must be in the cache");
        environment.remove("HF_HUB_OFFLINE");
        Path weights = hub().file(WEIGHTS);
        server.requests().clear();
        environment.put("HF_HUB_OFFLINE", "1");
        assertThat(hub().file(WEIGHTS)).isEqualTo(weights);
        assertThat(hub().snapshot(HubId.parse("owner/net"), PublishedFiles::names))
                .isEqualTo(snapshot());
        refuses(CONFIG, Reason.OFFLINE, "config.json");
        assertThat(server.requests()).isEmpty();
    }

    @Test
    void whatACommitHasNotIsKeptInMind() throws IOException {
        HubId none = HubId.parse("owner/net/a/none.json");
        refuses(none, Reason.NO_FILE, "404");
        Path mark = folder().resolve(".no_exist/" + repository.commit() + "/a/none.json");
        assertThat(mark).isEmptyFile();
        assertThat(folder().resolve("refs/main")).hasContent(repository.commit());
        server.requests().clear();
        refuses(none.at(repository.commit()), Reason.NO_FILE, "as the hub said before");
        environment.put("HF_HUB_OFFLINE", "1");
        refuses(none, Reason.NO_FILE, "as the hub said before");
        assertThat(server.requests()).isEmpty();
        environment.remove("HF_HUB_OFFLINE");
        repository.files().put("a/none.json", new byte[] {'{', '}'});
        server.publish(new HubRepository("owner/net", repository.files()));
        assertThat(hub().file(none)).as("a branch moves").hasContent("{}");
    }

    @Test
    void aFullOrClosedDiskIsTold() throws IOException {
        server.faults().sizeOff(1_000_000_000_000_000L);
        refuses(WEIGHTS, Reason.DISK, "find 1.0 PB of free disk", "make room");
        server.faults().sizeOff(0);
        Files.createDirectories(folder());
        Files.createFile(blobs());
        refuses(WEIGHTS, Reason.DISK, "be written into " + home.resolve("hub"), blobs().toString(), "HF_HOME");
    }
}
