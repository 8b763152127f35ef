package io.github.dhf4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.google.gson.JsonObject;
import io.github.dhf4j.aggregation.AggregationParameters;
import io.github.dhf4j.aggregation.AggregatorConfig;
import io.github.dhf4j.aggregation.AggregatorNetwork;
import io.github.dhf4j.aggregation.AggregatorWriter;
import io.github.dhf4j.aggregation.GeoAware;
import io.github.dhf4j.data.FeatureSource;
import io.github.dhf4j.data.ImageFeatures;
import io.github.dhf4j.diffusion.BundledCheckpoint;
import io.github.dhf4j.diffusion.train.RandomPipeline;
import io.github.dhf4j.feature.DecoderBlockTaps;
import io.github.dhf4j.feature.DescriptorMap;
import io.github.dhf4j.feature.ExtractionSettings;
import io.github.dhf4j.feature.FeatureExtractor;
import io.github.dhf4j.feature.Forward;
import io.github.dhf4j.feature.RunMonitor;
import io.github.dhf4j.image.RgbImage;
import io.github.dhf4j.tensor.TorchEngine;
import io.github.dhf4j.tensor.TorchRuntime;
import io.github.dhf4j.testing.Golden;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two pipelines of one form that see each image together. */
class JointPipelineTest {
    private static final Path IMAGE = Golden.fixtures().resolve("images/a.png");

    @TempDir
    static Path folder;

    private static Path first = Path.of("");
    private static Path second = Path.of("");
    private static Path weights = Path.of("");

    @BeforeAll
    static void make() throws IOException {
        first = BundledCheckpoint.unpack();
        second = folder.resolve("second");
        RandomPipeline.write(first, 3, second);
        weights = folder.resolve("joint.safetensors");
        ExtractionSettings settings = ExtractionSettings.oneStep().withLayers(List.of(4, 7));
        try (FeatureExtractor both = both(first, second)
                        .openExtractor(ExtractionSettings.joined(List.of(settings, settings.withLoadSize(48))));
                NDManager manager = TorchEngine.newManager(Device.cpu())) {
            List<AggregatorNetwork> networks = new ArrayList<>();
            for (FeatureExtractor each : both.networks()) {
                networks.add(AggregatorNetwork.of(
                        each.checkpoint().getFileName().toString(),
                        each.origin().digest().orElseThrow(),
                        each.settings(),
                        each.layout().networks().get(0)));
            }
            AggregatorConfig config = AggregatorConfig.of(networks, 128, 24);
            Map<String, NDArray> initial = AggregationParameters.initial(config, 1, manager);
            AggregatorWriter.safeTensors(config, initial, new JsonObject(), weights);
        }
    }

    private static DescriptorPipelineBuilder both(Path one, Path other) {
        return DescriptorPipeline.join(
                        DescriptorPipeline.builder().model(one),
                        DescriptorPipeline.builder().model(other))
                .runtime(TorchRuntime.cpu());
    }

    @Test
    void aDescriptionIsOfBothAndTheSameFromFeaturesThatWereKept() throws IOException {
        try (DescriptorPipeline joint = both(first, second).weights(weights).build();
                NDManager manager = TorchEngine.newManager(Device.cpu())) {
            assertThat(joint.isBundled()).isFalse();
            assertThat(joint.name()).contains(" + ");
            DescriptorMap map = joint.describe(List.of(RgbImage.read(IMAGE))).get(0);
            assertThat(map.loadSize())
                    .isEqualTo(joint.extractor().networks().get(0).loadSize());
            FeatureSource source = FeatureSource.of(joint.extractor(), manager, RunMonitor.NONE);
            try (ImageFeatures features = source.features(IMAGE, false)) {
                // kept maps lie row by row in memory, and convolutions sum in another order
                assertThat(features.describe(joint.aggregator()).values()).containsExactly(map.values(), within(1e-4f));
                assertThat(features.stack().layout())
                        .isEqualTo(joint.extractor().layout());
            }
            Path kept = folder.resolve("a.safetensors");
            map.save(kept);
            Hyperfeatures.Images images = Hyperfeatures.with(joint);
            assertThat(images.of(DescriptorMap.load(kept)).match(images.of(RgbImage.read(IMAGE))))
                    .isNotEmpty();
        }
    }

    @Test
    void networksOfOneFormAreToldApartByTheirDigests() {
        assertThatThrownBy(() -> both(second, first).weights(weights).build().close())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("checkpoints must come in the order of the weights' networks, "
                        + first.getFileName() + " (inversion) and second (inversion), got second (diffusion) and "
                        + first.getFileName());
        // the one that is there is not taken for the one that is not
        assertThatThrownBy(() -> DescriptorPipeline.builder()
                        .model(second)
                        .weights(weights)
                        .build()
                        .close())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("got second (diffusion) and no " + first.getFileName() + " (inversion)")
                .hasMessageContaining("--model DIR --model DIR, DescriptorPipeline.join");
    }

    @Test
    void paddedMapsDoNotLieOnSquashedOnes() {
        ExtractionSettings padded = ExtractionSettings.of(new Forward(true));
        assertThatThrownBy(() -> ExtractionSettings.joined(List.of(ExtractionSettings.oneStep(), padded)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("leave the padding out");
    }

    /** The bundled network has Stable Diffusion 1.5's form: twelve decoder blocks in four. */
    @Test
    void geoAwaresLayersAreTheDecodersBlocks() throws IOException {
        ExtractionSettings blocks = GeoAware.diffusion()
                .withTaps(new DecoderBlockTaps(List.of(8, 5, 2)))
                .withLoadSize(96);
        try (FeatureExtractor extractor = DescriptorPipeline.builder()
                .model(first)
                .runtime(TorchRuntime.cpu())
                .openExtractor(blocks)) {
            assertThat(extractor.settings().layers())
                    .isEqualTo(GeoAware.diffusion().layers());
        }
    }
}
