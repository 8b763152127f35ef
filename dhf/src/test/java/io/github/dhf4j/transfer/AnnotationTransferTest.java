package io.github.dhf4j.transfer;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.dhf4j.data.Box;
import io.github.dhf4j.eval.annotation.Annotation;
import io.github.dhf4j.eval.annotation.Mask;
import io.github.dhf4j.feature.ConfidenceModel;
import io.github.dhf4j.feature.DescriptorMap;
import io.github.dhf4j.image.Size;
import io.github.dhf4j.matching.CosineMatcher;
import io.github.dhf4j.matching.Point;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Labels on maps whose descriptors are known: each cell of a thing has a descriptor of its own, and what is around it one
 * that is the same everywhere.
 */
class AnnotationTransferTest {
    private static final Size CELLS = new Size(16, 16);
    private static final Size IMAGE = new Size(128, 128);
    private static final int THING = 6;

    /** A thing of 6 x 6 cells of 8 x 8 pixels with its upper left cell at x, y; no thing where x is negative. */
    private static DescriptorMap map(int x, int y, Size image) {
        int channels = THING * THING + 2;
        int cells = CELLS.width() * CELLS.height();
        float[] values = new float[channels * cells];
        for (int i = 0; i < cells; i++) {
            int u = i % CELLS.width() - x;
            int v = i / CELLS.width() - y;
            boolean inside = x >= 0 && u >= 0 && v >= 0 && u < THING && v < THING;
            values[(inside ? v * THING + u : channels - 1) * cells + i] = 1;
            values[(channels - 2) * cells + i] = inside ? 0.5f : 0;
        }
        return new DescriptorMap(channels, CELLS, values, image, IMAGE);
    }

    /** As {@link #map} places it. */
    private static Annotation label(int x, int y) {
        Box box = new Box(8.0 * x, 8.0 * y, 8.0 * (x + THING), 8.0 * (y + THING));
        Map<String, Point> points = Map.of("middle", new Point(8 * x + 19.5, 8 * y + 27.5));
        return Annotation.of("thing", points, box).withMask(Mask.ofBox(IMAGE, box));
    }

    private static Mask mask(Annotation of) {
        return requireNonNull(of.mask());
    }

    private static Box box(Annotation of) {
        return requireNonNull(of.box());
    }

    private static Annotation.Keypoint middle(Annotation of) {
        return requireNonNull(of.points().get("middle"));
    }

    private static AnnotationTransfer of(double minimum, Exemplar... exemplars) {
        return new AnnotationTransfer(new CosineMatcher(), List.of(exemplars), MatchConfidence.DEFAULT, minimum);
    }

    private static Exemplar exemplar(int x, int y) {
        return new Exemplar(map(x, y, IMAGE), List.of(label(x, y)));
    }

    @Test
    void pointBoxAndMaskGoWithTheThing() {
        Transferred found = of(0.3, exemplar(2, 3)).to(map(7, 5, IMAGE));
        assertThat(found.leftOut()).isZero();
        Annotation thing = found.annotations().get(0);
        Annotation right = label(7, 5);
        Annotation.Keypoint middle = middle(thing);
        assertThat(middle.at().x()).isCloseTo(8 * 7 + 19.5, within(1.0));
        assertThat(middle.at().y()).isCloseTo(8 * 5 + 27.5, within(1.0));
        assertThat(mask(thing).iou(mask(right))).isGreaterThan(0.85);
        assertThat(thing.box()).isEqualTo(mask(thing).bounds());
        assertThat(thing.polygons()).isEmpty();
        assertThat(thing.confidence()).isGreaterThan(0.9);
        assertThat(middle.confidence()).isGreaterThan(0.9);
    }

    @Test
    void aTargetOfAnotherAspectHasLabelsInItsOwnPixels() {
        Annotation thing = of(0.3, exemplar(2, 3))
                .to(map(7, 5, new Size(256, 64)))
                .annotations()
                .get(0);
        assertThat(mask(thing).size()).isEqualTo(new Size(256, 64));
        assertThat(middle(thing).at().x()).isCloseTo(2 * (8 * 7 + 19.5), within(2.0));
        assertThat(middle(thing).at().y()).isCloseTo((8 * 5 + 27.5) / 2, within(1.0));
        assertThat(box(thing).left()).isCloseTo(2 * 8 * 7, within(8.0));
        assertThat(box(thing).bottom()).isCloseTo(8 * 11 / 2.0, within(2.0));
    }

    @Test
    void keyPointsOfCalibratedDescriptorsHaveTheirConfidence() {
        ConfidenceModel always = new ConfidenceModel(
                List.of(1.0, 0.0, 0.0, 0.0, 0.0, 0.0),
                ConfidenceModel.DEFAULT.absent(),
                ConfidenceModel.DEFAULT.absentTogether());
        Exemplar calibrated = new Exemplar(map(2, 3, IMAGE).withConfidence(always), List.of(label(2, 3)));
        Annotation found = new AnnotationTransfer(new CosineMatcher(), List.of(calibrated), 0.3)
                .to(map(7, 5, IMAGE))
                .annotations()
                .get(0);
        assertThat(middle(found).confidence()).isCloseTo(1 / (1 + Math.exp(-1)), within(1e-9));
        assertThat(middle(found).at())
                .isEqualTo(middle(of(0.3, exemplar(2, 3))
                                .to(map(7, 5, IMAGE))
                                .annotations()
                                .get(0))
                        .at());
        assertThat(found.confidence()).as("areas are not calibrated").isGreaterThan(0.9);
        assertThat(middle(of(0.3, calibrated).to(map(7, 5, IMAGE)).annotations().get(0))
                        .confidence())
                .as("what was asked for counts")
                .isGreaterThan(0.9);
        assertThat(middle(new AnnotationTransfer(new CosineMatcher(), List.of(exemplar(2, 3)), 0.3)
                                .to(map(7, 5, IMAGE))
                                .annotations()
                                .get(0))
                        .confidence())
                .isGreaterThan(0.9);
    }

    @Test
    void whatIsNotThereIsLeftOutAndCounted() {
        Transferred found = of(0.3, exemplar(2, 3)).to(map(-1, 0, IMAGE));
        assertThat(found.annotations()).isEmpty();
        assertThat(found.leftOut()).isEqualTo(2);
    }

    @Test
    void eachKindOfLabelIsWhatTheExemplarHas() {
        Box box = label(2, 3).box();
        DescriptorMap target = map(7, 5, IMAGE);
        Annotation boxed = Annotation.of("thing", Map.of(), box);
        Annotation found = of(0, new Exemplar(map(2, 3, IMAGE), List.of(boxed)))
                .to(target)
                .annotations()
                .get(0);
        assertThat(found.mask()).isNull();
        assertThat(Mask.ofBox(IMAGE, box(found)).iou(mask(label(7, 5)))).isGreaterThan(0.85);
        List<Point> corners = List.of(new Point(16, 24), new Point(64, 24), new Point(64, 72), new Point(16, 72));
        Annotation outlined = new Annotation("thing", Map.of(), null, List.of(corners), null, false, 1);
        found = of(0, new Exemplar(map(2, 3, IMAGE), List.of(outlined)))
                .to(target)
                .annotations()
                .get(0);
        assertThat(found.box()).isNull();
        assertThat(found.mask()).isNull();
        assertThat(requireNonNull(found.area(IMAGE)).iou(mask(label(7, 5)))).isGreaterThan(0.85);
    }

    @Test
    void crowdsAreNotCarriedOverAndSeveralOfACategoryAreThingsOfTheirOwn() {
        Annotation crowd = new Annotation("thing", Map.of(), label(2, 3).box(), List.of(), null, true, 1);
        assertThatThrownBy(() -> of(0, new Exemplar(map(2, 3, IMAGE), List.of(crowd))))
                .hasMessageContaining("annotation that is no crowd, got none in 1 pictures");
        Annotation other = Annotation.of("thing", Map.of("corner", new Point(20, 28)), null);
        assertThat(of(0, new Exemplar(map(2, 3, IMAGE), List.of(label(2, 3), other, crowd)))
                        .to(map(7, 5, IMAGE))
                        .annotations())
                .map(each -> each.points().keySet().toString())
                .containsExactly("[middle]", "[corner]");
    }

    @Test
    void votesThatAgreeAreElectedAndWhatTheyHaveIsTheirShare() {
        Annotation.Keypoint alone = new Annotation.Keypoint(new Point(100, 100), 0.75);
        Annotation.Keypoint one = new Annotation.Keypoint(new Point(10, 10), 0.5);
        Annotation.Keypoint two = new Annotation.Keypoint(new Point(12, 10), 0.625);
        assertThat(PointTransfer.elected(List.of(alone), 5)).isEqualTo(alone);
        assertThat(PointTransfer.elected(List.of(alone, one, two), 5))
                .isEqualTo(new Annotation.Keypoint(two.at(), 0.625 * 1.125 / 1.875));
        assertThat(PointTransfer.elected(List.of(new Annotation.Keypoint(new Point(1, 1), 0)), 5)
                        .confidence())
                .isZero();
    }

    @Test
    void aMinimumOutsideItsRangeIsRefused() {
        assertThatThrownBy(() -> of(1.5, exemplar(2, 3))).hasMessageContaining("must be 0 to 1, got 1.5");
        assertThatThrownBy(() ->
                        of(0, exemplar(2, 3)).to(new DescriptorMap(1, Size.square(1), new float[1], IMAGE, IMAGE)))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
