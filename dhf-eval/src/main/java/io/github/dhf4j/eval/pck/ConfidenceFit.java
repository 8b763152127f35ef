package io.github.dhf4j.eval.pck;

import io.github.dhf4j.feature.ConfidenceModel;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.ArrayRealVector;
import org.apache.commons.math3.linear.CholeskyDecomposition;
import org.apache.commons.math3.linear.RealVector;

/** Logistic regression of what became of matches on their evidence: Newton's method, with a light ridge. */
final class ConfidenceFit {
    private static final int STEPS = 60;
    private static final double RIDGE = 1e-3;
    private static final double LONGEST_STEP = 5;
    private static final double CONVERGED = 1e-8;

    private ConfidenceFit() {}

    /** Right and wrong are told apart among what is there. Absent ones weigh as much as the others together. */
    static ConfidenceModel of(List<ConfidenceCase> cases, boolean absence) {
        List<ConfidenceCase> present =
                cases.stream().filter(ConfidenceCase::present).toList();
        List<Double> right = regress(present, ConfidenceFit::own, ConfidenceCase::right, 1);
        if (!absence) {
            return new ConfidenceModel(
                    right, ConfidenceModel.DEFAULT.absent(), ConfidenceModel.DEFAULT.absentTogether());
        }
        double weight = (double) present.size() / (cases.size() - present.size());
        return new ConfidenceModel(
                right,
                regress(cases, ConfidenceFit::own, each -> !each.present(), weight),
                regress(cases, ConfidenceFit::withCompany, each -> !each.present(), weight));
    }

    private static double[] own(ConfidenceCase one) {
        return ConfidenceModel.terms(one.evidence());
    }

    private static double[] withCompany(ConfidenceCase one) {
        return ConfidenceModel.termsTogether(one.evidence(), one.company());
    }

    /** Coefficients of a logistic function; each true case weighs {@code weight}. */
    private static List<Double> regress(
            List<ConfidenceCase> cases,
            Function<ConfidenceCase, double[]> terms,
            Predicate<ConfidenceCase> truth,
            double weight) {
        int n = terms.apply(cases.get(0)).length;
        RealVector coefficients = new ArrayRealVector(n);
        for (int step = 0; step < STEPS; step++) {
            RealVector gradient = coefficients.mapMultiply(-RIDGE);
            double[][] curvature = new double[n][n];
            for (int i = 0; i < n; i++) {
                curvature[i][i] = RIDGE;
            }
            for (ConfidenceCase one : cases) {
                double[] x = terms.apply(one);
                boolean is = truth.test(one);
                double p = 1 / (1 + Math.exp(-coefficients.dotProduct(new ArrayRealVector(x, false))));
                double w = is ? weight : 1;
                gradient = gradient.add(new ArrayRealVector(x, false).mapMultiply(w * ((is ? 1 : 0) - p)));
                for (int i = 0; i < n; i++) {
                    for (int j = 0; j < n; j++) {
                        curvature[i][j] += w * p * (1 - p) * x[i] * x[j];
                    }
                }
            }
            RealVector move = new CholeskyDecomposition(new Array2DRowRealMatrix(curvature, false))
                    .getSolver()
                    .solve(gradient);
            double longest = move.getLInfNorm();
            coefficients = coefficients.add(longest > LONGEST_STEP ? move.mapMultiply(LONGEST_STEP / longest) : move);
            if (longest < CONVERGED) {
                break;
            }
        }
        List<Double> result = new ArrayList<>();
        for (double value : coefficients.toArray()) {
            result.add(value);
        }
        return result;
    }
}
