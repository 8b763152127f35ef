package io.github.dhf4j.image;

import java.util.function.DoubleUnaryOperator;

/**
 * Pillow's bilinear and Lanczos resize, byte for byte: a filter whose support grows with the downscale factor, a pass
 * over the rows and a pass over the columns, fixed-point coefficients of 22 bits, rounded to 8 bits after each pass.
 *
 * <p>Source: reference, extraction step 1. Differs from OpenCV, Java2D and torch's interpolate, which would each move
 * every later number.
 */
public final class PillowResize {
    private static final int PRECISION_BITS = 32 - 8 - 2;

    /** A filter's shape. */
    public enum Kernel {
        /** A triangle. */
        BILINEAR(1, x -> Math.max(0.0, 1.0 - Math.abs(x))),
        /** A sinc under a wider sinc; negative in places. */
        LANCZOS(3, x -> x >= -3 && x < 3 ? sinc(x) * sinc(x / 3) : 0);

        private final double support;

        @SuppressWarnings("ImmutableEnumChecker") // a formula
        private final DoubleUnaryOperator weight;

        Kernel(double support, DoubleUnaryOperator weight) {
            this.support = support;
            this.weight = weight;
        }

        private static double sinc(double x) {
            return x == 0 ? 1 : Math.sin(x * Math.PI) / (x * Math.PI);
        }
    }

    private PillowResize() {}

    /**
     * Resizes with the triangle filter; the aspect ratio is not kept.
     *
     * @param image the picture
     * @param size the size to be
     * @return a new picture, or the same one if it has that size
     */
    public static RgbImage resize(RgbImage image, Size size) {
        return resize(image, size, Kernel.BILINEAR);
    }

    /**
     * Resizes; the aspect ratio is not kept.
     *
     * @param image the picture
     * @param size the size to be
     * @param kernel the filter
     * @return a new picture, or the same one if it has that size
     */
    public static RgbImage resize(RgbImage image, Size size, Kernel kernel) {
        if (image.size().equals(size)) {
            return image;
        }
        byte[] pixels = image.samples();
        if (image.width() != size.width()) {
            pixels = alongRows(pixels, image.width(), image.height(), Filter.of(image.width(), size.width(), kernel));
        }
        if (image.height() != size.height()) {
            pixels = alongColumns(pixels, size.width(), Filter.of(image.height(), size.height(), kernel));
        }
        return new RgbImage(size.width(), size.height(), pixels);
    }

    /** For each output position: the first input position, how many, and their fixed-point weights. */
    private record Filter(int[] first, int[] count, int[][] weights) {
        static Filter of(int in, int out, Kernel kernel) {
            double scale = (double) in / out;
            double filterScale = Math.max(scale, 1.0);
            double support = kernel.support * filterScale;
            int[] first = new int[out];
            int[] count = new int[out];
            int[][] weights = new int[out][];
            for (int x = 0; x < out; x++) {
                double center = (x + 0.5) * scale;
                int from = Math.max((int) (center - support + 0.5), 0);
                int to = Math.min((int) (center + support + 0.5), in);
                double[] raw = new double[to - from];
                double sum = 0;
                for (int i = 0; i < raw.length; i++) {
                    raw[i] = kernel.weight.applyAsDouble((i + from - center + 0.5) * (1.0 / filterScale));
                    sum += raw[i];
                }
                int[] fixed = new int[raw.length];
                for (int i = 0; i < raw.length; i++) {
                    double weight = (sum == 0 ? raw[i] : raw[i] / sum) * (1 << PRECISION_BITS);
                    fixed[i] = (int) (weight < 0 ? weight - 0.5 : weight + 0.5);
                }
                first[x] = from;
                count[x] = raw.length;
                weights[x] = fixed;
            }
            return new Filter(first, count, weights);
        }
    }

    private static byte[] alongRows(byte[] in, int width, int height, Filter filter) {
        int out = filter.first.length;
        byte[] result = new byte[Math.multiplyExact(3, Math.multiplyExact(out, height))];
        for (int y = 0, o = 0; y < height; y++) {
            int row = 3 * width * y;
            for (int x = 0; x < out; x++) {
                int[] weights = filter.weights[x];
                int red = 1 << (PRECISION_BITS - 1);
                int green = red;
                int blue = red;
                for (int i = 0, at = row + 3 * filter.first[x]; i < filter.count[x]; i++, at += 3) {
                    red += (in[at] & 0xff) * weights[i];
                    green += (in[at + 1] & 0xff) * weights[i];
                    blue += (in[at + 2] & 0xff) * weights[i];
                }
                result[o++] = clip(red);
                result[o++] = clip(green);
                result[o++] = clip(blue);
            }
        }
        return result;
    }

    private static byte[] alongColumns(byte[] in, int width, Filter filter) {
        int out = filter.first.length;
        int row = 3 * width;
        byte[] result = new byte[Math.multiplyExact(row, out)];
        for (int y = 0, o = 0; y < out; y++) {
            int[] weights = filter.weights[y];
            for (int x = 0; x < row; x++) {
                int sum = 1 << (PRECISION_BITS - 1);
                for (int i = 0, at = row * filter.first[y] + x; i < filter.count[y]; i++, at += row) {
                    sum += (in[at] & 0xff) * weights[i];
                }
                result[o++] = clip(sum);
            }
        }
        return result;
    }

    private static byte clip(int sum) {
        int value = sum >> PRECISION_BITS;
        return (byte) Math.max(0, Math.min(255, value));
    }
}
