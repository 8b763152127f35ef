package io.github.dhf4j.eval.annotation;

import io.github.dhf4j.data.Box;
import io.github.dhf4j.image.Size;
import io.github.dhf4j.matching.Point;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which pixels of a picture belong to a thing. Immutable; a bit a pixel. */
public final class Mask {
    private final Size size;
    private final BitSet bits;

    /**
     * Wraps pixels.
     *
     * @param size the picture's
     * @param bits row by row, bit {@code y * width + x}; copied
     */
    public Mask(Size size, BitSet bits) {
        if (bits.length() > Math.multiplyExact(size.width(), size.height())) {
            throw new IllegalArgumentException(
                    "mask must lie in its picture of " + size + ", got a pixel " + (bits.length() - 1));
        }
        this.size = size;
        this.bits = (BitSet) bits.clone();
    }

    /**
     * The pixels whose centres lie in a box.
     *
     * @param size the picture's
     * @param box in its pixels; what is outside is cut off
     * @return the mask
     */
    public static Mask ofBox(Size size, Box box) {
        BitSet bits = new BitSet();
        int left = (int) Math.max(0, Math.ceil(box.left() - 0.5));
        int right = (int) Math.min(size.width(), Math.ceil(box.right() - 0.5));
        int bottom = (int) Math.min(size.height(), Math.ceil(box.bottom() - 0.5));
        for (int y = (int) Math.max(0, Math.ceil(box.top() - 0.5)); y < bottom && left < right; y++) {
            bits.set(y * size.width() + left, y * size.width() + right);
        }
        return new Mask(size, bits);
    }

    /**
     * The pixels whose centres lie in one of several polygons, each by the even-odd rule.
     *
     * @param size the picture's
     * @param polygons corners in its pixels, 0 at the border; what is outside is cut off
     * @return the mask
     */
    public static Mask ofPolygons(Size size, List<List<Point>> polygons) {
        BitSet bits = new BitSet();
        for (List<Point> polygon : polygons) {
            Box bounds = Annotation.bounds(polygon);
            int top = bounds == null ? 0 : (int) Math.max(0, Math.floor(bounds.top()));
            int bottom = bounds == null ? 0 : (int) Math.min(size.height(), Math.ceil(bounds.bottom()));
            for (int y = top; y < bottom; y++) {
                double[] crossings = crossings(polygon, y + 0.5);
                for (int i = 0; i + 1 < crossings.length; i += 2) {
                    int from = (int) Math.max(0, Math.ceil(crossings[i] - 0.5));
                    int to = (int) Math.min(size.width(), Math.ceil(crossings[i + 1] - 0.5));
                    if (to > from) {
                        bits.set(y * size.width() + from, y * size.width() + to);
                    }
                }
            }
        }
        return new Mask(size, bits);
    }

    private static double[] crossings(List<Point> polygon, double y) {
        double[] crossings = new double[polygon.size()];
        int count = 0;
        Point from = polygon.get(polygon.size() - 1);
        for (Point to : polygon) {
            if ((from.y() > y) != (to.y() > y)) {
                crossings[count++] = from.x() + (y - from.y()) / (to.y() - from.y()) * (to.x() - from.x());
            }
            from = to;
        }
        double[] some = Arrays.copyOf(crossings, count);
        Arrays.sort(some);
        return some;
    }

    /**
     * The picture's size.
     *
     * @return columns and rows
     */
    public Size size() {
        return size;
    }

    /**
     * Whether a pixel belongs to the thing.
     *
     * @param x column
     * @param y row
     * @return false outside the picture too
     */
    public boolean at(int x, int y) {
        return x >= 0 && y >= 0 && x < size.width() && y < size.height() && bits.get(y * size.width() + x);
    }

    /**
     * How many pixels belong to it.
     *
     * @return 0 or more
     */
    public int area() {
        return bits.cardinality();
    }

    /**
     * The pixels.
     *
     * @return row by row; a copy
     */
    public BitSet bits() {
        return (BitSet) bits.clone();
    }

    /**
     * The smallest box that holds all pixels whole.
     *
     * @return null where there are none
     */
    public @Nullable Box bounds() {
        int width = size.width();
        int left = width;
        int right = -1;
        for (int from = bits.nextSetBit(0); from >= 0; from = bits.nextSetBit(from)) {
            int row = from / width;
            int end = Math.min(bits.nextClearBit(from), (row + 1) * width);
            left = Math.min(left, from - row * width);
            right = Math.max(right, end - 1 - row * width);
            from = end;
        }
        return right < 0
                ? null
                : new Box(left, bits.nextSetBit(0) / width, right + 1, (bits.length() - 1) / width + 1.0);
    }

    /**
     * What belongs to either of two.
     *
     * @param other of the same picture
     * @return a new mask
     * @throws IllegalArgumentException if it is of another size
     */
    public Mask or(Mask other) {
        requireSize(other);
        BitSet either = bits();
        either.or(other.bits);
        return new Mask(size, either);
    }

    /**
     * How much two masks have in common.
     *
     * @param other of a picture of the same size
     * @return pixels of both over pixels of either; 1 where both are empty
     */
    public double iou(Mask other) {
        requireSize(other);
        BitSet both = bits();
        both.and(other.bits);
        int common = both.cardinality();
        int either = area() + other.area() - common;
        return either == 0 ? 1 : (double) common / either;
    }

    private void requireSize(Mask other) {
        if (!size.equals(other.size)) {
            throw new IllegalArgumentException("masks must be of one size, got " + size + " and " + other.size);
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Mask that && size.equals(that.size) && bits.equals(that.bits);
    }

    @Override
    public int hashCode() {
        return 31 * size.hashCode() + bits.hashCode();
    }

    @Override
    public String toString() {
        return "Mask(" + area() + " pixels of " + size + ")";
    }
}
