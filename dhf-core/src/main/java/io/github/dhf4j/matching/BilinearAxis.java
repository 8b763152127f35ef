package io.github.dhf4j.matching;

import io.github.dhf4j.feature.DescriptorMap;
import java.util.Arrays;

/**
 * Bilinear interpolation along one axis with half-pixel centres (torch's {@code align_corners=False}): pixel i of
 * {@code out} lies between cells {@code low[i]} and {@code low[i] + 1}, {@code fraction[i]} of the way. Where there is
 * no cell above, the fraction is 0.
 */
record BilinearAxis(int[] low, float[] fraction) {
    /** Of a map's columns, for {@code out} pixels across the image. */
    static BilinearAxis across(DescriptorMap map, int out) {
        return of(map.size().width(), out, map.extent().left(), map.extent().right());
    }

    /** Of a map's rows, for {@code out} pixels down the image. */
    static BilinearAxis down(DescriptorMap map, int out) {
        return of(map.size().height(), out, map.extent().top(), map.extent().bottom());
    }

    /** Of cells themselves. */
    static BilinearAxis cells(int count) {
        int[] low = new int[count];
        Arrays.setAll(low, i -> i);
        return new BilinearAxis(low, new float[count]);
    }

    /** Of one place between cells. */
    static BilinearAxis at(double place, int cells) {
        int low = (int) place;
        return new BilinearAxis(new int[] {low}, new float[] {low == cells - 1 ? 0f : (float) (place - low)});
    }

    /** Where the cells tile only a part of the axis, in shares of it. */
    private static BilinearAxis of(int in, int out, double from, double to) {
        int[] low = new int[out];
        float[] fraction = new float[out];
        float scale = (float) (in / (to - from) / out);
        float offset = (float) (0.5 + in * from / (to - from));
        for (int i = 0; i < out; i++) {
            float at = Math.max(scale * (i + 0.5f) - offset, 0f);
            int cell = Math.min((int) at, in - 1);
            low[i] = cell;
            fraction[i] = cell == in - 1 ? 0f : at - cell;
        }
        return new BilinearAxis(low, fraction);
    }

    int size() {
        return low.length;
    }
}
