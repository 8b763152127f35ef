package io.github.dhf4j.matching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dhf4j.feature.DescriptorMap;
import io.github.dhf4j.image.Size;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.IntBinaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DenseFieldTest {
    private static final int CHANNELS = 24;

    /** A map whose cells are those of a random one at other places, some noise over them. */
    private static DescriptorMap moved(
            DescriptorMap map, IntBinaryOperator fromX, IntBinaryOperator fromY, double noise) {
        Random random = new Random(11);
        int w = map.size().width();
        int h = map.size().height();
        float[] values = new float[map.values().length];
        for (int y = 0, i = 0; y < h; y++) {
            for (int x = 0; x < w; x++, i++) {
                int u = Math.floorMod(fromX.applyAsInt(x, y), w);
                int v = Math.floorMod(fromY.applyAsInt(x, y), h);
                for (int c = 0; c < CHANNELS; c++) {
                    values[c * w * h + i] =
                            map.values()[c * w * h + v * w + u] + (float) (noise * random.nextGaussian());
                }
            }
        }
        return new DescriptorMap(CHANNELS, map.size(), values, map.imageSize(), map.loadSize());
    }

    private static DescriptorMap random(int w, int h, long seed) {
        Random random = new Random(seed);
        float[] values = new float[CHANNELS * w * h];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return new DescriptorMap(CHANNELS, new Size(w, h), values, new Size(10 * w, 10 * h), new Size(8 * w, 8 * h));
    }

    @Test
    void anImageGoesToItselfAndAMirroredOneToItsOtherSide() {
        DescriptorMap map = random(14, 10, 1);
        DescriptorMap mirrored = moved(map, (x, y) -> 13 - x, (x, y) -> y, 0);
        DenseField same = DenseField.of(map, map);
        DenseField other = DenseField.of(map, mirrored);
        DenseField unrelated = DenseField.of(map, random(14, 10, 7));
        for (int i = 0; i < 140; i++) {
            Point centre = MatchPixel.cellCentre(i, map);
            // a quarter of a cell: the place is a mean over neighbours
            assertThat(same.at(centre).distanceTo(centre)).isLessThan(2.5);
            Point across = new Point(140 - 1 - centre.x(), centre.y());
            assertThat(other.at(centre).distanceTo(across)).isLessThan(2.5);
            assertThat(same.confidenceAt(centre)).isGreaterThan(2 * unrelated.confidenceAt(centre));
        }
        // beyond the outermost centres a field goes on as it is there: half a diagonal of a cell, and the quarter
        assertThat(same.at(new Point(0, 0)).distanceTo(new Point(0, 0))).isLessThan(9.6);
        assertThat(same.at(new Point(140, 100)).distanceTo(new Point(140, 100))).isLessThan(9.6);
        assertThatThrownBy(() -> same.at(new Point(141, 0))).hasMessageContaining("must lie in the source image");
    }

    @Test
    void neighboursMendWhatNoiseBreaks() {
        DescriptorMap map = random(16, 16, 2);
        DescriptorMap noisy = moved(map, (x, y) -> x, (x, y) -> y, 1.6);
        DenseField field = DenseField.of(map, noisy);
        CellMatches alone = CellMatches.of(map, noisy);
        int byField = 0;
        int byItself = 0;
        for (int i = 0; i < 256; i++) {
            Point centre = MatchPixel.cellCentre(i, map);
            byField += field.at(centre).distanceTo(centre) < 12 ? 1 : 0;
            byItself += MatchPixel.cellCentre(alone.forward()[i], noisy).distanceTo(centre) < 12 ? 1 : 0;
        }
        assertThat(byItself).as("noise").isLessThan(200);
        assertThat(byField).isGreaterThan(byItself + 30);
    }

    /** Caps between steps, at one, below the first and beyond the grid. */
    @ParameterizedTest
    @ValueSource(floats = {1.25f, 1.5f, 0.25f, 9})
    void aMessageIsTheCheapestStepByTheDefinition(float cap) {
        Size grid = new Size(5, 4);
        Random random = new Random(3);
        Continuity prior = new Continuity(0.5f, cap);
        float[] costs = new float[20];
        for (int i = 0; i < costs.length; i++) {
            costs[i] = (float) (3 * random.nextDouble());
        }
        float[] message = new float[20];
        new MessagePass(prior, grid).pass(costs, message);
        for (int to = 0; to < 20; to++) {
            double best = Double.POSITIVE_INFINITY;
            double least = Double.POSITIVE_INFINITY;
            for (int from = 0; from < 20; from++) {
                int across = Math.abs(to % 5 - from % 5);
                int down = Math.abs(to / 5 - from / 5);
                double past = Math.max(0, across - 1) + Math.max(0, down - 1);
                best = Math.min(best, costs[from] + Math.min(cap, 0.5 * past));
                least = Math.min(least, costs[from]);
            }
            assertThat((double) message[to]).isCloseTo(best - least, org.assertj.core.data.Offset.offset(1e-6));
        }
    }

    @Test
    void aLineOfCellsIsSolvedExactly() {
        Size cells = new Size(4, 1);
        Size places = new Size(3, 2);
        Continuity prior = new Continuity(0.7f, 2f);
        Random random = new Random(4);
        float[][] costs = new float[4][6];
        for (float[] row : costs) {
            for (int i = 0; i < row.length; i++) {
                row[i] = (float) (4 * random.nextDouble());
            }
        }
        float[][] sums = ScanLines.aggregate(cells, places, costs, prior);
        double[][] marginals = marginals(costs, prior);
        for (int i = 0; i < 4; i++) {
            for (int j = 1; j < 6; j++) {
                // up to a constant
                assertThat((double) sums[i][j] - sums[i][0])
                        .isCloseTo(marginals[i][j] - marginals[i][0], org.assertj.core.data.Offset.offset(1e-5));
            }
        }
    }

    /** For each cell and place the cheapest of all 6 x 6 x 6 x 6 choices that take it, the cap never reached. */
    private static double[][] marginals(float[][] costs, Continuity prior) {
        double[][] best = new double[4][6];
        for (double[] row : best) {
            java.util.Arrays.fill(row, Double.POSITIVE_INFINITY);
        }
        for (int choice = 0; choice < 6 * 6 * 6 * 6; choice++) {
            int[] at = {choice % 6, choice / 6 % 6, choice / 36 % 6, choice / 216};
            double sum = 0;
            for (int i = 0; i < 4; i++) {
                sum += costs[i][at[i]];
                if (i > 0) {
                    double past = Math.max(0, Math.abs(at[i] % 3 - at[i - 1] % 3) - 1)
                            + Math.max(0, Math.abs(at[i] / 3 - at[i - 1] / 3) - 1);
                    sum += Math.min(prior.cap(), prior.slope() * past);
                }
            }
            for (int i = 0; i < 4; i++) {
                best[i][at[i]] = Math.min(best[i][at[i]], sum);
            }
        }
        return best;
    }

    @Test
    void mapsOfOneCellAndOfTooMany() {
        DescriptorMap one = random(1, 1, 5);
        assertThat(DenseField.of(one, one).at(new Point(5, 5)).distanceTo(new Point(5, 5)))
                .isLessThan(2);
        float[] many = new float[100 * 100];
        java.util.Arrays.fill(many, 1);
        DescriptorMap large = new DescriptorMap(1, Size.square(100), many, Size.square(100), Size.square(100));
        assertThatThrownBy(() -> DenseField.of(large, large))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at most 96 x 96 cells, got 100 x 100");
    }

    @Test
    void theMirroredImageIsTakenWhereItAlignsBetter() {
        DescriptorMap map = random(12, 12, 6);
        DescriptorMap mirrored = moved(map, (x, y) -> 11 - x, (x, y) -> y, 0);
        DescriptorMap target = moved(mirrored, (x, y) -> x, (x, y) -> y, 0.3);
        DescriptorMap wrong = random(12, 12, 7);
        assertThat(MirrorChoice.of(wrong, mirrored, target).isMirrored()).isTrue();
        assertThat(MirrorChoice.of(mirrored, wrong, target).isMirrored()).isFalse();
        MirrorChoice choice = MirrorChoice.of(wrong, mirrored, target);
        List<Point> points = List.of(new Point(15, 35), new Point(105, 35), new Point(55, 75), new Point(25, 95));
        List<Correspondence> found = choice.place(points, List.of(1, 0, 2, -1), Placement.NEAREST);
        List<Point> expected = new ArrayList<>();
        expected.add(new Point(119 - 105, 35)); // what the right one's mirror image is: where the left one was
        expected.add(new Point(119 - 15, 35));
        expected.add(new Point(119 - 55, 75));
        for (int i = 0; i < 3; i++) {
            assertThat(found.get(i).source()).isEqualTo(points.get(i));
            assertThat(found.get(i).target().distanceTo(expected.get(i))).isLessThan(10);
        }
        assertThat(found.get(3))
                .as("its like is not there")
                .isEqualTo(Placement.NEAREST.place(wrong, target, points).get(3));
        assertThat(found.get(3).source()).isEqualTo(points.get(3));
    }
}
