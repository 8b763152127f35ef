package io.github.dhf4j;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.github.dhf4j.aggregation.Aggregator;
import io.github.dhf4j.aggregation.AggregatorFile;
import io.github.dhf4j.diffusion.DiffusionFeatureExtractor;
import io.github.dhf4j.feature.DescriptorAccumulator;
import io.github.dhf4j.feature.DescriptorMap;
import io.github.dhf4j.feature.RunMonitor;
import io.github.dhf4j.image.Size;
import io.github.dhf4j.matching.Correspondence;
import io.github.dhf4j.matching.CosineMatcher;
import io.github.dhf4j.matching.MatchOptions;
import io.github.dhf4j.matching.Point;
import io.github.dhf4j.tensor.TorchRuntime;
import io.github.dhf4j.testing.Golden;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** From latents to matches, through every module, without a stack of maps in between. */
class EndToEndGoldenTest {
    @ParameterizedTest
    @ValueSource(strings = {"sd15", "sd21"})
    void inversionToMatches(String name) throws IOException {
        try (Golden golden = new Golden(name);
                Aggregator aggregator =
                        Aggregator.open(golden.folder().resolve("aggregation_network.pt"), TorchRuntime.cpu());
                DiffusionFeatureExtractor extractor =
                        DiffusionFeatureExtractor.open(golden.pipeline(), aggregator.settings(), TorchRuntime.cpu());
                DescriptorAccumulator sum = aggregator.accumulator()) {
            aggregator.requireFits(extractor.layout(), extractor.name());
            extractor.extract(golden.tensor("latents"), null, sum, RunMonitor.NONE, null);
            golden.assertClose("hyperfeatures", sum.descriptors(), 3e-3);
            Size load = Size.square(128);
            List<DescriptorMap> maps = DescriptorMap.of(sum.descriptors(), List.of(load, load), load);
            assertMatches(golden.json(), maps);
        }
    }

    private static void assertMatches(JsonObject json, List<DescriptorMap> maps) {
        List<Point> points = new ArrayList<>();
        json.getAsJsonArray("source_points_yx").forEach(yx -> points.add(point(yx.getAsJsonArray())));
        List<Correspondence> found = new CosineMatcher().match(maps.get(0), maps.get(1), points, MatchOptions.NEAREST);
        for (int i = 0; i < found.size(); i++) {
            // the golden maps come from taps rounded to 16 bits: clear matches only
            if (json.getAsJsonArray("margin_to_runner_up").get(i).getAsDouble() >= 1e-4) {
                assertThat(found.get(i).target())
                        .isEqualTo(point(
                                json.getAsJsonArray("matched_points_yx").get(i).getAsJsonArray()));
            }
        }
    }

    private static Point point(JsonArray yx) {
        return new Point(yx.get(1).getAsDouble(), yx.get(0).getAsDouble());
    }

    @ParameterizedTest
    @ValueSource(strings = {"sd15", "sd21"})
    void inversionTrainedWeightsServeGeneration(String name) throws IOException {
        try (Golden golden = new Golden(name);
                AggregatorFile file = AggregatorFile.open(golden.folder().resolve("aggregation_network.safetensors"))) {
            String prompt = golden.json()
                    .getAsJsonArray("prompts")
                    .get(1)
                    .getAsJsonObject()
                    .get("prompt")
                    .getAsString();
            try (Aggregator aggregator =
                            Aggregator.of(file, file.config().forGeneration(prompt, "", 7.5), TorchRuntime.cpu());
                    DiffusionFeatureExtractor extractor = DiffusionFeatureExtractor.open(
                            golden.pipeline(), aggregator.settings(), TorchRuntime.cpu());
                    DescriptorAccumulator sum = aggregator.accumulator();
                    NDArray noise = golden.tensor("generation.noise")) {
                aggregator.requireFits(extractor.layout(), extractor.name());
                extractor.extract(noise.get("0:1"), null, sum, RunMonitor.NONE, null);
                golden.assertClose("hyperfeatures.from_generation", sum.descriptors(), 1e-4);
            }
        }
    }
}
