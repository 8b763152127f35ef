package io.github.dhf4j.aggregation;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import com.google.gson.JsonObject;
import io.github.dhf4j.feature.ExtractionSettings;
import io.github.dhf4j.feature.FeatureKey;
import io.github.dhf4j.io.TorchCheckpointWriter;
import io.github.dhf4j.tensor.TorchRuntime;
import io.github.dhf4j.testing.Golden;
import io.github.dhf4j.testing.ReaderFuzz;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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

    @Test
    void severalNetworks() throws Exception {
        AggregatorNetwork diffusion = new AggregatorNetwork(
                "sd", "digest", ExtractionSettings.oneStep().withLayers(List.of(4)), List.of(8));
        AggregatorNetwork forward = new AggregatorNetwork(
                "dino", "digest", ExtractionSettings.forward().withLayers(List.of(12)), List.of(4));
        AggregatorConfig config = AggregatorConfig.of(List.of(diffusion, forward), 128, 4);
        Path joined = folder.resolve("joined.safetensors");
        Path geoAware = folder.resolve("geo.PTH");
        AggregatorConfig form = AggregatorConfig.of(
                List.of(
                        new AggregatorNetwork("sd", null, GeoAware.diffusion(), List.of(4, 8, 8)),
                        new AggregatorNetwork("dino", null, GeoAware.dino(), List.of(4))),
                128,
                60);
        try (NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch")) {
            AggregatorWriter.safeTensors(
                    config, AggregationParameters.initial(config, 0, manager), new JsonObject(), joined);
            Map<String, Object> state = new LinkedHashMap<>(AggregationParameters.initial(form, 0, manager));
            GeoAware.TEMPERATURES.forEach(name -> state.put(name, manager.create(2f)));
            TorchCheckpointWriter.write(state, geoAware);
        }
        ReaderFuzz.of("aggregator of several networks", joined).check(AggregatorFuzzTest::open);
        ReaderFuzz.of("aggregator of GeoAware-SC's form", geoAware).check(AggregatorFuzzTest::open);
    }
}
