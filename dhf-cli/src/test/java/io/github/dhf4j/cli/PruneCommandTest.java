package io.github.dhf4j.cli;

import static io.github.dhf4j.cli.CommandLineTest.fails;
import static io.github.dhf4j.cli.CommandLineTest.works;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.dhf4j.testing.Golden;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Weights with maps left out are weights like any others, and say what they cost. */
class PruneCommandTest {
    private final Path sd15 = Golden.fixtures().resolve("sd15");
    private final Path weights = sd15.resolve("aggregation_network.pt");

    @TempDir
    private Path folder;

    @Test
    void prunedWeightsMatchWithFewerCallsAndLayers() {
        Path pruned = folder.resolve("pruned.safetensors");
        String said = works("prune", "--weights", weights, "--keep", 3, "--out", pruned)
                .out();
        assertThat(said).contains("3 of 132 maps left, with ").containsPattern("\\d of 50 calls an image");
        String image = Golden.fixtures().resolve("images/a.png").toString();
        Path map = folder.resolve("map.safetensors");
        assertThat(works("describe", image, "--model", sd15.resolve("pipeline"), "--weights", pruned, "--out", map)
                        .out())
                .contains("written to");
        assertThat(works("inspect", pruned).out()).contains("aggregation weights");
        assertThat(works("prune", "--weights", weights, "--keep", 3, "--paper-walk", "--out", pruned)
                        .out())
                .doesNotContain("calls an image");
    }

    @Test
    void whatCannotBeKeptIsRefusedBeforeAnythingIsWritten() {
        Path pruned = folder.resolve("pruned.safetensors");
        fails(1, "maps to keep must be 1 to 132", "prune", "--weights", weights, "--keep", 133, "--out", pruned);
        fails(1, "maps to keep must be 1 to 132", "prune", "--weights", weights, "--keep", 0, "--out", pruned);
        fails(1, "must not replace what is read", "prune", "--weights", weights, "--keep", 1, "--out", weights);
        assertThat(Files.exists(pruned)).isFalse();
    }
}
