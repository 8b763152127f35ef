package io.github.dhf4j.unlabelled;

/**
 * Takes from the maps of a layer what tells only where a cell is, and makes channels equally strong and independent, so that cosines
 * count what is rare: the inner products of what comes out are those under the inverse covariance of the channels.
 *
 * <p>Source: Hariharan, Malik and Ramanan, Discriminative Decorrelation for Clustering and Classification, ECCV 2012.
 *
 * @param mean what is taken away, (cells, C)
 * @param factor L of the covariance L L', by Cholesky's decomposition; what is above its diagonal is not looked at
 */
record Whitening(float[] mean, double[][] factor) {
    /** What is added to each variance, as a share of their mean, so that noise is not blown up. */
    private static final double RIDGE = 0.05;

    /**
     * Decomposes.
     *
     * @param mean as above
     * @param covariance of channels about it, symmetric; changed
     */
    static Whitening of(float[] mean, double[][] covariance) {
        int n = covariance.length;
        double trace = 0;
        for (int i = 0; i < n; i++) {
            trace += covariance[i][i];
        }
        // a trace of 0 is that of maps that are all the same
        double ridge = trace > 0 ? RIDGE * trace / n : 1;
        double[][] factor = covariance;
        for (int i = 0; i < n; i++) {
            factor[i][i] += ridge;
            for (int j = 0; j <= i; j++) {
                double sum = factor[i][j];
                for (int k = 0; k < j; k++) {
                    sum -= factor[i][k] * factor[j][k];
                }
                factor[i][j] = i == j ? Math.sqrt(sum) : sum / factor[j][j];
            }
        }
        return new Whitening(mean, factor);
    }

    /** Changes a map, (cells, C), in place; its rows get length 1, but for those of zeros. */
    void apply(float[] map) {
        for (int i = 0; i < map.length; i++) {
            map[i] -= mean[i];
        }
        for (int begin = 0; begin < map.length; begin += factor.length) {
            applyToRow(map, begin);
        }
    }

    private void applyToRow(float[] values, int begin) {
        int n = factor.length;
        double squares = 0;
        for (int i = 0; i < n; i++) {
            double[] row = factor[i];
            double sum = values[begin + i];
            for (int k = 0; k < i; k++) {
                sum -= row[k] * values[begin + k];
            }
            values[begin + i] = (float) (sum / row[i]);
            squares += values[begin + i] * (double) values[begin + i];
        }
        double scale = squares > 0 ? 1 / Math.sqrt(squares) : 0;
        for (int i = 0; i < n; i++) {
            values[begin + i] *= (float) scale;
        }
    }
}
