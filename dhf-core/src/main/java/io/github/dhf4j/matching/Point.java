package io.github.dhf4j.matching;

import io.github.dhf4j.image.Size;
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

    /**
     * The same place of an image that is resized.
     *
     * @param from the size in whose pixels this is
     * @param to the size in whose pixels the result is
     * @return each coordinate times the ratio of its sides
     */
    public Point scaled(Size from, Size to) {
        return new Point(x * to.width() / from.width(), y * to.height() / from.height());
    }

    /**
     * The same place of an image that is flipped left to right. A pixel's centre has whole coordinates.
     *
     * @param image its size
     * @return as far from the last column as this is from the first; one right of the last column's centre goes to the border
     */
    public Point mirrored(Size image) {
        return new Point(Math.max(0, image.width() - 1 - x), y);
    }

    /**
     * How far another place of the image is.
     *
     * @param other the place
     * @return in pixels
     */
    public double distanceTo(Point other) {
        return Math.hypot(x - other.x, y - other.y);
    }

    /**
     * The nearest place that is not outside.
     *
     * @param size an image's
     * @return each coordinate from 0 to its side
     */
    public Point within(Size size) {
        return new Point(Math.max(0, Math.min(size.width(), x)), Math.max(0, Math.min(size.height(), y)));
    }

    /**
     * Says that this lies in an image, its borders included, or throws.
     *
     * @param image the size of the source image
     * @throws IllegalArgumentException if it lies outside
     */
    public void requireWithin(Size image) {
        if (x < 0 || y < 0 || x > image.width() || y > image.height()) {
            throw new IllegalArgumentException("point must lie in the source image, got " + this + " for an image of "
                    + image + " pixels; x goes right, y down, both from 0");
        }
    }

    /**
     * {@link #x}, for Kotlin's {@code val (x, y) = point}.
     *
     * @return to the right
     */
    public double component1() {
        return x;
    }

    /**
     * {@link #y}, for Kotlin's {@code val (x, y) = point}.
     *
     * @return down
     */
    public double component2() {
        return y;
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, Math.max(Math.abs(x), Math.abs(y)) < 1e9 ? "(%.1f, %.1f)" : "(%g, %g)", x, y);
    }
}
