package io.github.dhf4j.eval.pck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.dhf4j.data.KeypointPair;
import io.github.dhf4j.eval.data.PairDataset;
import io.github.dhf4j.eval.pck.ConfidenceCase.Truth;
import io.github.dhf4j.feature.ConfidenceModel;
import io.github.dhf4j.feature.DescriptorMap;
import io.github.dhf4j.feature.MatchEvidence;
import io.github.dhf4j.feature.RunMonitor;
import io.github.dhf4j.image.Size;
import io.github.dhf4j.matching.Point;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ConfidenceTest {
    /** Confidence is the logistic function of the similarity, absence that of its negative and of the company. */
    private static final ConfidenceModel PLAIN = new ConfidenceModel(
            List.of(0.0, 1.0, 0.0, 0.0, 0.0, 0.0),
            List.of(0.0, -1.0, 0.0, 0.0, 0.0, 0.0),
            List.of(0.0, 0.0, 0.0, 0.0, 0.0, 0.0, -1.0, 0.0, 0.0));

    private static ConfidenceCase of(double similarity, double company, Truth truth) {
        return new ConfidenceCase(
                new MatchEvidence(similarity, 0.1, 0, 0, 0), new MatchEvidence(company, 0.1, 0, 0, 0), truth);
    }

    private static double logit(double p) {
        return Math.log(p / (1 - p));
    }

    private static KeypointPair pair(String source, String target, String category, List<String> names) {
        List<Point> points = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            points.add(new Point(10 * i, 10));
        }
        return new KeypointPair(
                source + target, Path.of(source), Path.of(target), points, points, names, category, null, null);
    }

    /** Each cell is like the same cell of every other map, and like none beside it. */
    private static DescriptorMap map() {
        float[] values = new float[100 * 100];
        for (int i = 0; i < 100; i++) {
            values[100 * i + i] = 1;
        }
        return new DescriptorMap(100, Size.square(10), values, Size.square(100), Size.square(10));
    }

    private static List<ConfidenceCase> cases(ConfidenceSample sample, Truth truth) {
        return sample.cases().stream().filter(each -> each.truth() == truth).toList();
    }

    @Test
    void aSampleHasPointsHiddenOnesAndPointsOfOtherCategories() throws IOException {
        KeypointPair moved = new KeypointPair(
                "moved",
                Path.of("c"),
                Path.of("d"),
                List.of(new Point(10, 10), new Point(50, 50)),
                List.of(new Point(10, 20), new Point(50, 61)),
                List.of(),
                "dog",
                null,
                null);
        PairDataset pairs = new PairDataset(
                "p",
                List.of(
                        pair("a", "b", "cat", List.of("nose", "ear", "tail")),
                        pair("a", "e", "cat", List.of("nose")),
                        moved),
                List.of());
        ConfidenceSample sample = ConfidenceSample.of(pairs, image -> map(), MatchGrid.of(0), RunMonitor.NONE);
        assertThat(cases(sample, Truth.RIGHT)).as("a tenth of the image counts").hasSize(3 + 1 + 1);
        assertThat(cases(sample, Truth.WRONG)).hasSize(1);
        assertThat(cases(sample, Truth.HIDDEN))
                .as("ear and tail, of the second pair")
                .hasSize(2);
        assertThat(cases(sample, Truth.OTHER)).hasSize(3 + 1 + 2);
        assertThat(sample).hasToString("6 points and 8 that are not there (p)");
    }

    private static MatchEvidence evidence(Random random) {
        return new MatchEvidence(
                random.nextDouble(),
                0.2 * random.nextDouble(),
                0.3 * random.nextDouble(),
                random.nextDouble(),
                random.nextDouble());
    }

    @Test
    void coefficientsThatMadeTheTruthAreFound() {
        ConfidenceModel made = new ConfidenceModel(
                List.of(-2.0, 3.0, 0.5, 1.0, -2.0, 4.0),
                PLAIN.absent(),
                List.of(1.5, -1.0, 0.0, 0.0, 0.0, 0.0, -4.0, 1.0, 2.0));
        Random random = new Random(3);
        List<ConfidenceCase> cases = new ArrayList<>();
        for (int i = 0; i < 60000; i++) {
            MatchEvidence evidence = evidence(random);
            MatchEvidence company = evidence(random);
            Truth truth = random.nextDouble() < made.absent(evidence, company)
                    ? Truth.OTHER
                    : random.nextDouble() < made.right(evidence) ? Truth.RIGHT : Truth.WRONG;
            cases.add(new ConfidenceCase(evidence, company, truth));
        }
        ConfidenceSample sample = new ConfidenceSample("made", cases);
        ConfidenceModel fitted = sample.fit().orElseThrow();
        for (int k = 0; k < 6; k++) {
            assertThat(fitted.right().get(k)).isCloseTo(made.right().get(k), within(0.25));
        }
        for (int k = 1; k < 9; k++) {
            assertThat(fitted.absentTogether().get(k))
                    .isCloseTo(made.absentTogether().get(k), within(0.25));
        }
        ConfidenceMeasure measure = sample.measure(fitted);
        assertThat(measure.confidence().error()).isLessThan(0.01);
        assertThat(measure.absenceTogether().error()).isLessThan(0.01);
        assertThat(measure.absenceAlone().error()).isLessThan(0.01);
        assertThat(measure.notThere().together())
                .isGreaterThan(measure.notThere().alone());
    }

    @Test
    void tooFewPointsAreNotFittedTo() {
        List<ConfidenceCase> cases = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            cases.add(of(i / 100.0, 0.5, i < 9 ? Truth.WRONG : Truth.RIGHT));
        }
        assertThat(new ConfidenceSample("few wrong", cases).fit()).isEmpty();
        cases.set(50, of(0.5, 0.5, Truth.WRONG));
        assertThat(new ConfidenceSample("none absent", cases)
                        .fit()
                        .orElseThrow()
                        .absent())
                .isEqualTo(ConfidenceModel.DEFAULT.absent());
        assertThat(new ConfidenceSample("99 points", cases.subList(1, 100)).fit())
                .isEmpty();
    }

    @Test
    void theCalibrationErrorIsOfWhatWasSaidAndWhatCame() {
        List<ConfidenceCase> cases = List.of(
                of(logit(0.75), 0, Truth.RIGHT),
                of(logit(0.75), 0, Truth.WRONG),
                of(logit(0.25), 0, Truth.WRONG),
                of(logit(0.35), 0, Truth.RIGHT));
        Reliability reliability =
                new ConfidenceSample("four", cases).measure(PLAIN).confidence();
        assertThat(reliability.bins()).extracting(Reliability.Bin::count).containsExactly(1, 1, 2);
        assertThat(reliability.bins().get(2).said()).isCloseTo(0.75, within(1e-9));
        assertThat(reliability.bins().get(2).came()).isEqualTo(0.5);
        assertThat(reliability.error()).isCloseTo(0.25 / 2 + 0.25 / 4 + 0.65 / 4, within(1e-9));
    }

    @Test
    void absenceIsMeasuredAsIfHalfOfAllPointsWereAbsent() {
        List<ConfidenceCase> cases = List.of(
                of(logit(0.45), 0, Truth.RIGHT), of(logit(0.45), 0, Truth.RIGHT), of(logit(0.45), 0, Truth.OTHER));
        ConfidenceMeasure measure = new ConfidenceSample("three", cases).measure(PLAIN);
        assertThat(measure.absenceAlone().bins()).singleElement().satisfies(bin -> {
            assertThat(bin.said()).isCloseTo(0.55, within(1e-9));
            assertThat(bin.came()).isEqualTo(0.5);
        });
    }

    @Test
    void aurocIsTheShareOfPairsInTheRightOrder() {
        List<ConfidenceCase> cases = List.of(
                of(0.9, 0.2, Truth.RIGHT),
                of(0.5, 0.2, Truth.WRONG),
                of(0.5, 0.1, Truth.OTHER),
                of(0.1, 0.1, Truth.OTHER),
                of(0.95, 0.2, Truth.HIDDEN));
        ConfidenceMeasure.NotThere notThere =
                new ConfidenceSample("five", cases).measure(PLAIN).notThere();
        assertThat(notThere.aloneOther()).as("a tie counts half").isEqualTo(3.5 / 4);
        assertThat(notThere.togetherOther()).isEqualTo(1);
        assertThat(notThere.aloneHidden()).isZero();
        assertThat(notThere.togetherHidden()).isEqualTo(0.5);
        assertThat(notThere.alone()).isEqualTo(3.5 / 6);
        assertThat(new ConfidenceSample("present", cases.subList(0, 2))
                        .measure(PLAIN)
                        .notThere()
                        .alone())
                .isNaN();
    }

    @Test
    void coverageIsOfTheSurestFirst() {
        List<ConfidenceCase> cases = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            cases.add(of(i / 100.0, 0, i < 30 ? Truth.WRONG : Truth.RIGHT));
        }
        List<ConfidenceMeasure.Coverage> coverage =
                new ConfidenceSample("hundred", cases).measure(PLAIN).coverage();
        assertThat(coverage).hasSize(20);
        assertThat(coverage.get(13)).satisfies(at -> {
            assertThat(at.share()).isCloseTo(0.7, within(1e-9));
            assertThat(at.pck()).isEqualTo(1);
        });
        assertThat(coverage.get(19).pck()).isEqualTo(0.7);
        assertThat(coverage.get(19).least()).isCloseTo(0.5, within(1e-9));
    }

    @Test
    void nothingIsMeasuredOnNoPoints() {
        assertThatThrownBy(() -> new ConfidenceSample("empty", List.of()).measure(PLAIN))
                .hasMessage("confidence must be measured on points, got none (empty); give pairs");
    }
}
