package io.github.dhf4j.matching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.dhf4j.feature.ConfidenceModel;
import io.github.dhf4j.feature.DescriptorMap;
import io.github.dhf4j.feature.MatchEvidence;
import io.github.dhf4j.image.Size;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Maps of 20 x 10 cells, matched cell by cell, of images of 200 x 100: a cell is ten pixels, another place three cells away. */
class MatchTrustTest {
    private static final Size CELLS = new Size(20, 10);
    private static final ConfidenceModel MODEL = new ConfidenceModel(
            List.of(0.0, 1.0, 0.0, 0.0, 0.0, 0.0),
            List.of(1.0, 0.0, 0.0, 0.0, 0.0, 0.0),
            List.of(0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0));

    private final CosineMatcher matcher = new CosineMatcher();

    /** Like the second axis everywhere, and turned towards the first by an angle at some cells. */
    private static DescriptorMap map(double... columnRowDegrees) {
        float[] values = new float[2 * 200];
        for (int i = 0; i < 200; i++) {
            values[200 + i] = 1;
        }
        for (int k = 0; k < columnRowDegrees.length; k += 3) {
            int cell = (int) Math.round(columnRowDegrees[k + 1] * 20 + columnRowDegrees[k]);
            values[cell] = (float) Math.sin(Math.toRadians(columnRowDegrees[k + 2]));
            values[200 + cell] = (float) Math.cos(Math.toRadians(columnRowDegrees[k + 2]));
        }
        return new DescriptorMap(2, CELLS, values, new Size(200, 100), CELLS);
    }

    private MatchEvidence evidence(DescriptorMap source, DescriptorMap target, Point point) {
        return matcher.matchWithEvidence(source, target, List.of(point), Localizer.NEAREST)
                .get(0)
                .evidence();
    }

    @Test
    void theMarginIsToTheBestPlaceMoreThanATenthOfTheLongerSideAway() {
        DescriptorMap source = map(5, 5, 90);
        double near =
                evidence(source, map(5, 5, 80, 7, 5, 70), new Point(50, 50)).margin();
        double away =
                evidence(source, map(5, 5, 80, 8, 5, 70), new Point(50, 50)).margin();
        assertThat(near).as("a neighbour is the same place").isCloseTo(cos(10) - cos(90), within(1e-6));
        assertThat(away).isCloseTo(cos(10) - cos(20), within(1e-6));
    }

    @Test
    void inNarrowImagesDistancesAreThoseOfTheImageNotOfTheGrid() {
        DescriptorMap source = map(5, 5, 90);
        DescriptorMap square =
                new DescriptorMap(2, CELLS, map(5, 5, 80, 8, 5, 70).values(), new Size(100, 200), CELLS);
        assertThat(evidence(source, square, new Point(50, 50)).margin())
                .as("three cells across are 15 pixels of 200")
                .isCloseTo(cos(10) - cos(90), within(1e-6));
    }

    @Test
    void theWayBackIsInSharesOfTheSourcesLongerSide() {
        DescriptorMap target = map(2, 2, 80);
        assertThat(evidence(map(5, 5, 80), target, new Point(50, 50)).wayBack()).isZero();
        assertThat(evidence(map(5, 5, 60, 8, 9, 80), target, new Point(50, 50)).wayBack())
                .as("from column 8, row 9 to column 5, row 5: 50 pixels of 200")
                .isCloseTo(0.25, within(1e-12));
    }

    @Test
    void levelAndSpreadAreOfTheCosinesWithAllPixels() {
        MatchEvidence evidence = evidence(map(5, 5, 60), map(5, 5, 60, 9, 9, 90), new Point(50, 50));
        double level = (198 * cos(60) + 1 + cos(30)) / 200;
        double squares = (198 * cos(60) * cos(60) + 1 + cos(30) * cos(30)) / 200;
        assertThat(evidence.level()).isCloseTo(level, within(1e-6));
        assertThat(evidence.spread()).isCloseTo(Math.sqrt(squares - level * level), within(1e-6));
    }

    @Test
    void confidenceIsWhatTheSourcesModelMakesOfTheEvidence() {
        DescriptorMap source = map(5, 5, 90).withConfidence(MODEL);
        List<Point> points = List.of(new Point(50, 50), new Point(0, 0));
        List<Correspondence> found = matcher.match(source, map(5, 5, 60), points, MatchOptions.NEAREST.trusted());
        assertThat(found.get(0).confidence()).isCloseTo(1 / (1 + Math.exp(-cos(30))), within(1e-6));
        assertThat(found.get(0).absence())
                .as("of the mean similarity of both")
                .isCloseTo(1 / (1 + Math.exp(-(cos(30) + 1) / 2)), within(1e-6));
        assertThat(found.get(0)).hasToString("(50.0, 50.0) -> (50.0, 50.0) 0.866, 70% sure");
    }

    @Test
    void onePointByItselfHasNoCompany() {
        DescriptorMap source = map(5, 5, 90).withConfidence(MODEL);
        Correspondence found = matcher.match(
                        source, map(5, 5, 60), List.of(new Point(50, 50)), MatchOptions.NEAREST.trusted())
                .get(0);
        assertThat(found.absence()).isCloseTo(1 / (1 + Math.exp(-1)), within(1e-12));
    }

    @Test
    void mapsWithoutACalibrationHaveTheDefault() {
        DescriptorMap source = map(5, 5, 90);
        MatchEvidence evidence = evidence(source, map(5, 5, 60), new Point(50, 50));
        assertThat(matcher.match(source, map(5, 5, 60), List.of(new Point(50, 50)), MatchOptions.NEAREST.trusted()))
                .singleElement()
                .extracting(Correspondence::confidence)
                .isEqualTo(ConfidenceModel.DEFAULT.right(evidence));
    }

    @Test
    void askingChangesNeitherPlacesNorWhichAreMutual() {
        DescriptorMap source = map(5, 5, 90, 2, 7, 40, 15, 3, 60);
        DescriptorMap target = map(8, 2, 85, 1, 1, 30);
        List<Point> points = List.of(new Point(50, 50), new Point(20, 70), new Point(150, 30));
        for (MatchOptions options : List.of(MatchOptions.NEAREST, MatchOptions.MUTUAL)) {
            List<Correspondence> plain = matcher.match(source, target, points, options);
            List<Correspondence> trusted = matcher.match(source, target, points, options.trusted());
            assertThat(trusted)
                    .extracting(Correspondence::target)
                    .isEqualTo(plain.stream().map(Correspondence::target).toList());
            assertThat(plain).extracting(Correspondence::confidence).containsOnly(Double.NaN);
            assertThat(trusted).extracting(Correspondence::confidence).allMatch(p -> p > 0 && p < 1);
        }
    }

    @Test
    void cellsAreTrustedOneByOne() {
        DescriptorMap source = map(5, 5, 90).withConfidence(MODEL);
        List<Correspondence> all = matcher.matchAll(source, map(5, 5, 60), MatchOptions.NEAREST.trusted());
        assertThat(all).hasSize(200);
        assertThat(all).extracting(Correspondence::absence).containsOnly(1 / (1 + Math.exp(-1)));
        assertThat(all.get(105).confidence()).isCloseTo(1 / (1 + Math.exp(-cos(30))), within(1e-6));
    }

    private static double cos(double degrees) {
        return Math.cos(Math.toRadians(degrees));
    }
}
