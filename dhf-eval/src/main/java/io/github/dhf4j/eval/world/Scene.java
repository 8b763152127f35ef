package io.github.dhf4j.eval.world;

import io.github.dhf4j.data.Box;
import io.github.dhf4j.eval.annotation.Mask;
import io.github.dhf4j.image.RgbImage;
import io.github.dhf4j.image.Size;
import io.github.dhf4j.matching.Point;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A picture of one figure: pose, viewpoint (flip, rotation, shear, size, place), light, background and clutter by seed.
 *
 * @param image the picture
 * @param points the key points that can be seen, in pixels, by name
 * @param box the figure's box, clipped to the picture
 * @param caption what is to be seen, such as "a red horse on green"
 * @param mask the pixels in which at least one sample of nine is the figure's
 * @param parts by the figure's surfaces, such as tyre, the pixels whose middle is theirs; those that can be seen, none of
 *     which share a pixel
 */
public record Scene(
        RgbImage image, Map<String, Point> points, Box box, String caption, Mask mask, Map<String, Mask> parts) {
    private static final int SAMPLES = 3;
    private static final int MIDDLE = SAMPLES * SAMPLES / 2;

    /**
     * Draws a figure among clutter.
     *
     * @param category what
     * @param size side in pixels
     * @param seed everything else
     * @return the picture and what is in it
     */
    public static Scene draw(Category category, int size, long seed) {
        return draw(category, size, seed, true);
    }

    /**
     * Draws.
     *
     * @param category what
     * @param size side in pixels
     * @param seed everything else
     * @param clutter whether there are other things behind and before it; if not, the background is plain too, and the
     *     caption says so
     * @return the picture and what is in it
     */
    public static Scene draw(Category category, int size, long seed, boolean clutter) {
        Random random = new Random(seed);
        Figure figure = new Figure(random);
        category.draw(figure);
        return new Drawing(category, figure, size, clutter, random).scene();
    }

    /** One drawing in the making. */
    private static final class Drawing {
        private final Category category;
        private final Figure figure;
        private final int size;
        private final boolean clutter;
        private final View view;
        private final Texture background;
        private final List<Figure.Part> behind = new ArrayList<>();
        private final List<Figure.Part> before = new ArrayList<>();
        private final double lightX;
        private final double lightY;

        Drawing(Category category, Figure figure, int size, boolean clutter, Random random) {
            this.category = category;
            this.figure = figure;
            this.size = size;
            this.clutter = clutter;
            this.view = View.random(random, category.flips());
            this.background = clutter ? Texture.quiet(random) : Texture.plain(random);
            if (clutter) {
                int count = 2 + random.nextInt(4);
                for (int i = 0; i < count; i++) {
                    behind.add(clutter(random, 0.1 + 0.3 * random.nextDouble()));
                }
                if (random.nextDouble() < 0.35) {
                    before.add(clutter(random, 0.06 + 0.09 * random.nextDouble()));
                }
            }
            double angle = 2 * StrictMath.PI * random.nextDouble();
            double strength = 0.1 + 0.25 * random.nextDouble();
            lightX = strength * StrictMath.cos(angle);
            lightY = strength * StrictMath.sin(angle);
        }

        /** Places of clutter are shares of the picture. */
        private static Figure.Part clutter(Random random, double radius) {
            double x = random.nextDouble();
            double y = random.nextDouble();
            double turn = 360 * random.nextDouble();
            Shape shape = switch (random.nextInt(3)) {
                case 0 -> Shape.ellipse(x, y, radius, radius * (0.4 + 0.6 * random.nextDouble()), turn);
                case 1 ->
                    Shape.limb(x, y, x + radius, y + radius * (random.nextDouble() - 0.5), radius * 0.3, radius * 0.2);
                default ->
                    Shape.polygon(
                            x - radius,
                            y - radius * random.nextDouble(),
                            x + radius * random.nextDouble(),
                            y - radius,
                            x + radius,
                            y + radius * random.nextDouble());
            };
            return new Figure.Part("clutter", shape, new Texture(random), 0.75 + 0.25 * random.nextDouble());
        }

        Scene scene() {
            byte[] rgb = new byte[3 * size * size];
            double[] sum = new double[3];
            Map<ColorName, Integer> ofFigure = new EnumMap<>(ColorName.class);
            Map<ColorName, Integer> ofRest = new EnumMap<>(ColorName.class);
            BitSet mask = new BitSet(size * size);
            Map<String, BitSet> parts = new TreeMap<>();
            int left = size;
            int top = size;
            int right = -1;
            int bottom = -1;
            for (int y = 0; y < size; y++) {
                for (int x = 0; x < size; x++) {
                    java.util.Arrays.fill(sum, 0);
                    boolean hit = false;
                    for (int k = 0; k < SAMPLES * SAMPLES; k++) {
                        double u = (x + (k % SAMPLES + 0.5) / SAMPLES) / size;
                        double v = (y + (k / SAMPLES + 0.5) / SAMPLES) / size;
                        Figure.Part part = sample(u, v, sum);
                        hit |= part != null;
                        if (part != null && k == MIDDLE) {
                            parts.computeIfAbsent(part.surface(), name -> new BitSet(size * size))
                                    .set(y * size + x);
                        }
                    }
                    for (int c = 0; c < 3; c++) {
                        sum[c] /= SAMPLES * SAMPLES;
                        rgb[3 * (y * size + x) + c] = (byte) (int) Math.rint(255 * sum[c]);
                    }
                    (hit ? ofFigure : ofRest).merge(ColorName.of(sum[0], sum[1], sum[2]), 1, Integer::sum);
                    if (hit) {
                        mask.set(y * size + x);
                        left = Math.min(left, x);
                        top = Math.min(top, y);
                        right = Math.max(right, x);
                        bottom = Math.max(bottom, y);
                    }
                }
            }
            return new Scene(
                    new RgbImage(size, size, rgb),
                    points(),
                    new Box(left, top, Math.max(right, left) + 1, Math.max(bottom, top) + 1),
                    mostFrequent(ofFigure).withArticle() + " " + category + (clutter ? " on " : " on plain ")
                            + mostFrequent(ofRest),
                    new Mask(Size.square(size), mask),
                    masks(parts));
        }

        private Map<String, Mask> masks(Map<String, BitSet> parts) {
            Map<String, Mask> masks = new TreeMap<>();
            parts.forEach((surface, pixels) -> masks.put(surface, new Mask(Size.square(size), pixels)));
            return masks;
        }

        private static ColorName mostFrequent(Map<ColorName, Integer> pixels) {
            ColorName best = ColorName.GRAY;
            for (Map.Entry<ColorName, Integer> entry : pixels.entrySet()) {
                best = entry.getValue() > pixels.getOrDefault(best, 0) ? entry.getKey() : best;
            }
            return best;
        }

        /** Adds the colour at a place of the picture; the figure's part that is there, null for none. */
        private Figure.@Nullable Part sample(double u, double v, double[] sum) {
            double light = 1 + lightX * (u - 0.5) + lightY * (v - 0.5);
            if (paint(before, u, v, light, sum)) {
                return null;
            }
            double[] at = view.toFigure(u, v);
            int front = figure.frontAt(at[0], at[1]);
            if (front >= 0) {
                Figure.Part part = figure.parts.get(front);
                part.texture().add(at[0], at[1], light * part.light() * (1 + 0.25 * lightY * at[1]), sum);
                return part;
            }
            if (!paint(behind, u, v, light, sum)) {
                background.add(2 * u, 2 * v, light * 0.9, sum);
            }
            return null;
        }

        private static boolean paint(List<Figure.Part> parts, double u, double v, double light, double[] sum) {
            for (int i = parts.size() - 1; i >= 0; i--) {
                Figure.Part part = parts.get(i);
                if (part.shape().contains(u, v)) {
                    part.texture().add(2 * u, 2 * v, light * part.light(), sum);
                    return true;
                }
            }
            return false;
        }

        private Map<String, Point> points() {
            Map<String, Point> points = new LinkedHashMap<>();
            for (Figure.Keypoint keypoint : figure.keypoints) {
                double[] at = view.toPicture(keypoint.x(), keypoint.y());
                boolean inside = at[0] > 0.01 && at[1] > 0.01 && at[0] < 0.99 && at[1] < 0.99;
                boolean covered = before.stream().anyMatch(part -> part.shape().contains(at[0], at[1]));
                if (inside && !covered && figure.shows(keypoint)) {
                    // a pixel's centre has whole coordinates
                    points.put(keypoint.name(), new Point(round(at[0]), round(at[1])));
                }
            }
            return points;
        }

        private double round(double share) {
            return Math.max(0, Math.rint(100 * (share * size - 0.5)) / 100);
        }
    }

    /** From the figure's plane to the picture's, from 0 to 1, and back. */
    private record View(double xx, double xy, double yx, double yy, double x, double y) {
        static View random(Random random, boolean mayFlip) {
            double scale = 0.36 + 0.12 * random.nextDouble();
            double angle = StrictMath.toRadians(50 * (random.nextDouble() - 0.5));
            double shear = 0.4 * (random.nextDouble() - 0.5);
            double narrow = 0.75 + 0.25 * random.nextDouble();
            double flip = mayFlip && random.nextBoolean() ? -1 : 1;
            double cos = StrictMath.cos(angle) * scale;
            double sin = StrictMath.sin(angle) * scale;
            return new View(
                    flip * narrow * cos,
                    shear * cos - sin,
                    flip * narrow * sin,
                    shear * sin + cos,
                    0.5 + 0.16 * (random.nextDouble() - 0.5),
                    0.5 + 0.16 * (random.nextDouble() - 0.5));
        }

        double[] toPicture(double u, double v) {
            return new double[] {xx * u + xy * v + x, yx * u + yy * v + y};
        }

        double[] toFigure(double u, double v) {
            double determinant = xx * yy - xy * yx;
            double a = u - x;
            double b = v - y;
            return new double[] {(yy * a - xy * b) / determinant, (xx * b - yx * a) / determinant};
        }
    }
}
