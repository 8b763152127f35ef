package io.github.dhf4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.modality.cv.ImageFactory;
import io.github.dhf4j.feature.DescriptorMap;
import io.github.dhf4j.feature.RunMonitor;
import io.github.dhf4j.image.RgbImage;
import io.github.dhf4j.matching.Correspondence;
import io.github.dhf4j.matching.MatchOptions;
import io.github.dhf4j.matching.Point;
import io.github.dhf4j.testing.Golden;
import io.github.dhf4j.testing.OwnThreads;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a library user writes. */
class FrontDoorTest {
    private static final Path A = Golden.fixtures().resolve("images/a.png");
    private static final Path B = Golden.fixtures().resolve("images/b.png");

    @AfterAll
    static void close() {
        Hyperfeatures.closeDefault();
    }

    @Test
    void thePipelineThatComesWithTheLibrarySaysSo() throws IOException {
        try (DescriptorPipeline bundled =
                        DescriptorPipeline.builder().raw(4, 10).build();
                DescriptorPipeline own = DescriptorPipeline.builder()
                        .model(Golden.fixtures().resolve("sd15/pipeline"))
                        .raw(4, 10)
                        .build()) {
            assertThat(bundled.isBundled()).isTrue();
            assertThat(own.isBundled()).isFalse();
        }
    }

    @Test
    void everyKindOfImageGivesTheSame() throws IOException {
        List<Correspondence> expected = Hyperfeatures.of(A).match(B);
        assertThat(expected).isNotEmpty();
        RgbImage a = RgbImage.read(A);
        RgbImage b = RgbImage.read(B);
        assertThat(Hyperfeatures.of(a.toBufferedImage()).match(b.toBufferedImage()))
                .isEqualTo(expected);
        assertThat(Hyperfeatures.of(ImageFactory.getInstance().fromFile(A))
                        .match(ImageFactory.getInstance().fromFile(B)))
                .isEqualTo(expected);
        for (Correspondence pair : expected) {
            assertThat(pair.source().x()).isBetween(0.0, (double) a.width());
            assertThat(pair.source().y()).isBetween(0.0, (double) a.height());
            assertThat(pair.target().x()).isBetween(0.0, (double) b.width());
            assertThat(pair.target().y()).isBetween(0.0, (double) b.height());
        }
    }

    @Test
    void pointsSimilarityAndTop() throws IOException {
        DescribedImage a = Hyperfeatures.of(A);
        DescribedImage b = Hyperfeatures.of(B);
        List<Point> points = List.of(new Point(10, 20), new Point(55.5, 33.25));
        List<Correspondence> found = a.match(b, points);
        assertThat(found).hasSize(2);
        assertThat(a.match(B, points).get(1).source()).isEqualTo(points.get(1));
        assertThat(a.similarity(b, points.get(0)).best()).isEqualTo(found.get(0).target());
        Correspondence second = found.get(1);
        assertThat(second.confidence()).isBetween(0.0, 1.0);
        assertThat(a.topMatches(b, points, 3).get(1).get(0))
                .isEqualTo(new Correspondence(second.source(), second.target(), second.similarity()));
        assertThat(a.match(a, points, MatchOptions.MUTUAL)).hasSize(2);
    }

    @Test
    void keptDescriptorsMatchWithoutThePicture(@TempDir Path folder) throws IOException {
        DescribedImage a = Hyperfeatures.of(A);
        Path kept = folder.resolve("a.safetensors");
        a.descriptors().save(kept);
        List<Correspondence> again = Hyperfeatures.of(DescriptorMap.load(kept)).match(Hyperfeatures.of(B));
        List<Correspondence> expected = a.match(Hyperfeatures.of(B));
        assertThat(again).isEqualTo(expected);
    }

    @Test
    void aRawLayerNeedsNoWeightsAndHyperfeaturesSaySo() throws IOException {
        Path sd15 = Golden.fixtures().resolve("sd15/pipeline");
        try (DescriptorPipeline pipeline =
                DescriptorPipeline.builder().model(sd15).raw(9, 49).build()) {
            assertThat(Hyperfeatures.using(pipeline).of(A).match(B)).isNotEmpty();
            assertThat(pipeline.name()).contains("raw layer 9");
        }
        assertThatThrownBy(() -> DescriptorPipeline.builder().model(sd15).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("raw(4, 10)");
    }

    @Test
    void aClosedPipelineSaysSoAndARunCanBeCancelled() throws IOException {
        AtomicBoolean stop = new AtomicBoolean(true);
        DescriptorPipeline pipeline = DescriptorPipeline.builder()
                .monitor(new RunMonitor(null, stop::get))
                .build();
        DescribedImage image = Hyperfeatures.using(pipeline).of(A);
        assertThatThrownBy(image::descriptors).isInstanceOf(CancellationException.class);
        stop.set(false);
        assertThat(image.descriptors().channels()).isEqualTo(128);
        pipeline.close();
        pipeline.close();
        assertThatThrownBy(() -> Hyperfeatures.using(pipeline).of(B).descriptors())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("after close");
    }

    @Test
    void twoThreadsOnOnePipeline() throws IOException {
        List<Correspondence> expected = Hyperfeatures.of(A).match(B);
        List<CompletableFuture<List<Correspondence>>> runs = java.util.stream.Stream.of(1, 2)
                .map(i -> CompletableFuture.supplyAsync(
                        () -> {
                            try {
                                return Hyperfeatures.of(A).match(B);
                            } catch (IOException e) {
                                throw new java.io.UncheckedIOException(e);
                            }
                        },
                        OwnThreads.EACH))
                .toList();
        for (CompletableFuture<List<Correspondence>> run : runs) {
            assertThat(run.join()).isEqualTo(expected);
        }
    }
}
