package io.github.dhf4j;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dhf4j.aggregation.Aggregator;
import io.github.dhf4j.aggregation.AggregatorConfig;
import io.github.dhf4j.backbones.Dino;
import io.github.dhf4j.diffusion.BundledCheckpoint;
import io.github.dhf4j.diffusion.BundledPair;
import io.github.dhf4j.diffusion.DiffusionFeatureExtractor;
import io.github.dhf4j.eval.pck.ResidentMemory;
import io.github.dhf4j.feature.ExtractionSettings;
import io.github.dhf4j.feature.RunMonitor;
import io.github.dhf4j.matching.CosineMatcher;
import io.github.dhf4j.tensor.TorchRuntime;
import io.github.dhf4j.testing.Golden;
import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/**
 * Resident memory stays flat over many matches. The raw pipeline makes one network call an image and runs a thousand
 * matches; the whole method, over all layers, makes ten and runs fewer, {@code -Ddhf.soak=1000} for as many.
 */
@Tag("slow")
@EnabledOnOs(value = OS.LINUX, disabledReason = "reads /proc/self/status")
class SoakTest {
    private static final double ALLOWED_MEGABYTES = 48;

    @Test
    void aThousandRawMatches() throws IOException {
        try (DescriptorPipeline pipeline =
                DescriptorPipeline.builder().raw(9, 49).build()) {
            assertFlat(pipeline, 1000);
        }
    }

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
            assertFlat(pipeline, Integer.getInteger("dhf.soak", 80));
        }
    }

    @Test
    void aThousandMatchesOfAVisionTransformer() throws IOException {
        Path dino = Golden.fixtures().resolve("baselines/dino");
        ExtractionSettings keys = Dino.paper().withLoadSize(64);
        try (DescriptorPipeline pipeline =
                DescriptorPipeline.builder().model(dino).raw(keys).build()) {
            assertFlat(pipeline, 1000);
        }
    }

    private static void assertFlat(DescriptorPipeline pipeline, int matches) throws IOException {
        BundledPair pair = BundledPair.load();
        Hyperfeatures.Images images = Hyperfeatures.using(pipeline);
        int warm = Math.max(10, matches / 5);
        double before = 0;
        for (int i = 0; i < matches; i++) {
            if (i == warm) {
                before = resident();
            }
            assertThat(images.of(pair.source()).match(images.of(pair.target()), pair.points()))
                    .hasSameSizeAs(pair.points());
        }
        double after = resident();
        System.out.printf(
                "soak: %d matches, resident %.0f MB after %d, %.0f MB at the end%n", matches, before, warm, after);
        assertThat(after - before).isLessThan(ALLOWED_MEGABYTES);
    }

    /** The least of two seconds: what the JVM's compilers hold for a moment is no leak, and a leak does not go away. */
    private static double resident() throws IOException {
        double least = Double.POSITIVE_INFINITY;
        for (int i = 0; i < 8; i++) {
            System.gc();
            least = Math.min(least, ResidentMemory.nowMegabytes());
            try {
                Thread.sleep(250);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted", e);
            }
        }
        return least;
    }
}
