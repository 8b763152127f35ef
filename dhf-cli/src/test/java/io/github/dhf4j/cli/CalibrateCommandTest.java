package io.github.dhf4j.cli;

import static io.github.dhf4j.cli.CommandLineTest.fails;
import static io.github.dhf4j.cli.CommandLineTest.works;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import io.github.dhf4j.aggregation.AggregatorFile;
import io.github.dhf4j.diffusion.BundledCheckpoint;
import io.github.dhf4j.feature.ConfidenceModel;
import io.github.dhf4j.io.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import javax.imageio.ImageIO;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Confidence over weights of one map, which take two calls of the network an image. */
class CalibrateCommandTest {
    @TempDir
    static Path folder;

    private static Path world = Path.of("");
    private static Path weights = Path.of("");

    @BeforeAll
    static void render() throws IOException {
        world = folder.resolve("world");
        weights = folder.resolve("weights.safetensors");
        for (String split : new String[] {"validation", "test"}) {
            works("render", "--pairs", 24, "--split", split, "--images", 2, "--size", 64, "--out", world);
        }
        works(
                "prune",
                "--weights",
                BundledCheckpoint.unpack().resolve("aggregator.safetensors"),
                "--keep",
                1,
                "--out",
                weights);
    }

    private static Path copy(String name) throws IOException {
        return Files.copy(weights, folder.resolve(name));
    }

    private static @Nullable ConfidenceModel confidence(Path file) throws IOException {
        try (AggregatorFile opened = AggregatorFile.open(file)) {
            return opened.confidence();
        }
    }

    @Test
    void whatIsFittedIsPutIntoTheWeightsAndMeasured() throws IOException {
        Path own = copy("own.safetensors");
        assertThat(confidence(own)).as("pruned weights have lost it").isNull();
        Path out = folder.resolve("report");
        String printed = works(
                        "calibrate",
                        "--data",
                        world,
                        "--weights",
                        own,
                        "--out",
                        out,
                        "--cache",
                        folder.resolve("cache"))
                .out();
        assertThat(printed)
                .containsPattern("fitted to \\d+ points and \\d+ that are not there \\(validation.jsonl\\)")
                .contains("confidence: calibration error 0.", "not there: AUROC 0.", "by the default of what is not")
                .contains("put into " + own);
        assertThat(confidence(own)).isNotNull().isNotEqualTo(ConfidenceModel.DEFAULT);
        assertThat(out.resolve("confidence.md"))
                .content()
                .contains("Measured on test.jsonl", "| 100% |", "not for photographs")
                .contains("Coefficients: `"
                        + Objects.requireNonNull(confidence(own)).toJson());
        assertThat(out.resolve("confidence.csv"))
                .content()
                .startsWith("curve,at,points,said,came\nconfidence,")
                .contains("\nabsence_together,", "\nabsence_alone,", "\ncoverage,1.00,");
        assertThat(ImageIO.read(out.resolve("confidence.png").toFile()).getWidth())
                .isGreaterThan(1000);

        Path json = folder.resolve("match.json");
        Path picture = folder.resolve("match.png");
        works("match", "--weights", own, "--json", json, "--out", picture);
        JsonArray found = Json.readObject(json).getAsJsonArray("correspondences");
        for (JsonElement match : found) {
            assertThat(match.getAsJsonObject().get("confidence").getAsDouble()).isBetween(0.0, 1.0);
            assertThat(match.getAsJsonObject().get("absence").getAsDouble()).isBetween(0.0, 1.0);
        }
        double middle = found.get(3).getAsJsonObject().get("confidence").getAsDouble();
        String some = works("match", "--weights", own, "--min-confidence", middle, "--json", json, "--out", picture)
                .out();
        JsonArray sure = Json.readObject(json).getAsJsonArray("correspondences");
        assertThat(sure).isNotEmpty();
        assertThat(sure)
                .allMatch(match -> match.getAsJsonObject().get("confidence").getAsDouble() >= middle);
        assertThat(some).contains(sure.size() + " correspondences");
        assertThat(works("match", "--weights", own, "--min-confidence", 1, "--out", picture)
                        .out())
                .contains("8 of 8 left out, less sure than 1.0 (--min-confidence)", "0 correspondences");
    }

    @Test
    void weightsThatAreNotNamedAreMeasuredOnly() {
        String printed = works(
                        "calibrate",
                        "--data",
                        world,
                        "--raw-layer",
                        8,
                        "--raw-save-index",
                        49,
                        "--measure",
                        "validation",
                        "--cache",
                        folder.resolve("cache"))
                .out();
        assertThat(printed).contains("put into no file; name one of your own with --weights");
    }

    @Test
    void allCellsAreTrustedToo() throws IOException {
        Path json = folder.resolve("cells.json");
        Path image = world.resolve("images/test-car-1.png");
        works("match", image, image, "--weights", weights, "--json", json, "--out", folder.resolve("cells.png"));
        JsonArray found = Json.readObject(json).getAsJsonArray("correspondences");
        assertThat(found).hasSizeGreaterThan(20);
        assertThat(found)
                .allMatch(match -> match.getAsJsonObject().get("confidence").getAsDouble() > 0);
    }

    @Test
    void whatCannotBeCalibratedIsSaidInALine() throws IOException {
        Path torch = folder.resolve("weights.pt");
        works("convert-weights", weights, torch);
        fails(
                1,
                "weights must be safetensors to hold a calibration, got a torch checkpoint",
                "calibrate",
                "--data",
                world,
                "--weights",
                torch);
        fails(
                1,
                "confidence must be fitted to 100 points or more, some right and some wrong, got",
                "calibrate",
                "--data",
                world,
                "--only",
                "car",
                "--weights",
                weights,
                "--cache",
                folder.resolve("cache"));
        fails(2, "--min-confidence must be 0 to 1, got 1.5", "match", "--min-confidence", 1.5);
    }
}
