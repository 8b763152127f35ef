package io.github.dhf4j.backbones;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.dhf4j.io.HostTensors;

/**
 * The cosines and sines by which queries and keys of patches are turned. Shapes: n patches row by row, d width of a head.
 *
 * <p>Source: Sim&eacute;oni et al., arXiv 2508.10104, and transformers' {@code DINOv3ViTRopePositionEmbedding}
 * outside training: a patch's centre from -1 to 1 along each axis by itself; d / 4 frequencies theta^(-4 j / d); first
 * the angles of y, then those of x, and the same again for the second half of the components, with which the first is
 * paired. Angles are float32, as there. With strides below the patch's side, which transformers does not have, a patch
 * has the angles of its centre all the same.
 *
 * @param cos (n, d)
 * @param sin (n, d)
 */
record RotaryPositions(NDArray cos, NDArray sin) implements AutoCloseable {
    private static final float TURN = (float) (2 * Math.PI);

    /** Of a picture in pixels; {@code width} is d. */
    static RotaryPositions of(
            int height, int pictureWidth, int patch, int stride, int width, double theta, NDManager owner) {
        int rows = 1 + (height - patch) / stride;
        int columns = 1 + (pictureWidth - patch) / stride;
        int quarter = width / 4;
        float[] frequencies = new float[quarter];
        for (int j = 0; j < quarter; j++) {
            frequencies[j] = 1 / (float) Math.pow((float) theta, (float) (4.0 * j / width));
        }
        float[] down = angles(rows, height, patch, stride, frequencies);
        float[] across = angles(columns, pictureWidth, patch, stride, frequencies);
        float[] cos = new float[Math.multiplyExact(rows * columns, width)];
        float[] sin = new float[cos.length];
        for (int i = 0; i < cos.length; i++) {
            int place = i / width;
            int component = i % (width / 2);
            float angle = component < quarter
                    ? down[place / columns * quarter + component]
                    : across[place % columns * quarter + component - quarter];
            cos[i] = (float) Math.cos(angle);
            sin[i] = (float) Math.sin(angle);
        }
        Shape shape = new Shape((long) rows * columns, width);
        return new RotaryPositions(HostTensors.of(owner, cos, shape), HostTensors.of(owner, sin, shape));
    }

    /** Of each patch along an axis, each frequency. */
    private static float[] angles(int patches, int pixels, int patch, int stride, float[] frequencies) {
        float[] angles = new float[patches * frequencies.length];
        // pixels beyond the last whole patch are dropped, as the convolution drops them
        float whole = pixels - (pixels - patch) % stride;
        for (int i = 0; i < angles.length; i++) {
            float centre = (i / frequencies.length * stride + patch / 2f) / whole;
            angles[i] = TURN * (2 * centre - 1) * frequencies[i % frequencies.length];
        }
        return angles;
    }

    @Override
    public void close() {
        cos.close();
        sin.close();
    }
}
