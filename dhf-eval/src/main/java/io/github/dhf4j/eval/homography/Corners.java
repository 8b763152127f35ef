package io.github.dhf4j.eval.homography;

import io.github.dhf4j.image.RgbImage;
import io.github.dhf4j.matching.Point;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A plain detector of corners, for where no other detector's points are at hand: places at which the picture changes in every
 * direction, the strongest first, no two within a few pixels.
 *
 * <p>Source: Shi and Tomasi, Good Features to Track, CVPR 1994: the smaller eigenvalue of the products of slopes, summed over a
 * window of 5 x 5. Slopes are Sobel's.
 *
 * @param most how many points at most, 4 or more
 */
public record Corners(int most) implements KeyPoints {
    /** As many as DIFT takes of SuperPoint's. */
    public static final Corners USUAL = new Corners(1000);

    private static final int APART = 4;
    private static final int HALF_WINDOW = 2;
    private static final int BORDER = 4;

    /**
     * Checks the number.
     *
     * @param most as above
     */
    public Corners {
        if (most < 4) {
            throw new IllegalArgumentException("points must be 4 or more, got " + most);
        }
    }

    @Override
    public List<Point> of(String sequence, int number, RgbImage picture) {
        return of(picture);
    }

    /**
     * Finds corners.
     *
     * @param picture of any size
     * @return whole pixels at least four from the border, the strongest first; fewer where there are fewer
     */
    public List<Point> of(RgbImage picture) {
        int width = picture.width();
        int height = picture.height();
        if (width <= 2 * BORDER || height <= 2 * BORDER) {
            return List.of();
        }
        float[] strength = strengths(brightness(picture), width, height);
        List<Integer> order = IntStream.range(0, strength.length)
                .filter(i -> strength[i] > 0 && isHighest(i, strength, width))
                .boxed()
                .sorted(Comparator.comparingDouble((Integer i) -> -strength[i]).thenComparing(i -> i))
                .toList();
        boolean[] taken = new boolean[strength.length];
        List<Point> points = new ArrayList<>();
        for (int i : order) {
            if (!taken[i] && points.size() < most) {
                int x = i % width;
                int y = i / width;
                points.add(new Point(x, y));
                for (int v = Math.max(0, y - APART); v <= Math.min(height - 1, y + APART); v++) {
                    Arrays.fill(
                            taken,
                            v * width + Math.max(0, x - APART),
                            v * width + Math.min(width, x + APART + 1),
                            true);
                }
            }
        }
        return points;
    }

    /** No neighbour is higher; those at the border have strength 0. */
    private static boolean isHighest(int at, float[] strength, int width) {
        for (int v = -1; v <= 1; v++) {
            for (int u = -1; u <= 1; u++) {
                if (strength[at + v * width + u] > strength[at]) {
                    return false;
                }
            }
        }
        return true;
    }

    private static float[] brightness(RgbImage picture) {
        byte[] rgb = picture.samples();
        float[] grey = new float[rgb.length / 3];
        for (int i = 0; i < grey.length; i++) {
            grey[i] =
                    0.299f * (rgb[3 * i] & 0xff) + 0.587f * (rgb[3 * i + 1] & 0xff) + 0.114f * (rgb[3 * i + 2] & 0xff);
        }
        return grey;
    }

    private static float[] strengths(float[] grey, int width, int height) {
        float[] xx = new float[grey.length];
        float[] xy = new float[grey.length];
        float[] yy = new float[grey.length];
        for (int y = 1; y < height - 1; y++) {
            for (int x = 1; x < width - 1; x++) {
                int i = y * width + x;
                float right = grey[i - width + 1] + 2 * grey[i + 1] + grey[i + width + 1];
                float left = grey[i - width - 1] + 2 * grey[i - 1] + grey[i + width - 1];
                float below = grey[i + width - 1] + 2 * grey[i + width] + grey[i + width + 1];
                float above = grey[i - width - 1] + 2 * grey[i - width] + grey[i - width + 1];
                xx[i] = (right - left) * (right - left);
                xy[i] = (right - left) * (below - above);
                yy[i] = (below - above) * (below - above);
            }
        }
        float[] strength = new float[grey.length];
        for (int y = BORDER; y < height - BORDER; y++) {
            for (int x = BORDER; x < width - BORDER; x++) {
                double a = 0;
                double b = 0;
                double c = 0;
                for (int v = -HALF_WINDOW; v <= HALF_WINDOW; v++) {
                    for (int u = -HALF_WINDOW; u <= HALF_WINDOW; u++) {
                        int i = (y + v) * width + x + u;
                        a += xx[i];
                        b += xy[i];
                        c += yy[i];
                    }
                }
                strength[y * width + x] = (float) Math.max(0, (a + c) / 2 - Math.hypot((a - c) / 2, b));
            }
        }
        return strength;
    }
}
