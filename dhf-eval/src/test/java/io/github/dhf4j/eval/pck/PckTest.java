package io.github.dhf4j.eval.pck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.github.dhf4j.data.Box;
import io.github.dhf4j.data.KeypointPair;
import io.github.dhf4j.data.PointFinder;
import io.github.dhf4j.image.Size;
import io.github.dhf4j.io.Json;
import io.github.dhf4j.matching.PixelGrid;
import io.github.dhf4j.matching.Point;
import io.github.dhf4j.testing.Golden;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PckTest {
    private static final Offset<Double> EXACT = Offset.offset(1e-12);

    @Test
    void scoresAreTheReference() throws IOException {
        JsonObject golden = Json.readObject(Golden.fixtures().resolve("pck.json"));
        Evaluation evaluation = new Evaluation("golden", "pck.json", 64, scores(golden, 1));
        for (Map.Entry<String, JsonElement> entry :
                golden.getAsJsonObject("pck").entrySet()) {
            String[] parts = entry.getKey().split("@", -1);
            Threshold threshold = new Threshold(
                    Double.parseDouble(parts[1]), Threshold.Of.valueOf(parts[0].toUpperCase(java.util.Locale.ROOT)));
            JsonObject expected = entry.getValue().getAsJsonObject();
            assertThat(evaluation.pck(threshold, Evaluation.Average.PER_POINT))
                    .as("%s per point", threshold)
                    .isCloseTo(expected.get("per_point").getAsDouble(), EXACT);
            assertThat(evaluation.pck(threshold, Evaluation.Average.PER_IMAGE))
                    .as("%s per image", threshold)
                    .isCloseTo(expected.get("per_image").getAsDouble(), EXACT);
            JsonArray byPair = expected.getAsJsonArray("by_pair");
            for (int i = 0; i < byPair.size(); i++) {
                assertThat(evaluation.pck(threshold, Evaluation.Average.PER_POINT, "category " + i))
                        .isCloseTo(byPair.get(i).getAsDouble(), EXACT);
            }
        }
    }

    @Test
    void indicesRoundHalfToEvenAndClamp() throws IOException {
        JsonObject cases =
                Json.readObject(Golden.fixtures().resolve("pck.json")).getAsJsonObject("index_cases");
        JsonArray points = cases.getAsJsonArray("points_yx");
        for (int i = 0; i < points.size(); i++) {
            JsonArray yx = points.get(i).getAsJsonArray();
            Point point = new Point(yx.get(1).getAsDouble(), yx.get(0).getAsDouble());
            assertThat(PixelGrid.index(point, Size.square(64), Size.square(64)))
                    .isEqualTo(cases.getAsJsonArray("index").get(i).getAsInt());
        }
    }

    @Test
    void pckRisesWithTheThreshold() throws IOException {
        Evaluation evaluation = golden(1);
        for (Threshold.Of of : Threshold.Of.values()) {
            for (Evaluation.Average average : Evaluation.Average.values()) {
                double before = 0;
                for (double alpha = 0.01; alpha < 2; alpha += 0.01) {
                    double now = evaluation.pck(new Threshold(alpha, of), average);
                    assertThat(now).isGreaterThanOrEqualTo(before);
                    before = now;
                }
                assertThat(before).isEqualTo(1);
            }
        }
    }

    @Test
    void pckDoesNotChangeWithTheScaleOfImageAndPoints() throws IOException {
        for (double factor : new double[] {2, 3, 1000}) {
            for (Threshold.Of of : Threshold.Of.values()) {
                Threshold threshold = new Threshold(0.1, of);
                assertThat(golden(factor).pck(threshold, Evaluation.Average.PER_POINT))
                        .isEqualTo(golden(1).pck(threshold, Evaluation.Average.PER_POINT));
            }
        }
    }

    @Test
    void theOrderOfPairsDoesNotMatter() throws IOException {
        List<PointScore> shuffled = new ArrayList<>(golden(1).points());
        Collections.shuffle(shuffled, new Random(3));
        Evaluation other = new Evaluation("golden", "pck.json", 64, shuffled);
        Threshold threshold = new Threshold(0.1, Threshold.Of.IMG);
        for (Evaluation.Average average : Evaluation.Average.values()) {
            assertThat(other.pck(threshold, average)).isCloseTo(golden(1).pck(threshold, average), EXACT);
        }
    }

    @Test
    void intervalsHoldTheScoreAndComparisonsTellChanceFromDifference() {
        Evaluation good = invented("good", 0.8, 1);
        Evaluation alike = invented("alike", 0.8, 2);
        Evaluation bad = invented("bad", 0.4, 3);
        Threshold threshold = new Threshold(0.1, Threshold.Of.IMG);
        Bootstrap.Interval interval = good.interval(threshold, Evaluation.Average.PER_POINT);
        assertThat(good.pck(threshold, Evaluation.Average.PER_POINT)).isBetween(interval.low(), interval.high());
        assertThat(interval.high() - interval.low()).isBetween(0.02, 0.15);
        Bootstrap.Comparison real = Bootstrap.compare(good, bad, threshold, Evaluation.Average.PER_POINT);
        assertThat(real.isReal()).isTrue();
        assertThat(real.difference()).isBetween(0.3, 0.5);
        assertThat(real.opposite()).isLessThan(0.01);
        Bootstrap.Comparison none = Bootstrap.compare(good, alike, threshold, Evaluation.Average.PER_POINT);
        assertThat(none.isReal()).isFalse();
        assertThat(Bootstrap.compare(good, good, threshold, Evaluation.Average.PER_POINT)
                        .difference())
                .isZero();
    }

    @Test
    void filesHoldEveryPoint(@TempDir Path folder) throws IOException {
        Evaluation evaluation = golden(1);
        EvaluationFiles.write(
                evaluation, List.of(new Threshold(0.1, Threshold.Of.IMG)), List.of("3 pairs left out"), folder);
        assertThat(EvaluationFiles.read(folder)).isEqualTo(evaluation);
        assertThat(folder.resolve("evaluation.md")).content().contains("PCK@0.1 img", "80.5", "3 pairs left out");
    }

    @Test
    void aByteOrderMarkAndOtherLineEndsAreNoPartOfAnEvaluation(@TempDir Path folder) throws IOException {
        Evaluation evaluation = golden(1);
        EvaluationFiles.write(evaluation, List.of(new Threshold(0.1, Threshold.Of.IMG)), List.of(), folder);
        Path points = folder.resolve("points.csv");
        String plain = Files.readString(points);
        Files.writeString(points, "\uFEFF" + plain.replace("\n", "\r\n") + "\r\n");
        assertThat(EvaluationFiles.read(folder)).isEqualTo(evaluation);
        Files.writeString(points, "\uFEFF");
        assertThatThrownBy(() -> EvaluationFiles.read(folder))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("points.csv");
    }

    /** Two legs near and far, two ears by their sides, a nose without a twin: found in place, at the twin's, or elsewhere. */
    @Test
    void pointsTakenForTheirTwinsAreCounted(@TempDir Path folder) throws IOException {
        List<Point> targets =
                List.of(new Point(10, 90), new Point(40, 90), new Point(20, 10), new Point(60, 10), new Point(50, 50));
        List<Point> found =
                List.of(new Point(39, 90), new Point(41, 90), new Point(20, 12), new Point(99, 99), new Point(60, 10));
        KeypointPair pair = new KeypointPair(
                "a to b",
                Path.of("a.png"),
                Path.of("b.png"),
                targets,
                targets,
                List.of("near hoof", "far hoof", "left ear", "right ear", "nose"),
                "horse",
                null,
                null);
        assertThat(pair.twins()).containsExactly(1, 0, 3, 2, -1);
        KeypointPair kept = new KeypointPair(
                "names that a mirror leaves",
                pair.source(),
                pair.target(),
                targets,
                targets,
                pair.keypoints(),
                pair.keypoints(),
                "chair",
                null,
                null);
        assertThat(kept.twins()).containsExactly(1, 0, 3, 2, -1);
        assertThat(pair.counterparts())
                .as("nearer and farther stay so in a mirror")
                .containsExactly(0, 1, 3, 2, 4);
        Evaluation evaluation = new Evaluation(
                "method", "data", 64, Evaluator.score(pair, new PointFinder.Found(found, new Size(100, 100))));
        assertThat(evaluation.withTwins().points()).hasSize(4);
        assertThat(evaluation.swapped()).isEqualTo(1);
        Threshold threshold = new Threshold(0.1, Threshold.Of.IMG);
        assertThat(evaluation.pck(threshold, Evaluation.Average.PER_POINT)).isEqualTo(0.4);
        assertThat(evaluation.withTwins().pck(threshold, Evaluation.Average.PER_POINT))
                .isEqualTo(0.5);
        EvaluationFiles.write(evaluation, List.of(threshold), List.of(), folder);
        assertThat(EvaluationFiles.read(folder)).isEqualTo(evaluation);
        JsonObject twins = Json.readObject(folder.resolve("evaluation.json")).getAsJsonObject("twins");
        assertThat(twins.get("points").getAsInt()).isEqualTo(4);
        assertThat(twins.get("swapped").getAsInt()).isEqualTo(1);
        assertThat(folder.resolve("evaluation.md")).content().contains("| 4 points with a twin, 25.0% taken for it |");
        Path points = folder.resolve("points.csv");
        String older = Files.readString(points).replaceAll("(?m),[^,\n]*$", "");
        Files.writeString(points, older);
        assertThat(EvaluationFiles.read(folder).withTwins().points())
                .as("written before twins were known")
                .isEmpty();
    }

    @Test
    void categoriesMayWeighTheSame() {
        List<PointScore> points = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            Point at = new Point(0, 0);
            points.add(new PointScore(
                    "pair " + i, i < 3 ? "cat" : "dog", "1", at, at, at, i < 3 ? 0 : 50, 100, Double.NaN));
        }
        Evaluation evaluation = new Evaluation("method", "data", 64, points);
        Threshold threshold = new Threshold(0.1, Threshold.Of.IMG);
        assertThat(evaluation.pck(threshold, Evaluation.Average.PER_POINT)).isEqualTo(0.75);
        assertThat(evaluation.meanOfCategories(threshold, Evaluation.Average.PER_POINT))
                .isEqualTo(0.5);
        assertThat(evaluation.meanOfCategories(new Threshold(0.1, Threshold.Of.BBOX), Evaluation.Average.PER_POINT))
                .isNaN();
        assertThat(ScoreTable.byCategory(evaluation, List.of(threshold)).rows())
                .containsExactly(
                        List.of("cat", "100.0"), List.of("dog", "0.0"), List.of("mean of 2 categories", "50.0"));
    }

    private static Evaluation invented(String name, double share, long seed) {
        Random random = new Random(seed);
        List<PointScore> points = new ArrayList<>();
        for (int pair = 0; pair < 120; pair++) {
            for (int i = 0; i < 6; i++) {
                double distance = random.nextDouble() < share ? 1 : 50;
                points.add(new PointScore(
                        "pair " + pair,
                        "none",
                        "" + i,
                        new Point(0, 0),
                        new Point(0, 0),
                        new Point(distance, 0),
                        distance,
                        100,
                        Double.NaN));
            }
        }
        return new Evaluation(name, "invented", 64, points);
    }

    private static Evaluation golden(double factor) throws IOException {
        return new Evaluation(
                "golden",
                "a data set, with \"quotes\"",
                64,
                scores(Json.readObject(Golden.fixtures().resolve("pck.json")), factor));
    }

    private static List<PointScore> scores(JsonObject golden, double factor) {
        List<PointScore> scores = new ArrayList<>();
        JsonArray pairs = golden.getAsJsonArray("pairs");
        for (int i = 0; i < pairs.size(); i++) {
            JsonObject pair = pairs.get(i).getAsJsonObject();
            List<Point> targets = points(pair, "target_points_yx", factor);
            JsonArray box = pair.getAsJsonArray("target_bounding_box");
            JsonArray size = pair.getAsJsonArray("target_size_wh");
            scores.addAll(Evaluator.score(
                    new KeypointPair(
                            "pair " + i + ", of \"six\"",
                            Path.of("a.png"),
                            Path.of("b.png"),
                            targets,
                            targets,
                            List.of(),
                            "category " + i,
                            null,
                            new Box(
                                    factor * box.get(0).getAsDouble(),
                                    factor * box.get(1).getAsDouble(),
                                    factor * box.get(2).getAsDouble(),
                                    factor * box.get(3).getAsDouble())),
                    new PointFinder.Found(
                            points(pair, "predicted_points_yx", factor),
                            new Size((int) (factor * size.get(0).getAsInt()), (int)
                                    (factor * size.get(1).getAsInt())))));
        }
        return scores;
    }

    private static List<Point> points(JsonObject pair, String key, double factor) {
        List<Point> points = new ArrayList<>();
        for (JsonElement element : pair.getAsJsonArray(key)) {
            JsonArray yx = element.getAsJsonArray();
            points.add(new Point(
                    factor * yx.get(1).getAsDouble(), factor * yx.get(0).getAsDouble()));
        }
        return points;
    }
}
