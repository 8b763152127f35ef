package io.github.dhf4j.matching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import io.github.dhf4j.feature.CellProducts;
import io.github.dhf4j.feature.DescriptorMap;
import io.github.dhf4j.image.Size;
import io.github.dhf4j.io.HostTensors;
import io.github.dhf4j.testing.Golden;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How MARCO's descriptors are matched, from golden descriptors on. */
class MarcoMatchingGoldenTest {
    private static final double CLOSE = 1e-5;

    private final Golden golden = new Golden("baselines/marco");
    private static final int SIDE = 98;

    private List<DescriptorMap> maps(String name) throws IOException {
        NDArray all = golden.tensor(name + ".descriptors");
        int cells = (int) all.getShape().get(3);
        double step = (SIDE - 1.0) / (cells - 1) / SIDE;
        Size size = Size.square(SIDE);
        return DescriptorMap.of(all, List.of(size, size), size).stream()
                .map(map -> map.withProducts(new CellProducts(step, step)))
                .toList();
    }

    private List<Point> points() throws IOException {
        List<Point> points = new ArrayList<>();
        golden.json()
                .getAsJsonArray("points_xy")
                .forEach(point -> points.add(new Point(
                        point.getAsJsonArray().get(0).getAsDouble(),
                        point.getAsJsonArray().get(1).getAsDouble())));
        return points;
    }

    private void assertPlaces(List<Correspondence> found, String expected, double within) throws IOException {
        float[] xy = golden.tensor(expected).toFloatArray();
        assertThat(found).hasSize(xy.length / 2);
        for (int i = 0; i < found.size(); i++) {
            assertThat(found.get(i).target().x()).isCloseTo(xy[2 * i], within(within));
            assertThat(found.get(i).target().y()).isCloseTo(xy[2 * i + 1], within(within));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"squashed", "padded"})
    void stages(String name) throws IOException {
        try (golden) {
            List<DescriptorMap> maps = maps(name);
            DescriptorMap target = maps.get(1);
            int count = points().size();
            float[][] sampled = points().stream()
                    .map(point -> SimilaritySearch.descriptorAt(maps.get(0), MatchPixel.of(point, maps.get(0))))
                    .toArray(float[][]::new);
            golden.assertClose(name + ".sampled", tensor(sampled, count, target.channels()), CLOSE);
            int cells = target.size().width();
            float[][] logits = new float[count][cells * cells];
            CellProductSums.add(sampled, target, logits);
            golden.assertClose(name + ".logits", tensor(logits, count, cells, cells), CLOSE);
            assertPlaces(Placement.USUAL.place(maps.get(0), target, points()), name + ".predicted_xy", 1e-2);
        }
    }

    private NDArray tensor(float[][] rows, long... shape) {
        float[] all = new float[rows.length * rows[0].length];
        for (int i = 0; i < rows.length; i++) {
            System.arraycopy(rows[i], 0, all, i * rows[i].length, rows[i].length);
        }
        return HostTensors.of(golden.manager(), all, new Shape(shape));
    }

    @ParameterizedTest
    @ValueSource(strings = {"squashed", "padded"})
    void placesOfTheGoldenLogits(String name) throws IOException {
        try (golden) {
            NDArray logits = golden.tensor(name + ".logits");
            float[] expected = golden.tensor(name + ".predicted_grid_xy").toFloatArray();
            Size cells = Size.square((int) logits.getShape().get(1));
            int length = cells.width() * cells.height();
            float[] all = logits.toFloatArray();
            for (int i = 0; i < logits.getShape().get(0); i++) {
                float[] one = Arrays.copyOfRange(all, i * length, (i + 1) * length);
                Point found = KernelSoftArgMax.MARCO.locate(one, cells, cells, CosineMatcher.argMax(one));
                assertThat(found.x()).isCloseTo(expected[2 * i], within(1e-4));
                assertThat(found.y()).isCloseTo(expected[2 * i + 1], within(1e-4));
            }
        }
    }

    @Test
    void whatIsKeptInAFileMatchesAsBefore(@TempDir Path folder) throws IOException {
        try (golden) {
            List<DescriptorMap> maps = maps("squashed");
            Path file = folder.resolve("maps.safetensors");
            DescriptorMap.saveAll(maps, file);
            List<DescriptorMap> read = DescriptorMap.loadAll(file);
            assertThat(read).isEqualTo(maps);
            assertPlaces(Placement.USUAL.place(read.get(0), read.get(1), points()), "squashed.predicted_xy", 1e-2);
        }
    }

    @Test
    void anotherMatchSizeIsNothingForCells() throws IOException {
        try (golden) {
            DescriptorMap map = maps("squashed").get(0);
            assertThat(map.withMatchSize(Size.square(224)).matchSize()).isEqualTo(map.size());
        }
    }

    @Test
    void anImageMatchesItselfCellByCell() throws IOException {
        try (golden) {
            DescriptorMap map = maps("squashed").get(0);
            List<Correspondence> all = new CosineMatcher().matchAll(map, map, MatchOptions.MUTUAL.trusted());
            assertThat(all).hasSizeGreaterThan(100).allSatisfy(match -> {
                assertThat(match.target()).isEqualTo(match.source());
                assertThat(match.similarity()).isCloseTo(1, within(1e-5));
                assertThat(match.confidence()).isBetween(0.0, 1.0);
            });
            Point cell = MatchPixel.cellCentre(28 * 20 + 5, map);
            assertThat(MatchPixel.index(cell, map)).isEqualTo(28 * 20 + 5);
            List<Correspondence> best = new CosineMatcher()
                    .topMatches(map, map, List.of(new Point(0, 0)), 3)
                    .get(0);
            assertThat(best).hasSize(3);
        }
    }
}
