package io.github.dhf4j.diffusion.model;

import ai.djl.ndarray.types.Shape;
import io.github.dhf4j.tensor.Parameters;
import io.github.dhf4j.tensor.TensorList;

/**
 * Lays 3x3 convolution weights out as the CPU's convolution wants them for one input size, instead of at every call.
 * They work for other sizes too, only slower. Not for weights on a GPU.
 */
final class ConvolutionPacking {
    private final int batch;

    ConvolutionPacking(int batch) {
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

    private static boolean isConvolution(Shape shape) {
        return shape.dimension() == 4 && shape.get(2) == 3;
    }
}
