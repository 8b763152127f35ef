package io.github.dhf4j.eval.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonObject;
import io.github.dhf4j.data.KeypointPair;
import io.github.dhf4j.eval.data.PairDataset;
import io.github.dhf4j.eval.pck.Bootstrap;
import io.github.dhf4j.eval.pck.Evaluation;
import io.github.dhf4j.eval.pck.EvaluationContext;
import io.github.dhf4j.eval.pck.EvaluationFiles;
import io.github.dhf4j.eval.pck.PointScore;
import io.github.dhf4j.eval.pck.Threshold;
import io.github.dhf4j.eval.picture.PairSheetPicture;
import io.github.dhf4j.io.Environment;
import io.github.dhf4j.io.Json;
import io.github.dhf4j.matching.Point;
import io.github.dhf4j.testing.Golden;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EvaluationReportTest {
    private static final Threshold IMG = new Threshold(0.1, Threshold.Of.IMG);

    private static PairDataset dataset(int pairs, double x) {
        Path image = Golden.fixtures().resolve("images/a.png");
        List<KeypointPair> list = new ArrayList<>();
        for (int i = 0; i < pairs; i++) {
            Point point = new Point(x, 5);
            list.add(new KeypointPair(
                    "pair " + i, image, image, List.of(point), List.of(point), List.of(), "car", null, null));
        }
        return new PairDataset("test.jsonl", list, List.of());
    }

    /** Of each pair the point is farther away than of the one before. */
    private static Evaluation evaluation(PairDataset dataset) {
        List<PointScore> points = new ArrayList<>();
        for (KeypointPair pair : dataset.pairs()) {
            Point at = pair.targetPoints().get(0);
            points.add(new PointScore(pair.id(), "car", "1", at, at, at, points.size(), 20, Double.NaN));
        }
        return new Evaluation("weights w.safetensors", dataset.name(), 64, points);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7, 40})
    void aPairIsShownOnceHoweverFewThereAre(int pairs) {
        PairDataset dataset = dataset(pairs, 5);
        List<PairSheetPicture.Row> rows = EvaluationReport.rows(evaluation(dataset), dataset, IMG);
        assertThat(rows).extracting(row -> row.pair().id()).doesNotHaveDuplicates();
        assertThat(rows).hasSize(Math.min(pairs, 6));
        if (pairs >= 3) {
            assertThat(rows)
                    .extracting(PairSheetPicture.Row::title)
                    .startsWith("best")
                    .contains("median")
                    .endsWith("worst");
        }
    }

    @Test
    void aReportSaysWhatWasRunWhenAndByWhichVersion(@TempDir Path folder) throws IOException {
        PairDataset dataset = dataset(2, 5);
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("checkpoint", "sd <1.5>");
        settings.put("load_size", "512 x 512");
        EvaluationContext context = new EvaluationContext(settings, "only a toy");
        EvaluationFiles.write(evaluation(dataset), List.of(IMG), List.of(), context, folder);
        EvaluationReport.write(evaluation(dataset), dataset, List.of(IMG), List.of(), context, folder);
        JsonObject json = Json.readObject(folder.resolve("evaluation.json"));
        assertThat(json.keySet())
                .containsExactly(
                        "schema",
                        "version",
                        "created",
                        "note",
                        "method",
                        "dataset",
                        "resolution",
                        "pairs",
                        "points",
                        "settings",
                        "scores",
                        "remarks");
        assertThat(json.get("schema").getAsString()).isEqualTo("dhf.evaluation/1");
        assertThat(json.get("version").getAsString()).isEqualTo(Environment.version());
        assertThat(Instant.parse(json.get("created").getAsString()))
                .isBetween(Instant.now().minusSeconds(600), Instant.now());
        assertThat(json.getAsJsonObject("settings").get("load_size").getAsString())
                .isEqualTo("512 x 512");
        String html = Files.readString(folder.resolve("report.html"));
        assertThat(html)
                .contains("<title>weights w.safetensors</title>")
                .contains("<strong>Only a toy.</strong>")
                .contains("sd &lt;1.5&gt;")
                .contains("<td>version</td><td>" + Environment.version() + "</td>")
                .containsPattern("<td>written</td><td>20\\d\\d-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ</td>");
        assertThat(Files.readString(folder.resolve("evaluation.md")))
                .contains("**Only a toy.**")
                .contains("| load_size | 512 x 512 |");
        assertThat(EvaluationFiles.read(folder)).isEqualTo(evaluation(dataset));
    }

    @Test
    void anEvaluationOfBeforeSchemasIsRead(@TempDir Path folder) throws IOException {
        Evaluation evaluation = evaluation(dataset(2, 5));
        EvaluationFiles.write(evaluation, List.of(IMG), List.of(), folder);
        JsonObject json = Json.readObject(folder.resolve("evaluation.json"));
        List.of("schema", "version", "created", "note", "settings").forEach(json::remove);
        Files.writeString(folder.resolve("evaluation.json"), json.toString());
        assertThat(EvaluationFiles.read(folder)).isEqualTo(evaluation);
    }

    @Test
    void anotherDataSetIsNoComparison() {
        Evaluation evaluation = evaluation(dataset(3, 5));
        assertThatCode(() -> Bootstrap.requireComparable(evaluation, dataset(2, 5)))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> Bootstrap.requireComparable(evaluation, dataset(3, 6)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("other points of pair 0");
        assertThatThrownBy(() -> Bootstrap.requireComparable(evaluation, dataset(0, 5)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("pairs in common");
    }
}
