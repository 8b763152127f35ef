package io.github.dhf4j.feature;

import io.github.dhf4j.image.Size;

/**
 * Numbers of a map's cells at the pixels of its image: bilinear between the centres of cells, constant beyond the outermost. For
 * each pixel of a row and of a column it holds which cells it lies between, and where.
 */
public final class CellInterpolation {
    private final int width;
    private final Axis across;
    private final Axis down;

    /**
     * Prepares it.
     *
     * @param map of whose cells numbers are
     */
    public CellInterpolation(DescriptorMap map) {
        Size image = map.imageSize();
        Size cells = map.size();
        width = cells.width();
        across = new Axis(image.width(), cells.width());
        down = new Axis(image.height(), cells.height());
        for (int x = 0; x < image.width(); x++) {
            across.set(x, map.extent().column((x + 0.5) / image.width(), cells.width()));
        }
        for (int y = 0; y < image.height(); y++) {
            down.set(y, map.extent().row((y + 0.5) / image.height(), cells.height()));
        }
    }

    /**
     * The number at a pixel.
     *
     * @param cells one a cell, row by row
     * @param x the pixel's column
     * @param y its row
     * @return between those of the four cells around it
     */
    public float at(float[] cells, int x, int y) {
        int upper = down.low[y] * width;
        int lower = down.high[y] * width;
        float u = across.share[x];
        float v = down.share[y];
        float above = cells[upper + across.low[x]] * (1 - u) + cells[upper + across.high[x]] * u;
        float below = cells[lower + across.low[x]] * (1 - u) + cells[lower + across.high[x]] * u;
        return above * (1 - v) + below * v;
    }

    /** Pixels between the centres of cells, along one side of the image. */
    private static final class Axis {
        private final int cells;
        private final int[] low;
        private final int[] high;
        private final float[] share;

        Axis(int pixels, int cells) {
            this.cells = cells;
            low = new int[pixels];
            high = new int[pixels];
            share = new float[pixels];
        }

        void set(int pixel, double at) {
            double inside = Math.max(0, Math.min(cells - 1, at));
            low[pixel] = (int) inside;
            high[pixel] = Math.min(cells - 1, low[pixel] + 1);
            share[pixel] = (float) (inside - low[pixel]);
        }
    }
}
