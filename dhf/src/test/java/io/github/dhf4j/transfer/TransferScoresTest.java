package io.github.dhf4j.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dhf4j.DescriptorPipeline;
import io.github.dhf4j.eval.annotation.Annotation;
import io.github.dhf4j.eval.annotation.Mask;
import io.github.dhf4j.eval.world.Category;
import io.github.dhf4j.eval.world.Scene;
import io.github.dhf4j.matching.Point;
import io.github.dhf4j.train.SeededOrder;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * How well labels are carried over by the bundled pipeline in 4 calls an image, on drawn pictures with exact key points and masks, against
 * copying them to the same places. {@code -Ddhf.transfer.targets=4} takes 60 targets and prints the table; the build takes
 * fewer.
 */
class TransferScoresTest {
    private static final int TARGETS = Integer.getInteger("dhf.transfer.targets", 1);
    private static final int SIZE = 128;

    /** Points, those that are near, and overlaps. */
    private static final class Score {
        private int points;
        private int near;
        private int kept;
        private int keptNear;
        private final List<Double> overlaps = new ArrayList<>();
        private final List<Double> boxes = new ArrayList<>();

        void add(Annotation found, Iterable<String> names, Scene truth) {
            for (String name : names) {
                Point right = truth.points().get(name);
                Annotation.Keypoint point = found.points().get(name);
                if (right != null) {
                    points++;
                    boolean hit = point != null
                            && Math.hypot(point.at().x() - right.x(), point.at().y() - right.y()) <= 0.1 * SIZE;
                    near += hit ? 1 : 0;
                    if (point != null && point.confidence() >= 0.3) {
                        kept++;
                        keptNear += hit ? 1 : 0;
                    }
                }
            }
            Mask mask = found.mask();
            overlaps.add(mask == null ? 0 : mask.iou(truth.mask()));
            boxes.add(
                    found.box() == null
                            ? 0
                            : Mask.ofBox(truth.mask().size(), found.box())
                                    .iou(Mask.ofBox(truth.mask().size(), truth.box())));
        }

        double pck() {
            return (double) near / points;
        }

        double iou() {
            return overlaps.stream().mapToDouble(each -> each).average().orElse(0);
        }

        double boxIou() {
            return boxes.stream().mapToDouble(each -> each).average().orElse(0);
        }

        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT,
                    "PCK@0.1 %.3f (%d points), of confidence 0.3 and more %.3f (%d), mask IoU %.3f, box IoU %.3f",
                    pck(),
                    points,
                    (double) keptNear / Math.max(1, kept),
                    kept,
                    iou(),
                    boxIou());
        }
    }

    private static Scene scene(Category category, int number) {
        return Scene.draw(category, SIZE, SeededOrder.mix(category.name().hashCode(), number));
    }

    private static Annotation label(Category category, Scene scene) {
        return Annotation.of(category.toString(), scene.points(), scene.box()).withMask(scene.mask());
    }

    @Test
    void labelsThatAreCarriedOverLieBetterThanCopiedOnes() throws IOException {
        int[] counts = {1, 3, 5};
        Score copied = new Score();
        Score[] scores = {new Score(), new Score(), new Score()};
        Score boxOnly = new Score();
        try (DescriptorPipeline pipeline = DescriptorPipeline.builder().build()) {
            for (Category category : Category.values()) {
                List<Exemplar> exemplars = new ArrayList<>();
                for (int i = 0; i < 5; i++) {
                    Scene scene = scene(category, i);
                    exemplars.add(new Exemplar(
                            pipeline.describe(List.of(scene.image())).get(0), List.of(label(category, scene))));
                }
                Annotation first = exemplars.get(0).annotations().get(0);
                for (int i = 0; i < TARGETS; i++) {
                    Scene target = scene(category, 100 + i);
                    var map = pipeline.describe(List.of(target.image())).get(0);
                    copied.add(first, first.points().keySet(), target);
                    for (int k = 0; k < counts.length; k++) {
                        AnnotationTransfer transfer =
                                new AnnotationTransfer(pipeline.matcher(), exemplars.subList(0, counts[k]), 0);
                        scores[k].add(
                                transfer.to(map).annotations().get(0),
                                first.points().keySet(),
                                target);
                    }
                    Exemplar boxed = new Exemplar(
                            exemplars.get(0).map(), List.of(Annotation.of("thing", Map.of(), first.box())));
                    AnnotationTransfer ofBox = new AnnotationTransfer(pipeline.matcher(), List.of(boxed), 0);
                    boxOnly.add(ofBox.to(map).annotations().get(0), List.of(), target);
                }
            }
        }
        System.out.println("copied: " + copied);
        for (int k = 0; k < counts.length; k++) {
            System.out.println(counts[k] + " exemplars: " + scores[k]);
        }
        System.out.printf(Locale.ROOT, "box alone, 1 exemplar: box IoU %.3f%n", boxOnly.boxIou());
        assertThat(Arrays.stream(scores).mapToDouble(Score::pck)).allMatch(pck -> pck > copied.pck());
        assertThat(Arrays.stream(scores).mapToDouble(Score::iou)).allMatch(iou -> iou > copied.iou());
    }
}
