package io.github.dhf4j.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dhf4j.DescriptorPipeline;
import io.github.dhf4j.Hyperfeatures;
import io.github.dhf4j.feature.ExtractionSettings;
import io.github.dhf4j.feature.FeatureExtractor;
import io.github.dhf4j.image.RgbImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
}
