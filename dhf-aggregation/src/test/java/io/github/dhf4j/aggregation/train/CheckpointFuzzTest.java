package io.github.dhf4j.aggregation.train;

import ai.djl.ndarray.NDArray;
import com.google.gson.JsonObject;
import io.github.dhf4j.aggregation.AggregatorConfig;
import io.github.dhf4j.feature.ExtractionSettings;
import io.github.dhf4j.feature.FeatureLayout;
import io.github.dhf4j.tensor.TorchRuntime;
import io.github.dhf4j.testing.ReaderFuzz;
import io.github.dhf4j.train.AdamW;
import io.github.dhf4j.train.RunProgress;
import io.github.dhf4j.train.RunState;
import io.github.dhf4j.train.TrainedTensors;
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
        try (TrainableNetwork network = TrainableNetwork.initialise(config, 1, TorchRuntime.cpu())) {
            AdamW optimiser = new AdamW(network.weights(), network.manager(), AdamW.Settings.REFERENCE);
            Map<String, NDArray> tensors =
                    new TrainedTensors(network.manager(), network.weights(), Map.of(), optimiser).byName();
            JsonObject run = TrainingSettings.REFERENCE.toJson();
            Path path = ReaderFuzz.folder(temporary).resolve("checkpoint.safetensors");
            RunState.write(path, tensors, new RunProgress(3, 1, 2, 1, 0), run);
            ReaderFuzz.of("training checkpoint", path)
                    .check(file ->
                            RunState.read(file, tensors, run, AggregatorTrainer::readDescription, network.manager()));
        }
    }
}
