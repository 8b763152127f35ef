package io.github.dhf4j.eval.picture;

import java.awt.Color;

/** Colours for numbers. */
final class Palette {
    private static final float[][] STOPS = {{68, 1, 84}, {59, 82, 139}, {33, 145, 140}, {94, 201, 98}, {253, 231, 37}};

    private Palette() {}

    /** From dark blue over green to yellow, even in lightness: near to the map called viridis. */
    static int viridis(float t) {
        float at = Math.max(0, Math.min(1, t)) * (STOPS.length - 1);
        int i = Math.min((int) at, STOPS.length - 2);
        int rgb = 0;
        for (int c = 0; c < 3; c++) {
            rgb = rgb << 8 | Math.round(STOPS[i][c] + (STOPS[i + 1][c] - STOPS[i][c]) * (at - i));
        }
        return rgb;
    }

    /** Black or white, whichever can be read on a colour. */
    static Color readableOn(int rgb) {
        double luminance = 0.299 * (rgb >> 16 & 0xff) + 0.587 * (rgb >> 8 & 0xff) + 0.114 * (rgb & 0xff);
        return luminance > 140 ? Color.BLACK : Color.WHITE;
    }
}
