package io.github.dhf4j;

import io.github.dhf4j.aggregation.Aggregator;
import io.github.dhf4j.aggregation.AggregatorConfig;
import io.github.dhf4j.diffusion.BundledCheckpoint;
import io.github.dhf4j.diffusion.DiffusionFeatureExtractor;
import io.github.dhf4j.feature.ExtractionSettings;
import io.github.dhf4j.feature.RunMonitor;
import io.github.dhf4j.matching.CosineMatcher;
import io.github.dhf4j.tensor.TorchRuntime;
import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** The whole method over all layers, ten network calls an image: 80 matches, {@code -Ddhf.soak=1000} for as many. */
@Tag("slow")
@EnabledOnOs(value = OS.LINUX, disabledReason = "reads /proc/self/status")
class WholeMethodSoakTest {
    @Test
    void matchesByTheWholeMethod() throws IOException {
        Path checkpoint = BundledCheckpoint.unpack();
        ExtractionSettings settings = ExtractionSettings.inversion()
                .withTimesteps(10, IntStream.range(0, 10).boxed().toList())
                .withLoadSize(64);
        DiffusionFeatureExtractor extractor = DiffusionFeatureExtractor.open(checkpoint, settings, TorchRuntime.cpu());
        AggregatorConfig config = AggregatorConfig.of(
                "soak", settings, extractor.layout(), 128, extractor.mapSize().width());
        try (DescriptorPipeline pipeline = new DescriptorPipeline(
                extractor, Aggregator.untrained(config, 0, TorchRuntime.cpu()), new CosineMatcher(), RunMonitor.NONE)) {
            Soak.assertFlat(pipeline, Soak.rounds(80));
        }
    }
}
