package io.github.dhf4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import io.github.dhf4j.feature.DescriptorMap;
import io.github.dhf4j.image.RgbImage;
import io.github.dhf4j.matching.MatchOptions;
import io.github.dhf4j.matching.Point;
import io.github.dhf4j.testing.OwnThreads;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Pipelines that are closed while they run, and mistakes that must not cost a run. */
@Timeout(120)
class PipelineUseTest {
    private static final List<Point> INSIDE = List.of(new Point(1, 2));

    private static RgbImage image(int width, int height, int shade) {
        byte[] rgb = new byte[3 * width * height];
        java.util.Arrays.fill(rgb, (byte) shade);
        return new RgbImage(width, height, rgb);
    }

    @Test
    void whatRunsWhileItIsClosedIsFinished() throws Exception {
        Random random = new Random(1);
        for (int i = 0; i < 60; i++) {
            PipelineOfFakes fakes = new PipelineOfFakes("a", "w");
            DescriptorPipeline pipeline = fakes.open();
            int threads = 1 + i % 3;
            CountDownLatch begun = new CountDownLatch(threads);
            int last = random.nextInt(4);
            fakes.during = () -> {
                begun.countDown();
                sleep(last);
            };
            List<CompletableFuture<List<DescriptorMap>>> maps = java.util.stream.IntStream.range(0, threads)
                    .mapToObj(k -> CompletableFuture.supplyAsync(
                            () -> pipeline.describe(List.of(image(8, 8, k))), OwnThreads.EACH))
                    .toList();
            begun.await();
            sleep(random.nextInt(4));
            pipeline.close();
            for (CompletableFuture<List<DescriptorMap>> map : maps) {
                assertThat(map.join()).hasSize(1);
            }
            assertThatThrownBy(() -> pipeline.describe(List.of(image(8, 8, 0))))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("pipeline of checkpoint a with weights w must be open, got a use after close");
            pipeline.close();
        }
    }

    @Test
    void aCloseFromInsideADescriptionLeavesItItsResult() {
        PipelineOfFakes fakes = new PipelineOfFakes("a", "w");
        DescriptorPipeline pipeline = fakes.open();
        fakes.during = () -> {
            pipeline.close();
            assertThatThrownBy(() -> pipeline.describe(List.of(image(8, 8, 0))))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("after close");
        };
        assertThat(pipeline.describe(List.of(image(8, 8, 0)))).hasSize(1);
        assertThatThrownBy(() -> pipeline.describe(List.of(image(8, 8, 0))))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("after close");
    }

    private static void sleep(int milliseconds) {
        try {
            Thread.sleep(milliseconds);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aPointOutsideCostsNoRun() {
        PipelineOfFakes fakes = new PipelineOfFakes("a", "w");
        try (DescriptorPipeline pipeline = fakes.open()) {
            Hyperfeatures.Images images = Hyperfeatures.using(pipeline);
            DescribedImage image = images.of(image(20, 10, 0));
            DescribedImage other = images.of(image(40, 40, 1));
            for (Point outside :
                    List.of(new Point(21, 5), new Point(5, 10.5), new Point(-0.1, 5), new Point(3, 1e300))) {
                List<Point> points = List.of(new Point(1, 1), outside);
                for (org.assertj.core.api.ThrowableAssert.ThrowingCallable question :
                        List.<org.assertj.core.api.ThrowableAssert.ThrowingCallable>of(
                                () -> image.match(other, points),
                                () -> image.match(other, points, MatchOptions.MUTUAL),
                                () -> image.match(image(9, 9, 1).toBufferedImage(), points),
                                () -> image.topMatches(other, points, 3),
                                () -> image.similarity(other, outside))) {
                    assertThatThrownBy(question)
                            .isInstanceOf(IllegalArgumentException.class)
                            .hasMessageContaining("20 x 10")
                            .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(400));
                }
            }
            assertThatThrownBy(() -> image.topMatches(other, INSIDE, 0))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("k must be 1 or more, got 0");
            assertThat(fakes.runs).hasValue(0);
            // the border belongs to the image
            assertThat(image.match(other, List.of(new Point(20, 10)))).hasSize(1);
            assertThat(fakes.runs).hasValue(1);
        }
    }

    @Test
    void descriptorsOfAnotherCheckpointOrOtherWeightsAreRefusedBeforeARun(@TempDir Path folder) throws IOException {
        DescriptorMap kept = kept("a", "w", folder);
        for (List<String> other : List.of(List.of("b", "w"), List.of("a", "v"), List.of("b", "v"))) {
            PipelineOfFakes fakes = new PipelineOfFakes(other.get(0), other.get(1));
            try (DescriptorPipeline pipeline = fakes.open()) {
                DescribedImage image = Hyperfeatures.using(pipeline).of(image(20, 10, 0));
                DescribedImage old = Hyperfeatures.using(pipeline).of(kept);
                for (org.assertj.core.api.ThrowableAssert.ThrowingCallable question :
                        List.<org.assertj.core.api.ThrowableAssert.ThrowingCallable>of(
                                () -> image.match(old),
                                () -> old.match(image),
                                () -> image.match(old, INSIDE),
                                () -> old.topMatches(image, INSIDE, 2),
                                () -> image.similarity(old, INSIDE.get(0)))) {
                    assertThatThrownBy(question)
                            .isInstanceOf(IllegalArgumentException.class)
                            .hasMessageContaining("checkpoint a with weights w")
                            .hasMessageContaining("checkpoint " + other.get(0) + " with weights " + other.get(1));
                }
                assertThat(fakes.runs).hasValue(0);
            }
        }
        PipelineOfFakes again = new PipelineOfFakes("a", "w");
        try (DescriptorPipeline pipeline = again.open()) {
            DescribedImage image = Hyperfeatures.using(pipeline).of(image(20, 10, 0));
            assertThat(image.match(Hyperfeatures.using(pipeline).of(kept), INSIDE))
                    .hasSize(1);
            DescriptorMap byHand = new DescriptorMap(4, kept.size(), kept.values(), kept.imageSize(), kept.loadSize());
            assertThat(image.match(Hyperfeatures.using(pipeline).of(byHand), INSIDE))
                    .hasSize(1);
        }
    }

    @Test
    void twoPipelinesThatDoNotBelongTogetherAreRefusedBeforeARun() {
        PipelineOfFakes first = new PipelineOfFakes("a", "w");
        PipelineOfFakes second = new PipelineOfFakes("b", "w");
        try (DescriptorPipeline a = first.open();
                DescriptorPipeline b = second.open()) {
            DescribedImage image = Hyperfeatures.using(a).of(image(20, 10, 0));
            DescribedImage other = Hyperfeatures.using(b).of(image(20, 10, 0));
            assertThatThrownBy(() -> image.match(other)).isInstanceOf(IllegalArgumentException.class);
            b.close();
            assertThatThrownBy(() -> image.match(Hyperfeatures.using(b).of(image(1, 1, 0))))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("after close");
            assertThat(first.runs).hasValue(0);
            assertThat(second.runs).hasValue(0);
        }
    }

    private static DescriptorMap kept(String checkpoint, String weights, Path folder) throws IOException {
        Path file = folder.resolve("kept.safetensors");
        try (DescriptorPipeline pipeline = new PipelineOfFakes(checkpoint, weights).open()) {
            pipeline.describe(List.of(image(30, 30, 9))).get(0).save(file);
        }
        return DescriptorMap.load(file);
    }

    @Test
    void aGpuThatIsNotThereIsRefusedBeforeAnythingIsRead(@TempDir Path folder) {
        assertThatThrownBy(() -> DescriptorPipeline.builder()
                        .model(folder.resolve("none"))
                        .device(Device.gpu(77))
                        .build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("device must be one that the engine has, got gpu(77)");
    }
}
