package io.github.dhf4j.matching;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A projective map from one image's plane to another's: a 3 x 3 matrix M, which takes (x, y) to (u / w, v / w) where
 * (u, v, w) = M (x, y, 1). Affine where its last row is 0, 0, 1. Immutable.
 */
public final class PlaneTransform {
    /** Which transforms are fitted. */
    public enum Kind {
        /** Six numbers, from three places: shift, turn, scale, shear, mirror. */
        AFFINE(3),
        /** Eight numbers, from four places: what a camera does to a plane. */
        HOMOGRAPHY(4);

        private final int places;

        Kind(int places) {
            this.places = places;
        }

        /**
         * How many places in both images fix one.
         *
         * @return 3 or 4
         */
        public int places() {
            return places;
        }

        /** In small letters, as options and outputs name it. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private static final double FLAT = 1e-9;

    private final double[] matrix;

    private PlaneTransform(double[] matrix) {
        this.matrix = matrix;
    }

    /**
     * Fits one to places by least squares, of the equations that are linear in the matrix, in coordinates about each image's
     * mean place and of its spread. Exact where there are no more places than fix it.
     *
     * <p>Source: Hartley and Zisserman, Multiple View Geometry, 2004, algorithm 4.2, with the last number fixed instead of the
     * matrix's length: the mean place of a fit never goes to infinity.
     *
     * @param kind which
     * @param from places in the first image
     * @param to where they are in the second, one for each
     * @return empty where the places do not fix one: too few, on one line, or going to one place
     */
    public static Optional<PlaneTransform> fit(Kind kind, List<Point> from, List<Point> to) {
        if (from.size() != to.size()) {
            throw new IllegalArgumentException(
                    "places must be as many in both images, got " + from.size() + " and " + to.size());
        }
        if (from.size() < kind.places) {
            return Optional.empty();
        }
        Normal a = Normal.of(from);
        Normal b = Normal.of(to);
        int unknowns = kind == Kind.AFFINE ? 6 : 8;
        double[][] sums = new double[unknowns][unknowns + 1];
        double[] row = new double[unknowns + 1];
        for (int i = 0; i < from.size(); i++) {
            double x = a.x(from.get(i));
            double y = a.y(from.get(i));
            for (int axis = 0; axis < 2; axis++) {
                double goal = axis == 0 ? b.x(to.get(i)) : b.y(to.get(i));
                Arrays.fill(row, 0);
                row[3 * axis] = x;
                row[3 * axis + 1] = y;
                row[3 * axis + 2] = 1;
                if (kind == Kind.HOMOGRAPHY) {
                    row[6] = -goal * x;
                    row[7] = -goal * y;
                }
                row[unknowns] = goal;
                addProducts(row, sums);
            }
        }
        double[] solved = solve(sums);
        if (solved.length == 0) {
            return Optional.empty();
        }
        double[] h = Arrays.copyOf(solved, 9);
        h[8] = 1;
        double[] matrix = times(b.backwards(), times(h, a.matrix()));
        return matrix[8] == 0 || !(Math.abs(determinant(h)) > FLAT)
                ? Optional.empty()
                : Optional.of(new PlaneTransform(scaled(matrix, 1 / matrix[8])));
    }

    /**
     * One that is known.
     *
     * @param matrix M row by row, nine finite numbers, its last not 0
     * @return the transform of M over its last number
     */
    public static PlaneTransform of(double[] matrix) {
        if (matrix.length != 9
                || matrix[8] == 0
                || !Arrays.stream(matrix).allMatch(Double::isFinite)
                || determinant(matrix) == 0) {
            throw new IllegalArgumentException(
                    "transform must be 9 finite numbers that can be inverted, the last not 0," + " got "
                            + Arrays.toString(matrix));
        }
        return new PlaneTransform(scaled(matrix, 1 / matrix[8]));
    }

    /**
     * Where a place goes.
     *
     * @param point in the first image
     * @return in the second; empty where it goes to infinity or past it
     */
    public Optional<Point> apply(Point point) {
        double w = matrix[6] * point.x() + matrix[7] * point.y() + matrix[8];
        if (!(w > FLAT)) {
            return Optional.empty();
        }
        return Optional.of(new Point(
                (matrix[0] * point.x() + matrix[1] * point.y() + matrix[2]) / w,
                (matrix[3] * point.x() + matrix[4] * point.y() + matrix[5]) / w));
    }

    /**
     * The way back.
     *
     * @return from the second image to the first; empty where places of the first become one
     */
    public Optional<PlaneTransform> inverse() {
        double[] m = matrix;
        double[] adjugate = {
            m[4] * m[8] - m[5] * m[7], m[2] * m[7] - m[1] * m[8], m[1] * m[5] - m[2] * m[4],
            m[5] * m[6] - m[3] * m[8], m[0] * m[8] - m[2] * m[6], m[2] * m[3] - m[0] * m[5],
            m[3] * m[7] - m[4] * m[6], m[1] * m[6] - m[0] * m[7], m[0] * m[4] - m[1] * m[3]
        };
        return adjugate[8] == 0 || determinant(m) == 0
                ? Optional.empty()
                : Optional.of(new PlaneTransform(scaled(adjugate, 1 / adjugate[8])));
    }

    /**
     * The numbers.
     *
     * @return M row by row, its last number 1; a copy
     */
    public double[] matrix() {
        return matrix.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PlaneTransform that && Arrays.equals(matrix, that.matrix);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(matrix);
    }

    @Override
    public String toString() {
        return "PlaneTransform" + Arrays.toString(matrix);
    }

    /** Adds a row's products with itself, of which the last is the right side. */
    private static void addProducts(double[] row, double[][] sums) {
        for (int i = 0; i < sums.length; i++) {
            for (int j = 0; j <= sums.length; j++) {
                sums[i][j] += row[i] * row[j];
            }
        }
    }

    /** Gaussian elimination with the largest pivot, in place; nothing where the equations do not fix the unknowns. */
    private static double[] solve(double[][] rows) {
        int n = rows.length;
        for (int k = 0; k < n; k++) {
            int pivot = k;
            for (int i = k + 1; i < n; i++) {
                pivot = Math.abs(rows[i][k]) > Math.abs(rows[pivot][k]) ? i : pivot;
            }
            double[] row = rows[pivot];
            rows[pivot] = rows[k];
            rows[k] = row;
            if (!(Math.abs(row[k]) > FLAT)) {
                return new double[0];
            }
            for (int i = 0; i < n; i++) {
                double factor = i == k ? 0 : rows[i][k] / row[k];
                for (int j = k; j <= n && factor != 0; j++) {
                    rows[i][j] -= factor * row[j];
                }
            }
        }
        double[] solved = new double[n];
        for (int k = 0; k < n; k++) {
            solved[k] = rows[k][n] / rows[k][k];
        }
        return solved;
    }

    private static double[] times(double[] a, double[] b) {
        double[] product = new double[9];
        for (int i = 0; i < 9; i++) {
            int row = i / 3 * 3;
            int column = i % 3;
            product[i] = a[row] * b[column] + a[row + 1] * b[column + 3] + a[row + 2] * b[column + 6];
        }
        return product;
    }

    private static double[] scaled(double[] matrix, double factor) {
        return Arrays.stream(matrix).map(value -> value * factor).toArray();
    }

    private static double determinant(double[] m) {
        return m[0] * (m[4] * m[8] - m[5] * m[7])
                - m[1] * (m[3] * m[8] - m[5] * m[6])
                + m[2] * (m[3] * m[7] - m[4] * m[6]);
    }

    /** Coordinates about a mean place, in units of the spread. */
    private record Normal(double meanX, double meanY, double unit) {
        static Normal of(List<Point> points) {
            double x = points.stream().mapToDouble(Point::x).average().orElse(0);
            double y = points.stream().mapToDouble(Point::y).average().orElse(0);
            Point mean = new Point(x, y);
            double spread =
                    points.stream().mapToDouble(mean::distanceTo).average().orElse(0);
            return new Normal(x, y, spread > 0 ? spread : 1);
        }

        double x(Point point) {
            return (point.x() - meanX) / unit;
        }

        double y(Point point) {
            return (point.y() - meanY) / unit;
        }

        double[] matrix() {
            return new double[] {1 / unit, 0, -meanX / unit, 0, 1 / unit, -meanY / unit, 0, 0, 1};
        }

        double[] backwards() {
            return new double[] {unit, 0, meanX, 0, unit, meanY, 0, 0, 1};
        }
    }
}
