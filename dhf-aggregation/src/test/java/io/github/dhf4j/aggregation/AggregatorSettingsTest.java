package io.github.dhf4j.aggregation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import com.google.gson.JsonObject;
import io.github.dhf4j.feature.ConfidenceModel;
import io.github.dhf4j.feature.ExtractionSettings;
import io.github.dhf4j.feature.FeatureKey;
import io.github.dhf4j.feature.FeatureLayout;
import io.github.dhf4j.feature.NetworkLayout;
import io.github.dhf4j.io.SafeTensorsWriter;
import io.github.dhf4j.tensor.TorchEngine;
import io.github.dhf4j.tensor.TorchRuntime;
import io.github.dhf4j.testing.ChangedSettings;
import io.github.dhf4j.testing.Golden;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What weight files say of the process that they were made for. */
class AggregatorSettingsTest {
    @Test
    void aCalibrationIsPutIntoAFileAndGoesWithItsWeights(@TempDir Path folder) throws IOException {
        Path golden = Golden.fixtures().resolve("sd15/aggregation_network.safetensors");
        Path file = Files.copy(golden, folder.resolve("weights.safetensors"));
        ConfidenceModel fitted = new ConfidenceModel(
                List.of(1.0, 2.0, 3.0, 4.0, 5.0, 6.0),
                ConfidenceModel.DEFAULT.absent(),
                ConfidenceModel.DEFAULT.absentTogether());
        AggregatorWriter.calibrate(file, fitted);
        Path converted = folder.resolve("converted.safetensors");
        try (AggregatorFile before = AggregatorFile.open(golden);
                AggregatorFile after = AggregatorFile.open(file)) {
            assertThat(before.confidence()).isNull();
            assertThat(after.confidence()).isEqualTo(fitted);
            assertThat(after.config()).isEqualTo(before.config());
            assertThat(after.provenance()).isEqualTo(before.provenance());
            AggregatorWriter.safeTensors(after, null, converted);
        }
        try (Aggregator before = Aggregator.open(golden, TorchRuntime.cpu());
                Aggregator after = Aggregator.open(converted, TorchRuntime.cpu())) {
            assertThat(after.confidence()).isEqualTo(fitted);
            assertThat(after.origin().digest())
                    .as("maps of before and after are compared")
                    .isEqualTo(before.origin().digest());
        }
    }

    @Test
    void aCalibrationThatIsNoneIsRefusedWithItsFile(@TempDir Path folder) throws IOException {
        Path file = Files.copy(
                Golden.fixtures().resolve("sd15/aggregation_network.safetensors"), folder.resolve("w.safetensors"));
        SafeTensorsWriter.setMetadata(file, "confidence", "{\"right\":[1]}");
        assertThatThrownBy(() -> AggregatorFile.open(file))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("'right' of the calibration must be 6 finite numbers, got [1]")
                .hasMessageContaining("w.safetensors");
    }

    @Test
    void weightsSayEverythingOfTheSettingsThatTheyWereTrainedWith(@TempDir Path folder) throws Exception {
        for (ExtractionSettings changed : ChangedSettings.all().values()) {
            AggregatorConfig config = AggregatorConfig.of(
                    changed.networks().stream()
                            .map(AggregatorSettingsTest::network)
                            .toList(),
                    128,
                    4);
            Path file = folder.resolve("weights.safetensors");
            try (NDManager manager = TorchEngine.newManager(Device.cpu())) {
                AggregatorWriter.safeTensors(
                        config, AggregationParameters.initial(config, 0, manager), new JsonObject(), file);
            }
            Path converted = folder.resolve("converted.safetensors");
            Path torch = folder.resolve("weights.pt");
            try (AggregatorFile of = AggregatorFile.open(file)) {
                AggregatorWriter.safeTensors(of, null, converted);
                AggregatorWriter.torch(of, torch);
            }
            for (Path each : List.of(file, converted, torch)) {
                try (Aggregator again = Aggregator.open(each, TorchRuntime.cpu())) {
                    assertThat(again.config()).as(each + " of " + changed).isEqualTo(config);
                }
            }
            Path pruned = folder.resolve("pruned.safetensors");
            ExtractionSettings first = config.networks().get(0).settings();
            int saveIndex = first.saveIndices().get(0);
            int layer = first.layers().get(0);
            try (AggregatorFile of = AggregatorFile.open(torch)) {
                AggregatorPruning.write(of, List.of(new FeatureKey(saveIndex, layer)), pruned);
            }
            try (AggregatorFile of = AggregatorFile.open(pruned)) {
                assertThat(of.config().settings())
                        .isEqualTo(first.withProcess(first.process().withSaveIndices(List.of(saveIndex)))
                                .withLayers(List.of(layer)));
            }
        }
    }

    private static AggregatorNetwork network(ExtractionSettings settings) {
        Map<Integer, Integer> channels = settings.layers().isEmpty()
                ? Map.of(1, 8, 2, 8)
                : settings.layers().stream().collect(Collectors.toMap(layer -> layer, layer -> 8));
        return AggregatorNetwork.of(
                "x",
                null,
                settings.withLayers(List.copyOf(channels.keySet())),
                new NetworkLayout(channels, settings.saveIndices()));
    }

    @Test
    void weightsOfTheAuthorsAndOlderOnesAreOfTheMeanAsEver() throws IOException {
        for (String name : List.of("aggregation_network.pt", "aggregation_network.safetensors")) {
            try (AggregatorFile file =
                    AggregatorFile.open(Golden.fixtures().resolve("sd15").resolve(name))) {
                assertThat(file.config().settings())
                        .isEqualTo(ExtractionSettings.inversion()
                                .withLayers(IntStream.rangeClosed(1, 12).boxed().toList())
                                .withLoadSize(128));
            }
        }
    }

    @Test
    void aSettingOfALaterVersionIsRefusedByNameInAFileOfThisLibrary(@TempDir Path folder) throws IOException {
        Path path = folder.resolve("weights.safetensors");
        AggregatorConfig config = AggregatorConfig.of(
                "x", ExtractionSettings.oneStep(), new FeatureLayout(Map.of(1, 8), List.of(0)), 128, 4);
        JsonObject json = config.toJson();
        json.addProperty("tempo", "presto");
        try (NDManager manager = TorchEngine.newManager(Device.cpu())) {
            SafeTensorsWriter writer =
                    new SafeTensorsWriter().metadata("config", json.toString()).metadata("provenance", "{}");
            AggregationParameters.initial(config, 0, manager).forEach(writer::tensor);
            writer.write(path);
        }
        assertThatThrownBy(() -> AggregatorFile.open(path))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("'tempo'")
                .hasMessageContaining(path.toString());
    }
}
