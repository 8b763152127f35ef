package io.github.dhf4j.matching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.data.Offset.offset;

import ai.djl.ndarray.NDArray;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.github.dhf4j.feature.DescriptorMap;
import io.github.dhf4j.feature.MapExtent;
import io.github.dhf4j.image.Size;
import io.github.dhf4j.testing.Golden;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CosineMatcherTest {
    private static final Size LOAD = Size.square(128);
    private final CosineMatcher matcher = new CosineMatcher();

    private static List<DescriptorMap> golden(Golden golden, Size first, Size second) throws IOException {
        try (NDArray batch = golden.tensor("hyperfeatures")) {
            return DescriptorMap.of(batch, List.of(first, second), LOAD);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"sd15", "sd21"})
    void matchesAreTheReferencesWhereTheMarginAllows(String name) throws IOException {
        try (Golden golden = new Golden(name)) {
            List<DescriptorMap> maps = golden(golden, LOAD, LOAD);
            JsonObject json = golden.json();
            JsonArray points = json.getAsJsonArray("source_points_yx");
            List<Point> sources = new ArrayList<>();
            points.forEach(yx -> sources.add(point(yx.getAsJsonArray())));
            List<Correspondence> found = matcher.match(maps.get(0), maps.get(1), sources, MatchOptions.NEAREST);
            int asserted = 0;
            for (int i = 0; i < found.size(); i++) {
                assertThat(found.get(i).source()).isEqualTo(sources.get(i));
                assertThat(found.get(i).similarity())
                        .isCloseTo(
                                json.getAsJsonArray("matched_similarity").get(i).getAsDouble(), offset(2e-5));
                if (json.getAsJsonArray("margin_to_runner_up").get(i).getAsDouble() >= 1e-4) {
                    assertThat(found.get(i).target())
                            .isEqualTo(point(json.getAsJsonArray("matched_points_yx")
                                    .get(i)
                                    .getAsJsonArray()));
                    asserted++;
                }
            }
            assertThat(asserted).isGreaterThanOrEqualTo(4);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"sd15", "sd21"})
    void mutualPairsAreTheReferences(String name) throws IOException {
        try (Golden golden = new Golden(name)) {
            List<DescriptorMap> maps = golden(golden, LOAD, LOAD);
            CellMatches cells = CellMatches.of(maps.get(0), maps.get(1));
            List<List<Integer>> expected = pairs(golden.json().getAsJsonArray("mutual_pairs"));
            assertThat(mutual(cells)).isEqualTo(expected);
            assertThat(matcher.matchAll(maps.get(0), maps.get(1), MatchOptions.MUTUAL))
                    .hasSameSizeAs(expected);
        }
    }

    private static List<List<Integer>> mutual(CellMatches cells) {
        List<List<Integer>> mutual = new ArrayList<>();
        for (int i = 0; i < cells.forward().length; i++) {
            if (cells.backward()[cells.forward()[i]] == i) {
                mutual.add(List.of(i, cells.forward()[i]));
            }
        }
        return mutual;
    }

    private static List<List<Integer>> pairs(JsonArray array) {
        List<List<Integer>> pairs = new ArrayList<>();
        array.forEach(pair -> pairs.add(List.of(
                pair.getAsJsonArray().get(0).getAsInt(),
                pair.getAsJsonArray().get(1).getAsInt())));
        return pairs;
    }

    private static Point point(JsonArray yx) {
        return new Point(yx.get(1).getAsDouble(), yx.get(0).getAsDouble());
    }

    private static DescriptorMap random(int channels, int width, int height, Size image, Size load, long seed) {
        Random random = new Random(seed);
        float[] values = new float[channels * width * height];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return new DescriptorMap(channels, new Size(width, height), values, image, load);
    }

    @Test
    void anImageMatchesItself() {
        DescriptorMap map = random(24, 9, 7, new Size(300, 180), new Size(72, 56), 1);
        for (Correspondence pair : matcher.matchAll(map, map, MatchOptions.MUTUAL)) {
            assertThat(pair.target()).isEqualTo(pair.source());
            assertThat(pair.similarity()).isCloseTo(1, offset(1e-5));
        }
        assertThat(matcher.matchAll(map, map, MatchOptions.MUTUAL)).hasSize(63);
        List<Point> points = List.of(new Point(0, 0), new Point(300, 180), new Point(150, 90), new Point(20.4, 161.7));
        assertThat(matcher.match(map, map, points, MatchOptions.MUTUAL)).hasSize(4);
        // beyond the outermost cell centres all pixels are alike, and the first of them is taken
        for (Correspondence pair : matcher.match(map, map, points, MatchOptions.MUTUAL)) {
            assertThat(pair.target().x()).isCloseTo(pair.source().x(), offset(300 / 9.0 / 2 + 300 / 72.0));
            assertThat(pair.target().y()).isCloseTo(pair.source().y(), offset(180 / 7.0 / 2 + 180 / 56.0));
        }
    }

    @Test
    void aConcatenationIsSearchedByItsParts() {
        Size image = new Size(640, 200);
        Size load = new Size(64, 48);
        DescriptorMap a = random(24, 8, 6, image, load, 12);
        DescriptorMap b = random(24, 8, 6, image, load, 13);
        List<Point> points = List.of(new Point(0, 0), new Point(639, 199), new Point(333.3, 77.7));
        ConcatenationSearch search = new ConcatenationSearch(points);
        for (int part = 0; part < 3; part++) {
            search.add(channels(a, part * 8, 8), channels(b, part * 8, 8));
        }
        List<Correspondence> whole = matcher.match(a, b, points, MatchOptions.NEAREST);
        List<Correspondence> parts = search.locate(Localizer.NEAREST);
        for (int i = 0; i < points.size(); i++) {
            assertThat(parts.get(i).target()).isEqualTo(whole.get(i).target());
            assertThat(parts.get(i).similarity()).isCloseTo(whole.get(i).similarity(), offset(1e-5));
        }
    }

    @Test
    void cellsOfAMapThatTilesAPartOfTheImageLieThere() {
        Size side = Size.square(224);
        // DINO's patches of 8 with stride 4: cell g is centred at 4 g + 3.5, counted from the first pixel's centre
        DescriptorMap spread = random(3, 55, 55, side, side, 1);
        DescriptorMap centred = spread.withExtent(new MapExtent(2 / 224.0, 2 / 224.0, 222 / 224.0, 222 / 224.0));
        assertThat(MatchPixel.cellCentre(0, spread).x()).isCloseTo(0.5 * 224 / 55 - 0.5, within(1e-9));
        for (int cell : new int[] {0, 1, 54}) {
            Point centre = MatchPixel.cellCentre(cell, centred);
            assertThat(centre.x()).isCloseTo(4 * cell + 3.5, within(1e-9));
            assertThat(centre.y()).isCloseTo(3.5, within(1e-9));
            float[] left = SimilaritySearch.descriptorAt(centred, new MatchPixel(4 * cell + 3, 3));
            float[] right = SimilaritySearch.descriptorAt(centred, new MatchPixel(4 * cell + 4, 4));
            float value = centred.values()[cell];
            float next = centred.values()[Math.min(54, cell + 1)];
            float last = centred.values()[Math.max(0, cell - 1)];
            // half a pixel is an eighth of a cell; above the first row there is none to mix with
            assertThat(left[0]).isCloseTo(value + (last - value) / 8, within(1e-5f));
            assertThat(right[0])
                    .isCloseTo(
                            (value + (next - value) / 8) * 7 / 8
                                    + (centred.values()[55 + cell]
                                                    + (centred.values()[55 + Math.min(54, cell + 1)]
                                                                    - centred.values()[55 + cell])
                                                            / 8)
                                            / 8,
                            within(1e-5f));
        }
        assertThat(new CosineMatcher()
                        .match(centred, centred, List.of(new Point(100, 60)), MatchOptions.NEAREST)
                        .get(0)
                        .target())
                .isEqualTo(new Point(100, 60));
    }

    @Test
    void theCosineOfAFusionIsTheMeanOfBoth() {
        Size image = new Size(40, 30);
        DescriptorMap a = random(5, 8, 8, image, LOAD, 1);
        DescriptorMap b = random(9, 8, 8, image, LOAD, 2);
        DescriptorMap both = DescriptorFusion.of(a, b);
        assertThat(both.channels()).isEqualTo(14);
        for (int cell : new int[] {0, 17, 63}) {
            double mean = (Cosines.of(a, 3, a, cell) + Cosines.of(b, 3, b, cell)) / 2;
            assertThat(Cosines.of(both, 3, both, cell)).isCloseTo(mean, within(1e-6));
        }
        // the coarser map is resized to the finer
        DescriptorMap mixed = DescriptorFusion.of(random(5, 4, 6, image, LOAD, 3), b);
        assertThat(mixed.size()).isEqualTo(Size.square(8));
        assertThatThrownBy(() -> DescriptorFusion.of(a, random(9, 8, 8, LOAD, LOAD, 2)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("of one image");
    }

    private static DescriptorMap channels(DescriptorMap map, int from, int count) {
        int cells = map.size().width() * map.size().height();
        float[] some = java.util.Arrays.copyOfRange(map.values(), from * cells, (from + count) * cells);
        return new DescriptorMap(count, map.size(), some, map.imageSize(), map.loadSize());
    }

    @Test
    void equalsTheUpsampledMapsOnNonSquareImages() {
        DescriptorMap a = random(16, 8, 6, new Size(640, 200), new Size(64, 48), 2);
        DescriptorMap b = random(16, 8, 6, new Size(111, 333), new Size(64, 48), 3);
        float[] full = upsampled(b);
        for (Point point : List.of(new Point(0, 0), new Point(639, 199), new Point(333.3, 77.7))) {
            SimilarityMap map = matcher.similarity(a, point, b);
            float[] query = SimilaritySearch.unit(SimilaritySearch.descriptorAt(a, MatchPixel.of(point, a)));
            int best = 0;
            for (int p = 0; p < 64 * 48; p++) {
                double dot = 0;
                double norm = 0;
                for (int c = 0; c < 16; c++) {
                    double value = full[c * 64 * 48 + p];
                    dot += query[c] * value;
                    norm += value * value;
                }
                assertThat(map.values()[p]).isCloseTo((float) (dot / Math.sqrt(norm)), offset(2e-5f));
                best = map.values()[p] > map.values()[best] ? p : best;
            }
            Correspondence nearest =
                    matcher.match(a, b, List.of(point), MatchOptions.NEAREST).get(0);
            assertThat(nearest.target()).isEqualTo(new Point(best % 64 * 111 / 64.0, best / 64 * 333 / 48.0));
            assertThat(map.argMax()).isEqualTo(best);
        }
    }

    /** The map at its load size, as torch's interpolate makes it. */
    private static float[] upsampled(DescriptorMap map) {
        int w = map.size().width();
        int h = map.size().height();
        int columns = map.loadSize().width();
        int rows = map.loadSize().height();
        float[] full = new float[map.channels() * rows * columns];
        for (int y = 0; y < rows; y++) {
            double v = Math.max((y + 0.5) * h / rows - 0.5, 0);
            int y0 = (int) v;
            int y1 = Math.min(y0 + 1, h - 1);
            for (int x = 0; x < columns; x++) {
                double u = Math.max((x + 0.5) * w / columns - 0.5, 0);
                int x0 = (int) u;
                int x1 = Math.min(x0 + 1, w - 1);
                for (int c = 0; c < map.channels(); c++) {
                    float[] m = map.values();
                    int base = c * w * h;
                    full[(c * rows + y) * columns + x] = (float) ((m[base + y0 * w + x0] * (1 - (u - x0))
                                            + m[base + y0 * w + x1] * (u - x0))
                                    * (1 - (v - y0))
                            + (m[base + y1 * w + x0] * (1 - (u - x0)) + m[base + y1 * w + x1] * (u - x0)) * (v - y0));
                }
            }
        }
        return full;
    }

    @Test
    void commutesWithFlips() {
        Size image = Size.square(96);
        DescriptorMap a = random(16, 8, 8, image, image, 4);
        DescriptorMap b = random(16, 8, 8, image, image, 5);
        int[] forward = CellMatches.of(a, b).forward();
        int[] flipped = CellMatches.of(flip(a), flip(b)).forward();
        for (int i = 0; i < 64; i++) {
            int mirrored = i / 8 * 8 + 7 - i % 8;
            assertThat(flipped[mirrored]).isEqualTo(forward[i] / 8 * 8 + 7 - forward[i] % 8);
        }
    }

    private static DescriptorMap flip(DescriptorMap map) {
        int w = map.size().width();
        float[] values = new float[map.values().length];
        for (int i = 0; i < values.length; i++) {
            values[i / w * w + w - 1 - i % w] = map.values()[i];
        }
        return new DescriptorMap(map.channels(), map.size(), values, map.imageSize(), map.loadSize());
    }

    @Test
    void topMatchesAreApartAndFall() {
        Size image = new Size(200, 100);
        DescriptorMap a = random(16, 8, 8, image, Size.square(64), 6);
        DescriptorMap b = random(16, 8, 8, image, Size.square(64), 7);
        Point point = new Point(60, 40);
        List<Correspondence> top = matcher.topMatches(a, b, List.of(point), 5).get(0);
        assertThat(top).hasSize(5);
        assertThat(top.get(0))
                .isEqualTo(matcher.match(a, b, List.of(point), MatchOptions.NEAREST)
                        .get(0));
        for (int i = 1; i < 5; i++) {
            assertThat(top.get(i).similarity())
                    .isLessThanOrEqualTo(top.get(i - 1).similarity());
            for (int j = 0; j < i; j++) {
                boolean apart =
                        Math.abs(top.get(i).target().x() - top.get(j).target().x()) >= 200 / 8.0 - 1e-9
                                || Math.abs(top.get(i).target().y()
                                                - top.get(j).target().y())
                                        >= 100 / 8.0 - 1e-9;
                assertThat(apart).isTrue();
            }
        }
    }

    @Test
    void subPixelStaysNearAndIsExactOnASymmetricPeak() {
        // one channel turns into the other around the middle: the peak lies between two pixels
        float[] values = new float[2 * 4 * 4];
        for (int i = 0; i < 16; i++) {
            int x = i % 4;
            int y = i / 4;
            values[i] = x == 1 && y == 1 ? 1f : 0.1f;
            values[16 + i] = 1;
        }
        DescriptorMap map = new DescriptorMap(2, Size.square(4), values, Size.square(32), Size.square(32));
        Point peak = new Point(11.5, 11.5);
        Point refined = matcher.match(map, map, List.of(peak), MatchOptions.NEAREST.refined())
                .get(0)
                .target();
        assertThat(refined.x()).isCloseTo(11.5, offset(0.3));
        assertThat(refined.y()).isCloseTo(11.5, offset(0.3));
    }

    @Test
    void aWindowLocatesAlikeInMapsAndTheirParts() {
        DescriptorMap a = random(16, 9, 7, new Size(90, 70), new Size(72, 56), 3);
        DescriptorMap b = random(16, 9, 7, new Size(90, 70), new Size(72, 56), 4);
        List<Point> points = List.of(new Point(12, 30), new Point(80, 3));
        for (Localizer localizer : List.of(
                Localizer.NEAREST,
                WindowSoftArgMax.ONE_CELL,
                new WindowSoftArgMax(0.5, 0.05),
                new WindowSoftArgMax(3, 1))) {
            List<Correspondence> whole = matcher.match(a, b, points, MatchOptions.NEAREST.with(localizer));
            ConcatenationSearch search = new ConcatenationSearch(points);
            search.add(a, b);
            List<Correspondence> part = search.locate(localizer);
            for (int i = 0; i < points.size(); i++) {
                assertThat(part.get(i).target().x())
                        .isCloseTo(whole.get(i).target().x(), offset(1e-3));
                assertThat(part.get(i).target().y())
                        .isCloseTo(whole.get(i).target().y(), offset(1e-3));
            }
        }
    }

    @Test
    void aWindowIsTheMeanOfItsPixels() {
        float[] flat = new float[20];
        Size grid = new Size(5, 4);
        // all alike: the middle of the window, which ends at the border; 2 pixels a cell
        assertThat(new WindowSoftArgMax(1, 0.01).locate(flat, grid, new Size(3, 2), 6))
                .isEqualTo(new Point(1.5, 1.5));
        flat[6] = 1;
        assertThat(new WindowSoftArgMax(1, 0.01).locate(flat, grid, new Size(3, 2), 6))
                .isEqualTo(new Point(1, 1));
        assertThat(Localizer.NEAREST.locate(flat, grid, new Size(3, 2), 6)).isEqualTo(new Point(1, 1));
        for (double wrong : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
            assertThatThrownBy(() -> new WindowSoftArgMax(wrong, 1)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> new WindowSoftArgMax(1, wrong)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void badInputIsNamed() {
        DescriptorMap a = random(16, 8, 8, Size.square(64), Size.square(64), 8);
        DescriptorMap other = random(8, 8, 8, Size.square(64), Size.square(64), 9);
        assertThatThrownBy(() -> matcher.match(a, a, List.of(new Point(64.5, 1)), MatchOptions.NEAREST))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("(64.5, 1.0)")
                .hasMessageContaining("64 x 64");
        assertThatThrownBy(() -> matcher.matchAll(a, other, MatchOptions.NEAREST))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("one kind");
        assertThatThrownBy(() -> new Point(Double.NaN, 0)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aMapOfOneCellWorks() {
        DescriptorMap one = random(16, 1, 1, Size.square(1), Size.square(8), 10);
        assertThat(matcher.matchAll(one, one, MatchOptions.MUTUAL)).hasSize(1);
        assertThat(matcher.match(one, one, List.of(new Point(1, 1)), MatchOptions.NEAREST.refined()))
                .hasSize(1);
    }
}
