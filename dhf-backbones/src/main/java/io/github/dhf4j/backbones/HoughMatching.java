package io.github.dhf4j.backbones;

import io.github.dhf4j.matching.Point;
import java.util.ArrayList;
import java.util.List;

/**
 * Regularised Hough matching and the transfer of key points of DHPF, over 60 x 60 positions 4 pixels apart. The vote of a
 * pair of positions depends on their offset alone, so all of a space's sums are over offsets, 119 x 119 of them.
 *
 * <p>Source: Min et al., ICCV 2019, section 3.3, and DHPF's authors' code; boxes of 11 pixels, 7 x 7 Gaussian.
 */
public final class HoughMatching {
    /** Side of a cell of the Hough space as torch 1.7 and later compute it. */
    public static final double CELL = 480 / Math.sqrt(8192);

    /** The same under torch 1.0.1, for which the authors wrote: an integer quotient was rounded down there. */
    static final double CELL_TORCH_1_0 = Math.sqrt(28);

    private static final int SIDE = Dhpf.CELLS;
    private static final int POSITIONS = SIDE * SIDE;
    private static final int JUMP = 4;
    private static final int REACH = 5;
    private static final int OFFSETS = 2 * SIDE - 1;
    private static final int WINDOW = 7;

    private final int bins;
    private final int[] binOfOffset = new int[OFFSETS];

    /**
     * Prepares a space.
     *
     * @param cell side of one of its cells, in pixels of the 240 x 240 positions' image
     */
    public HoughMatching(double cell) {
        bins = (int) (480 / cell) + 1;
        for (int d = 0; d < OFFSETS; d++) {
            binOfOffset[d] = (int) Math.floor((240 + JUMP * (d - SIDE + 1)) / cell);
        }
    }

    int bins() {
        return bins;
    }

    /** The bin of a pair of positions. */
    int bin(int p, int q) {
        return binOfOffset[q / SIDE - p / SIDE + SIDE - 1] * bins + binOfOffset[q % SIDE - p % SIDE + SIDE - 1];
    }

    /** Sums of a correlation (3600 x 3600, source in rows) over the pairs of each bin. */
    double[] votes(float[] correlation) {
        double[] byOffset = new double[OFFSETS * OFFSETS];
        for (int p = 0; p < POSITIONS; p++) {
            for (int y = 0; y < SIDE; y++) {
                int from = p * POSITIONS + y * SIDE;
                int to = (y - p / SIDE + SIDE - 1) * OFFSETS + SIDE - 1 - p % SIDE;
                for (int x = 0; x < SIDE; x++) {
                    byOffset[to + x] += correlation[from + x];
                }
            }
        }
        double[] votes = new double[bins * bins];
        for (int dy = 0; dy < OFFSETS; dy++) {
            for (int dx = 0; dx < OFFSETS; dx++) {
                votes[binOfOffset[dy] * bins + binOfOffset[dx]] += byOffset[dy * OFFSETS + dx];
            }
        }
        return votes;
    }

    /** The Gaussian, 7 x 7, of sum 1. */
    static double[] filter() {
        double deviation = WINDOW / 2.0 / 2.354;
        double[] filter = new double[WINDOW * WINDOW];
        double sum = 0;
        for (int i = 0; i < filter.length; i++) {
            int y = i / WINDOW - WINDOW / 2;
            int x = i % WINDOW - WINDOW / 2;
            filter[i] = Math.exp(-(x * x + y * y) / (2 * deviation * deviation));
            sum += filter[i];
        }
        for (int i = 0; i < filter.length; i++) {
            filter[i] /= sum;
        }
        return filter;
    }

    /** Votes under the Gaussian, zeros outside. */
    double[] smooth(double[] votes) {
        double[] filter = filter();
        double[] smoothed = new double[votes.length];
        for (int y = 0; y < bins; y++) {
            for (int x = 0; x < bins; x++) {
                double sum = 0;
                for (int k = 0; k < filter.length; k++) {
                    int v = y + k / WINDOW - WINDOW / 2;
                    int u = x + k % WINDOW - WINDOW / 2;
                    if (v >= 0 && v < bins && u >= 0 && u < bins) {
                        sum += filter[k] * votes[v * bins + u];
                    }
                }
                smoothed[y * bins + x] = sum;
            }
        }
        return smoothed;
    }

    /**
     * Multiplies a correlation by its smoothed Hough space, in place.
     *
     * @param correlation 3600 x 3600, positions of the source in rows
     */
    public void regularise(float[] correlation) {
        double[] space = smooth(votes(correlation));
        float[] byOffset = new float[OFFSETS * OFFSETS];
        for (int i = 0; i < byOffset.length; i++) {
            byOffset[i] = (float) space[binOfOffset[i / OFFSETS] * bins + binOfOffset[i % OFFSETS]];
        }
        for (int p = 0; p < POSITIONS; p++) {
            for (int y = 0; y < SIDE; y++) {
                int from = p * POSITIONS + y * SIDE;
                int to = (y - p / SIDE + SIDE - 1) * OFFSETS + SIDE - 1 - p % SIDE;
                for (int x = 0; x < SIDE; x++) {
                    correlation[from + x] *= byOffset[to + x];
                }
            }
        }
    }

    /** For each source position the target position that is best under the mutual filter, first of equals. */
    static int[] best(float[] scores) {
        float[] rows = new float[POSITIONS];
        float[] columns = new float[POSITIONS];
        for (int p = 0; p < POSITIONS; p++) {
            for (int q = 0; q < POSITIONS; q++) {
                float score = scores[p * POSITIONS + q];
                rows[p] = Math.max(rows[p], score);
                columns[q] = Math.max(columns[q], score);
            }
        }
        int[] best = new int[POSITIONS];
        for (int p = 0; p < POSITIONS; p++) {
            float most = -1;
            for (int q = 0; q < POSITIONS; q++) {
                float mutual = mutual(scores[p * POSITIONS + q], rows[p], columns[q]);
                if (mutual > most) {
                    most = mutual;
                    best[p] = q;
                }
            }
        }
        return best;
    }

    /** A score times its shares of its row's and its column's maximum. */
    static float mutual(float score, float row, float column) {
        return score * (score / (row == 0 ? 1e-30f : row) * (score / (column == 0 ? 1e-30f : column)));
    }

    /** Where points of the first image (240 x 240 pixels) lie in the second: the mean of what the positions around say. */
    static List<Point> transfer(int[] best, List<Point> points) {
        List<Point> found = new ArrayList<>();
        for (Point point : points) {
            double x = 0;
            double y = 0;
            int count = 0;
            for (int p = 0; p < POSITIONS; p++) {
                int px = JUMP * (p % SIDE);
                int py = JUMP * (p / SIDE);
                if (Math.abs(point.x() - px) <= REACH && Math.abs(point.y() - py) <= REACH) {
                    x += point.x() + JUMP * (best[p] % SIDE) - px;
                    y += point.y() + JUMP * (best[p] / SIDE) - py;
                    count++;
                }
            }
            found.add(new Point(x / count, y / count));
        }
        return found;
    }
}
