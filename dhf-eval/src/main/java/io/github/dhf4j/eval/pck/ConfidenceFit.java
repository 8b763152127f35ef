package io.github.dhf4j.eval.pck;

import io.github.dhf4j.feature.ConfidenceModel;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.ArrayRealVector;
import org.apache.commons.math3.linear.CholeskyDecomposition;
import org.apache.commons.math3.linear.RealVector;
import org.apache.commons.math3.stat.StatUtils;

/**
 * Logistic regression of what became of matches on their evidence: Newton's method over standardised terms, with a ridge. It
 * is as heavy as it is since the points of a pair resemble one another: of weights of 0.001 to 1000 it foretold best what became
 * of categories that were left out.
 */
final class ConfidenceFit {
    private static final int STEPS = 60;
    private static final double RIDGE = 10;
    private static final double LEAST_SPREAD = 1e-9;
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

    /** Coefficients of a logistic function, of which the first term is 1; each true case weighs {@code weight}. */
    private static List<Double> regress(
            List<ConfidenceCase> cases,
            Function<ConfidenceCase, double[]> terms,
            Predicate<ConfidenceCase> truth,
            double weight) {
        double[][] rows = cases.stream().map(terms).toArray(double[][]::new);
        int n = rows[0].length;
        double[] means = new double[n];
        double[] spreads = new double[n];
        for (int k = 1; k < n; k++) {
            int column = k;
            double[] values =
                    Arrays.stream(rows).mapToDouble(row -> row[column]).toArray();
            means[k] = StatUtils.mean(values);
            spreads[k] = Math.max(LEAST_SPREAD, Math.sqrt(StatUtils.populationVariance(values)));
            for (double[] row : rows) {
                row[k] = (row[k] - means[k]) / spreads[k];
            }
        }
        boolean[] is = new boolean[rows.length];
        for (int i = 0; i < is.length; i++) {
            is[i] = truth.test(cases.get(i));
        }
        double[] fitted = fit(rows, is, weight);
        for (int k = 1; k < n; k++) {
            fitted[k] /= spreads[k];
            fitted[0] -= fitted[k] * means[k];
        }
        return Arrays.stream(fitted).boxed().toList();
    }

    private static double[] fit(double[][] rows, boolean[] truth, double weight) {
        int n = rows[0].length;
        RealVector coefficients = new ArrayRealVector(n);
        double longest = Double.POSITIVE_INFINITY;
        for (int step = 0; step < STEPS && longest > CONVERGED; step++) {
            double[] gradient = new double[n];
            double[][] curvature = new double[n][n];
            curvature[0][0] = LEAST_SPREAD;
            for (int k = 1; k < n; k++) {
                gradient[k] = -RIDGE * coefficients.getEntry(k);
                curvature[k][k] = RIDGE;
            }
            for (int r = 0; r < rows.length; r++) {
                double[] x = rows[r];
                double p = 1 / (1 + Math.exp(-coefficients.dotProduct(new ArrayRealVector(x, false))));
                double w = truth[r] ? weight : 1;
                double scale = w * p * (1 - p);
                for (int i = 0; i < n; i++) {
                    gradient[i] += w * ((truth[r] ? 1 : 0) - p) * x[i];
                    for (int j = 0; j < n; j++) {
                        curvature[i][j] += scale * (x[i] * x[j]);
                    }
                }
            }
            RealVector move = new CholeskyDecomposition(new Array2DRowRealMatrix(curvature, false))
                    .getSolver()
                    .solve(new ArrayRealVector(gradient, false));
            longest = move.getLInfNorm();
            coefficients = coefficients.add(longest > LONGEST_STEP ? move.mapMultiply(LONGEST_STEP / longest) : move);
        }
        return coefficients.toArray();
    }
}
