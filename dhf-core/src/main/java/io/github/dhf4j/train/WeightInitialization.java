package io.github.dhf4j.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * First weights, the same on every platform: norms 1 and 0, scales of layers 1, biases 0, embeddings normal with deviation 0.02, the rest
 * uniform within 1 / sqrt(fan in), as torch's layers begin. What ends a residual branch can begin as zero, so that the
 * network begins as the identity, as latent diffusion models do.
 */
public final class WeightInitialization {
    private WeightInitialization() {}

    /**
     * Draws them.
     *
     * @param shapes of all weights, by the names that checkpoints have
     * @param zeroEndings ends of the names of those that begin as zero
     * @param seed of the draw
     * @param manager owns the arrays
     * @return float32, by name in the shapes' order
     */
    public static Map<String, NDArray> draw(
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
            Arrays.fill(values, name.endsWith(".weight") || name.contains("layer_scale") ? 1 : 0);
        } else if (name.contains("embedding.weight")
                || name.contains("_token")
                || name.contains("position_embeddings")) {
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
