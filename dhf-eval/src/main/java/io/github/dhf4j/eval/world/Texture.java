package io.github.dhf4j.eval.world;

import io.github.dhf4j.train.SeededOrder;
import java.util.Random;

/**
 * A surface: two colours and a pattern at a scale of its own, over noise of several octaves, so that there is structure
 * at every scale.
 */
final class Texture {
    private enum Pattern {
        PLAIN,
        STRIPES,
        CHECKS,
        DOTS,
        MARBLE
    }

    private final Pattern pattern;
    private final double[] first;
    private final double[] second;
    private final double frequency;
    private final double cos;
    private final double sin;
    private final double roughness;
    private final long seed;

    Texture(Random random) {
        this(random, pattern(random.nextDouble()));
    }

    private static Pattern pattern(double share) {
        return share < 0.45
                ? Pattern.PLAIN
                : share < 0.65
                        ? Pattern.MARBLE
                        : share < 0.8 ? Pattern.STRIPES : share < 0.9 ? Pattern.DOTS : Pattern.CHECKS;
    }

    /** For backgrounds: most are without a pattern of hard edges. */
    static Texture quiet(Random random) {
        return random.nextDouble() < 0.75 ? new Texture(random, Pattern.MARBLE) : new Texture(random);
    }

    /** Without a pattern. */
    static Texture plain(Random random) {
        return new Texture(random, Pattern.PLAIN);
    }

    private Texture(Random random, Pattern pattern) {
        this.pattern = pattern;
        double hue = random.nextDouble();
        double saturation = 0.15 + 0.8 * random.nextDouble();
        double value = 0.3 + 0.7 * random.nextDouble();
        first = color(hue, saturation, value);
        second = color(
                hue + 0.12 * (random.nextDouble() - 0.5),
                saturation * (0.5 + 0.5 * random.nextDouble()),
                value * (0.45 + 0.35 * random.nextDouble()));
        frequency = 3 + 9 * random.nextDouble();
        double angle = StrictMath.PI * random.nextDouble();
        cos = StrictMath.cos(angle);
        sin = StrictMath.sin(angle);
        roughness = 0.05 + 0.12 * random.nextDouble();
        seed = random.nextLong();
    }

    private static double[] color(double hue, double saturation, double value) {
        double h = (hue - Math.floor(hue)) * 6;
        double[] rgb = new double[3];
        for (int k = 0; k < 3; k++) {
            double n = (5 - 2 * k + h) % 6;
            rgb[k] = value - value * saturation * Math.max(0, Math.min(1, Math.min(n, 4 - n)));
        }
        return rgb;
    }

    /** Adds the colour at a place, times a weight, to a sum. */
    void add(double x, double y, double light, double[] sum) {
        double u = frequency * (x * cos + y * sin);
        double v = frequency * (y * cos - x * sin);
        double share = switch (pattern) {
            case PLAIN -> 0;
            case STRIPES -> u - Math.floor(u) < 0.45 ? 1 : 0;
            case CHECKS -> (((long) Math.floor(u) + (long) Math.floor(v)) & 1) == 0 ? 1 : 0;
            case DOTS -> dot(u - Math.floor(u) - 0.5, v - Math.floor(v) - 0.5);
            case MARBLE -> smooth(noise(x * frequency * 0.4, y * frequency * 0.4, 3));
        };
        double grain = 1 + roughness * (2 * noise(x * 3, y * 3, 4) - 1) * 2;
        for (int k = 0; k < 3; k++) {
            sum[k] += Math.max(0, Math.min(1, (first[k] + (second[k] - first[k]) * share) * grain * light));
        }
    }

    private static double dot(double u, double v) {
        return u * u + v * v < 0.09 ? 1 : 0;
    }

    private static double smooth(double t) {
        double s = Math.max(0, Math.min(1, (t - 0.35) / 0.3));
        return s * s * (3 - 2 * s);
    }

    /** Value noise of some octaves, each of twice the frequency and a bit more than half the height; 0 to 1. */
    private double noise(double x, double y, int octaves) {
        double sum = 0;
        double height = 1;
        double total = 0;
        double u = x;
        double v = y;
        for (int o = 0; o < octaves; o++) {
            sum += height * lattice(u, v, seed + o);
            total += height;
            height *= 0.6;
            u *= 2.03;
            v *= 2.03;
        }
        return sum / total;
    }

    private static double lattice(double x, double y, long seed) {
        long i = (long) Math.floor(x);
        long j = (long) Math.floor(y);
        double u = x - i;
        double v = y - j;
        u = u * u * (3 - 2 * u);
        v = v * v * (3 - 2 * v);
        double upper = corner(i, j, seed) * (1 - u) + corner(i + 1, j, seed) * u;
        double lower = corner(i, j + 1, seed) * (1 - u) + corner(i + 1, j + 1, seed) * u;
        return upper * (1 - v) + lower * v;
    }

    private static double corner(long i, long j, long seed) {
        return (SeededOrder.mix(seed ^ (i * 0x1F123BB5L), j) >>> 11) * 0x1.0p-53;
    }
}
