package io.github.dhf4j.io.hub;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dhf4j.testing.hub.HubFetch;
import io.github.dhf4j.testing.hub.HubServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Several at once, and those that are killed. */
class HubTogetherTest extends HubCase {
    private Process start(String... names) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xshare:auto",
                "-XX:TieredStopAtLevel=1",
                "-Xmx64m",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                HubFetch.class.getName()));
        command.addAll(List.of(names));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(home.resolve("printed.txt").toFile());
        HubSettings.VARIABLES.forEach(builder.environment()::remove);
        builder.environment().putAll(environment);
        return builder.start();
    }

    private void finishes(Process process) throws Exception {
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue())
                .as(Files.readString(home.resolve("printed.txt")))
                .isZero();
    }

    private void isIntact() throws IOException {
        Path file = snapshot().resolve(WEIGHTS.path());
        assertThat(file).hasBinaryContent(weights());
        assertThat(names(blobs()))
                .containsExactlyInAnyOrder(repository.etag("config.json"), repository.etag("sub/model.safetensors"));
        assertThat(folder().resolve("refs/main")).hasContent(repository.commit());
        assertThat(names(snapshot().resolve("sub"))).containsExactly("model.safetensors");
        assertThat(names(folder())).containsExactly("blobs", "refs", "snapshots");
    }

    @Test
    void manyThreadsFetchOnce() throws Exception {
        server.faults().slow(5_000);
        ExecutorService threads = Executors.newFixedThreadPool(6);
        try {
            List<Future<Path>> all = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                all.add(threads.submit(() -> hub().snapshot(HubId.parse("owner/net"), PublishedFiles::names)));
            }
            for (Future<Path> each : all) {
                assertThat(each.get()).isEqualTo(snapshot());
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(server.downloads()).isEqualTo(2);
        isIntact();
    }

    @Test
    void twoProcessesFetchOnce() throws Exception {
        server.faults().slow(20_000);
        Process one = start("owner/net");
        Process other = start("owner/net");
        finishes(one);
        finishes(other);
        assertThat(server.downloads()).isEqualTo(2);
        isIntact();
    }

    /** Twelve kills; {@code -Ddhf.kills=100} for as many. */
    @Test
    void killsAtRandomMomentsLeaveAnIntactCache() throws Exception {
        int kills = Integer.getInteger("dhf.kills", 12);
        server.faults().slow(4_000);
        Random random = new Random(kills);
        int alive = 0;
        for (int i = 0; i < kills; i++) {
            int before = server.requests().size();
            Process process = start("owner/net");
            while (process.isAlive() && server.requests().size() == before) {
                Thread.sleep(5);
            }
            process.waitFor(random.nextInt(600), TimeUnit.MILLISECONDS);
            alive += process.isAlive() ? 1 : 0;
            process.destroyForcibly().waitFor();
            Path pointer = snapshot().resolve(WEIGHTS.path());
            if (Files.exists(pointer)) {
                assertThat(pointer).as("what is seen is whole").hasBinaryContent(weights());
                // killed while it was published, or ended: once more from the beginning
                clear();
            }
        }
        assertThat(alive).isGreaterThan(kills / 3);
        clear();
        Process last = start("owner/net");
        while (last.isAlive() && !hasPartOfTheWeights()) {
            Thread.sleep(5);
        }
        last.destroyForcibly().waitFor();
        int before = server.requests().size();
        server.faults().slow(0);
        finishes(start("owner/net"));
        assertThat(server.requests().subList(before, server.requests().size()))
                .as("goes on where it was")
                .extracting(HubServer.Request::range)
                .anyMatch(range -> range != null);
        isIntact();
    }

    private boolean hasPartOfTheWeights() throws IOException {
        if (!Files.exists(blobs())) {
            return false;
        }
        try (var all = Files.list(blobs())) {
            String weights = repository.etag("sub/model.safetensors");
            return all.anyMatch(
                    file -> file.toString().contains(weights) && file.toFile().length() > 0);
        }
    }

    private void clear() throws IOException {
        for (Path folder : List.of(blobs(), folder().resolve("refs"), folder().resolve("snapshots"))) {
            if (Files.exists(folder)) {
                try (var all = Files.walk(folder)) {
                    for (Path each :
                            all.sorted(java.util.Comparator.reverseOrder()).toList()) {
                        Files.delete(each);
                    }
                }
            }
        }
    }
}
