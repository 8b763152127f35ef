package io.github.dhf4j.diffusion.model;

import ai.djl.ndarray.types.Shape;
import io.github.dhf4j.tensor.Parameters;
import io.github.dhf4j.tensor.TensorList;

/**
 * Lays weights out as the CPU's convolutions and matrix products want them for one input size, instead of at every call.
 * They work for other sizes too, only slower.
 */
final class Packing {
    private final int batch;

    Packing(int batch) {
        this.batch = batch;
    }

    /** Packs every 3x3 convolution of a block; {@code height} and {@code width} are those of its input. */
    void pack(Parameters parameters, int stride, int pad, int height, int width) {
        long[] which = parameters.indicesOf(shape -> isConvolution(shape));
        if (which.length > 0) {
            TensorList packed = DiffusionOps.SCRIPT.runToList(
                    "pack", parameters.tensors(), which, stride, pad, new long[] {batch, height, width});
            parameters.replace(packed);
        }
    }

    /** Packs linear layers that see a token for each pixel of {@code height} times {@code width}. */
    void pack(Parameters parameters, long[] which, int height, int width) {
        parameters.replace(
                DiffusionOps.SCRIPT.runToList("pack_linear", parameters.tensors(), which, batch * height * width));
    }

    private static boolean isConvolution(Shape shape) {
        return shape.dimension() == 4 && shape.get(2) == 3;
    }
}
