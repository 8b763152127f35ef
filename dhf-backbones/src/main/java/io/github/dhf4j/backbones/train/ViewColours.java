package io.github.dhf4j.backbones.train;

import io.github.dhf4j.image.RgbImage;
import java.nio.ByteBuffer;
import java.util.Random;

/**
 * How a view's colours differ from its picture's, and what of it is hidden: colours are mixed with grey, channels exchanged,
 * scaled and moved each by itself, and some rectangles are painted grey. What is the same in two such views is shape, and
 * of what is hidden in one of them, what the rest of it says.
 */
final class ViewColours {
    private static final int[][] ORDERS = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
    private static final double EXCHANGED = 0.5;
    private static final double GREY = 0.8;
    private static final double CONTRAST = 0.3;
    private static final double GAIN = 0.3;
    private static final double LIGHT = 40;
    private static final double TINT = 30;
    private static final int RECTANGLES = 4;
    private static final double LARGEST = 0.35;
    private static final double SMALLEST = 0.1;
    private static final byte HIDDEN = 116;

    private final int[] order;
    private final double grey;
    private final double[] gains = new double[3];
    private final double[] offsets = new double[3];
    private final double[][] hidden;

    /** Some colours; {@code strength} of 0 to 1 is how far they may be from the picture's. */
    ViewColours(Random random, double strength) {
        order = ORDERS[random.nextDouble() < EXCHANGED * strength ? random.nextInt(ORDERS.length) : 0];
        grey = GREY * strength * random.nextDouble();
        double contrast = 1 - CONTRAST * strength * random.nextDouble();
        double light = LIGHT * strength * ViewPlace.symmetric(random);
        for (int channel = 0; channel < 3; channel++) {
            gains[channel] = contrast + GAIN * strength * ViewPlace.symmetric(random);
            offsets[channel] = light + TINT * strength * ViewPlace.symmetric(random);
        }
        hidden = new double[(int) (random.nextDouble() * (1 + RECTANGLES * strength))][];
        for (int i = 0; i < hidden.length; i++) {
            double wide = SMALLEST + (LARGEST - SMALLEST) * random.nextDouble();
            double high = SMALLEST + (LARGEST - SMALLEST) * random.nextDouble();
            double left = random.nextDouble() * (1 - wide);
            double top = random.nextDouble() * (1 - high);
            hidden[i] = new double[] {left, top, left + wide, top + high};
        }
    }

    /** Puts a square picture as it is seen from a place into a batch of views. */
    void draw(RgbImage picture, ViewPlace place, int viewSide, ByteBuffer batch) {
        double[] rgb = new double[3];
        for (int row = 0; row < viewSide; row++) {
            for (int column = 0; column < viewSide; column++) {
                double viewX = (column + 0.5) / viewSide;
                double viewY = (row + 0.5) / viewSide;
                if (isHidden(viewX, viewY)) {
                    batch.put(HIDDEN).put(HIDDEN).put(HIDDEN);
                } else {
                    double x = place.pictureX(viewX, viewY) * picture.width() - 0.5;
                    double y = place.pictureY(viewX, viewY) * picture.height() - 0.5;
                    picture.interpolate(x, y, rgb);
                    put(rgb, batch);
                }
            }
        }
    }

    private void put(double[] rgb, ByteBuffer batch) {
        double mean = (rgb[0] + rgb[1] + rgb[2]) / 3;
        for (int channel = 0; channel < 3; channel++) {
            double value = mean + (1 - grey) * (rgb[order[channel]] - mean);
            double shown = 128 + gains[channel] * (value - 128) + offsets[channel];
            batch.put((byte) Math.max(0, Math.min(255, Math.round(shown))));
        }
    }

    private boolean isHidden(double x, double y) {
        for (double[] box : hidden) {
            if (x >= box[0] && y >= box[1] && x < box[2] && y < box[3]) {
                return true;
            }
        }
        return false;
    }
}
