package io.github.dhf4j.aggregation.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.dhf4j.data.Box;
import io.github.dhf4j.data.KeypointPair;
import io.github.dhf4j.image.Size;
import io.github.dhf4j.matching.Point;
import io.github.dhf4j.tensor.TorchEngine;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Values against plain loops in double precision, gradients against slopes. */
class CorrespondenceLossTest {
    private static final int WIDTH = 6;
    private static final int SIDE = 5;
    private static final Size IMAGE = new Size(50, 50);
    private static final KeypointPair PAIR = new KeypointPair(
            "a pair",
            Path.of("a.png"),
            Path.of("b.png"),
            List.of(new Point(3, 8), new Point(31, 22), new Point(44, 47)),
            List.of(new Point(12, 4), new Point(20, 38), new Point(49, 30)),
            List.of("left ear", "right ear", "tail"),
            "cat",
            new Box(0, 0, 40, 20),
            null);

    private static CorrespondenceSettings settings(String kind) {
        CorrespondenceSettings reference = CorrespondenceSettings.REFERENCE.withTemperature(0.2);
        return switch (kind) {
            case "reference" -> reference;
            case "sigma" -> reference.withSigma(1.5, 0.5);
            case "place" -> reference.withPlace(0.3, 0);
            case "learned" -> reference.withSigma(0.7, 0.7).withPlace(0.3, 0).withLearnedTemperature(true);
            default -> throw new IllegalArgumentException(kind);
        };
    }

    @ParameterizedTest
    @ValueSource(strings = {"reference", "sigma", "place", "learned"})
    void valueIsThatOfPlainLoopsAndGradientsAreTheSlopes(String kind) {
        CorrespondenceSettings settings = settings(kind);
        CorrespondenceLoss loss = new CorrespondenceLoss(List.of(PAIR), settings);
        float[] values = random(2 * WIDTH * SIDE * SIDE);
        for (boolean mirrored : new boolean[] {false, true}) {
            double value = value(loss, values, mirrored, 0.25);
            assertThat(value).isCloseTo(expected(settings, values, mirrored, 0.25), within(1e-5));
            try (NDManager manager = TorchEngine.newManager(Device.cpu())) {
                DescriptorLoss.Gradient found = gradient(loss, manager, values, mirrored, 0.25, settings.temperature());
                float[] slopes = found.byDescriptors().toFloatArray();
                for (int i = 0; i < values.length; i += 7) {
                    double slope = slope(loss, values, mirrored, i);
                    assertThat((double) slopes[i])
                            .as("by %d", i)
                            .isCloseTo(slope, within(2e-3 + 0.01 * Math.abs(slope)));
                }
                if (settings.learnedTemperature()) {
                    double by = Objects.requireNonNull(found.byWeights().get("log_temperature"))
                            .getFloat(0);
                    double step = 1e-2;
                    double more = gradient(loss, manager, values, mirrored, 0.25, 0.2 * Math.exp(step))
                            .loss();
                    double less = gradient(loss, manager, values, mirrored, 0.25, 0.2 * Math.exp(-step))
                            .loss();
                    assertThat(by).isCloseTo((more - less) / (2 * step), within(2e-3));
                }
            }
        }
    }

    @Test
    void jitterMovesThePlaceOfTheDistanceOnlyAndIsTheSameForASeed() {
        float[] values = random(2 * WIDTH * SIDE * SIDE);
        CorrespondenceSettings still = settings("place");
        CorrespondenceLoss moved = new CorrespondenceLoss(List.of(PAIR), still.withPlace(0.3, 0.5));
        double with = value(moved, values, false, 0);
        assertThat(with)
                .isEqualTo(value(moved, values, false, 0))
                .isNotEqualTo(value(new CorrespondenceLoss(List.of(PAIR), still), values, false, 0));
        CorrespondenceSettings reference = settings("reference").withPlace(0, 0.5);
        assertThat(value(new CorrespondenceLoss(List.of(PAIR), reference), values, false, 0))
                .isEqualTo(value(new CorrespondenceLoss(List.of(PAIR), settings("reference")), values, false, 0));
    }

    @Test
    void mirroredPairsTakeLeftForRightAndLeaveOutWhatHasNoCounterpart() {
        KeypointPair lacking = new KeypointPair(
                "half",
                PAIR.source(),
                PAIR.target(),
                PAIR.sourcePoints().subList(0, 1),
                PAIR.targetPoints().subList(0, 1),
                List.of("left ear"),
                "cat",
                null,
                null);
        CorrespondenceLoss loss = new CorrespondenceLoss(
                List.of(PAIR, lacking),
                CorrespondenceSettings.REFERENCE.withMirroredPairs(EnumSet.allOf(MirroredPairs.class)));
        assertThat(loss.size()).isEqualTo(4);
        assertThat(loss.id(1)).isEqualTo("a pair, mirrored source");
        assertThat(loss.views(1))
                .containsExactly(new DescriptorLoss.View(PAIR.source(), true), DescriptorLoss.View.of(PAIR.target()));
        List<Point> target = PAIR.targetPoints();
        assertThat(loss.targets(1))
                .isEqualTo(PAIR.sourcePoints().toString() + List.of(target.get(1), target.get(0), target.get(2)));
        assertThat(loss.views(2))
                .containsExactly(new DescriptorLoss.View(PAIR.source(), true), DescriptorLoss.View.of(PAIR.source()));
        assertThat(loss.id(3)).isEqualTo("half");
        assertThat(loss.name()).isEqualTo("correspondences, temperature 0.07, mirrored source, mirrored self");
    }

    /** A pair whose first image is mirrored beforehand has the loss of the pair with the map mirrored back. */
    @Test
    void aMirroredViewsPointsAreMirrored() {
        float[] values = random(2 * WIDTH * SIDE * SIDE);
        KeypointPair sideless = new KeypointPair(
                "plain",
                PAIR.source(),
                PAIR.target(),
                PAIR.sourcePoints(),
                PAIR.targetPoints(),
                List.of(),
                "cat",
                null,
                null);
        CorrespondenceSettings settings = settings("sigma");
        CorrespondenceLoss both =
                new CorrespondenceLoss(List.of(sideless), settings.withMirroredPairs(EnumSet.of(MirroredPairs.SOURCE)));
        KeypointPair mirrored = new KeypointPair(
                "by hand",
                PAIR.source(),
                PAIR.target(),
                PAIR.sourcePoints().stream().map(point -> point.mirrored(IMAGE)).toList(),
                PAIR.targetPoints(),
                List.of(),
                "cat",
                null,
                null);
        CorrespondenceLoss byHand = new CorrespondenceLoss(List.of(mirrored), settings);
        try (NDManager manager = TorchEngine.newManager(Device.cpu())) {
            assertThat(both.of(1, maps(manager, values, false, 0), Map.of()).loss())
                    .isEqualTo(byHand.of(0, maps(manager, values, false, 0), Map.of())
                            .loss());
        }
    }

    private static float[] random(int size) {
        Random random = new Random(3);
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    private static DescriptorLoss.Maps maps(NDManager manager, float[] values, boolean mirrored, double progress) {
        NDArray maps = manager.create(values, new Shape(2, WIDTH, SIDE, SIDE));
        return new DescriptorLoss.Maps(maps, List.of(IMAGE, IMAGE), mirrored, progress, 5);
    }

    private static DescriptorLoss.Gradient gradient(
            CorrespondenceLoss loss,
            NDManager manager,
            float[] values,
            boolean mirrored,
            double progress,
            double temperature) {
        Map<String, NDArray> weights =
                Map.of("log_temperature", manager.create(new float[] {(float) Math.log(temperature)}));
        boolean learned = loss.name().contains("learned");
        return loss.of(0, maps(manager, values, mirrored, progress), learned ? weights : Map.of());
    }

    private static double value(CorrespondenceLoss loss, float[] values, boolean mirrored, double progress) {
        try (NDManager manager = TorchEngine.newManager(Device.cpu())) {
            return gradient(loss, manager, values, mirrored, progress, 0.2).loss();
        }
    }

    private static double slope(CorrespondenceLoss loss, float[] values, boolean mirrored, int at) {
        double[] found = new double[2];
        float step = 1e-2f;
        for (int side = 0; side < 2; side++) {
            float[] moved = values.clone();
            moved[at] += side == 0 ? -step : step;
            found[side] = value(loss, moved, mirrored, 0.25);
        }
        return (found[1] - found[0]) / (2 * step);
    }

    private static double expected(CorrespondenceSettings settings, float[] values, boolean mirrored, double progress) {
        double sigma = settings.sigma() == 0
                ? 0
                : settings.lastSigma()
                        + (settings.sigma() - settings.lastSigma()) * (1 + Math.cos(Math.PI * progress)) / 2;
        return (half(settings, values, 0, PAIR.sourcePoints(), PAIR.targetPoints(), mirrored, sigma)
                        + half(settings, values, 1, PAIR.targetPoints(), PAIR.sourcePoints(), mirrored, sigma))
                / 2;
    }

    private static double half(
            CorrespondenceSettings settings,
            float[] values,
            int from,
            List<Point> points,
            List<Point> others,
            boolean mirrored,
            double sigma) {
        double total = 0;
        for (int p = 0; p < points.size(); p++) {
            Point here = mirrored ? points.get(p).mirrored(IMAGE) : points.get(p);
            Point there = mirrored ? others.get(p).mirrored(IMAGE) : others.get(p);
            double[] query = unit(values, from, cell(here));
            double[] cosines = new double[SIDE * SIDE];
            double[] wanted = new double[cosines.length];
            double x = there.x() * SIDE / IMAGE.width();
            double y = there.y() * SIDE / IMAGE.height();
            double sum = 0;
            for (int c = 0; c < cosines.length; c++) {
                double[] other = unit(values, 1 - from, c);
                for (int d = 0; d < WIDTH; d++) {
                    cosines[c] += query[d] * other[d];
                }
                double away = Math.pow(c % SIDE - x, 2) + Math.pow(c / SIDE - y, 2);
                wanted[c] = sigma == 0 ? (c == cell(there) ? 1 : 0) : Math.exp(-away / (2 * sigma * sigma));
                sum += wanted[c];
            }
            double[] shares = softmax(cosines, settings.temperature());
            double[] places = softmax(cosines, settings.placeTemperature());
            double atX = 0;
            double atY = 0;
            for (int c = 0; c < cosines.length; c++) {
                total -= wanted[c] / sum * Math.log(shares[c]) / points.size();
                atX += places[c] * (c % SIDE);
                atY += places[c] * (c / SIDE);
            }
            total += settings.placeWeight() * Math.hypot(atX - x, atY - y) / points.size();
        }
        return total;
    }

    private static int cell(Point point) {
        int x = (int) Math.min(SIDE - 1, Math.rint(point.x() * SIDE / IMAGE.width()));
        int y = (int) Math.min(SIDE - 1, Math.rint(point.y() * SIDE / IMAGE.height()));
        return y * SIDE + x;
    }

    private static double[] unit(float[] values, int image, int cell) {
        double[] unit = new double[WIDTH];
        double square = 0;
        for (int d = 0; d < WIDTH; d++) {
            unit[d] = values[(image * WIDTH + d) * SIDE * SIDE + cell];
            square += unit[d] * unit[d];
        }
        for (int d = 0; d < WIDTH; d++) {
            unit[d] /= Math.sqrt(square);
        }
        return unit;
    }

    private static double[] softmax(double[] values, double temperature) {
        double[] shares = new double[values.length];
        double sum = 0;
        for (int i = 0; i < values.length; i++) {
            shares[i] = Math.exp(values[i] / temperature);
            sum += shares[i];
        }
        for (int i = 0; i < values.length; i++) {
            shares[i] /= sum;
        }
        return shares;
    }
}
