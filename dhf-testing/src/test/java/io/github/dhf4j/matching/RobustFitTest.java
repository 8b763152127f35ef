package io.github.dhf4j.matching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.offset;

import io.github.dhf4j.image.Size;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RobustFitTest {
    private static final Size SOURCE = new Size(640, 480);
    private static final Size TARGET = new Size(500, 800);
    private static final double[] AFFINE = {0.6, -0.2, 90, 0.3, 1.1, 40, 0, 0, 1};
    private static final double[] HOMOGRAPHY = {0.6, -0.2, 90, 0.3, 1.1, 40, 4e-4, -3e-4, 1};

    private static Point applied(double[] m, Point p) {
        double w = m[6] * p.x() + m[7] * p.y() + m[8];
        return new Point((m[0] * p.x() + m[1] * p.y() + m[2]) / w, (m[3] * p.x() + m[4] * p.y() + m[5]) / w);
    }

    private static List<Point> points(int count, Random random) {
        List<Point> points = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            points.add(new Point(SOURCE.width() * random.nextDouble(), SOURCE.height() * random.nextDouble()));
        }
        return points;
    }

    private static double[] truth(PlaneTransform.Kind kind) {
        return kind == PlaneTransform.Kind.AFFINE ? AFFINE : HOMOGRAPHY;
    }

    @ParameterizedTest
    @EnumSource
    void fitsAreExactOfExactPlacesAndGoBack(PlaneTransform.Kind kind) {
        List<Point> from = points(kind.places() + 5, new Random(1));
        List<Point> to = from.stream().map(p -> applied(truth(kind), p)).toList();
        for (int count : new int[] {kind.places(), from.size()}) {
            PlaneTransform fit = PlaneTransform.fit(kind, from.subList(0, count), to.subList(0, count))
                    .orElseThrow();
            for (int i = 0; i < 9; i++) {
                assertThat(fit.matrix()[i]).isCloseTo(truth(kind)[i], offset(1e-6));
            }
            for (Point point : from) {
                Point back = fit.inverse()
                        .orElseThrow()
                        .apply(fit.apply(point).orElseThrow())
                        .orElseThrow();
                assertThat(back.distanceTo(point)).isLessThan(1e-6);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void placesThatFixNoTransformGiveNone(PlaneTransform.Kind kind) {
        List<Point> line = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            line.add(new Point(10 + 3 * i, 20 + 5 * i));
        }
        assertThat(PlaneTransform.fit(kind, line, line)).isEmpty();
        List<Point> some = points(8, new Random(2));
        List<Point> one = some.stream().map(p -> new Point(7, 7)).toList();
        assertThat(PlaneTransform.fit(kind, some, one).flatMap(PlaneTransform::inverse))
                .isEmpty();
        assertThat(PlaneTransform.fit(kind, some.subList(0, 2), some.subList(0, 2)))
                .isEmpty();
        assertThatThrownBy(() -> PlaneTransform.fit(kind, some, line.subList(0, 3)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("8 and 3");
    }

    @ParameterizedTest
    @EnumSource
    void outliersAreFoundAmongTwiceAsMany(PlaneTransform.Kind kind) {
        Random random = new Random(3);
        List<Correspondence> matches = new ArrayList<>();
        for (Point from : points(90, random)) {
            boolean right = matches.size() % 3 == 0;
            Point exact = applied(truth(kind), from);
            Point to = right
                    ? new Point(exact.x() + random.nextGaussian(), exact.y() + random.nextGaussian())
                    : new Point(TARGET.width() * random.nextDouble(), TARGET.height() * random.nextDouble());
            matches.add(new Correspondence(from, to, 0.5));
        }
        RobustFit fit = RobustFit.of(kind, matches, SOURCE, TARGET, 0.02).orElseThrow();
        assertThat(fit.matches()).isEqualTo(90);
        assertThat(fit.inliers()).isBetween(30, 36);
        assertThat(fit.holds()).as("a third is too few").isFalse();
        for (int i = 0; i < matches.size(); i += 3) {
            assertThat(fit.agrees(matches.get(i))).isTrue();
            assertThat(fit.corrected(matches.get(i))).isSameAs(matches.get(i));
        }
        Correspondence off = new Correspondence(new Point(320, 240), new Point(0, 0), 0.25, 0.75, 0.5);
        Correspondence moved = fit.corrected(off);
        assertThat(moved.target().distanceTo(applied(truth(kind), off.source())))
                .isLessThan(8);
        assertThat(moved.confidence()).isEqualTo(0.75);
        assertThat(RobustFit.of(kind, matches, SOURCE, TARGET, 0.02))
                .as("seeded")
                .hasValue(fit);
    }

    @Test
    void chanceAndFewMatchesFitNothingMuch() {
        Random random = new Random(4);
        List<Correspondence> noise = new ArrayList<>();
        for (Point from : points(60, random)) {
            noise.add(new Correspondence(from, points(1, random).get(0), 0.5));
        }
        Optional<RobustFit> fit = RobustFit.of(PlaneTransform.Kind.AFFINE, noise, SOURCE, SOURCE, 0.05);
        assertThat(fit.map(RobustFit::holds).orElse(false)).isFalse();
        assertThat(RobustFit.of(PlaneTransform.Kind.AFFINE, noise.subList(0, 5), SOURCE, SOURCE, 1))
                .isEmpty();
        assertThat(RobustFit.of(PlaneTransform.Kind.HOMOGRAPHY, List.of(), SOURCE, SOURCE, 0.1))
                .isEmpty();
        assertThatThrownBy(() -> RobustFit.of(PlaneTransform.Kind.AFFINE, noise, SOURCE, SOURCE, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("tolerance must be a share");
    }

    @Test
    void sendingAllToOnePlaceIsNoAgreement() {
        List<Correspondence> heap = new ArrayList<>();
        Random random = new Random(5);
        for (Point from : points(40, random)) {
            heap.add(
                    new Correspondence(from, new Point(100 + random.nextGaussian(), 100 + random.nextGaussian()), 0.9));
        }
        assertThat(RobustFit.of(PlaneTransform.Kind.AFFINE, heap, SOURCE, SOURCE, 0.02)
                        .map(RobustFit::holds)
                        .orElse(false))
                .isFalse();
    }
}
