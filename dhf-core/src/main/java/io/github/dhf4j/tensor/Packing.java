package io.github.dhf4j.tensor;

import ai.djl.ndarray.types.Shape;

/**
 * Lays weights out as the CPU's convolutions and matrix products want them for one input size, instead of at every call.
 * They work for other sizes too, only slower. Scripts call them by {@code conv} and {@code linear} of
 * {@link ScriptModule#withLayers}.
 */
public final class Packing {
    private static final ScriptModule SCRIPT = ScriptModule.load(Packing.class).withLayers();

    private final int batch;

    /**
     * For calls of one batch size.
     *
     * @param batch images of a call
     */
    public Packing(int batch) {
        this.batch = batch;
    }

    /**
     * Whether the engine of this platform has such layouts.
     *
     * @return false where it was built without oneDNN: nothing may be packed then
     */
    public static boolean isPossible() {
        return SCRIPT.isFirstChoice();
    }

    /**
     * Packs every 3x3 convolution of a block and frees what it replaces, at once or as soon as the weights are read; see
     * {@link Parameters#replace}.
     *
     * @param parameters the block's
     * @param stride of the convolutions
     * @param pad rows and columns of zeros around their input
     * @param height rows of their input
     * @param width columns of their input
     */
    public void convolutions(Parameters parameters, int stride, int pad, int height, int width) {
        long[] which = parameters.indicesOf(Packing::isConvolution);
        if (which.length > 0) {
            long[] size = {batch, height, width};
            parameters.layOut(tensors -> SCRIPT.runToList("pack", tensors, which, stride, pad, size));
        }
    }

    /**
     * Packs linear layers and frees what they replace, at once or as soon as the weights are read; see
     * {@link Parameters#replace}.
     *
     * @param parameters the block's
     * @param which places of their weights
     * @param tokens how many each image of a batch has
     */
    public void linears(Parameters parameters, long[] which, int tokens) {
        parameters.layOut(tensors -> SCRIPT.runToList("pack_linear", tensors, which, batch * tokens));
    }

    private static boolean isConvolution(Shape shape) {
        return shape.dimension() == 4 && shape.get(2) == 3;
    }
}
