package io.github.dhf4j.matching;

import io.github.dhf4j.image.Size;

/**
 * The mean place of a window around the highest cosine, weighted by the softmax of the cosines: places between pixels, and
 * less of the map's grid.
 *
 * @param radius how far the window reaches to each side, in cells of the target's map; above 0
 * @param temperature a pixel whose cosine is lower by this much weighs 1 / e; above 0
 */
public record WindowSoftArgMax(double radius, double temperature) implements Localizer {
    /** One cell to each side, temperature 0.01. */
    public static final WindowSoftArgMax ONE_CELL = new WindowSoftArgMax(1, 0.01);

    /**
     * Checks the numbers.
     *
     * @param radius as above
     * @param temperature as above
     */
    public WindowSoftArgMax {
        if (!(radius > 0) || radius > 1024 || !(temperature > 0) || temperature > 1000) {
            throw new IllegalArgumentException(
                    "window must have a radius above 0 (at most 1024) and a temperature above 0 (at most 1000), got "
                            + radius + " and " + temperature);
        }
    }

    @Override
    public Point locate(float[] cosines, Size grid, Size cells, int best) {
        int reachX = reach(grid.width(), cells.width());
        int reachY = reach(grid.height(), cells.height());
        WindowMean mean = new WindowMean();
        mean.addWindow(cosines, grid, best, reachX, reachY, cosines[best], temperature);
        return mean.place();
    }

    private int reach(int pixels, int cells) {
        return (int) Math.max(1, Math.round(radius * pixels / cells));
    }

    @Override
    public String word() {
        return "window:" + radius + "," + temperature;
    }
}
