package io.github.dhf4j.backbones.train;

import java.util.Random;

/**
 * Where a view lies on its picture: an affine map from the view's pixels to the picture's. Points in shares of the side,
 * 0 to 1, x right, y down: picture = centre + (a, b; c, d) (view - 1/2).
 */
record ViewPlace(double a, double b, double c, double d, double x, double y) {
    private static final double MEAN_SCALE = 0.9;
    private static final double SCALE = 0.3;
    private static final double ROTATION = Math.toRadians(25);
    private static final double SHEAR = 0.2;
    private static final double FAR = 0.15;

    /**
     * Some place: scaled, turned, sheared and moved, and mirrored half of the time where that may be; {@code strength} of 0 to
     * 1 is how far it may be from the whole picture.
     */
    static ViewPlace draw(Random random, double strength, boolean mirrored) {
        double scale = MEAN_SCALE + SCALE * strength * symmetric(random);
        double stretch = StrictMath.exp(SHEAR * strength * symmetric(random));
        double shear = SHEAR * strength * symmetric(random);
        double turn = ROTATION * strength * symmetric(random);
        double mirror = random.nextBoolean() && mirrored ? -1 : 1;
        double cos = StrictMath.cos(turn);
        double sin = StrictMath.sin(turn);
        double wide = mirror * scale * stretch;
        double high = scale / stretch;
        return new ViewPlace(
                cos * wide,
                (cos * shear - sin) * high,
                sin * wide,
                (sin * shear + cos) * high,
                0.5 + FAR * symmetric(random),
                0.5 + FAR * symmetric(random));
    }

    /** -1 to 1. */
    static double symmetric(Random random) {
        return 2 * random.nextDouble() - 1;
    }

    double pictureX(double viewX, double viewY) {
        return x + a * (viewX - 0.5) + b * (viewY - 0.5);
    }

    double pictureY(double viewX, double viewY) {
        return y + c * (viewX - 0.5) + d * (viewY - 0.5);
    }

    double viewX(double pictureX, double pictureY) {
        return 0.5 + (d * (pictureX - x) - b * (pictureY - y)) / (a * d - b * c);
    }

    double viewY(double pictureX, double pictureY) {
        return 0.5 + (a * (pictureY - y) - c * (pictureX - x)) / (a * d - b * c);
    }

    /**
     * For each of n x n cells of this view, where it lies in another: shares over that view's cells, those of the bilinear
     * interpolation at the place, all 0 where the place is outside of view or picture.
     *
     * @param targets n^2 rows of n^2 shares, zeros
     * @param offset where they begin
     */
    void targets(ViewPlace other, int n, float[] targets, int offset) {
        for (int cell = 0; cell < n * n; cell++) {
            double viewX = (cell % n + 0.5) / n;
            double viewY = (cell / n + 0.5) / n;
            double px = pictureX(viewX, viewY);
            double py = pictureY(viewX, viewY);
            double ox = other.viewX(px, py);
            double oy = other.viewY(px, py);
            if (isInside(px, py) && isInside(ox, oy)) {
                spread(ox * n - 0.5, oy * n - 0.5, n, targets, offset + cell * n * n);
            }
        }
    }

    private static boolean isInside(double x, double y) {
        return x >= 0 && x < 1 && y >= 0 && y < 1;
    }

    private static void spread(double x, double y, int n, float[] targets, int row) {
        int left = (int) Math.floor(x);
        int top = (int) Math.floor(y);
        for (int corner = 0; corner < 4; corner++) {
            int cx = left + corner % 2;
            int cy = top + corner / 2;
            double share = (1 - Math.abs(x - cx)) * (1 - Math.abs(y - cy));
            targets[row + clamp(cy, n) * n + clamp(cx, n)] += (float) share;
        }
    }

    private static int clamp(int at, int n) {
        return Math.max(0, Math.min(n - 1, at));
    }
}
