package io.github.dhf4j.io.hub;

import io.github.dhf4j.feature.RunMonitor;
import io.github.dhf4j.testing.hub.HubRepository;
import io.github.dhf4j.testing.hub.HubServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A server with one repository, and a cache that is empty. */
abstract class HubCase {
    static final String TOKEN = "hf_secretOfTheUser";
    static final HubId CONFIG = HubId.parse("owner/net/config.json");
    static final HubId WEIGHTS = HubId.parse("owner/net/sub/model.safetensors");
    static final HubPatience HASTE = new HubPatience(
            Duration.ofSeconds(5), Duration.ofMillis(400), 3, Duration.ofMillis(5), Duration.ofMillis(300));

    @TempDir
    Path home;

    HubServer server;
    HubRepository repository;
    final Map<String, String> environment = new HashMap<>();

    @BeforeEach
    void serve() throws IOException {
        server = new HubServer();
        byte[] weights = new byte[300_000];
        new Random(1).nextBytes(weights);
        repository = new HubRepository(
                "owner/net",
                new TreeMap<>(Map.of(
                        "config.json",
                        "{\"model_type\": \"none\"}\n".getBytes(StandardCharsets.UTF_8),
                        "sub/model.safetensors",
                        weights)));
        server.publish(repository);
        environment.putAll(Map.of("HF_HOME", home.toString(), "HF_ENDPOINT", server.endpoint(), "HF_TOKEN", TOKEN));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    Hub hub() {
        return hub(RunMonitor.NONE);
    }

    Hub hub(RunMonitor monitor) {
        return new Hub(HubSettings.of(environment).withPatience(HASTE), monitor);
    }

    Path folder() {
        return home.resolve("hub/models--owner--net");
    }

    Path snapshot() {
        return folder().resolve("snapshots").resolve(repository.commit());
    }

    Path blobs() {
        return folder().resolve("blobs");
    }

    /** What is in a folder, by name. */
    static Set<String> names(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return Set.of();
        }
        try (Stream<Path> all = Files.list(folder)) {
            return new TreeSet<>(
                    all.map(file -> String.valueOf(file.getFileName())).toList());
        }
    }

    byte[] weights() {
        return Objects.requireNonNull(repository.files().get("sub/model.safetensors"));
    }
}
