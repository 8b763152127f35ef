package io.github.dhf4j.examples.render;

import java.util.Locale;

/** The eleven basic colour words of English, as captions use them. */
enum ColorName {
    RED(0.75, 0.15, 0.15),
    ORANGE(0.9, 0.5, 0.1),
    YELLOW(0.85, 0.8, 0.2),
    GREEN(0.2, 0.6, 0.2),
    BLUE(0.2, 0.3, 0.8),
    PURPLE(0.5, 0.2, 0.6),
    PINK(0.9, 0.5, 0.7),
    BROWN(0.45, 0.28, 0.15),
    BLACK(0.1, 0.1, 0.1),
    GRAY(0.5, 0.5, 0.5),
    WHITE(0.92, 0.92, 0.92);

    private final double red;
    private final double green;
    private final double blue;

    ColorName(double red, double green, double blue) {
        this.red = red;
        this.green = green;
        this.blue = blue;
    }

    /** The name nearest to the mean of summed colours, of which the fourth number is the count. */
    static String of(double[] sum) {
        double count = Math.max(1, sum[3]);
        ColorName best = GRAY;
        double least = Double.MAX_VALUE;
        for (ColorName name : values()) {
            double r = sum[0] / count - name.red;
            double g = sum[1] / count - name.green;
            double b = sum[2] / count - name.blue;
            double distance = r * r + g * g + b * b;
            if (distance < least) {
                least = distance;
                best = name;
            }
        }
        return best.name().toLowerCase(Locale.ROOT);
    }
}
