package io.github.dhf4j.eval.pck;

import io.github.dhf4j.feature.ConfidenceModel;
import io.github.dhf4j.feature.MatchEvidence;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.ArrayRealVector;
import org.apache.commons.math3.linear.CholeskyDecomposition;
import org.apache.commons.math3.linear.RealMatrix;
import org.apache.commons.math3.linear.RealVector;

/** Logistic regression of what became of matches on their evidence: Newton's method, with a light ridge. */
final class ConfidenceFit {
    private static final int OF_RIGHT = 4;
    private static final int OF_ABSENT = 5;
    private static final int STEPS = 60;
    private static final double RIDGE = 1e-3;

    /** One match and what became of it. */
    record Case(MatchEvidence evidence, boolean right, boolean absent) {}

    private ConfidenceFit() {}

    /** Of the right ones those count that are there at all. Absent ones weigh as much as the others together. */
    static ConfidenceModel of(List<Case> cases) {
        List<Case> present = cases.stream().filter(one -> !one.absent()).toList();
        boolean someAbsent = present.size() < cases.size();
        List<Double> right = regress(
                present.stream().map(one -> terms(one, OF_RIGHT)).toList(),
                present.stream().map(Case::right).toList(),
                1);
        if (!someAbsent) {
            return new ConfidenceModel(right, ConfidenceModel.DEFAULT.absent());
        }
        return new ConfidenceModel(
                right,
                regress(
                        cases.stream().map(one -> terms(one, OF_ABSENT)).toList(),
                        cases.stream().map(Case::absent).toList(),
                        (double) present.size() / (cases.size() - present.size())));
    }

    private static double[] terms(Case one, int count) {
        return Arrays.copyOf(ConfidenceModel.terms(one.evidence()), count);
    }

    /** Coefficients of a logistic function; each true case weighs {@code weight}. */
    private static List<Double> regress(List<double[]> terms, List<Boolean> truth, double weight) {
        int n = terms.get(0).length;
        RealVector coefficients = new ArrayRealVector(n);
        for (int step = 0; step < STEPS; step++) {
            RealVector gradient = coefficients.mapMultiply(-RIDGE);
            double[][] curvature = new double[n][n];
            for (int i = 0; i < n; i++) {
                curvature[i][i] = RIDGE;
            }
            for (int k = 0; k < terms.size(); k++) {
                double[] x = terms.get(k);
                double p = 1 / (1 + Math.exp(-coefficients.dotProduct(new ArrayRealVector(x, false))));
                double w = truth.get(k) ? weight : 1;
                gradient = gradient.add(new ArrayRealVector(x).mapMultiply(w * ((truth.get(k) ? 1 : 0) - p)));
                for (int i = 0; i < n; i++) {
                    for (int j = 0; j < n; j++) {
                        curvature[i][j] += w * p * (1 - p) * x[i] * x[j];
                    }
                }
            }
            RealMatrix hessian = new Array2DRowRealMatrix(curvature, false);
            RealVector move = new CholeskyDecomposition(hessian).getSolver().solve(gradient);
            double longest = move.getLInfNorm();
            coefficients = coefficients.add(longest > 5 ? move.mapMultiply(5 / longest) : move);
            if (longest < 1e-8) {
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
