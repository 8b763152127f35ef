package io.github.dhf4j.backbones;

/**
 * Position embeddings of a square grid, read for a grid of another size: cubic, in double precision, separable.
 *
 * <p>Source: DINO's {@code interpolate_pos_encoding} (which DINOv2 without registers shares): scale factors (g + 0.1) / M,
 * a = -0.75, indices clamped, no antialias. With registers: no offset, antialias, a = -0.5, taps normalised. Differs from
 * transformers where that leaves the authors' code: it has no offset of 0.1.
 */
final class PositionEmbeddings {
    private static final double OFFSET = 0.1;

    private PositionEmbeddings() {}

    /** {@code table} is (M * M, D) row by row; the result (height * width, D). */
    static float[] interpolate(float[] table, int side, int dim, int height, int width, boolean antialias) {
        double[][] down = antialias ? smooth(side, height) : plain(side, height);
        double[][] across = antialias ? smooth(side, width) : plain(side, width);
        double[] rows = new double[side * width * dim];
        for (int y = 0; y < side; y++) {
            for (int x = 0; x < width; x++) {
                for (int k = 0; k < side; k++) {
                    double weight = across[x][k];
                    if (weight != 0) {
                        for (int c = 0; c < dim; c++) {
                            rows[(y * width + x) * dim + c] += weight * table[(y * side + k) * dim + c];
                        }
                    }
                }
            }
        }
        float[] result = new float[height * width * dim];
        for (int y = 0; y < height; y++) {
            for (int i = 0; i < width * dim; i++) {
                double sum = 0;
                for (int k = 0; k < side; k++) {
                    sum += down[y][k] * rows[k * width * dim + i];
                }
                result[y * width * dim + i] = (float) sum;
            }
        }
        return result;
    }

    /** Weights of every input for each output: four taps, clamped to the grid. */
    private static double[][] plain(int in, int out) {
        double[][] weights = new double[out][in];
        for (int i = 0; i < out; i++) {
            double at = (i + 0.5) * in / (out + OFFSET) - 0.5;
            int first = (int) Math.floor(at) - 1;
            for (int k = first; k < first + 4; k++) {
                weights[i][Math.max(0, Math.min(in - 1, k))] += cubic(at - k, -0.75);
            }
        }
        return weights;
    }

    private static double[][] smooth(int in, int out) {
        double scale = (double) in / out;
        double filter = Math.max(scale, 1);
        double[][] weights = new double[out][in];
        for (int i = 0; i < out; i++) {
            double center = (i + 0.5) * scale;
            int from = Math.max((int) (center - 2 * filter + 0.5), 0);
            int to = Math.min((int) (center + 2 * filter + 0.5), in);
            double sum = 0;
            for (int k = from; k < to; k++) {
                weights[i][k] = cubic((k - center + 0.5) / filter, -0.5);
                sum += weights[i][k];
            }
            for (int k = from; k < to; k++) {
                weights[i][k] /= sum;
            }
        }
        return weights;
    }

    private static double cubic(double distance, double a) {
        double x = Math.abs(distance);
        if (x < 1) {
            return ((a + 2) * x - (a + 3)) * x * x + 1;
        }
        return x < 2 ? (((x - 5) * x + 8) * x - 4) * a : 0;
    }
}
