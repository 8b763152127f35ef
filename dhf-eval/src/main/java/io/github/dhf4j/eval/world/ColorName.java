package io.github.dhf4j.eval.world;

import java.util.Locale;

/** The eleven basic colour words of English, as captions use them. */
enum ColorName {
    RED,
    ORANGE,
    YELLOW,
    GREEN,
    BLUE,
    PURPLE,
    PINK,
    BROWN,
    BLACK,
    GRAY,
    WHITE;

    /** The name of a colour whose parts are of 0 to 1, by its hue unless it is dark or pale. */
    static ColorName of(double red, double green, double blue) {
        double value = Math.max(red, Math.max(green, blue));
        double chroma = value - Math.min(red, Math.min(green, blue));
        if (value < 0.18) {
            return BLACK;
        }
        if (chroma < 0.25 * value) {
            return value > 0.8 ? WHITE : GRAY;
        }
        double hue;
        if (value == red) {
            hue = 60 * (green - blue) / chroma;
        } else if (value == green) {
            hue = 120 + 60 * (blue - red) / chroma;
        } else {
            hue = 240 + 60 * (red - green) / chroma;
        }
        return ofHue(hue < 0 ? hue + 360 : hue, value, chroma / value);
    }

    private static ColorName ofHue(double hue, double value, double saturation) {
        if (hue < 45) {
            if (value < 0.6) {
                return saturation > 0.75 && hue < 15 ? RED : BROWN;
            }
            return hue >= 15 ? ORANGE : saturation < 0.5 ? PINK : RED;
        }
        if (hue < 70) {
            return value < 0.45 ? BROWN : YELLOW;
        }
        if (hue < 165) {
            return GREEN;
        }
        if (hue < 255) {
            return BLUE;
        }
        if (hue < 300) {
            return PURPLE;
        }
        if (hue < 345) {
            return value > 0.6 ? PINK : PURPLE;
        }
        return value > 0.6 && saturation < 0.5 ? PINK : RED;
    }

    String withArticle() {
        return (this == ORANGE ? "an " : "a ") + this;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
