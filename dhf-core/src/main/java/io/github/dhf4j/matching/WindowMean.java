package io.github.dhf4j.matching;

import io.github.dhf4j.image.Size;

/** A mean place of a grid's pixels in the making: what pixels weigh, and that times where they are. */
final class WindowMean {
    private double sum;
    private double sumX;
    private double sumY;

    /** Adds the pixels of a window around {@code centre} that lie on the grid, each weighing the softmax of its cosine. */
    void addWindow(float[] cosines, Size grid, int centre, int reachX, int reachY, double peak, double temperature) {
        int y = centre / grid.width();
        int x = centre - y * grid.width();
        for (int v = Math.max(0, y - reachY); v <= Math.min(grid.height() - 1, y + reachY); v++) {
            for (int u = Math.max(0, x - reachX); u <= Math.min(grid.width() - 1, x + reachX); u++) {
                add(Math.exp((cosines[v * grid.width() + u] - peak) / temperature), u, v);
            }
        }
    }

    /** Adds pixels that all weigh the same, by their number and mean place. */
    void add(double weight, double x, double y) {
        sum += weight;
        sumX += weight * x;
        sumY += weight * y;
    }

    Point place() {
        return new Point(sumX / sum, sumY / sum);
    }
}
