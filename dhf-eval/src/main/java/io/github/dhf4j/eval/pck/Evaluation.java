package io.github.dhf4j.eval.pck;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * All points of a data set with where a method found them, and what follows from that.
 *
 * @param method what found them, for reports
 * @param dataset the data set, for reports
 * @param matchSize side of the pixel grid that was matched on
 * @param points one for each point of each pair, pair by pair
 */
public record Evaluation(String method, String dataset, int matchSize, List<PointScore> points) {
    /** How points and pairs weigh. */
    public enum Average {
        /** Every point weighs the same, as in the paper. */
        PER_POINT,
        /** Every pair weighs the same. */
        PER_IMAGE
    }

    /**
     * Copies the list.
     *
     * @param method as above
     * @param dataset as above
     * @param matchSize as above
     * @param points as above
     */
    public Evaluation {
        points = List.copyOf(points);
    }

    /** Hits and points of one pair. */
    record Tally(String pair, int hits, int points) {}

    /**
     * PCK of everything.
     *
     * @param threshold how near is near enough
     * @param average how points and pairs weigh
     * @return 0 to 1; NaN if no point counts, as with a threshold of boxes where there are none
     */
    public double pck(Threshold threshold, Average average) {
        return mean(tallies(threshold, point -> true), average);
    }

    /**
     * PCK of one category.
     *
     * @param threshold how near is near enough
     * @param average how points and pairs weigh
     * @param category its name
     * @return 0 to 1; NaN if no point counts
     */
    public double pck(Threshold threshold, Average average, String category) {
        return mean(tallies(threshold, point -> point.category().equals(category)), average);
    }

    /**
     * The mean of the categories' PCK, each of which weighs the same, as some papers report it.
     *
     * @param threshold how near is near enough
     * @param average how points and pairs weigh within a category
     * @return 0 to 1; NaN if no point counts
     */
    public double meanOfCategories(Threshold threshold, Average average) {
        return categories().stream()
                .mapToDouble(category -> pck(threshold, average, category))
                .filter(pck -> !Double.isNaN(pck))
                .average()
                .orElse(Double.NaN);
    }

    /**
     * The points that can be taken for a like part, left for right or near for far.
     *
     * @return what was found of those that have a twin in their pair; no points if none has
     */
    public Evaluation withTwins() {
        return new Evaluation(
                method,
                dataset,
                matchSize,
                points.stream().filter(PointScore::hasTwin).toList());
    }

    /**
     * How many points were taken for their twins.
     *
     * @return as many as {@link PointScore#isSwapped} says
     */
    public long swapped() {
        return points.stream().filter(PointScore::isSwapped).count();
    }

    /**
     * The uncertainty of {@link #pck(Threshold, Average)}: its 95% interval over pairs drawn anew with repetition.
     *
     * @param threshold how near is near enough
     * @param average how points and pairs weigh
     * @return the interval
     */
    public Bootstrap.Interval interval(Threshold threshold, Average average) {
        return Bootstrap.interval(tallies(threshold, point -> true), average);
    }

    /**
     * The categories.
     *
     * @return by name
     */
    public Collection<String> categories() {
        TreeSet<String> names = new TreeSet<>();
        points.forEach(point -> names.add(point.category()));
        return names;
    }

    /**
     * The points of each pair.
     *
     * @return by the pair's id, in order
     */
    public Map<String, List<PointScore>> byPair() {
        Map<String, List<PointScore>> pairs = new LinkedHashMap<>();
        points.forEach(point ->
                pairs.computeIfAbsent(point.pair(), key -> new ArrayList<>()).add(point));
        return pairs;
    }

    /** Points without a box do not count where the threshold is of boxes. */
    List<Tally> tallies(Threshold threshold, Predicate<PointScore> wanted) {
        Map<String, int[]> counts = new LinkedHashMap<>();
        for (PointScore point : points) {
            boolean counts0 = threshold.of() == Threshold.Of.IMG || !Double.isNaN(point.boxSide());
            if (counts0 && wanted.test(point)) {
                int[] count = counts.computeIfAbsent(point.pair(), key -> new int[2]);
                count[0] += point.hit(threshold) ? 1 : 0;
                count[1]++;
            }
        }
        List<Tally> tallies = new ArrayList<>();
        counts.forEach((pair, count) -> tallies.add(new Tally(pair, count[0], count[1])));
        return tallies;
    }

    static double mean(List<Tally> tallies, Average average) {
        double sum = 0;
        double weight = 0;
        for (Tally tally : tallies) {
            sum += average == Average.PER_POINT ? tally.hits : (double) tally.hits / tally.points;
            weight += average == Average.PER_POINT ? tally.points : 1;
        }
        return weight == 0 ? Double.NaN : sum / weight;
    }
}
