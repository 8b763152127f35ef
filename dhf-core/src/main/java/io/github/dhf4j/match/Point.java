package io.github.dhf4j.match;

import java.util.Locale;

/**
 * A place in an image, in pixels of the original image.
 *
 * @param x to the right, 0 at the left border
 * @param y down, 0 at the upper border
 */
public record Point(double x, double y) {
    /**
     * Checks that both are numbers.
     *
     * @param x as above
     * @param y as above
     */
    public Point {
        if (!Double.isFinite(x) || !Double.isFinite(y)) {
            throw new IllegalArgumentException("point must be two finite numbers, got " + x + ", " + y);
        }
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "(%.1f, %.1f)", x, y);
    }
}
