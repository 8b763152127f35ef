package io.github.dhf4j.image;

import java.util.List;

/**
 * A size in pixels or map cells.
 *
 * @param width columns, 1 or more
 * @param height rows, 1 or more
 */
public record Size(int width, int height) {
    /**
     * Checks that both are positive.
     *
     * @param width as above
     * @param height as above
     */
    public Size {
        if (width < 1 || height < 1) {
            throw new IllegalArgumentException("size must be 1 x 1 or more, got " + width + " x " + height);
        }
    }

    /**
     * A square.
     *
     * @param side its side
     * @return side x side
     */
    public static Size square(int side) {
        return new Size(side, side);
    }

    /**
     * The size with the most pixels.
     *
     * @param sizes one or more
     * @return one of them, the first of equals
     */
    public static Size largest(List<Size> sizes) {
        Size largest = sizes.get(0);
        for (Size size : sizes) {
            if ((long) size.width * size.height > (long) largest.width * largest.height) {
                largest = size;
            }
        }
        return largest;
    }

    /**
     * The longer of both sides, which shares of an image are measured by.
     *
     * @return width or height
     */
    public int longerSide() {
        return Math.max(width, height);
    }

    @Override
    public String toString() {
        return width + " x " + height;
    }
}
