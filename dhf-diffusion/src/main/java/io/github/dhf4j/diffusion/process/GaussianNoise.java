package io.github.dhf4j.diffusion.process;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.dhf4j.io.HostTensors;
import java.util.Random;

/**
 * Gaussian noise by seed, the same on every platform and device: {@link Random}, whose numbers the Java specification
 * fixes, drawn in the order of the tensor. Not torch's numbers: give a noise file to compare with other software.
 */
public final class GaussianNoise {
    private GaussianNoise() {}

    /**
     * Draws noise.
     *
     * @param manager owns the result
     * @param seed the seed
     * @param shape its shape
     * @return float32 of mean 0 and deviation 1
     */
    public static NDArray draw(NDManager manager, long seed, Shape shape) {
        Random random = new Random(seed);
        float[] values = new float[Math.toIntExact(shape.size())];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return HostTensors.of(manager, values, shape);
    }
}
