package io.github.dhf4j.eval.baseline;

import ai.djl.ndarray.NDArray;

/**
 * What stands out in a picture by DINO's ViT-S/8: the class token's attention in the last block, the mean of heads 0, 2,
 * 4 and 5, from 0 to 1 over the picture.
 *
 * <p>Source: dino-vit-features, {@code extract_saliency_maps}; above 0.05 is foreground there.
 */
final class Saliency {
    /** Above is foreground. */
    static final float FOREGROUND = 0.05f;

    private static final int[] HEADS = {0, 2, 4, 5};

    private Saliency() {}

    /** Attention (6, rows, columns) to (rows, columns), attached to its manager. */
    static NDArray of(NDArray attention) {
        if (attention.getShape().get(0) != 6) {
            throw new IllegalArgumentException("saliency must be of a network with 6 heads (ViT-S), got "
                    + attention.getShape().get(0));
        }
        long cells = attention.getShape().size() / 6;
        float[] values = attention.toFloatArray();
        float[] mean = new float[(int) cells];
        float least = Float.MAX_VALUE;
        float most = -Float.MAX_VALUE;
        for (int i = 0; i < cells; i++) {
            for (int head : HEADS) {
                mean[i] += values[(int) (head * cells) + i] / HEADS.length;
            }
            least = Math.min(least, mean[i]);
            most = Math.max(most, mean[i]);
        }
        for (int i = 0; i < cells; i++) {
            mean[i] = (mean[i] - least) / (most - least);
        }
        return attention
                .getManager()
                .create(mean)
                .reshape(attention.getShape().get(1), attention.getShape().get(2));
    }
}
