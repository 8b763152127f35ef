package io.github.dhf4j.matching;

import io.github.dhf4j.image.Size;

/**
 * What neighbours expect of one another: that they go to neighbouring places. A step of one cell to any side is free, so that
 * turned, mirrored and somewhat larger things cost nothing; each further cell costs {@code slope}, up to {@code cap}, which
 * is what a border between things costs.
 *
 * <p>Source: lower envelopes of distances, exact and in time linear in the cells: Felzenszwalb and Huttenlocher, Efficient
 * Belief Propagation for Early Vision, 2006.
 *
 * @param slope cost of a cell, counted across and down
 * @param cap the most that a step costs
 */
record Continuity(float slope, float cap) {
    /**
     * For each place of a cell, what the cheapest place of its neighbour costs with the step between the two; less what the
     * cheapest of all costs.
     *
     * @param costs of the neighbour's places, row by row
     * @param grid how many places across and down
     * @param message where the result goes; another array
     */
    void message(float[] costs, Size grid, float[] message) {
        int w = grid.width();
        int h = grid.height();
        float least = Float.POSITIVE_INFINITY;
        for (int y = 0, i = 0; y < h; y++) {
            for (int x = 0; x < w; x++, i++) {
                float value = costs[i];
                least = Math.min(least, value);
                value = x > 0 ? Math.min(value, costs[i - 1]) : value;
                message[i] = x < w - 1 ? Math.min(value, costs[i + 1]) : value;
            }
        }
        // columns: the free step, which looks at values that are not spread yet
        for (int x = 0; x < w; x++) {
            float above = Float.POSITIVE_INFINITY;
            for (int y = 0, i = x; y < h; y++, i += w) {
                float own = message[i];
                float below = y < h - 1 ? message[i + w] : Float.POSITIVE_INFINITY;
                message[i] = Math.min(own, Math.min(above, below));
                above = own;
            }
        }
        for (int y = 0, i = 0; y < h; y++) {
            for (int x = 0; x < w; x++, i++) {
                float value = message[i];
                value = x > 0 ? Math.min(value, message[i - 1] + slope) : value;
                message[i] = y > 0 ? Math.min(value, message[i - w] + slope) : value;
            }
        }
        for (int y = h - 1, i = w * h - 1; y >= 0; y--) {
            for (int x = w - 1; x >= 0; x--, i--) {
                float value = message[i];
                value = x < w - 1 ? Math.min(value, message[i + 1] + slope) : value;
                message[i] = y < h - 1 ? Math.min(value, message[i + w] + slope) : value;
            }
        }
        for (int i = 0; i < message.length; i++) {
            message[i] = Math.min(message[i] - least, cap);
        }
    }
}
