package io.github.dhf4j.unlabelled;

import static io.github.dhf4j.unlabelled.ColourChange.in;

import io.github.dhf4j.image.RgbImage;
import io.github.dhf4j.image.Size;
import io.github.dhf4j.matching.Point;
import java.util.Random;

/**
 * A random warp of pictures, of which is known where each place came from: a homography, a thin plate spline, maybe
 * mirrored, and other colours. The same seed gives the same warp everywhere.
 */
public final class PictureWarp {
    private final double[][] homography;
    private final ThinPlateSpline bend;
    private final ColourChange colours;

    private PictureWarp(double[][] homography, ThinPlateSpline bend, ColourChange colours) {
        this.homography = homography;
        this.bend = bend;
        this.colours = colours;
    }

    /**
     * Draws a warp.
     *
     * @param seed which
     * @param settings how far it goes
     * @return the warp
     */
    public static PictureWarp random(long seed, WarpSettings settings) {
        Random random = new Random(seed);
        double angle = StrictMath.toRadians(settings.rotation() * in(random));
        double scale = StrictMath.pow(settings.scale(), in(random));
        double mirror = random.nextDouble() < settings.mirror() ? -1 : 1;
        double shear = settings.shear() * in(random);
        double cos = StrictMath.cos(angle) * scale;
        double sin = StrictMath.sin(angle) * scale;
        double[][] homography = {
            {mirror * cos, mirror * (shear * cos - sin), settings.shift() * in(random)},
            {sin, shear * sin + cos, settings.shift() * in(random)},
            {settings.perspective() * in(random), settings.perspective() * in(random), 1}
        };
        double[][] places = new double[9][];
        double[][] moves = new double[9][];
        for (int i = 0; i < 9; i++) {
            places[i] = new double[] {i % 3 * 0.4 - 0.4, i / 3 * 0.4 - 0.4};
            moves[i] = new double[] {settings.bend() * in(random), settings.bend() * in(random)};
        }
        return new PictureWarp(
                homography, new ThinPlateSpline(places, moves), ColourChange.random(random, settings.colour()));
    }

    /**
     * Where a place of the warped picture lies in the picture itself.
     *
     * @param warped in pixels of the warped picture, which is as large as the picture
     * @param size of both
     * @return in pixels of the picture; may lie outside of it
     */
    public Point source(Point warped, Size size) {
        // shares of the picture, from its centre; a pixel's centre has whole coordinates
        double u = (warped.x() + 0.5) / size.width() - 0.5;
        double v = (warped.y() + 0.5) / size.height() - 0.5;
        double depth = row(2, u, v);
        double[] at = bend.apply(row(0, u, v) / depth, row(1, u, v) / depth);
        return new Point((at[0] + 0.5) * size.width() - 0.5, (at[1] + 0.5) * size.height() - 0.5);
    }

    private double row(int i, double u, double v) {
        return homography[i][0] * u + homography[i][1] * v + homography[i][2];
    }

    /**
     * Warps a picture. What would lie outside of it is what its border has.
     *
     * @param picture any
     * @return a picture of the same size
     */
    public RgbImage apply(RgbImage picture) {
        int width = picture.width();
        int height = picture.height();
        byte[] to = new byte[3 * width * height];
        double[] colour = new double[3];
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                Point at = source(new Point(x, y), picture.size());
                picture.interpolate(at.x(), at.y(), colour);
                for (int c = 0; c < 3; c++) {
                    to[3 * (y * width + x) + c] = (byte) (int) Math.rint(colour[c]);
                }
            }
        }
        return colours.apply(new RgbImage(width, height, to));
    }
}
