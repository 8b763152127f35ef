package io.github.dhf4j.matching;

import io.github.dhf4j.image.Size;
import java.util.Arrays;

/**
 * Semi-global aggregation: what each cell's places cost, together with what all cells on the eight straight lines to it would
 * pay for going along. For each cell by itself that is exact over the star of its eight lines.
 *
 * <p>Source: Hirschmüller, Stereo Processing by Semiglobal Matching and Mutual Information, 2008; each cell's own cost counts once,
 * as Drory, Haubold, Avidan, Hamprecht, Semi-Global Matching: a Principled Derivation in Terms of Message Passing, 2014, have it.
 * Differs: places are of two dimensions, with {@link Continuity} between them.
 */
final class ScanLines {
    private static final int[][] STEPS = {{1, 0}, {1, 1}, {0, 1}, {-1, 1}};

    private final Size cells;
    private final Size places;
    private final Continuity continuity;
    private final float[][] costs;
    private final float[][] sums;

    private ScanLines(Size cells, Size places, float[][] costs, Continuity continuity) {
        this.cells = cells;
        this.places = places;
        this.continuity = continuity;
        this.costs = costs;
        this.sums = new float[costs.length][];
        for (int i = 0; i < costs.length; i++) {
            sums[i] = costs[i].clone();
        }
    }

    /**
     * Aggregates.
     *
     * @param cells how many cells across and down
     * @param places how many places each can go to
     * @param costs for each cell, row by row, what each place costs; not changed
     * @param continuity between neighbouring cells' places
     * @return the same with what all others pay
     */
    static float[][] aggregate(Size cells, Size places, float[][] costs, Continuity continuity) {
        ScanLines lines = new ScanLines(cells, places, costs, continuity);
        for (int[] step : STEPS) {
            lines.walk(step[0], step[1]);
            lines.walk(-step[0], -step[1]);
        }
        return lines.sums;
    }

    /** Adds the messages that come along one direction; a row of messages is kept at a time. */
    private void walk(int stepX, int stepY) {
        int w = cells.width();
        int h = cells.height();
        int count = places.width() * places.height();
        float[][] before = new float[w][count];
        float[][] now = new float[w][count];
        float[] path = new float[count];
        for (int row = 0; row < h; row++) {
            int y = stepY < 0 ? h - 1 - row : row;
            for (int column = 0; column < w; column++) {
                int x = stepX < 0 ? w - 1 - column : column;
                int fromX = x - stepX;
                int fromY = y - stepY;
                if (fromX < 0 || fromX >= w || fromY < 0 || fromY >= h) {
                    Arrays.fill(now[x], 0);
                    continue;
                }
                float[] incoming = stepY == 0 ? now[fromX] : before[fromX];
                float[] own = costs[fromY * w + fromX];
                for (int i = 0; i < count; i++) {
                    path[i] = own[i] + incoming[i];
                }
                continuity.message(path, places, now[x]);
                float[] sum = sums[y * w + x];
                for (int i = 0; i < count; i++) {
                    sum[i] += now[x][i];
                }
            }
            float[][] swap = before;
            before = now;
            now = swap;
        }
    }
}
