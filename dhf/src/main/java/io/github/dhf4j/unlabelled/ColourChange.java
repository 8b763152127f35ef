package io.github.dhf4j.unlabelled;

import io.github.dhf4j.image.RgbImage;
import java.util.Random;

/**
 * One change of all colours of a picture: hues are turned, saturation, contrast and brightness scaled.
 *
 * @param matrix (3, 3), from red, green and blue less one half to the same
 * @param brightness added to each, 1 for white
 */
record ColourChange(double[][] matrix, double brightness) {
    /** A change of a strength of 0 (none) to 1 (any hue). */
    static ColourChange random(Random random, double strength) {
        double hue = strength * StrictMath.PI * in(random);
        double saturation = 1 + 0.5 * strength * in(random);
        double contrast = 1 + 0.3 * strength * in(random);
        double cos = StrictMath.cos(hue);
        double sin = StrictMath.sin(hue) / StrictMath.sqrt(3);
        double[][] matrix = new double[3][3];
        for (int row = 0; row < 3; row++) {
            for (int column = 0; column < 3; column++) {
                // the turn about the axis of greys, by Rodrigues' formula, then towards or away from grey
                double turn = row == column ? 0 : (column - row + 3) % 3 == 1 ? -sin : sin;
                double turned = (row == column ? cos : 0) + turn + (1 - cos) / 3;
                matrix[row][column] = contrast * (saturation * turned + (1 - saturation) / 3);
            }
        }
        return new ColourChange(matrix, 0.2 * strength * in(random));
    }

    /** From -1 to 1. */
    static double in(Random random) {
        return 2 * random.nextDouble() - 1;
    }

    RgbImage apply(RgbImage picture) {
        byte[] from = picture.samples();
        byte[] to = new byte[from.length];
        double[] colour = new double[3];
        for (int i = 0; i < from.length; i += 3) {
            for (int c = 0; c < 3; c++) {
                colour[c] = (from[i + c] & 0xff) / 255.0 - 0.5;
            }
            for (int c = 0; c < 3; c++) {
                double[] row = matrix[c];
                double value = 0.5 + brightness + row[0] * colour[0] + row[1] * colour[1] + row[2] * colour[2];
                to[i + c] = (byte) (int) Math.rint(255 * Math.max(0, Math.min(1, value)));
            }
        }
        return new RgbImage(picture.width(), picture.height(), to);
    }
}
