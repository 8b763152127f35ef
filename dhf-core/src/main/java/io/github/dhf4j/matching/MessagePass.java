package io.github.dhf4j.matching;

import io.github.dhf4j.image.Size;
import java.util.Arrays;

/**
 * What a cell tells its neighbour under {@link Continuity}: one worker's arrays. All places are gone through at once, with those
 * beside them copied to the same index, of which the compiler makes vector instructions.
 */
final class MessagePass {
    private final Continuity continuity;
    private final int width;
    private final float[] left;
    private final float[] right;
    private final float[] above;
    private final float[] below;
    private float[] spread;
    private float[] next;

    MessagePass(Continuity continuity, Size places) {
        this.continuity = continuity;
        this.width = places.width();
        int count = places.width() * places.height();
        left = new float[count];
        right = new float[count];
        above = new float[count];
        below = new float[count];
        spread = new float[count];
        next = new float[count];
    }

    /**
     * For each place of a cell, what the cheapest place of its neighbour costs with the step between the two; less what the
     * cheapest of all costs.
     *
     * @param costs of the neighbour's places, row by row
     * @param message where the result goes; another array
     */
    void pass(float[] costs, float[] message) {
        beside(costs);
        least(left, costs, right, next);
        aboveAndBelow(next);
        least(above, next, below, spread);
        for (int i = 0; i < continuity.reach(); i++) {
            beside(spread);
            aboveAndBelow(spread);
            step(spread, continuity.slope(), next);
            float[] swap = spread;
            spread = next;
            next = swap;
        }
        cut(spread, least(costs), continuity.cap(), message);
    }

    private void beside(float[] values) {
        int count = values.length;
        System.arraycopy(values, 0, left, 1, count - 1);
        System.arraycopy(values, 1, right, 0, count - 1);
        for (int i = 0; i < count; i += width) {
            left[i] = Float.POSITIVE_INFINITY;
            right[i + width - 1] = Float.POSITIVE_INFINITY;
        }
    }

    private void aboveAndBelow(float[] values) {
        int rest = values.length - width;
        System.arraycopy(values, 0, above, width, rest);
        System.arraycopy(values, width, below, 0, rest);
        Arrays.fill(above, 0, width, Float.POSITIVE_INFINITY);
        Arrays.fill(below, rest, values.length, Float.POSITIVE_INFINITY);
    }

    private static void least(float[] first, float[] second, float[] third, float[] out) {
        for (int i = 0; i < out.length; i++) {
            out[i] = Math.min(Math.min(first[i], second[i]), third[i]);
        }
    }

    private void step(float[] values, float slope, float[] out) {
        for (int i = 0; i < out.length; i++) {
            float near = Math.min(Math.min(left[i], right[i]), Math.min(above[i], below[i]));
            out[i] = Math.min(values[i], near + slope);
        }
    }

    private static void cut(float[] values, float least, float cap, float[] out) {
        for (int i = 0; i < out.length; i++) {
            out[i] = Math.min(values[i] - least, cap);
        }
    }

    private static float least(float[] values) {
        float least = Float.POSITIVE_INFINITY;
        for (float value : values) {
            least = Math.min(least, value);
        }
        return least;
    }
}
