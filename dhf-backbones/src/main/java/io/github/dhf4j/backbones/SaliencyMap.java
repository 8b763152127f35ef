package io.github.dhf4j.backbones;

import ai.djl.ndarray.NDArray;
import io.github.dhf4j.image.Size;
import io.github.dhf4j.io.HostTensors;
import io.github.dhf4j.matching.Point;

/**
 * What stands out in an image by DINO's ViT-S: the class token's attention in the last block, the mean of heads 0, 2, 4
 * and 5, from 0 to 1 over the image. Plain memory of the heap.
 *
 * <p>Source: Amir et al., arXiv 2112.05814, and its authors' {@code extract_saliency_maps}.
 */
public final class SaliencyMap {
    /** Above is foreground. */
    public static final float FOREGROUND = 0.05f;

    private static final int HEADS = 6;
    private static final int[] COUNTED = {0, 2, 4, 5};

    private final Size cells;
    private final Size imageSize;
    private final float[] values;

    private SaliencyMap(Size cells, Size imageSize, float[] values) {
        this.cells = cells;
        this.imageSize = imageSize;
        this.values = values;
    }

    static void requireHeads(long heads) {
        if (heads != HEADS) {
            throw new IllegalArgumentException("saliency must be of a network with 6 heads (ViT-S), got " + heads);
        }
    }

    /** Attention (6, patches) of an image. */
    static SaliencyMap of(NDArray attention, Size cells, Size imageSize) {
        requireHeads(attention.getShape().get(0));
        float[] all = HostTensors.floats(attention);
        float[] mean = new float[all.length / HEADS];
        float least = Float.MAX_VALUE;
        float most = -Float.MAX_VALUE;
        for (int i = 0; i < mean.length; i++) {
            for (int head : COUNTED) {
                mean[i] += all[head * mean.length + i] / COUNTED.length;
            }
            least = Math.min(least, mean[i]);
            most = Math.max(most, mean[i]);
        }
        float range = Math.max(most - least, Float.MIN_NORMAL);
        for (int i = 0; i < mean.length; i++) {
            mean[i] = (mean[i] - least) / range;
        }
        return new SaliencyMap(cells, imageSize, mean);
    }

    /**
     * The number of cells.
     *
     * @return rows and columns of patches
     */
    public Size cells() {
        return cells;
    }

    /**
     * All values.
     *
     * @return from 0 to 1, row by row; a copy
     */
    public float[] values() {
        return values.clone();
    }

    /**
     * The value of the cell that a point is in.
     *
     * @param point in the image's own pixels
     * @return from 0 to 1
     */
    public float at(Point point) {
        Point inside = point.within(imageSize).scaled(imageSize, cells);
        int column = Math.min(cells.width() - 1, (int) inside.x());
        int row = Math.min(cells.height() - 1, (int) inside.y());
        return values[row * cells.width() + column];
    }
}
