package io.github.dhf4j.aggregation.train;

import ai.djl.Device;
import com.google.gson.JsonObject;
import io.github.dhf4j.aggregation.AggregatorConfig;
import io.github.dhf4j.feature.ExtractionSettings;
import io.github.dhf4j.feature.FeatureLayout;
import io.github.dhf4j.testing.ReaderFuzz;
import io.github.dhf4j.train.AdamW;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointFuzzTest {
    @TempDir
    Path temporary;

    @Test
    void checkpointsOfRuns() throws Exception {
        AggregatorConfig config = AggregatorConfig.of(
                "x", ExtractionSettings.oneStep(), new FeatureLayout(Map.of(1, 8), List.of(0)), 128, 4);
        try (TrainableNetwork network = TrainableNetwork.initialise(config, 1, Device.cpu())) {
            AdamW optimiser = new AdamW(network.weights(), network.manager(), AdamW.Settings.REFERENCE);
            JsonObject run = new JsonObject();
            run.addProperty("seed", 1);
            Path path = ReaderFuzz.folder(temporary).resolve("checkpoint.safetensors");
            TrainingCheckpoint.write(path, network, optimiser, new TrainingCheckpoint.Progress(3, 1, 2, 1, 0), run);
            ReaderFuzz.of("training checkpoint", path)
                    .check(file -> TrainingCheckpoint.read(file, network, optimiser, run));
        }
    }
}
