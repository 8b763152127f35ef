package io.github.dhf4j.eval.pck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dhf4j.data.Box;
import io.github.dhf4j.data.KeypointPair;
import io.github.dhf4j.data.PointFinder;
import io.github.dhf4j.eval.data.PairDataset;
import io.github.dhf4j.feature.RunMonitor;
import io.github.dhf4j.image.Size;
import io.github.dhf4j.matching.Point;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PckValidationTest {
    private static final Threshold BOX = new Threshold(0.1, Threshold.Of.BBOX);

    private static KeypointPair pair(String id, @Nullable Box box, Point... points) {
        return new KeypointPair(
                id, Path.of("a.png"), Path.of("b.png"), List.of(points), List.of(points), List.of(), "cat", null, box);
    }

    private static PairDataset pairs(@Nullable Box box) {
        return new PairDataset(
                "held out",
                List.of(pair("1", null, new Point(10, 10)), pair("2", box, new Point(10, 10), new Point(50, 50))),
                List.of());
    }

    /** Points at x = 50 where they are, others eleven pixels to the right, in pictures of 100 x 100. */
    private static PointFinder.Found find(KeypointPair pair) {
        List<Point> found = pair.sourcePoints().stream()
                .map(point -> point.x() == 50 ? point : new Point(point.x() + 11, point.y()))
                .toList();
        return new PointFinder.Found(found, Size.square(100));
    }

    @Test
    void theScoreIsPckAtATenthOfTheImageWithAllPointsPooled() throws IOException {
        assertThat(PckValidation.of(pairs(null), RunMonitor.NONE).score(PckValidationTest::find))
                .isEqualTo(1 / 3.0);
        PckValidation wider =
                new PckValidation(pairs(null), new Threshold(0.2, Threshold.Of.IMG), MatchGrid.of(0), RunMonitor.NONE);
        assertThat(wider.score(PckValidationTest::find)).isEqualTo(1);
        PckValidation boxes = new PckValidation(pairs(new Box(0, 0, 60, 60)), BOX, MatchGrid.of(0), RunMonitor.NONE);
        assertThat(boxes.score(PckValidationTest::find))
                .as("pairs without a box do not count")
                .isEqualTo(0.5);
    }

    @Test
    void whatCannotBeScoredIsRefusedBeforeTraining() {
        assertThatThrownBy(() -> PckValidation.of(new PairDataset("none", List.of(), List.of()), RunMonitor.NONE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("must have pairs, got none among 0 (none)");
        assertThatThrownBy(() -> new PckValidation(pairs(null), BOX, MatchGrid.of(0), RunMonitor.NONE))
                .hasMessageContaining("PCK@0.1 bbox must have pairs with boxes, got none among 2 (held out)");
    }

    @Test
    void aValidationCanBeCancelledBetweenPairs() {
        AtomicInteger asked = new AtomicInteger();
        RunMonitor monitor = new RunMonitor(null, () -> asked.incrementAndGet() > 1);
        assertThatThrownBy(() -> PckValidation.of(pairs(null), monitor).score(PckValidationTest::find))
                .isInstanceOf(CancellationException.class);
        assertThat(asked).hasValue(2);
    }
}
