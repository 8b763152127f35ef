package io.github.dhf4j.diffusion.model;

import ai.djl.ndarray.NDArray;

/** Listens at the decoder's residual blocks, and at the outputs of its blocks, during one call of the network. */
public interface FeatureTaps {
    /** Listens nowhere. */
    FeatureTaps NONE = new FeatureTaps() {
        @Override
        public boolean wants(int layer) {
            return false;
        }

        @Override
        public void tap(int layer, NDArray feature) {
            throw new IllegalStateException("no layer was wanted, got " + layer);
        }
    };

    /**
     * Whether a layer's feature is wanted.
     *
     * @param layer 1..L for a layer, L + 1 and on for the outputs of up blocks, after these for decoder blocks
     * @return true to have {@link #tap} called with it
     */
    boolean wants(int layer);

    /**
     * Takes a feature: of a layer the output of the block's second convolution, before the residual sum; of an up block
     * its output, after the up-sampling if it has any; of a decoder block what the next one takes, after the attention if
     * there is any.
     *
     * @param layer as above
     * @param feature (B, C, h, w) float32, borrowed for the call
     */
    void tap(int layer, NDArray feature);
}
