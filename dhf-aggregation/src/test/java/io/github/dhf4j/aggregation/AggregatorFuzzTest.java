package io.github.dhf4j.aggregation;

import com.google.gson.JsonObject;
import io.github.dhf4j.tensor.TorchRuntime;
import io.github.dhf4j.testing.Golden;
import io.github.dhf4j.testing.ReaderFuzz;
import io.github.dhf4j.train.AdamW;
import java.io.IOException;
import java.nio.file.Path;
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
            file.savePruned(
                    file.config().saveTimesteps().get(0), file.config().layers().get(0), weights);
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
            file.saveTorch(path);
        }
        ReaderFuzz.of("aggregator torch", path).check(AggregatorFuzzTest::open);
    }

    @Test
    void checkpointsOfRuns() throws Exception {
        AggregatorConfig config;
        try (AggregatorFile file = AggregatorFile.open(weights)) {
            config = file.config();
        }
        try (TrainableNetwork network = TrainableNetwork.initialise(config, 1, TorchRuntime.cpu())) {
            AdamW optimiser = new AdamW(network.parameters(), network.manager(), AdamW.Settings.REFERENCE);
            JsonObject run = new JsonObject();
            run.addProperty("seed", 1);
            Path path = folder.resolve("checkpoint.safetensors");
            TrainingCheckpoint.write(path, network, optimiser, new TrainingCheckpoint.Progress(3, 1, 2, 1, 0), run);
            ReaderFuzz.of("training checkpoint", path)
                    .check(file -> TrainingCheckpoint.read(file, network, optimiser, run));
        }
    }
}
