package io.github.dhf4j.eval.picture;

import io.github.dhf4j.feature.DescriptorMap;
import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.EigenDecomposition;

/**
 * The three directions in which the descriptors of some images differ most, shown as red, green and blue. One basis for
 * several images: equal colours mean like descriptors across all of them.
 *
 * <p>Source: the paper's Figure 3.
 */
public final class PcaBasis {
    private static final int COLORS = 3;

    private final double[] mean;
    private final double[][] directions;
    private final double[] low;
    private final double[] high;

    private PcaBasis(double[] mean, double[][] directions, double[] low, double[] high) {
        this.mean = mean;
        this.directions = directions;
        this.low = low;
        this.high = high;
    }

    /**
     * Finds the basis.
     *
     * @param maps one or more, of equal channels, three at least
     * @return the basis; the colours of all these maps just fill the range but for the outermost hundredth
     */
    public static PcaBasis of(List<DescriptorMap> maps) {
        int channels = maps.get(0).channels();
        if (channels < COLORS || maps.stream().anyMatch(map -> map.channels() != channels)) {
            throw new IllegalArgumentException("maps must have the same channels, three at least, got " + maps);
        }
        long count = maps.stream().mapToLong(map -> cells(map)).sum();
        double[] mean = new double[channels];
        for (DescriptorMap map : maps) {
            for (int c = 0; c < channels; c++) {
                for (int p = 0; p < cells(map); p++) {
                    mean[c] += map.values()[c * cells(map) + p] / (double) count;
                }
            }
        }
        double[][] directions =
                count >= COLORS && count < channels ? byCells(maps, mean, count) : byChannels(maps, mean, count);
        double[] low = new double[COLORS];
        double[] high = new double[COLORS];
        for (int k = 0; k < COLORS; k++) {
            double[] direction = directions[k];
            double[] all = maps.stream()
                    .flatMapToDouble(map -> Arrays.stream(project(map, mean, direction)))
                    .sorted()
                    .toArray();
            low[k] = all[all.length / 100];
            high[k] = all[all.length - 1 - all.length / 100];
        }
        return new PcaBasis(mean, directions, low, high);
    }

    private static double[][] byChannels(List<DescriptorMap> maps, double[] mean, long count) {
        double[][] covariance = new double[mean.length][mean.length];
        for (DescriptorMap map : maps) {
            addCovariance(map, mean, covariance, count);
        }
        return leading(covariance);
    }

    /** With fewer cells than channels the same directions come from the cells' inner products, which are fewer. */
    private static double[][] byCells(List<DescriptorMap> maps, double[] mean, long count) {
        int cells = Math.toIntExact(count);
        double[][] rows = new double[cells][mean.length];
        int row = 0;
        for (DescriptorMap map : maps) {
            for (int p = 0; p < cells(map); p++, row++) {
                for (int c = 0; c < mean.length; c++) {
                    rows[row][c] = map.values()[c * cells(map) + p] - mean[c];
                }
            }
        }
        double[][] products = new double[cells][cells];
        for (int a = 0; a < cells; a++) {
            for (int b = a; b < cells; b++) {
                double sum = 0;
                for (int c = 0; c < mean.length; c++) {
                    sum += rows[a][c] * rows[b][c];
                }
                products[a][b] = sum;
                products[b][a] = sum;
            }
        }
        double[][] shares = leading(products);
        double[][] directions = new double[COLORS][mean.length];
        for (int k = 0; k < COLORS; k++) {
            double squared = 0;
            for (int c = 0; c < mean.length; c++) {
                for (int p = 0; p < cells; p++) {
                    directions[k][c] += shares[k][p] * rows[p][c];
                }
                squared += directions[k][c] * directions[k][c];
            }
            double scale = 1 / Math.max(Math.sqrt(squared), 1e-12);
            directions[k] =
                    oriented(Arrays.stream(directions[k]).map(v -> v * scale).toArray());
        }
        return directions;
    }

    /** The decomposition sorts by eigenvalue, largest first. */
    private static double[][] leading(double[][] symmetric) {
        EigenDecomposition eigen = new EigenDecomposition(new Array2DRowRealMatrix(symmetric, false));
        double[][] vectors = new double[COLORS][];
        for (int k = 0; k < COLORS; k++) {
            vectors[k] = oriented(eigen.getEigenvector(k).toArray());
        }
        return vectors;
    }

    /**
     * Shows a map in the basis.
     *
     * @param map of the basis' channels
     * @return a pixel a cell
     */
    public BufferedImage draw(DescriptorMap map) {
        if (map.channels() != mean.length) {
            throw new IllegalArgumentException("map must have the basis' " + mean.length + " channels, got " + map);
        }
        int width = map.size().width();
        BufferedImage image = new BufferedImage(width, map.size().height(), BufferedImage.TYPE_INT_RGB);
        for (int k = 0; k < COLORS; k++) {
            double[] values = project(map, mean, directions[k]);
            for (int p = 0; p < values.length; p++) {
                double share = (values[p] - low[k]) / Math.max(high[k] - low[k], 1e-12);
                int level = (int) Math.round(255 * Math.max(0, Math.min(1, share)));
                int before = image.getRGB(p % width, p / width) & 0xffffff;
                image.setRGB(p % width, p / width, before | level << (16 - 8 * k));
            }
        }
        return image;
    }

    /** Eigenvectors have no sign of their own: the largest component is made positive, so that pictures stay the same. */
    private static double[] oriented(double[] vector) {
        double largest = 0;
        for (double value : vector) {
            largest = Math.abs(value) > Math.abs(largest) ? value : largest;
        }
        double sign = Math.signum(largest);
        return Arrays.stream(vector).map(value -> value * sign).toArray();
    }

    private static void addCovariance(DescriptorMap map, double[] mean, double[][] covariance, long count) {
        int cells = cells(map);
        float[] values = map.values();
        for (int a = 0; a < mean.length; a++) {
            for (int b = a; b < mean.length; b++) {
                double sum = 0;
                for (int p = 0; p < cells; p++) {
                    sum += (values[a * cells + p] - mean[a]) * (values[b * cells + p] - mean[b]);
                }
                covariance[a][b] += sum / count;
                covariance[b][a] = covariance[a][b];
            }
        }
    }

    private static double[] project(DescriptorMap map, double[] mean, double[] direction) {
        int cells = cells(map);
        double[] result = new double[cells];
        for (int c = 0; c < mean.length; c++) {
            for (int p = 0; p < cells; p++) {
                result[p] += (map.values()[c * cells + p] - mean[c]) * direction[c];
            }
        }
        return result;
    }

    private static int cells(DescriptorMap map) {
        return map.size().width() * map.size().height();
    }
}
