package io.github.dhf4j.aggregation;

import io.github.dhf4j.feature.FeatureKey;
import io.github.dhf4j.tensor.TorchRuntime;
import io.github.dhf4j.testing.Golden;
import io.github.dhf4j.testing.ReaderFuzz;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AggregatorFuzzTest {
    @TempDir
    Path temporary;

    private Path folder;
    private Path weights;

    @BeforeEach
    void makeSmallWeights() throws IOException {
        folder = ReaderFuzz.folder(temporary);
        weights = folder.resolve("weights.safetensors");
        try (AggregatorFile file =
                AggregatorFile.open(Golden.fixtures().resolve("sd15/aggregation_network.safetensors"))) {
            AggregatorPruning.write(
                    file,
                    List.of(new FeatureKey(
                            file.config().saveIndices().get(0),
                            file.config().layers().get(0))),
                    weights);
        }
    }

    private static void open(Path path) throws IOException {
        Aggregator.open(path, TorchRuntime.cpu()).close();
    }

    @Test
    void safetensors() throws Exception {
        ReaderFuzz.of("aggregator safetensors", weights).check(AggregatorFuzzTest::open);
    }

    @Test
    void torch() throws Exception {
        Path path = folder.resolve("weights.pt");
        try (AggregatorFile file = AggregatorFile.open(weights)) {
            AggregatorWriter.torch(file, path);
        }
        ReaderFuzz.of("aggregator torch", path).check(AggregatorFuzzTest::open);
    }
}
