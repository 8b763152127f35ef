package io.github.dhf4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dhf4j.aggregation.Aggregator;
import io.github.dhf4j.aggregation.AggregatorFile;
import io.github.dhf4j.aggregation.AggregatorPruning;
import io.github.dhf4j.aggregation.AggregatorWriter;
import io.github.dhf4j.feature.CallBudget;
import io.github.dhf4j.feature.DescriptorMap;
import io.github.dhf4j.feature.DescriptorOrigin;
import io.github.dhf4j.feature.ExtractionSettings;
import io.github.dhf4j.feature.Facet;
import io.github.dhf4j.feature.FeatureExtractor;
import io.github.dhf4j.feature.FeatureKey;
import io.github.dhf4j.feature.Inversion;
import io.github.dhf4j.feature.RunMonitor;
import io.github.dhf4j.feature.TokenTaps;
import io.github.dhf4j.image.RgbImage;
import io.github.dhf4j.matching.CosineMatcher;
import io.github.dhf4j.tensor.TorchRuntime;
import io.github.dhf4j.testing.Golden;
import io.github.dhf4j.testing.OwnThreads;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Which descriptors belong together, and pipelines that are closed while they run. */
@Timeout(300)
class OriginAndCloseTest {
    private static final Path SD15 = Golden.fixtures().resolve("sd15/pipeline");
    private static final Path DINO = Golden.fixtures().resolve("baselines/dino");
    private static final Path A = Golden.fixtures().resolve("images/a.png");
    private static final Path B = Golden.fixtures().resolve("images/b.png");

    @TempDir
    Path folder;

    @AfterAll
    static void close() {
        Hyperfeatures.closeDefault();
    }

    private static DescriptorPipelineBuilder sd15() {
        return DescriptorPipeline.builder().model(SD15);
    }

    private DescriptorMap kept(DescriptorPipelineBuilder of) throws IOException {
        Path file = folder.resolve("kept.safetensors");
        try (DescriptorPipeline pipeline = of.build()) {
            Hyperfeatures.with(pipeline).of(A).descriptors().save(file);
        }
        return DescriptorMap.load(file);
    }

    private static void match(DescriptorMap kept, DescriptorPipelineBuilder with) throws IOException {
        try (DescriptorPipeline pipeline = with.build()) {
            assertThat(Hyperfeatures.with(pipeline).of(kept).match(B)).isNotEmpty();
        }
    }

    private Path copyOfSd15() throws IOException {
        Path copy = folder.resolve("copy");
        try (Stream<Path> files = Files.walk(SD15)) {
            for (Path file : files.toList()) {
                Files.copy(file, copy.resolve(SD15.relativize(file).toString()));
            }
        }
        return copy;
    }

    @Test
    void aCopyOfTheCheckpointAndAnotherLoadSizeBelongTogether() throws IOException {
        DescriptorMap kept = kept(sd15().raw(9, 49));
        match(kept, DescriptorPipeline.builder().model(copyOfSd15()).raw(9, 49));
        match(
                kept,
                sd15().raw(ExtractionSettings.of(new Inversion(50, List.of(49), "a cat", true, 3))
                        .withLayers(List.of(9))
                        .withLoadSize(64)));
    }

    @Test
    void anotherLayerTimestepOrCheckpointOfEqualWidthIsRefused() throws IOException {
        DescriptorMap kept = kept(sd15().raw(9, 49));
        assertThatThrownBy(() -> match(kept, sd15().raw(8, 49)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("checkpoint pipeline with raw layer 9 at save index 49")
                .hasMessageContaining("checkpoint pipeline with raw layer 8 at save index 49");
        assertThatThrownBy(() -> match(kept, sd15().raw(9, 45))).hasMessageContaining("raw layer 9 at save index 45");
        Path other = copyOfSd15();
        Path weights = other.resolve("unet/diffusion_pytorch_model.safetensors");
        byte[] bytes = Files.readAllBytes(weights);
        bytes[bytes.length / 2] ^= 1;
        Files.write(weights, bytes);
        assertThatThrownBy(() ->
                        match(kept, DescriptorPipeline.builder().model(other).raw(9, 49)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("checkpoint pipeline with")
                .hasMessageContaining("checkpoint copy with")
                .hasMessageContaining("other checkpoints");
    }

    @Test
    void anotherFacetOfOneVisionTransformerIsRefusedAndAnotherStrideIsNot() throws IOException {
        ExtractionSettings tokens = ExtractionSettings.forward().withLayers(List.of(2));
        DescriptorMap kept = kept(DescriptorPipeline.builder().model(DINO).raw(tokens));
        assertThatThrownBy(() -> match(
                        kept,
                        DescriptorPipeline.builder()
                                .model(DINO)
                                .raw(tokens.withTaps(new TokenTaps(List.of(2), Facet.KEY, 0, false, false)))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("key");
        match(
                kept,
                DescriptorPipeline.builder()
                        .model(DINO)
                        .raw(tokens.withTaps(new TokenTaps(List.of(2), Facet.TOKEN, 4, true, false))));
    }

    @Test
    void bothFormsOfOneWeightFileAndBothDirectionsOfTheProcessAreOfOneOrigin() throws IOException {
        Path pt = SD15.resolveSibling("aggregation_network.pt");
        Path converted = folder.resolve("w.safetensors");
        Path changed = folder.resolve("pruned.safetensors");
        try (AggregatorFile file = AggregatorFile.open(pt);
                Aggregator torch = Aggregator.open(pt, TorchRuntime.cpu());
                Aggregator generation =
                        Aggregator.of(file, file.config().forGeneration("a cat", "", 7.5), TorchRuntime.cpu());
                FeatureExtractor extractor = sd15().openExtractor(torch.settings())) {
            AggregatorWriter.safeTensors(file, null, converted);
            AggregatorPruning.write(file, List.of(new FeatureKey(49, 3)), changed);
            try (Aggregator safe = Aggregator.open(converted, TorchRuntime.cpu());
                    Aggregator other = Aggregator.open(changed, TorchRuntime.cpu());
                    FeatureExtractor generating = extractor.withSettings(generation.settings())) {
                DescriptorOrigin origin = DescriptorOrigin.of(extractor, torch);
                origin.requireSame(DescriptorOrigin.of(extractor, safe));
                origin.requireSame(DescriptorOrigin.of(generating, generation));
                assertThatThrownBy(() -> origin.requireSame(DescriptorOrigin.of(extractor, other)))
                        .hasMessageContaining("weights aggregation_network.pt")
                        .hasMessageContaining("weights pruned.safetensors");
            }
        }
    }

    @Test
    void mapsOfAnotherNumberOfCallsAreRefusedAndBothAreNamed() throws IOException {
        Path weights = SD15.resolveSibling("aggregation_network.pt");
        DescriptorMap kept = kept(sd15().weights(weights));
        match(kept, sd15().weights(weights).calls(11));
        assertThatThrownBy(() -> match(kept, sd15().weights(weights).paperWalk()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("weights aggregation_network.pt, 11 of 50 calls")
                .hasMessageContaining("with weights aggregation_network.pt, of other weights, layers or calls");
        assertThatThrownBy(() -> match(kept, sd15().weights(weights).calls(6))).hasMessageContaining("6 of 50 calls");
    }

    @Test
    void anExtractorOfAnotherWalkThanTheWeightsIsRefused() throws IOException {
        Path weights = SD15.resolveSibling("aggregation_network.pt");
        try (Aggregator eleven = Aggregator.open(weights, CallBudget.SAVED, TorchRuntime.cpu());
                Aggregator whole = Aggregator.open(weights, TorchRuntime.cpu());
                FeatureExtractor extractor = sd15().openExtractor(whole.settings())) {
            assertThatThrownBy(() -> new DescriptorPipeline(extractor, eleven, new CosineMatcher(), RunMonitor.NONE))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("weights for 11 calls and an extractor of all calls");
        }
    }

    @Test
    void theBundledPipelineIsClosedAtAnyTimeOfARunAndTheRunIsFinished() throws Exception {
        RgbImage image = RgbImage.read(A);
        DescriptorMap expected = Hyperfeatures.of(A).descriptors();
        for (int delay : new int[] {0, 150, 500, 1200}) {
            CountDownLatch begun = new CountDownLatch(1);
            DescriptorPipeline pipeline = DescriptorPipeline.builder()
                    .monitor(new RunMonitor(null, () -> {
                        begun.countDown();
                        return false;
                    }))
                    .build();
            CompletableFuture<List<DescriptorMap>> run =
                    CompletableFuture.supplyAsync(() -> pipeline.describe(List.of(image)), OwnThreads.EACH);
            begun.await();
            Thread.sleep(delay);
            pipeline.close();
            assertThat(run.join()).containsExactly(expected);
        }
    }

    @Test
    void theDefaultPipelineIsClosedUnderThreadsThatUseItAndNoneIsLost() throws Exception {
        DescribedImage expected = Hyperfeatures.of(A);
        expected.descriptors();
        List<CompletableFuture<DescriptorMap>> runs = Stream.of(1, 2, 3, 4)
                .map(i -> CompletableFuture.supplyAsync(
                        () -> {
                            try {
                                Thread.sleep(150L * i);
                                return Hyperfeatures.of(A).descriptors();
                            } catch (IOException | InterruptedException e) {
                                throw new CompletionException(e);
                            }
                        },
                        OwnThreads.EACH))
                .toList();
        for (int i = 0; i < 6; i++) {
            Thread.sleep(120);
            Hyperfeatures.closeDefault();
        }
        for (CompletableFuture<DescriptorMap> run : runs) {
            assertThat(run.join()).isEqualTo(expected.descriptors());
        }
    }
}
