package io.github.dhf4j.backbones;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.dhf4j.tensor.Autograd;
import io.github.dhf4j.tensor.TorchRuntime;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Gradients of the network that infers, against differences of what it gives. */
class TrainableTransformerTest {
    private static final TransformerForm FORM = new TransformerForm(16, 8, 8, 2, 2);
    private static final double STEP = 1e-2;

    @Test
    void everyWeightHasTheGradientThatDifferencesSay() {
        Map<String, float[]> values = new LinkedHashMap<>();
        Random random = new Random(3);
        TrainableTransformer.parameterShapes(FORM).forEach((name, shape) -> {
            float[] drawn = new float[(int) new Shape(shape).size()];
            for (int i = 0; i < drawn.length; i++) {
                drawn[i] = (float)
                        ((name.contains("norm") && name.endsWith("weight") ? 1 : 0) + 0.4 * random.nextGaussian());
            }
            values.put(name, drawn);
        });
        Map<String, float[]> gradients = gradients(values);
        assertThat(gradients.keySet()).isEqualTo(values.keySet());
        gradients.forEach((name, gradient) -> {
            double along = 0;
            float[] direction = new float[gradient.length];
            for (int i = 0; i < direction.length; i++) {
                direction[i] = (float) Math.cos(i);
                along += gradient[i] * direction[i];
            }
            double norm = Math.sqrt(direction.length);
            double difference = (loss(moved(values, name, direction, STEP / norm))
                            - loss(moved(values, name, direction, -STEP / norm)))
                    / (2 * STEP);
            assertThat(along / norm).as(name).isCloseTo(difference, within(2e-3 + 0.02 * Math.abs(difference)));
        });
    }

    private static Map<String, float[]> moved(
            Map<String, float[]> values, String name, float[] direction, double step) {
        Map<String, float[]> moved = new LinkedHashMap<>(values);
        float[] changed = Objects.requireNonNull(values.get(name)).clone();
        for (int i = 0; i < changed.length; i++) {
            changed[i] += (float) (step * direction[i]);
        }
        moved.put(name, changed);
        return moved;
    }

    private static double loss(Map<String, float[]> values) {
        try (NDManager manager = TorchRuntime.cpu().newManager()) {
            return loss(arrays(values, manager), manager).getFloat();
        }
    }

    private static Map<String, float[]> gradients(Map<String, float[]> values) {
        try (NDManager manager = TorchRuntime.cpu().newManager()) {
            Map<String, NDArray> weights = arrays(values, manager);
            weights.values().forEach(array -> array.setRequiresGradient(true));
            try (Autograd autograd = Autograd.record()) {
                autograd.backward(loss(weights, manager));
            }
            Map<String, float[]> gradients = new LinkedHashMap<>();
            weights.forEach(
                    (name, array) -> gradients.put(name, array.getGradient().toFloatArray()));
            return gradients;
        }
    }

    private static Map<String, NDArray> arrays(Map<String, float[]> values, NDManager manager) {
        Map<String, NDArray> arrays = new LinkedHashMap<>();
        TrainableTransformer.parameterShapes(FORM)
                .forEach((name, shape) ->
                        arrays.put(name, manager.create(Objects.requireNonNull(values.get(name)), new Shape(shape))));
        return arrays;
    }

    /** The mean of tokens times a wave. */
    private static NDArray loss(Map<String, NDArray> weights, NDManager manager) {
        NDArray pixels = wave(manager, 0.37, 2, 3, 16, 16);
        NDArray wave = wave(manager, 0.23, 2, 5, 8);
        try (TrainableTransformer network = new TrainableTransformer(FORM, weights)) {
            return network.tokens(pixels, manager).mul(wave).mean();
        }
    }

    private static NDArray wave(NDManager manager, double step, long... dimensions) {
        float[] values = new float[(int) new Shape(dimensions).size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) Math.sin(step * i);
        }
        return manager.create(values, new Shape(dimensions));
    }
}
