package io.github.dhf4j.unlabelled;

import io.github.dhf4j.feature.MapExtent;
import io.github.dhf4j.image.Size;
import io.github.dhf4j.matching.Point;
import java.util.ArrayList;
import java.util.List;

/**
 * How a thing lies in a picture: from the plane of a template to that of the picture, or of its mirror image, turned, scaled and
 * shifted. Places are shares of the sides of what the maps cover, from the centre.
 *
 * @param mirrored whether it is the mirror image in which the thing lies so
 * @param turn degrees
 * @param scale 1 for that of the template
 * @param x shift to the right
 * @param y shift down
 */
record Pose(boolean mirrored, double turn, double scale, double x, double y) {
    static final Pose UPRIGHT = new Pose(false, 0, 1, 0, 0);

    private static final double[] TURNS = {-30, -15, 0, 15, 30};
    private static final double[] SCALES = {0.8, 0.9, 1, 1.12, 1.25};
    private static final double[] SHIFTS = {-0.12, -0.08, -0.04, 0, 0.04, 0.08, 0.12};

    /** All that are tried, one of them {@link #UPRIGHT}. */
    static List<Pose> all() {
        List<Pose> all = new ArrayList<>();
        for (boolean mirrored : new boolean[] {false, true}) {
            for (double turn : TURNS) {
                for (double scale : SCALES) {
                    for (double x : SHIFTS) {
                        for (double y : SHIFTS) {
                            all.add(new Pose(mirrored, turn, scale, x, y));
                        }
                    }
                }
            }
        }
        return all;
    }

    /** Where a place of the template is in the picture, or in its mirror image where that is what is posed. */
    double[] place(double u, double v) {
        double cos = scale * StrictMath.cos(StrictMath.toRadians(turn));
        double sin = scale * StrictMath.sin(StrictMath.toRadians(turn));
        return new double[] {cos * u - sin * v + x, sin * u + cos * v + y};
    }

    /** Where a place of the template is in the picture itself, in its pixels; may lie outside. */
    Point pixel(double u, double v, Size image, MapExtent extent) {
        double[] at = place(u, v);
        double across = extent.left() + (at[0] + 0.5) * (extent.right() - extent.left());
        double down = extent.top() + (at[1] + 0.5) * (extent.bottom() - extent.top());
        return new Point((mirrored ? 1 - across : across) * image.width() - 0.5, down * image.height() - 0.5);
    }
}
