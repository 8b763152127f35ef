package io.github.dhf4j.diffusion.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * First weights, the same on every platform: norms 1 and 0, biases 0, embeddings normal with deviation 0.02, the rest
 * uniform within 1 / sqrt(fan in), as torch's layers begin. What ends a residual branch can begin as zero, so that the
 * network begins as the identity, as latent diffusion models do.
 */
final class WeightInitialization {
    private WeightInitialization() {}

    static Map<String, NDArray> draw(
            Map<String, long[]> shapes, List<String> zeroEndings, long seed, NDManager manager) {
        Random random = new Random(seed);
        Map<String, NDArray> arrays = new LinkedHashMap<>();
        shapes.forEach((name, dimensions) -> {
            Shape shape = new Shape(dimensions);
            arrays.put(name, manager.create(values(name, shape, zeroEndings, random), shape));
        });
        return arrays;
    }

    private static float[] values(String name, Shape shape, List<String> zeroEndings, Random random) {
        float[] values = new float[Math.toIntExact(shape.size())];
        if (shape.dimension() == 1) {
            java.util.Arrays.fill(values, name.endsWith(".weight") ? 1 : 0);
        } else if (name.contains("embedding.weight")) {
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) (0.02 * random.nextGaussian());
            }
        } else if (zeroEndings.stream().noneMatch(name::endsWith)) {
            double bound = 1 / Math.sqrt((double) shape.size() / shape.get(0));
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) (bound * (2 * random.nextDouble() - 1));
            }
        }
        return values;
    }
}
