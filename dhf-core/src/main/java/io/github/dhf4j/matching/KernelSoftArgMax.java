package io.github.dhf4j.matching;

import io.github.dhf4j.image.Size;

/**
 * The mean place of the whole map, weighted by the softmax of similarities that were multiplied by a Gaussian around the
 * highest: what lies far from it counts as similarity 0.
 *
 * <p>Source: MARCO, arXiv 2604.18267; Lee et al., SFNet, 2019.
 *
 * @param sigma the Gaussian's deviation, in cells of the target's map; above 0
 * @param temperature a pixel whose product is lower by this much weighs 1 / e; above 0
 */
public record KernelSoftArgMax(double sigma, double temperature) implements Localizer {
    /** As MARCO has it, on dot products: 7 cells, temperature 10. */
    public static final KernelSoftArgMax MARCO = new KernelSoftArgMax(7, 10);

    /** Beyond so many deviations a product is 0 to the last digit of a float. */
    private static final double REACH = 6;

    /**
     * Checks the numbers.
     *
     * @param sigma as above
     * @param temperature as above
     */
    public KernelSoftArgMax {
        if (!(sigma > 0) || sigma > 1024 || !(temperature > 0) || temperature > 1000) {
            throw new IllegalArgumentException(
                    "kernel must have a sigma above 0 (at most 1024) and a temperature above 0 (at most 1000), got "
                            + sigma + " and " + temperature);
        }
    }

    @Override
    public Point locate(float[] similarities, Size grid, Size cells, int best) {
        int width = grid.width();
        int height = grid.height();
        int y = best / width;
        int x = best - y * width;
        double[] across = kernel(width, x, sigma * width / cells.width());
        double[] down = kernel(height, y, sigma * height / cells.height());
        double peak = Math.max(0, similarities[best]);
        // every pixel first as if it were far away
        double far = Math.exp(-peak / temperature);
        WindowMean mean = new WindowMean();
        mean.add(far * width * height, (width - 1) / 2.0, (height - 1) / 2.0);
        for (int v = 0; v < height; v++) {
            for (int u = 0; u < width && down[v] > 0; u++) {
                if (across[u] > 0) {
                    double product = similarities[v * width + u] * across[u] * down[v];
                    mean.add(Math.exp((product - peak) / temperature) - far, u, v);
                }
            }
        }
        return mean.place();
    }

    private static double[] kernel(int length, int middle, double deviation) {
        double[] values = new double[length];
        for (int i = 0; i < length; i++) {
            double away = (i - middle) / deviation;
            values[i] = Math.abs(away) > REACH ? 0 : Math.exp(-away * away / 2);
        }
        return values;
    }

    @Override
    public String word() {
        return "kernel:" + sigma + "," + temperature;
    }
}
