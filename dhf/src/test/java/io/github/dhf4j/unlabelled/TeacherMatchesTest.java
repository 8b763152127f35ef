package io.github.dhf4j.unlabelled;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import io.github.dhf4j.aggregation.Aggregator;
import io.github.dhf4j.aggregation.AggregatorConfig;
import io.github.dhf4j.aggregation.train.AggregatorTrainer;
import io.github.dhf4j.aggregation.train.TrainingHooks;
import io.github.dhf4j.aggregation.train.TrainingSettings;
import io.github.dhf4j.data.Box;
import io.github.dhf4j.data.FeatureSource;
import io.github.dhf4j.data.KeypointPair;
import io.github.dhf4j.eval.annotation.Annotation;
import io.github.dhf4j.eval.annotation.LabelledImage;
import io.github.dhf4j.eval.annotation.Labels;
import io.github.dhf4j.eval.annotation.Mask;
import io.github.dhf4j.feature.RunMonitor;
import io.github.dhf4j.image.Size;
import io.github.dhf4j.matching.Point;
import io.github.dhf4j.tensor.TorchRuntime;
import io.github.dhf4j.testing.FakeExtractor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two pictures of the same noise, the second two cells farther to the right. */
class TeacherMatchesTest {
    private static final int PIXELS = 64;
    private static final int CELL = PIXELS / FakeExtractor.SIDE;
    private static final int MOVED = 2 * CELL;

    @TempDir
    Path folder;

    private final NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");
    private final FakeExtractor extractor = new FakeExtractor("one");
    private final FeatureSource features = FeatureSource.of(extractor, manager, RunMonitor.NONE);
    private KeypointPair pair;
    private Aggregator teacher;

    @BeforeEach
    void trainATeacher() throws IOException {
        Path source = NoisePicture.write(folder.resolve("a.png"), PIXELS, FakeExtractor.SIDE, 0, false);
        Path target = NoisePicture.write(folder.resolve("b.png"), PIXELS, FakeExtractor.SIDE, 2, false);
        List<Point> points = List.of(new Point(8, 8), new Point(40, 12), new Point(36, 52), new Point(12, 44));
        pair = pair(source, target, points);
        AggregatorConfig config =
                AggregatorConfig.of("fake", extractor.settings(), extractor.layout(), 128, FakeExtractor.SIDE);
        TrainingSettings settings =
                TrainingSettings.builder().steps(2).validateEvery(0).build();
        Path weights = new AggregatorTrainer(
                        config, settings, List.of(pair), features, null, TrainingHooks.NONE, RunMonitor.NONE)
                .run(folder.resolve("teacher"))
                .weights();
        teacher = Aggregator.open(weights, TorchRuntime.of(Device.cpu()));
    }

    private static KeypointPair pair(Path source, Path target, List<Point> points) {
        List<Point> moved = points.stream()
                .map(point -> new Point(point.x() + MOVED, point.y()))
                .toList();
        return new KeypointPair(
                "moved", source, target, points, moved, List.of(), "noise", null, new Box(0, 0, 60, 60));
    }

    @AfterEach
    void close() {
        teacher.close();
        manager.close();
    }

    private TeacherMatches matches(TeacherPlan plan, ObjectAreas areas) {
        return new TeacherMatches(teacher, features, areas, plan, 1);
    }

    @Test
    void matchesAgreeWithTheKeyPointsAndLieOnTheThing() throws IOException {
        List<String> lines = new ArrayList<>();
        TeacherPlan all = new TeacherPlan(5, 500, 0.1);
        KeypointPair found = matches(all, ObjectAreas.BOXES)
                .of(List.of(pair), folder.resolve("all"), RunMonitor.NONE, lines::add)
                .get(0);
        assertThat(found.sourcePoints()).hasSizeGreaterThan(60);
        assertThat(lines).containsExactly("1 pairs with " + found.sourcePoints().size() + " matches by the teacher");
        int exact = 0;
        for (int i = 0; i < found.sourcePoints().size(); i++) {
            Point from = found.sourcePoints().get(i);
            Point to = found.targetPoints().get(i);
            assertThat(Math.hypot(to.x() - from.x() - MOVED, to.y() - from.y())).isLessThanOrEqualTo(6.001);
            exact += Math.abs(to.x() - from.x() - MOVED) < 1e-9 && to.y() == from.y() ? 1 : 0;
        }
        assertThat((double) exact / found.sourcePoints().size()).isGreaterThan(0.9);

        Mask left = Mask.ofBox(Size.square(PIXELS), new Box(0, 0, 20, PIXELS));
        ObjectAreas masked = new ObjectAreas(new Labels(
                List.of(new LabelledImage(
                        pair.source(),
                        Size.square(PIXELS),
                        List.of(Annotation.of("noise", Map.of(), null).withMask(left)))),
                List.of()));
        KeypointPair few = matches(all, masked)
                .of(List.of(pair), folder.resolve("all"), RunMonitor.NONE, lines::add)
                .get(0);
        assertThat(few.sourcePoints())
                .hasSizeLessThan(found.sourcePoints().size())
                .allSatisfy(point -> assertThat(point.x()).isLessThan(20.5));
    }

    @Test
    void whatWasFoundIsNotLookedForAgainUnlessItWouldBeOther() throws IOException {
        TeacherMatches some = matches(new TeacherPlan(5, 20, 0.1), ObjectAreas.BOXES);
        List<KeypointPair> first = some.of(List.of(pair), folder, RunMonitor.NONE, line -> {});
        assertThat(first.get(0).sourcePoints()).hasSize(20);
        int runs = extractor.runs.get();
        assertThat(some.of(List.of(pair), folder, RunMonitor.NONE, line -> {})).isEqualTo(first);
        assertThat(extractor.runs).hasValue(runs);
        matches(new TeacherPlan(5, 10, 0.1), ObjectAreas.BOXES).of(List.of(pair), folder, RunMonitor.NONE, line -> {});
        assertThat(extractor.runs).hasValueGreaterThan(runs);
    }

    @Test
    void pairsThatTellTooLittleAreRefused() {
        KeypointPair line = pair(
                pair.source(),
                pair.target(),
                List.of(new Point(8, 8), new Point(16, 16), new Point(24, 24), new Point(32, 32)));
        KeypointPair three =
                pair(pair.source(), pair.target(), pair.sourcePoints().subList(0, 3));
        assertThatThrownBy(() -> matches(TeacherPlan.STANDARD, ObjectAreas.BOXES)
                        .of(List.of(line, three), folder, RunMonitor.NONE, text -> {}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("got none in 1 pairs of 4 points or more");
        assertThatThrownBy(() -> TeacherPlan.STANDARD.withPairs(0)).hasMessageContaining("got 0, 60 and 0.1");
    }
}
