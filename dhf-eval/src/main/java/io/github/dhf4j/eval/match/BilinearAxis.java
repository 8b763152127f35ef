package io.github.dhf4j.eval.match;

/**
 * Bilinear interpolation along one axis with half-pixel centres (torch's {@code align_corners=False}): pixel i of
 * {@code out} lies between cells {@code low[i]} and {@code low[i] + 1}, {@code fraction[i]} of the way. Where there is
 * no cell above, the fraction is 0.
 */
record BilinearAxis(int[] low, float[] fraction) {
    static BilinearAxis of(int in, int out) {
        int[] low = new int[out];
        float[] fraction = new float[out];
        float scale = (float) in / out;
        for (int i = 0; i < out; i++) {
            float at = Math.max(scale * (i + 0.5f) - 0.5f, 0f);
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
