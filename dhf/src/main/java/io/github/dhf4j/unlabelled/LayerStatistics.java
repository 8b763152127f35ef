package io.github.dhf4j.unlabelled;

/**
 * What the maps of a layer have in common over many pictures: the mean of each cell, which tells where in a picture it is, and the
 * covariance of channels about these means.
 */
final class LayerStatistics {
    private final int channels;
    private final double[] sums;
    private final double[][] products;
    private long maps;

    LayerStatistics(int cells, int channels) {
        this.channels = channels;
        this.sums = new double[cells * channels];
        this.products = new double[channels][channels];
    }

    /** Counts a map, (cells, C). */
    void add(float[] map) {
        maps++;
        for (int i = 0; i < map.length; i++) {
            sums[i] += map[i];
        }
        for (int begin = 0; begin < map.length; begin += channels) {
            for (int i = 0; i < channels; i++) {
                double value = map[begin + i];
                for (int j = 0; j <= i; j++) {
                    products[i][j] += value * map[begin + j];
                }
            }
        }
    }

    /** What takes all that from a map. */
    Whitening whitening() {
        int cells = sums.length / channels;
        double[][] covariance = new double[channels][channels];
        for (int i = 0; i < channels; i++) {
            for (int j = 0; j <= i; j++) {
                double ofMeans = 0;
                for (int begin = 0; begin < sums.length; begin += channels) {
                    ofMeans += sums[begin + i] * sums[begin + j] / maps;
                }
                covariance[i][j] = (products[i][j] - ofMeans) / (maps * cells);
            }
        }
        float[] mean = new float[sums.length];
        for (int i = 0; i < mean.length; i++) {
            mean[i] = (float) (sums[i] / maps);
        }
        return Whitening.of(mean, covariance);
    }
}
