package io.github.dhf4j.unlabelled;

import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.LUDecomposition;
import org.apache.commons.math3.linear.RealMatrix;

/**
 * The smoothest bending of a plane that moves given places by given distances.
 *
 * <p>Source: Bookstein, Principal Warps: Thin-Plate Splines and the Decomposition of Deformations, 1989.
 */
final class ThinPlateSpline {
    private final double[][] places;
    private final double[][] coefficients;

    /**
     * Solves for the bending.
     *
     * @param places (x, y), three or more that do not lie on one line
     * @param moves how far each is moved, (dx, dy)
     */
    ThinPlateSpline(double[][] places, double[][] moves) {
        int n = places.length;
        double[][] left = new double[n + 3][n + 3];
        double[][] right = new double[n + 3][2];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                left[i][j] = kernel(places[i], places[j][0], places[j][1]);
            }
            double[] affine = {1, places[i][0], places[i][1]};
            for (int k = 0; k < 3; k++) {
                left[i][n + k] = affine[k];
                left[n + k][i] = affine[k];
            }
            right[i] = moves[i].clone();
        }
        RealMatrix solved = new LUDecomposition(new Array2DRowRealMatrix(left, false))
                .getSolver()
                .solve(new Array2DRowRealMatrix(right, false));
        this.places = places;
        this.coefficients = solved.getData();
    }

    /** Where a place is moved to. */
    double[] apply(double x, double y) {
        int n = places.length;
        double[] moved = {x, y};
        for (int axis = 0; axis < 2; axis++) {
            moved[axis] += coefficients[n][axis] + coefficients[n + 1][axis] * x + coefficients[n + 2][axis] * y;
        }
        for (int i = 0; i < n; i++) {
            double weight = kernel(places[i], x, y);
            moved[0] += weight * coefficients[i][0];
            moved[1] += weight * coefficients[i][1];
        }
        return moved;
    }

    /** r^2 log r^2 of the distance r. */
    private static double kernel(double[] place, double x, double y) {
        double dx = place[0] - x;
        double dy = place[1] - y;
        double square = dx * dx + dy * dy;
        return square == 0 ? 0 : square * StrictMath.log(square);
    }
}
