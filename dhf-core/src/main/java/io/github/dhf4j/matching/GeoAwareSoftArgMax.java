package io.github.dhf4j.matching;

import io.github.dhf4j.image.Size;

/**
 * The soft arg max over a window as GeoAware-SC has it: a quarter of the image wide, and what lies outside of the window
 * counts with a cosine of 0 instead of not at all. Where the highest cosine is many temperatures above 0 that is nothing;
 * where it is not, the place is drawn to the middle of the image.
 *
 * <p>Source: Zhang, Herrmann, Hur, Chen, Jampani, Sun, Yang, Telling Left from Right: Identifying Geometry-Aware Semantic
 * Correspondence, CVPR 2024, and its authors' evaluation: a window of 15 of 60 cells, temperature 0.02.
 * Differs: on the pixels that are matched on, which are map cells there, and with this library's coordinates of pixels.
 *
 * @param window its side as a share of the grid's, above 0, at most 1
 * @param temperature a pixel whose cosine is lower by this much weighs 1 / e; above 0, at most 1000
 */
public record GeoAwareSoftArgMax(double window, double temperature) implements Localizer {
    /** 15 of 60, temperature 0.02. */
    public static final GeoAwareSoftArgMax PAPER = new GeoAwareSoftArgMax(15.0 / 60, 0.02);

    /**
     * Checks the numbers.
     *
     * @param window as above
     * @param temperature as above
     */
    public GeoAwareSoftArgMax {
        if (!(window > 0) || window > 1 || !(temperature > 0) || temperature > 1000) {
            throw new IllegalArgumentException(
                    "window must be a share of the grid above 0 (at most 1) and its temperature above 0 (at most 1000), got "
                            + window + " and " + temperature);
        }
    }

    @Override
    public Point locate(float[] cosines, Size grid, Size cells, int best) {
        int reachX = reach(grid.width());
        int reachY = reach(grid.height());
        double peak = Math.max(cosines[best], 0);
        WindowMean mean = new WindowMean();
        mean.addWindow(cosines, grid, best, reachX, reachY, peak, temperature);
        double each = Math.exp(-peak / temperature);
        int y = best / grid.width();
        int x = best - y * grid.width();
        int left = Math.max(0, x - reachX);
        int right = Math.min(grid.width() - 1, x + reachX);
        int top = Math.max(0, y - reachY);
        int bottom = Math.min(grid.height() - 1, y + reachY);
        // outside: the whole grid, less the window
        mean.add(each * grid.width() * grid.height(), (grid.width() - 1) / 2.0, (grid.height() - 1) / 2.0);
        mean.add(-each * (right - left + 1) * (bottom - top + 1), (left + right) / 2.0, (top + bottom) / 2.0);
        return mean.place();
    }

    private int reach(int pixels) {
        return (int) Math.max(0, Math.round((window * pixels - 1) / 2));
    }

    @Override
    public String word() {
        return this.equals(PAPER) ? "geo-aware" : "geo-aware:" + window + "," + temperature;
    }
}
