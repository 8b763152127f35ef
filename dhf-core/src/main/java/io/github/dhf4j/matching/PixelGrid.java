package io.github.dhf4j.matching;

import io.github.dhf4j.image.Size;

/**
 * The one place where coordinates change scale: from an image's own pixels to the pixels of a grid laid over it.
 *
 * <p>Source: reference, training and matching: times grid over image size per axis with no half-pixel shift, rounded
 * half to even, clamped.
 */
public final class PixelGrid {
    private PixelGrid() {}

    /**
     * The grid's column or row of a coordinate.
     *
     * @param at the coordinate, in pixels of the image; may lie outside, and is then clamped
     * @param image the image's width or height
     * @param grid the grid's width or height
     * @return 0 to grid - 1
     */
    public static int scale(double at, int image, int grid) {
        return (int) Math.max(0, Math.min(grid - 1, Math.rint(at * grid / image)));
    }

    /**
     * The grid's pixel of a point, row by row.
     *
     * @param point in pixels of the image
     * @param image the image's size
     * @param grid the grid's size
     * @return width times y plus x
     */
    public static int index(Point point, Size image, Size grid) {
        return grid.width() * scale(point.y(), image.height(), grid.height())
                + scale(point.x(), image.width(), grid.width());
    }
}
