package io.github.dhf4j.matching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import ai.djl.ndarray.NDArray;
import io.github.dhf4j.image.Size;
import io.github.dhf4j.testing.Golden;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class GeoAwareGoldenTest {
    @Test
    void placesAreThoseOfTheWindowOfFifteenOfSixtyCells() throws Exception {
        try (Golden golden = new Golden("geo-aware");
                NDArray cosines = golden.tensor("cosines");
                NDArray places = golden.tensor("places")) {
            int side = golden.json().get("side").getAsInt();
            Size grid = Size.square(side);
            int maps = (int) cosines.getShape().get(0);
            float[] all = cosines.toFloatArray();
            float[] expected = places.toFloatArray();
            double farthest = 0;
            for (int i = 0; i < maps; i++) {
                float[] map = Arrays.copyOfRange(all, i * side * side, (i + 1) * side * side);
                int best = CosineMatcher.argMax(map);
                Point at = GeoAwareSoftArgMax.PAPER.locate(map, grid, grid, best);
                assertThat(at.x()).as("map %d", i).isCloseTo(expected[2 * i], offset(1e-4));
                assertThat(at.y()).as("map %d", i).isCloseTo(expected[2 * i + 1], offset(1e-4));
                farthest = Math.max(farthest, at.distanceTo(Localizer.NEAREST.locate(map, grid, grid, best)));
            }
            assertThat(maps).isEqualTo(7);
            assertThat(farthest).as("low peaks are drawn away").isGreaterThan(10);
        }
    }

    @Test
    void theWindowIsAShareOfTheGridAndNumbersAreChecked() {
        float[] flat = new float[40 * 20];
        flat[20 * 10 + 5] = 5;
        Point there = new GeoAwareSoftArgMax(0.25, 0.02).locate(flat, new Size(20, 40), Size.square(4), 20 * 10 + 5);
        assertThat(there.distanceTo(new Point(5, 10))).isLessThan(1e-9);
        Point flatten = new GeoAwareSoftArgMax(0.25, 1000).locate(flat, new Size(20, 40), Size.square(4), 20 * 10 + 5);
        assertThat(flatten.distanceTo(new Point(9.5, 19.5))).as("the middle").isLessThan(0.01);
        for (double wrong : new double[] {0, -1, 1.01, Double.NaN}) {
            assertThat(org.assertj.core.api.Assertions.catchThrowable(() -> new GeoAwareSoftArgMax(wrong, 1)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("share of the grid");
        }
    }
}
