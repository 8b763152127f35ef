package io.github.dhf4j.unlabelled;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.dhf4j.image.RgbImage;
import io.github.dhf4j.image.Size;
import io.github.dhf4j.matching.Point;
import io.github.dhf4j.train.SeededOrder;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Where a warp says that a pixel came from, that is where it came from. */
class PictureWarpTest {
    private static final WarpSettings NONE = new WarpSettings(0, 1, 0, 0, 0, 0, 0, 0);
    private static final Size SIZE = new Size(96, 64);

    /** Red tells the column, green the row. */
    private static RgbImage places() {
        byte[] rgb = new byte[3 * SIZE.width() * SIZE.height()];
        for (int i = 0; i < rgb.length / 3; i++) {
            rgb[3 * i] = (byte) (2 * (i % SIZE.width()));
            rgb[3 * i + 1] = (byte) (3 * (i / SIZE.width()));
        }
        return new RgbImage(SIZE.width(), SIZE.height(), rgb);
    }

    @Test
    void pixelsAreThoseOfThePlacesThatTheWarpNames() {
        for (boolean mirrored : new boolean[] {false, true}) {
            WarpSettings shape = new WarpSettings(30, 1.4, 0.2, 0.2, 0.12, 0.08, mirrored ? 1 : 0, 0);
            for (int seed = 0; seed < 5; seed++) {
                PictureWarp warp = PictureWarp.random(seed, shape);
                byte[] samples = warp.apply(places()).samples();
                int inside = 0;
                for (int i = 0; i < samples.length / 3; i++) {
                    Point at = warp.source(new Point(i % SIZE.width(), i / SIZE.width()), SIZE);
                    if (at.x() >= 0 && at.y() >= 0 && at.x() <= SIZE.width() - 1 && at.y() <= SIZE.height() - 1) {
                        inside++;
                        assertThat((samples[3 * i] & 0xff) / 2.0).isCloseTo(at.x(), within(0.3));
                        assertThat((samples[3 * i + 1] & 0xff) / 3.0).isCloseTo(at.y(), within(0.2));
                    }
                }
                assertThat(inside).isGreaterThan(samples.length / 3 / 4);
                double right = warp.source(new Point(60, 32), SIZE).x()
                        - warp.source(new Point(40, 32), SIZE).x();
                assertThat(right < 0).isEqualTo(mirrored);
            }
        }
    }

    @Test
    void aSeedIsOneWarpAndNoStrengthIsNone() {
        Point at = new Point(20, 30);
        assertThat(PictureWarp.random(7, WarpSettings.STRONG).source(at, SIZE))
                .isEqualTo(PictureWarp.random(7, WarpSettings.STRONG).source(at, SIZE))
                .isNotEqualTo(PictureWarp.random(8, WarpSettings.STRONG).source(at, SIZE));
        Point same = PictureWarp.random(7, NONE).source(at, SIZE);
        assertThat(same.x()).isCloseTo(at.x(), within(1e-9));
        assertThat(same.y()).isCloseTo(at.y(), within(1e-9));
        assertThat(PictureWarp.random(7, NONE).apply(places()).samples()).isEqualTo(places().samples());
        assertThatThrownBy(() -> new WarpSettings(0, 0.5, 0, 0, 0, 0, 0, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("scale 1 to 4");
    }

    @Test
    void aSplineMovesItsPlacesByWhatItIsTold() {
        double[][] places = {{0, 0}, {1, 0}, {0, 1}, {1, 1}, {0.4, 0.7}};
        double[][] moves = {{0.1, 0}, {0, 0.2}, {-0.1, 0.1}, {0, 0}, {0.3, -0.2}};
        ThinPlateSpline spline = new ThinPlateSpline(places, moves);
        for (int i = 0; i < places.length; i++) {
            double[] at = spline.apply(places[i][0], places[i][1]);
            assertThat(at[0]).isCloseTo(places[i][0] + moves[i][0], within(1e-9));
            assertThat(at[1]).isCloseTo(places[i][1] + moves[i][1], within(1e-9));
        }
        // what moves all alike moves everything alike
        double[][] alike = {{0.1, 0.2}, {0.1, 0.2}, {0.1, 0.2}, {0.1, 0.2}, {0.1, 0.2}};
        assertThat(new ThinPlateSpline(places, alike).apply(3, -2))
                .containsExactly(new double[] {3.1, -1.8}, within(1e-9));
    }

    @Test
    void huesTurnAndGreysStayGrey() {
        RgbImage grey = new RgbImage(2, 1, new byte[] {100, 100, 100, 50, 50, 50});
        RgbImage red = new RgbImage(1, 1, new byte[] {(byte) 200, 20, 20});
        int turned = 0;
        for (int seed = 0; seed < 20; seed++) {
            ColourChange change = ColourChange.random(new Random(SeededOrder.mix(seed, 0)), 1);
            byte[] of = change.apply(grey).samples();
            assertThat(of[1]).isEqualTo(of[0]);
            assertThat(of[2]).isEqualTo(of[0]);
            byte[] coloured = change.apply(red).samples();
            turned += (coloured[0] & 0xff) < Math.max(coloured[1] & 0xff, coloured[2] & 0xff) ? 1 : 0;
        }
        assertThat(turned).isBetween(8, 19);
        assertThat(ColourChange.random(new Random(1), 0).apply(red).samples()).isEqualTo(red.samples());
    }
}
