package io.github.dhf4j.io.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.util.Progress;
import io.github.dhf4j.feature.RunMonitor;
import io.github.dhf4j.testing.hub.HubRepository;
import io.github.dhf4j.testing.hub.HubServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Files come whole, from where they were, into Python's layout. */
class HubDownloadTest extends HubCase {
    @Test
    void theLayoutIsPythons() throws IOException {
        Path config = hub().file(CONFIG);
        Path weights = hub().file(WEIGHTS);
        String commit = repository.commit();
        assertThat(config)
                .isEqualTo(folder().resolve("snapshots").resolve(commit).resolve("config.json"));
        assertThat(Files.readSymbolicLink(config)).isEqualTo(Path.of("../../blobs", repository.etag("config.json")));
        assertThat(Files.readSymbolicLink(weights))
                .isEqualTo(Path.of("../../../blobs", repository.etag("sub/model.safetensors")));
        assertThat(weights).hasBinaryContent(weights());
        assertThat(folder().resolve("refs/main")).hasContent(commit);
        assertThat(names(folder())).containsExactly("blobs", "refs", "snapshots");
        assertThat(names(blobs()))
                .containsExactlyInAnyOrder(repository.etag("config.json"), repository.etag("sub/model.safetensors"));
        assertThat(names(home.resolve("hub/.locks/models--owner--net")))
                .contains(repository.etag("config.json") + ".lock");
        assertThat(home.resolve("hub/CACHEDIR.TAG")).exists();
        long downloads = server.downloads();
        assertThat(hub().file(WEIGHTS)).isEqualTo(weights);
        assertThat(server.downloads()).as("had before").isEqualTo(downloads);
        server.requests().clear();
        assertThat(hub().file(WEIGHTS.at(commit))).isEqualTo(weights);
        assertThat(server.requests()).as("a commit never changes").isEmpty();
    }

    @Test
    void whereNoLinksAreMadeTheFileItselfIsInTheSnapshot() throws IOException {
        environment.put("HF_HUB_DISABLE_SYMLINKS", "1");
        Path weights = hub().file(WEIGHTS);
        assertThat(weights).isRegularFile().hasBinaryContent(weights());
        assertThat(Files.isSymbolicLink(weights)).isFalse();
        assertThat(names(blobs())).isEmpty();
        assertThat(hub().file(WEIGHTS)).isEqualTo(weights);
        assertThat(server.downloads()).isEqualTo(1);
    }

    @Test
    void theTokenGoesToTheHubAndToNobodyElse() throws IOException {
        hub().file(WEIGHTS);
        assertThat(server.requests())
                .filteredOn(request -> request.host().equals("hub"))
                .hasSize(2)
                .allSatisfy(request -> assertThat(request.authorization()).isEqualTo("Bearer " + TOKEN));
        assertThat(server.requests())
                .filteredOn(request -> request.host().equals("storage"))
                .hasSize(1)
                .allSatisfy(request -> assertThat(request.authorization()).isNull());
    }

    @Test
    void anotherCommitFetchesOnlyWhatChanged() throws IOException {
        hub().file(CONFIG);
        hub().file(WEIGHTS);
        Map<String, byte[]> changed = new TreeMap<>(repository.files());
        changed.put("config.json", new byte[] {'{', '}'});
        HubRepository next = new HubRepository("owner/net", changed);
        server.publish(next);
        long before = server.downloads();
        Path weights = hub().file(WEIGHTS);
        assertThat(weights)
                .hasBinaryContent(weights())
                .hasParentRaw(
                        folder().resolve("snapshots").resolve(next.commit()).resolve("sub"));
        assertThat(server.downloads()).as("the blob was there").isEqualTo(before);
        assertThat(hub().file(CONFIG)).hasContent("{}");
        assertThat(folder().resolve("refs/main")).hasContent(next.commit());
    }

    @Test
    void aBodyThatIsCutGoesOnWhereItWas() throws IOException {
        server.faults().cutAfter(100_000, 50_000, 30_000, 20_000, 10_000);
        assertThat(hub().file(WEIGHTS)).hasBinaryContent(weights());
        assertThat(ranges())
                .containsExactly(
                        null, "bytes=100000-", "bytes=150000-", "bytes=180000-", "bytes=200000-", "bytes=210000-");
    }

    private List<@Nullable String> ranges() {
        List<@Nullable String> ranges = new ArrayList<>();
        server.requests().stream()
                .filter(request -> request.host().equals("storage"))
                .forEach(request -> ranges.add(request.range()));
        return ranges;
    }

    @Test
    void aBodyThatFallsSilentGoesOnWhereItWas() throws IOException {
        server.faults().hang();
        server.faults().cutAfter(120_000);
        assertThat(hub().file(WEIGHTS)).hasBinaryContent(weights());
        assertThat(ranges()).hasSize(2).last().isEqualTo("bytes=120000-");
    }

    @Test
    void aLaterRunGoesOnWhereAnEarlierOneWas() throws IOException {
        server.faults().cutAfter(100_000, 0, 0, 0);
        assertThatThrownBy(() -> hub().file(WEIGHTS))
                .isInstanceOfSatisfying(
                        HubException.class, e -> assertThat(e.reason()).isEqualTo(HubException.Reason.UNREACHABLE))
                .hasMessageContaining(
                        "file 'owner/net/sub/model.safetensors@" + repository.commit() + "' must come over the network")
                .hasMessageContaining("it goes on where it was");
        assertThat(names(blobs())).containsExactly(repository.etag("sub/model.safetensors") + ".dhf.incomplete");
        assertThat(folder().resolve("refs/main")).as("not yet").doesNotExist();
        server.requests().clear();
        server.faults().clearCuts();
        assertThat(hub().file(WEIGHTS)).hasBinaryContent(weights());
        assertThat(ranges()).containsExactly("bytes=100000-");
        assertThat(names(blobs())).containsExactly(repository.etag("sub/model.safetensors"));
    }

    @Test
    void aServerWithoutRangesIsReadFromTheBeginning() throws IOException {
        server.faults().ignoreRanges();
        server.faults().cutAfter(100_000);
        assertThat(hub().file(WEIGHTS)).hasBinaryContent(weights());
    }

    @Test
    void aBrokenPartIsFetchedAnew() throws IOException {
        Files.createDirectories(blobs());
        Path part = blobs().resolve(repository.etag("sub/model.safetensors") + ".dhf.incomplete");
        for (int length : new int[] {1_000, 300_000, 400_000}) {
            Files.write(part, new byte[length]);
            assertThat(hub().file(WEIGHTS)).hasBinaryContent(weights());
            Files.delete(folder().resolve("snapshots/" + repository.commit() + "/sub/model.safetensors"));
            Files.delete(blobs().resolve(repository.etag("sub/model.safetensors")));
        }
    }

    @Test
    void whatHasAnotherDigestOrSizeIsNotKept() throws IOException {
        server.faults().wrongContent(true);
        for (HubId id : new HubId[] {WEIGHTS, CONFIG}) {
            assertThatThrownBy(() -> hub().file(id))
                    .isInstanceOfSatisfying(
                            HubException.class, e -> assertThat(e.reason()).isEqualTo(HubException.Reason.DAMAGED))
                    .hasMessageContaining("must have the digest " + repository.etag(id.path()))
                    .hasMessageContaining("nothing of it was kept");
        }
        server.faults().wrongContent(false);
        server.faults().sizeOff(7);
        assertThatThrownBy(() -> hub().file(WEIGHTS))
                .hasMessageContaining("must have the 300007 bytes that the server says, got 300000");
        server.faults().sizeOff(-7);
        assertThatThrownBy(() -> hub().file(WEIGHTS)).hasMessageContaining("must have the 299993 bytes");
        assertThat(names(blobs())).isEmpty();
        assertThat(names(folder().resolve("snapshots"))).isEmpty();
    }

    @Test
    void laterIsWaitedForAsLongAsTheServerSays() throws IOException {
        server.faults().answerWith(1, 429, Map.of("Retry-After", "0"));
        server.faults().answerWith(1, 503, Map.of());
        assertThat(hub().file(CONFIG)).hasContent("{\"model_type\": \"none\"}");
        server.faults().answerWith(1, 429, Map.of("Retry-After", "5000"));
        long began = System.nanoTime();
        assertThat(hub().file(WEIGHTS)).exists();
        assertThat(System.nanoTime() - began).as("the longest pause").isBetween(300_000_000L, 4_000_000_000L);
    }

    @Test
    void progressIsToldAndACancelledPartIsGoneOnWith() throws IOException {
        Steps steps = new Steps();
        server.faults().slow(20_000);
        RunMonitor monitor = new RunMonitor(steps, steps.stop::get);
        assertThatThrownBy(() -> hub(monitor).file(WEIGHTS)).isInstanceOf(CancellationException.class);
        Path part = blobs().resolve(repository.etag("sub/model.safetensors") + ".dhf.incomplete");
        long had = Files.size(part);
        assertThat(had).isBetween(1L, 299_999L);
        assertThat(steps.message).isEqualTo("fetch owner/net/sub/model.safetensors (300.0 kB)");
        assertThat(steps.said).anyMatch(said -> said.matches("\\d+\\.\\d MB/s"));
        server.faults().slow(0);
        server.requests().clear();
        assertThat(hub().file(WEIGHTS)).hasBinaryContent(weights());
        assertThat(ranges()).containsExactly("bytes=" + had + "-");
    }

    /** Stops at the first step. */
    private static final class Steps implements Progress {
        private final AtomicBoolean stop = new AtomicBoolean();
        private final List<String> said = new ArrayList<>();
        private String message = "";

        @Override
        public void reset(String text, long max, String trailing) {
            message = text;
        }

        @Override
        public void start(long initial) {
            // nothing is done yet
        }

        @Override
        public void end() {
            // never comes
        }

        @Override
        public void increment(long increment) {
            // updates say it
        }

        @Override
        public void update(long progress, String text) {
            said.add(String.valueOf(text));
            stop.set(true);
        }
    }

    @Test
    void anInterruptIsACancelToo() throws Exception {
        server.faults().slow(20_000);
        AtomicReference<Throwable> ended = new AtomicReference<>();
        Thread thread = new Thread(() -> {
            try {
                hub().file(WEIGHTS);
            } catch (IOException | RuntimeException e) {
                ended.set(e);
            }
        });
        thread.start();
        Path part = blobs().resolve(repository.etag("sub/model.safetensors") + ".dhf.incomplete");
        for (int i = 0; i < 500 && !(Files.exists(part) && Files.size(part) > 0); i++) {
            Thread.sleep(5);
        }
        thread.interrupt();
        thread.join(5_000);
        assertThat(ended.get()).isInstanceOf(CancellationException.class);
        assertThat(Files.size(part)).isBetween(1L, 299_999L);
        server.faults().slow(0);
        assertThat(hub().file(WEIGHTS)).hasBinaryContent(weights());
    }

    @Test
    void aCacheThatCanOnlyBeReadIsGoodEnough() throws IOException {
        Path weights = hub().file(WEIGHTS);
        Path refs = folder().resolve("refs");
        Files.delete(refs.resolve("main"));
        Files.delete(refs);
        Files.createFile(refs);
        assertThat(hub().file(WEIGHTS)).isEqualTo(weights);
        assertThat(hub().snapshot(HubId.parse("owner/net"), files -> List.of(WEIGHTS.path())))
                .isEqualTo(snapshot());
    }

    @Test
    void aRequestThatNobodyAnswersIsCancelledToo() {
        AtomicBoolean stop = new AtomicBoolean();
        server.faults().answerWith(1, 429, Map.of("Retry-After", "5000"));
        RunMonitor monitor = new RunMonitor(null, () -> stop.getAndSet(true));
        assertThatThrownBy(() -> hub(monitor).file(WEIGHTS)).isInstanceOf(CancellationException.class);
        assertThat(server.requests()).hasSizeLessThan(3);
    }

    @Test
    void aSnapshotHoldsWhatWasChosen() throws IOException {
        Path snapshot = hub().snapshot(HubId.parse("owner/net"), files -> {
            assertThat(files.name()).isEqualTo("owner/net");
            assertThat(files.names()).containsExactlyInAnyOrder("config.json", "sub/model.safetensors");
            assertThat(files.config("config.json")).isPresent();
            assertThat(files.config("none.json")).isEmpty();
            return List.of("config.json");
        });
        assertThat(names(snapshot)).containsExactly("config.json");
        assertThat(server.requests())
                .filteredOn(request -> request.host().equals("storage"))
                .isEmpty();
        hub().snapshot(HubId.parse("owner/net"), PublishedFiles::names);
        assertThat(snapshot.resolve("sub/model.safetensors")).hasBinaryContent(weights());
        List<HubServer.Request> before = List.copyOf(server.requests());
        assertThat(hub().snapshot(HubId.parse("owner/net"), PublishedFiles::names))
                .isEqualTo(snapshot);
        assertThat(server.requests()).as("one question where all is there").hasSize(before.size() + 1);
    }
}
