package io.github.dhf4j.eval.annotation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dhf4j.data.Box;
import io.github.dhf4j.image.Size;
import io.github.dhf4j.matching.Point;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Masks, their run lengths and their outlines. */
class MaskTest {
    private static Mask random(int width, int height, long seed, double share) {
        Random random = new Random(seed);
        BitSet bits = new BitSet();
        for (int i = 0; i < width * height; i++) {
            if (random.nextDouble() < share) {
                bits.set(i);
            }
        }
        return new Mask(new Size(width, height), bits);
    }

    /** pycocotools.mask.encode of the same pixels; the sum of differences takes more than one character. */
    @Test
    void runLengthsAreCocosAsNumbersAndAsText() {
        Mask mask = Mask.ofBox(new Size(4, 3), new Box(1, 1, 3, 3));
        assertThat(MaskRle.counts(mask)).containsExactly(4, 2, 1, 2, 3);
        assertThat(MaskRle.text(new int[] {4, 2, 1, 2, 3})).isEqualTo("42102");
        assertThat(MaskRle.text(new int[] {3000, 100, 5000, 1})).isEqualTo("hm2T3Xl4mL");
        assertThat(MaskRle.counts(MaskRle.text(new int[] {3000, 100, 5000, 1}))).containsExactly(3000, 100, 5000, 1);
        for (int seed = 0; seed < 20; seed++) {
            Mask some = random(3 + seed, 17, seed, 0.05 * seed);
            int[] counts = MaskRle.counts(some);
            assertThat(MaskRle.mask(some.size(), counts)).isEqualTo(some);
            assertThat(MaskRle.counts(MaskRle.text(counts))).isEqualTo(counts);
        }
    }

    @Test
    void runLengthsThatDoNotFitAreRefused() {
        Size size = new Size(4, 3);
        assertThatThrownBy(() -> MaskRle.mask(size, new int[] {4, 2}))
                .hasMessageContaining("must sum up to the 12 pixels");
        assertThatThrownBy(() -> MaskRle.mask(size, new int[] {-4, 16})).hasMessageContaining("must sum up");
        assertThatThrownBy(() -> MaskRle.mask(size, new int[] {Integer.MAX_VALUE, Integer.MAX_VALUE, 14}))
                .hasMessageContaining("must sum up");
        assertThatThrownBy(() -> MaskRle.counts("h")).hasMessageContaining("break off");
        assertThatThrownBy(() -> MaskRle.counts("oooooooooooo")).hasMessageContaining("must be COCO's text");
        assertThatThrownBy(() -> MaskRle.counts(" ")).hasMessageContaining("must be COCO's text");
    }

    @Test
    void anOutlineAtNoToleranceIsTheMaskAgainWhereItHasNoHoles() {
        Mask box = Mask.ofBox(new Size(9, 7), new Box(2, 1, 6, 5));
        assertThat(MaskOutline.of(box, 0))
                .containsExactly(List.of(new Point(2, 1), new Point(6, 1), new Point(6, 5), new Point(2, 5)));
        List<Point> star =
                List.of(new Point(3, 0.2), new Point(20.4, 9), new Point(29, 2), new Point(17, 28.1), new Point(2, 19));
        Mask mask = Mask.ofPolygons(new Size(30, 30), List.of(star));
        assertThat(Mask.ofPolygons(mask.size(), MaskOutline.of(mask, 0))).isEqualTo(mask);
        assertThat(Mask.ofPolygons(mask.size(), MaskOutline.of(mask, 1)).iou(mask))
                .isGreaterThan(0.9);
        assertThat(MaskOutline.of(mask, 1).get(0)).hasSizeLessThan(12);
    }

    @Test
    void partsThatTouchAtACornerAreApartAndHolesAreFilled() {
        BitSet bits = new BitSet();
        bits.set(0);
        bits.set(3 + 1);
        assertThat(MaskOutline.of(new Mask(new Size(3, 3), bits), 0)).hasSize(2).allMatch(ring -> ring.size() == 4);
        Mask ring = Mask.ofBox(new Size(5, 5), new Box(0, 0, 5, 5));
        BitSet holed = ring.bits();
        holed.clear(2 * 5 + 2);
        assertThat(MaskOutline.of(new Mask(new Size(5, 5), holed), 0)).hasSize(1);
        for (int seed = 0; seed < 30; seed++) {
            Mask some = random(23, 19, seed, 0.5);
            Mask filled = Mask.ofPolygons(some.size(), MaskOutline.of(some, 0));
            BitSet missing = some.bits();
            missing.andNot(filled.bits());
            assertThat(missing.isEmpty()).isTrue();
        }
    }

    @Test
    void boundsAndOverlapsAreOfPixels() {
        Size size = new Size(10, 8);
        Mask a = Mask.ofBox(size, new Box(2, 3, 6, 5));
        assertThat(a.area()).isEqualTo(8);
        assertThat(a.bounds()).isEqualTo(new Box(2, 3, 6, 5));
        assertThat(a.iou(Mask.ofBox(size, new Box(4, 3, 8, 5)))).isEqualTo(4 / 12.0);
        assertThat(a.or(Mask.ofBox(size, new Box(4, 3, 8, 5)))).isEqualTo(Mask.ofBox(size, new Box(2, 3, 8, 5)));
        assertThat(a.area()).isEqualTo(8);
        assertThatThrownBy(() -> a.or(new Mask(new Size(8, 10), new BitSet())))
                .hasMessageContaining("masks must be of one size");
        assertThat(new Mask(size, new BitSet()).bounds()).isNull();
        assertThat(Mask.ofBox(size, new Box(-5, -5, 100, 100)).area()).isEqualTo(80);
        assertThat(random(31, 9, 4, 0.02).bounds())
                .isEqualTo(Annotation.bounds(MaskOutline.of(random(31, 9, 4, 0.02), 0).stream()
                        .flatMap(List::stream)
                        .toList()));
    }
}
