package io.github.dhf4j.matching;

import io.github.dhf4j.image.Size;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ForkJoinPool;
import java.util.stream.IntStream;
import java.util.stream.Stream;

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
    private final List<Lane> lanes;

    private ScanLines(Size cells, Size places, float[][] costs, Continuity continuity) {
        this.cells = cells;
        this.places = places;
        this.continuity = continuity;
        this.costs = costs;
        this.sums = new float[costs.length][];
        for (int i = 0; i < costs.length; i++) {
            sums[i] = costs[i].clone();
        }
        this.lanes = Stream.generate(Lane::new)
                .limit(ForkJoinPool.getCommonPoolParallelism() + 1L)
                .toList();
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

    /** Adds the messages that come along one direction. */
    private void walk(int stepX, int stepY) {
        if (stepY == 0) {
            share(cells.height(), (lane, y) -> alongRow(lane, y, stepX));
        } else {
            downRows(stepX, stepY);
        }
    }

    private void alongRow(Lane lane, int y, int step) {
        int w = cells.width();
        int x = step < 0 ? w - 1 : 0;
        float[] incoming = new float[lane.path.length];
        float[] outgoing = new float[lane.path.length];
        for (int i = 1; i < w; i++, x += step) {
            lane.tell(y * w + x, incoming, y * w + x + step, outgoing);
            float[] swap = incoming;
            incoming = outgoing;
            outgoing = swap;
        }
    }

    /** A row of messages is kept at a time. */
    private void downRows(int stepX, int stepY) {
        int w = cells.width();
        int h = cells.height();
        float[][] incoming = new float[w][places.width() * places.height()];
        float[][] outgoing = new float[w][places.width() * places.height()];
        int y = stepY < 0 ? h - 1 : 0;
        for (int row = 1; row < h; row++, y += stepY) {
            int from = y;
            float[][] before = incoming;
            float[][] now = outgoing;
            share(w, (lane, x) -> {
                int fromX = x - stepX;
                if (fromX < 0 || fromX >= w) {
                    Arrays.fill(now[x], 0);
                } else {
                    lane.tell(from * w + fromX, before[fromX], (from + stepY) * w + x, now[x]);
                }
            });
            incoming = now;
            outgoing = before;
        }
    }

    /** What a worker does of a whole. */
    @FunctionalInterface
    private interface Share {
        void run(Lane lane, int number);
    }

    /** Does some things that do not ask for one another, on as many threads as there are lanes. */
    private void share(int count, Share task) {
        IntStream.range(0, lanes.size()).parallel().forEach(k -> {
            int end = (k + 1) * count / lanes.size();
            for (int i = k * count / lanes.size(); i < end; i++) {
                task.run(lanes.get(k), i);
            }
        });
    }

    /** One worker's arrays. */
    private final class Lane {
        private final MessagePass pass = new MessagePass(continuity, places);
        private final float[] path = new float[places.width() * places.height()];

        /** Tells a cell what another one costs, of which it was told itself. */
        void tell(int from, float[] incoming, int to, float[] outgoing) {
            float[] own = costs[from];
            for (int i = 0; i < path.length; i++) {
                path[i] = own[i] + incoming[i];
            }
            pass.pass(path, outgoing);
            float[] sum = sums[to];
            for (int i = 0; i < path.length; i++) {
                sum[i] += outgoing[i];
            }
        }
    }
}
