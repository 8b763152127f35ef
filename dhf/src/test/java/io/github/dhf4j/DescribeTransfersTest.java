package io.github.dhf4j;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dhf4j.aggregation.Aggregator;
import io.github.dhf4j.diffusion.DiffusionFeatureExtractor;
import io.github.dhf4j.feature.CallBudget;
import io.github.dhf4j.feature.DescriptorAccumulator;
import io.github.dhf4j.feature.DescriptorMap;
import io.github.dhf4j.feature.RunMonitor;
import io.github.dhf4j.image.RgbImage;
import io.github.dhf4j.io.HostTensors;
import io.github.dhf4j.io.HostTensors.Transfers;
import io.github.dhf4j.tensor.TorchRuntime;
import io.github.dhf4j.testing.Golden;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** From pictures to descriptors by the whole method: what goes between Java and tensors, and so over a GPU's bus. */
class DescribeTransfersTest {
    @Test
    void picturesAndPromptGoInAndDescriptorsComeOutWhateverIsCalledBetween() throws IOException {
        Path folder = Golden.fixtures().resolve("sd15");
        List<RgbImage> images = List.of(
                RgbImage.read(Golden.fixtures().resolve("images/a.png")),
                RgbImage.read(Golden.fixtures().resolve("images/b.png")));
        try (Aggregator aggregator = Aggregator.open(
                        folder.resolve("aggregation_network.pt"), CallBudget.of(4), TorchRuntime.cpu());
                DiffusionFeatureExtractor extractor = DiffusionFeatureExtractor.open(
                        folder.resolve("pipeline"), aggregator.settings(), TorchRuntime.cpu())) {
            describe(extractor, aggregator, images);
            Transfers before = HostTensors.transfers();
            assertThat(describe(extractor, aggregator, images)).hasSize(2);
            assertThat(HostTensors.transfers().since(before)).isEqualTo(new Transfers(2, 1));
        }
    }

    private static List<DescriptorMap> describe(
            DiffusionFeatureExtractor extractor, Aggregator aggregator, List<RgbImage> images) {
        try (DescriptorAccumulator sum = aggregator.accumulator()) {
            extractor.extract(images, sum, RunMonitor.NONE);
            return DescriptorMap.of(
                    sum.descriptors(), images.stream().map(RgbImage::size).toList(), extractor.loadSize());
        }
    }
}
