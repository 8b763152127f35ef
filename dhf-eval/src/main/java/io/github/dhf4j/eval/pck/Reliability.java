package io.github.dhf4j.eval.pck;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;

/**
 * Probabilities against what came true, in ten equal bins.
 *
 * @param bins those that have any, in order
 */
public record Reliability(List<Bin> bins) {
    private static final int BINS = 10;

    /**
     * Copies the list.
     *
     * @param bins as above
     */
    public Reliability {
        bins = List.copyOf(bins);
    }

    /**
     * The cases of one bin.
     *
     * @param from its lower end; it is a tenth wide
     * @param count how many there are
     * @param share their part of the whole weight, above 0 to 1
     * @param said their mean probability
     * @param came the share of them that came true
     */
    public record Bin(double from, int count, double share, double said, double came) {}

    static Reliability of(
            List<ConfidenceCase> cases,
            ToDoubleFunction<ConfidenceCase> probability,
            Predicate<ConfidenceCase> truth,
            double weightOfTrue) {
        double[] weights = new double[BINS];
        double[] said = new double[BINS];
        double[] came = new double[BINS];
        int[] counts = new int[BINS];
        double all = 0;
        for (ConfidenceCase one : cases) {
            double p = probability.applyAsDouble(one);
            int bin = Math.min(BINS - 1, (int) (p * BINS));
            double weight = truth.test(one) ? weightOfTrue : 1;
            weights[bin] += weight;
            said[bin] += weight * p;
            came[bin] += truth.test(one) ? weight : 0;
            counts[bin]++;
            all += weight;
        }
        List<Bin> bins = new ArrayList<>();
        for (int i = 0; i < BINS; i++) {
            if (counts[i] > 0) {
                bins.add(new Bin(
                        (double) i / BINS, counts[i], weights[i] / all, said[i] / weights[i], came[i] / weights[i]));
            }
        }
        return new Reliability(bins);
    }

    /**
     * The expected calibration error.
     *
     * @return the mean distance of what was said from what came true, bins weighed by their share; 0 to 1
     */
    public double error() {
        return bins.stream()
                .mapToDouble(bin -> bin.share() * Math.abs(bin.said() - bin.came()))
                .sum();
    }
}
