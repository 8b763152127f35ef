package io.github.dhf4j.eval.pck;

import io.github.dhf4j.feature.ConfidenceModel;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;

/**
 * How far probabilities of a {@link ConfidenceModel} come true, and how well they tell one from the other.
 *
 * @param dataset which pairs, in words
 * @param points how many that are in the second image
 * @param absent how many that are not
 * @param pck the share of the points that were found within a tenth of the image
 * @param confidence of points that are there
 * @param absenceAlone of all points, each by its own evidence, those that are not there weighed to be half
 * @param absenceTogether of all points, with their company, likewise
 * @param rightOfWrong AUROC: how often a right match has more confidence than a wrong one, 0.5 for chance
 * @param notThere how often a point that is not there has more absence than one that is
 * @param coverage PCK of the surest, from a twentieth of the points to all
 */
public record ConfidenceMeasure(
        String dataset,
        int points,
        int absent,
        double pck,
        Reliability confidence,
        Reliability absenceAlone,
        Reliability absenceTogether,
        double rightOfWrong,
        NotThere notThere,
        List<Coverage> coverage) {
    private static final int STEPS = 20;

    /**
     * Copies the list.
     *
     * @param dataset as above
     * @param points as above
     * @param absent as above
     * @param pck as above
     * @param confidence as above
     * @param absenceAlone as above
     * @param absenceTogether as above
     * @param rightOfWrong as above
     * @param notThere as above
     * @param coverage as above
     */
    public ConfidenceMeasure {
        coverage = List.copyOf(coverage);
    }

    /**
     * AUROC of absence; NaN where there are no such points.
     *
     * @param alone of each point by its own evidence
     * @param together with its company
     * @param aloneOther by its own evidence, against points of other categories only
     * @param togetherOther with its company, likewise
     * @param aloneHidden by its own evidence, against hidden points of the same thing only
     * @param togetherHidden with its company, likewise
     */
    public record NotThere(
            double alone,
            double together,
            double aloneOther,
            double togetherOther,
            double aloneHidden,
            double togetherHidden) {}

    /**
     * The surest matches.
     *
     * @param share of all points, above 0 to 1
     * @param least the confidence of the least sure of them
     * @param pck of them
     */
    public record Coverage(double share, double least, double pck) {}

    static ConfidenceMeasure of(String dataset, List<ConfidenceCase> cases, ConfidenceModel model) {
        List<ConfidenceCase> present =
                cases.stream().filter(ConfidenceCase::present).toList();
        if (present.isEmpty()) {
            throw new IllegalArgumentException(
                    "confidence must be measured on points, got none (" + dataset + "); give pairs");
        }
        ToDoubleFunction<ConfidenceCase> right = each -> model.right(each.evidence());
        ToDoubleFunction<ConfidenceCase> alone = each -> model.absent(each.evidence());
        ToDoubleFunction<ConfidenceCase> together = each -> model.absent(each.evidence(), each.company());
        int absent = cases.size() - present.size();
        double weight = absent == 0 ? 1 : (double) present.size() / absent;
        return new ConfidenceMeasure(
                dataset,
                present.size(),
                absent,
                (double) present.stream().filter(ConfidenceCase::right).count() / present.size(),
                Reliability.of(present, right, ConfidenceCase::right, 1),
                Reliability.of(cases, alone, each -> !each.present(), weight),
                Reliability.of(cases, together, each -> !each.present(), weight),
                auroc(present, ConfidenceCase::right, each -> !each.right(), right),
                notThere(cases, alone, together),
                coverage(present, right));
    }

    private static NotThere notThere(
            List<ConfidenceCase> cases,
            ToDoubleFunction<ConfidenceCase> alone,
            ToDoubleFunction<ConfidenceCase> together) {
        Predicate<ConfidenceCase> any = each -> !each.present();
        Predicate<ConfidenceCase> other = each -> each.truth() == ConfidenceCase.Truth.OTHER;
        Predicate<ConfidenceCase> hidden = each -> each.truth() == ConfidenceCase.Truth.HIDDEN;
        return new NotThere(
                auroc(cases, any, ConfidenceCase::present, alone),
                auroc(cases, any, ConfidenceCase::present, together),
                auroc(cases, other, ConfidenceCase::present, alone),
                auroc(cases, other, ConfidenceCase::present, together),
                auroc(cases, hidden, ConfidenceCase::present, alone),
                auroc(cases, hidden, ConfidenceCase::present, together));
    }

    /** The share of pairs of one of each kind in which the first has the higher score; equals count half. */
    static double auroc(
            List<ConfidenceCase> cases,
            Predicate<ConfidenceCase> high,
            Predicate<ConfidenceCase> low,
            ToDoubleFunction<ConfidenceCase> score) {
        double[] above = cases.stream().filter(high).mapToDouble(score).sorted().toArray();
        double[] below = cases.stream().filter(low).mapToDouble(score).sorted().toArray();
        double won = 0;
        int lower = 0;
        int notHigher = 0;
        for (double value : above) {
            while (lower < below.length && below[lower] < value) {
                lower++;
            }
            while (notHigher < below.length && below[notHigher] <= value) {
                notHigher++;
            }
            won += (lower + notHigher) / 2.0;
        }
        return above.length == 0 || below.length == 0 ? Double.NaN : won / above.length / below.length;
    }

    private static List<Coverage> coverage(List<ConfidenceCase> present, ToDoubleFunction<ConfidenceCase> right) {
        List<ConfidenceCase> surest = present.stream()
                .sorted(Comparator.comparingDouble(right).reversed())
                .toList();
        List<Coverage> coverage = new ArrayList<>();
        for (int step = 1; step <= STEPS; step++) {
            List<ConfidenceCase> some =
                    surest.subList(0, Math.max(1, (int) Math.round((double) step * surest.size() / STEPS)));
            coverage.add(new Coverage(
                    (double) step / STEPS,
                    right.applyAsDouble(some.get(some.size() - 1)),
                    (double) some.stream().filter(ConfidenceCase::right).count() / some.size()));
        }
        return coverage;
    }
}
