package io.github.dhf4j.feature;

/**
 * Which part of an image a map's cells tile evenly, in shares of its sides. Resizing a map leaves its extent as it is.
 *
 * @param left 0 at the image's left border
 * @param top 0 at the upper border
 * @param right 1 at the right border; above {@code left}
 * @param bottom 1 at the lower border; above {@code top}
 */
public record MapExtent(double left, double top, double right, double bottom) {
    /** The whole image, as maps are resized everywhere in the reference. */
    public static final MapExtent WHOLE = new MapExtent(0, 0, 1, 1);

    /**
     * Checks the order.
     *
     * @param left as above
     * @param top as above
     * @param right as above
     * @param bottom as above
     */
    public MapExtent {
        if (!(right > left) || !(bottom > top)) {
            throw new IllegalArgumentException("extent must be from left to right and from top to bottom, got " + left
                    + " to " + right + " and " + top + " to " + bottom);
        }
    }

    /**
     * Where a place of the image lies among the columns of a map.
     *
     * @param share of the image's width, 0 at its left border
     * @param columns of the map
     * @return in columns, 0 at the first one's centre; outside of the map below -0.5 or above {@code columns - 0.5}
     */
    public double column(double share, int columns) {
        return (share - left) / (right - left) * columns - 0.5;
    }

    /**
     * Where a place of the image lies among the rows of a map.
     *
     * @param share of the image's height, 0 at its upper border
     * @param rows of the map
     * @return in rows, 0 at the first one's centre
     */
    public double row(double share, int rows) {
        return (share - top) / (bottom - top) * rows - 0.5;
    }
}
