package io.github.dhf4j.matching;

import io.github.dhf4j.image.Size;

/**
 * How similar every pixel of the target is to one point of the source: what people look at first.
 *
 * @param source the point, in pixels of the source image
 * @param size the map's size: the match size of the target
 * @param targetSize the size of the target image in its own pixels
 * @param values cosines, row by row; the array itself, not to be changed
 */
public record SimilarityMap(Point source, Size size, Size targetSize, float[] values) {
    /**
     * The cosine at a cell of this map.
     *
     * @param x column
     * @param y row
     * @return -1 to 1
     */
    public float at(int x, int y) {
        return values[y * size.width() + x];
    }

    /**
     * The best pixel, first of equals.
     *
     * @return its flat index, row by row
     */
    public int argMax() {
        int best = 0;
        for (int i = 1; i < values.length; i++) {
            if (values[i] > values[best]) {
                best = i;
            }
        }
        return best;
    }

    /**
     * Where the best pixel is.
     *
     * @return in pixels of the target image
     */
    public Point best() {
        int index = argMax();
        int row = index / size.width();
        int column = index - row * size.width();
        return new Point(
                (double) column * targetSize.width() / size.width(),
                (double) row * targetSize.height() / size.height());
    }
}
