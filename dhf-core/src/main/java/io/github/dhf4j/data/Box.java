package io.github.dhf4j.data;

/**
 * An object's box in pixels of its image.
 *
 * @param left smallest x
 * @param top smallest y
 * @param right largest x
 * @param bottom largest y
 */
public record Box(double left, double top, double right, double bottom) {
    /**
     * Checks the order.
     *
     * @param left as above
     * @param top as above
     * @param right as above
     * @param bottom as above
     */
    public Box {
        if (!(right > left && bottom > top) || !Double.isFinite(right - left + bottom - top)) {
            throw new IllegalArgumentException(
                    "box must be left, top, right, bottom with right > left and bottom > top," + " got " + left + ", "
                            + top + ", " + right + ", " + bottom);
        }
    }

    /**
     * The longer side.
     *
     * @return pixels
     */
    public double longerSide() {
        return Math.max(right - left, bottom - top);
    }
}
