package io.github.dhf4j.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.dhf4j.DescriptorPipeline;
import io.github.dhf4j.Hyperfeatures;
import io.github.dhf4j.aggregation.train.DescriptorLoss;
import io.github.dhf4j.feature.ExtractionSettings;
import io.github.dhf4j.feature.FeatureExtractor;
import io.github.dhf4j.image.RgbImage;
import io.github.dhf4j.image.Size;
import io.github.dhf4j.tensor.TorchRuntime;
import io.github.dhf4j.train.AdamW;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each example runs, as a reader would run it, and says what it should. */
@Timeout(180)
class ExamplesTest {
    @TempDir
    Path folder;

    @FunctionalInterface
    private interface Main {
        void run(String[] arguments) throws IOException;
    }

    private static List<String> printed(Main main, Object... arguments) throws IOException {
        PrintStream console = System.out;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        System.setOut(new PrintStream(bytes, true, StandardCharsets.UTF_8));
        try {
            main.run(Stream.of(arguments).map(Object::toString).toArray(String[]::new));
        } finally {
            System.setOut(console);
        }
        return bytes.toString(StandardCharsets.UTF_8).lines().toList();
    }

    private Path bundled(String name) throws IOException {
        Path file = folder.resolve(name);
        try (InputStream in = Hyperfeatures.class.getResourceAsStream("tiny/pair/" + name)) {
            Files.write(file, in.readAllBytes());
        }
        return file;
    }

    @AfterAll
    static void free() {
        Hyperfeatures.closeDefault();
    }

    @Test
    void matchTwoImagesPrintsAndDrawsThreePoints() throws IOException {
        Path picture = folder.resolve("matches.png");
        List<String> lines = printed(MatchTwoImages::main, bundled("car-1.png"), bundled("car-2.png"), picture);
        assertThat(lines).hasSize(4).endsWith("drawn: " + picture);
        assertThat(lines.subList(0, 3)).allMatch(line -> line.matches("\\(.+\\) -> \\(.+\\) 0\\.\\d{3}, \\d+% sure"));
        assertThat(RgbImage.read(picture).width()).isGreaterThan(200);
    }

    @Test
    void describeOnceMatchManyKeepsWhatItDescribed() throws IOException {
        Path query = bundled("car-1.png");
        Path other = bundled("car-2.png");
        List<String> lines = printed(DescribeOnceMatchMany::main, "61.7,64.1", query, other, query);
        assertThat(lines).hasSize(2);
        assertThat(lines.get(0)).startsWith(other + ": (61.7, 64.1) -> ");
        // in the image itself a point is where it is
        assertThat(lines.get(1)).startsWith(query + ": (61.7, 64.1) -> (6").containsPattern(" 1\\.000, \\d+% sure$");
        assertThat(folder.resolve("car-1.png.dhf.safetensors")).exists();
        Files.delete(folder.resolve("car-2.png.dhf.safetensors"));
        assertThat(printed(DescribeOnceMatchMany::main, "61.7,64.1", query, other, query))
                .isEqualTo(lines);
    }

    @Test
    void trainAnAggregatorWritesWeightsThatOpen() throws IOException {
        List<String> lines = printed(TrainAnAggregator::main, folder, 3);
        assertThat(lines).hasSize(2);
        assertThat(lines.get(0)).matches("3 steps, last loss \\d+\\.\\d{3}");
        Path weights = folder.resolve("run/aggregator.safetensors");
        assertThat(lines.get(1)).contains(weights.toString());
        try (DescriptorPipeline pipeline =
                DescriptorPipeline.builder().weights(weights).build()) {
            assertThat(pipeline.name()).contains("aggregator.safetensors");
        }
        // over already: the same weights
        assertThat(printed(TrainAnAggregator::main, folder, 3)).isEqualTo(lines);
    }

    @Test
    void segmentPartsTrainsAHeadWithItsAggregatorAndResumes() throws IOException {
        List<String> lines = printed(SegmentParts::main, folder, 1, 4);
        assertThat(lines).hasSize(3);
        assertThat(lines.get(0)).matches("mean IoU of the aggregator's head: \\d+\\.\\d");
        assertThat(lines.get(1)).startsWith("of a head over raw layers [1, 2, ").contains("; above it ");
        assertThat(lines.get(2)).startsWith("of a head over raw layer 7 at save indices [49, 30, 10]: ");
        assertThat(folder.resolve("run/aggregator.safetensors")).isNotEmptyFile();
        byte[] head = Files.readAllBytes(folder.resolve("run/loss.safetensors"));
        assertThat(Files.readAllLines(folder.resolve("run/metrics.csv"))).hasSize(5);
        // over already: the same weights, the same scores
        assertThat(printed(SegmentParts::main, folder, 1, 4)).isEqualTo(lines);
        assertThat(folder.resolve("run/loss.safetensors")).hasBinaryContent(head);
    }

    @Test
    void aHeadLearnsWhatItsCellsShow() throws IOException {
        try (NDManager manager = TorchRuntime.best().newManager()) {
            long[] parts = {0, 1, 2, 2};
            PartHead head = new PartHead(List.of(new PartPicture(Path.of("none"), parts)));
            NDArray maps = manager.create(new float[] {1, 0, 0, 0, 0, 2, 0, 0, 0, 0, 3, 3}, new Shape(1, 3, 2, 2));
            Map<String, NDArray> weights = PartHead.zeros(3, manager);
            AdamW optimiser = new AdamW(weights, manager, AdamW.Settings.REFERENCE);
            double first = 0;
            double last = 0;
            for (int step = 0; step < 200; step++) {
                DescriptorLoss.Gradient found =
                        head.of(0, new DescriptorLoss.Maps(maps, List.of(Size.square(8)), false), weights);
                first = step == 0 ? found.loss() : first;
                last = found.loss();
                optimiser.step(found.byWeights(), name -> 0.05);
            }
            assertThat(first).isCloseTo(Math.log(PartPicture.NAMES.size()), within(1e-5));
            assertThat(last).isLessThan(0.05);
            assertThat(PartHead.parts(maps, weights)).isEqualTo(parts);
            // the slope by a descriptor's number, and mirrored targets with mirrored images
            DescriptorLoss.Maps at = new DescriptorLoss.Maps(maps, List.of(Size.square(8)), false);
            double slope = head.of(0, at, weights).byDescriptors().getFloat(0, 1, 0, 0);
            NDArray moved = maps.duplicate();
            moved.set(new ai.djl.ndarray.index.NDIndex(0, 1, 0, 0), 0.01f);
            double there = head.of(0, new DescriptorLoss.Maps(moved, at.imageSizes(), false), weights)
                    .loss();
            assertThat((there - head.of(0, at, weights).loss()) / 0.01).isCloseTo(slope, within(0.02));
            assertThat(head.of(0, new DescriptorLoss.Maps(maps.flip(3), at.imageSizes(), true), weights)
                            .loss())
                    .isCloseTo(head.of(0, at, weights).loss(), within(1e-5));
        }
    }

    @Test
    void evaluatePckPrintsTwoScoresAndWritesThem() throws IOException {
        List<String> lines = printed(EvaluatePck::main, folder, 3);
        assertThat(lines).hasSize(2);
        assertThat(lines.get(0)).matches("PCK@0\\.1 img of the bundled pipeline: [01]\\.\\d{3}");
        assertThat(lines.get(1)).matches("of the floor: [01]\\.\\d{3}");
        assertThat(folder.resolve("scores")).isNotEmptyDirectory();
    }

    @Test
    void aBackboneOfYourOwnIsRecognisedByItsCheckpoint() throws IOException {
        List<String> lines = printed(BackboneOfYourOwn::main, folder);
        assertThat(lines).hasSize(2);
        assertThat(lines.get(0)).startsWith("colours of 32 x 32 with ");
        assertThat(lines.get(1)).startsWith("(71.7, 38.9) -> (");
    }

    @Test
    void theNetworkOfOnesOwnRefusesWhatItDoesNotHave() throws IOException {
        Path checkpoint = folder.resolve("other.colours");
        Files.writeString(checkpoint, "32");
        ExtractionSettings forward = ExtractionSettings.forward();
        try (FeatureExtractor opened =
                DescriptorPipeline.builder().model(checkpoint).openExtractor(forward)) {
            assertThat(opened.withSettings(forward.withLayers(List.of(1)).withLoadSize(32)))
                    .isSameAs(opened);
            for (ExtractionSettings other :
                    List.of(forward.withLoadSize(48), forward.withLayers(List.of(2)), ExtractionSettings.inversion())) {
                assertThatThrownBy(() -> opened.withSettings(other))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("colours must be");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "MatchTwoImages",
                "DescribeOnceMatchMany",
                "TrainAnAggregator",
                "EvaluatePck",
                "BackboneOfYourOwn",
                "ColourProvider",
                "ColourExtractor"
            })
    void eachIsReadInOneGo(String name) throws IOException {
        Path source = Path.of("src/main/java/io/github/dhf4j/examples", name + ".java");
        assertThat(Files.readAllLines(source)).hasSizeLessThan(61);
    }

    /** A task of one's own takes five files. */
    @ParameterizedTest
    @ValueSource(strings = {"SegmentParts", "PartHead", "PartPicture", "LinearHeads", "MeanIou"})
    void eachOfTheLargerOneIsToo(String name) throws IOException {
        Path source = Path.of("src/main/java/io/github/dhf4j/examples", name + ".java");
        assertThat(Files.readAllLines(source)).hasSizeLessThan(95);
    }
}
