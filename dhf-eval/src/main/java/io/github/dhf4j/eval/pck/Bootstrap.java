package io.github.dhf4j.eval.pck;

import io.github.dhf4j.data.KeypointPair;
import io.github.dhf4j.eval.data.PairDataset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;

/**
 * Uncertainty by drawing pairs anew: points of one pair stand and fall together, so pairs are what is drawn. Seeded; the
 * same data give the same interval.
 *
 * <p>Source: Efron and Tibshirani, An Introduction to the Bootstrap, 1993, percentile intervals.
 */
public final class Bootstrap {
    private static final int DRAWS = 2000;
    private static final long SEED = 71;

    private Bootstrap() {}

    /**
     * A 95% interval.
     *
     * @param low its lower end
     * @param high its upper end
     */
    public record Interval(double low, double high) {
        @Override
        public String toString() {
            return String.format(Locale.ROOT, "%.1f to %.1f", 100 * low, 100 * high);
        }
    }

    /**
     * How two methods compare on the same pairs.
     *
     * @param difference the first's PCK minus the second's
     * @param interval 95% interval of the difference
     * @param opposite share of draws in which the difference is 0 or of the other sign, doubled: a two-sided p value
     * @param pairs how many pairs both have
     */
    public record Comparison(double difference, Interval interval, double opposite, int pairs) {
        /**
         * Whether the difference is real, as far as these pairs tell.
         *
         * @return true if 0 lies outside the interval
         */
        public boolean isReal() {
            return interval.low > 0 || interval.high < 0;
        }
    }

    static Interval interval(List<Evaluation.Tally> tallies, Evaluation.Average average) {
        if (tallies.isEmpty()) {
            return new Interval(Double.NaN, Double.NaN);
        }
        Random random = new Random(SEED);
        double[] means = new double[DRAWS];
        List<Evaluation.Tally> drawn = new ArrayList<>(tallies);
        for (int d = 0; d < DRAWS; d++) {
            for (int i = 0; i < tallies.size(); i++) {
                drawn.set(i, tallies.get(random.nextInt(tallies.size())));
            }
            means[d] = Evaluation.mean(drawn, average);
        }
        return percentiles(means);
    }

    /**
     * Says that an evaluation is of a data set's pairs, or throws; to be asked before another method runs over them.
     *
     * @param evaluation of one method
     * @param dataset what another is to be run over
     * @throws IllegalArgumentException if they have no pair in common, or one with other points
     */
    public static void requireComparable(Evaluation evaluation, PairDataset dataset) {
        Map<String, List<PointScore>> others = evaluation.byPair();
        boolean common = false;
        for (KeypointPair pair : dataset.pairs()) {
            List<PointScore> other = others.get(pair.id());
            if (other != null) {
                common = true;
                if (!other.stream().map(PointScore::target).toList().equals(pair.targetPoints())) {
                    throw new IllegalArgumentException("results must be of the same pairs, got other points of "
                            + pair.id() + " in " + evaluation.dataset() + " than in " + dataset.name()
                            + "; compare evaluations of one data set");
                }
            }
        }
        if (!common) {
            throw new IllegalArgumentException("results must have pairs in common, got none of " + evaluation.dataset()
                    + " and " + dataset.name() + "; compare evaluations of one data set");
        }
    }

    /**
     * Compares two evaluations pair by pair.
     *
     * @param first one method
     * @param second another, on the same data set
     * @param threshold how near is near enough
     * @param average how points and pairs weigh
     * @return the comparison over the pairs that both have
     * @throws IllegalArgumentException if there are none
     */
    public static Comparison compare(
            Evaluation first, Evaluation second, Threshold threshold, Evaluation.Average average) {
        Map<String, Evaluation.Tally> others = new HashMap<>();
        second.tallies(threshold, point -> true).forEach(tally -> others.put(tally.pair(), tally));
        List<Evaluation.Tally> a = new ArrayList<>();
        List<Evaluation.Tally> b = new ArrayList<>();
        for (Evaluation.Tally tally : first.tallies(threshold, point -> true)) {
            Evaluation.Tally other = others.get(tally.pair());
            if (other != null) {
                if (other.points() != tally.points()) {
                    throw new IllegalArgumentException("results must be of the same pairs, got " + tally.points()
                            + " and " + other.points() + " points of " + tally.pair());
                }
                a.add(tally);
                b.add(other);
            }
        }
        if (a.isEmpty()) {
            throw new IllegalArgumentException(
                    "results must have pairs in common, got none of " + first.dataset() + " and " + second.dataset());
        }
        double difference = Evaluation.mean(a, average) - Evaluation.mean(b, average);
        Random random = new Random(SEED);
        double[] differences = new double[DRAWS];
        List<Evaluation.Tally> drawnA = new ArrayList<>(a);
        List<Evaluation.Tally> drawnB = new ArrayList<>(b);
        int opposite = 0;
        for (int d = 0; d < DRAWS; d++) {
            for (int i = 0; i < a.size(); i++) {
                int pick = random.nextInt(a.size());
                drawnA.set(i, a.get(pick));
                drawnB.set(i, b.get(pick));
            }
            differences[d] = Evaluation.mean(drawnA, average) - Evaluation.mean(drawnB, average);
            opposite += differences[d] * Math.signum(difference) <= 0 ? 1 : 0;
        }
        return new Comparison(difference, percentiles(differences), Math.min(1, 2.0 * opposite / DRAWS), a.size());
    }

    private static Interval percentiles(double[] values) {
        Arrays.sort(values);
        return new Interval(values[(int) (0.025 * values.length)], values[(int) (0.975 * values.length) - 1]);
    }
}
