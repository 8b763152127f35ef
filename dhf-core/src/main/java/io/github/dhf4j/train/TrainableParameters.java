package io.github.dhf4j.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.github.dhf4j.tensor.ScriptModule;
import io.github.dhf4j.tensor.TensorList;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The weights of networks in training: leaves to which {@link io.github.dhf4j.tensor.Autograd#backward} adds gradients,
 * their optimiser, and their exponential moving average, which is what a diffusion model samples with.
 */
public final class TrainableParameters implements AutoCloseable {
    private static final ScriptModule SCRIPT = ScriptModule.load(TrainableParameters.class, "parameters.py");

    private final NDManager manager;
    private final Map<String, NDArray> weights = new LinkedHashMap<>();
    private final WeightAverages averages;
    private final AdamW optimiser;

    /**
     * Begins with given weights.
     *
     * @param initial float32 by name; taken over
     * @param settings the optimiser's numbers
     * @param manager owns everything; closed with this
     */
    public TrainableParameters(Map<String, NDArray> initial, AdamW.Settings settings, NDManager manager) {
        this.manager = manager;
        initial.forEach((name, array) -> {
            array.attach(manager);
            array.setRequiresGradient(true);
            weights.put(name, array);
        });
        averages = new WeightAverages(weights, manager);
        optimiser = new AdamW(weights, manager, settings);
    }

    /**
     * The weights as they are now, changed in place by {@link #step}.
     *
     * @return by name; not to be closed
     */
    public Map<String, NDArray> weights() {
        return weights;
    }

    /**
     * The moving average of the weights, changed in place by {@link #step}.
     *
     * @return by name; not to be closed
     */
    public Map<String, NDArray> averages() {
        return averages.byName();
    }

    /**
     * The manager that owns all of it.
     *
     * @return borrowed
     */
    public NDManager manager() {
        return manager;
    }

    /**
     * One optimiser step with the gradients that were added since the last, which are zero afterwards.
     *
     * @param learningRate for all weights
     * @param maxNorm gradients of a larger norm, over all weights, are shortened to it
     * @param decay of the moving average, which starts faster: at most (1 + steps) / (10 + steps)
     * @return the gradients' norm before shortening; if it is not finite, nothing was changed
     */
    public double step(double learningRate, double maxNorm, double decay) {
        Map<String, NDArray> gradients = new LinkedHashMap<>();
        try {
            weights.forEach((name, weight) -> gradients.put(name, weight.getGradient()));
            try (TensorList list = TensorList.of(gradients.values().toArray(NDArray[]::new))) {
                double norm = norm(list);
                if (Double.isFinite(norm)) {
                    if (norm > maxNorm) {
                        SCRIPT.test("scale", list, maxNorm / (norm + 1e-6));
                    }
                    optimiser.step(gradients, name -> learningRate);
                    averages.step(decay, optimiser.steps());
                }
                SCRIPT.test("zero", list);
                return norm;
            }
        } finally {
            gradients.values().forEach(NDArray::close);
        }
    }

    private double norm(TensorList gradients) {
        // a number of a GPU comes to the host as an array that the manager keeps
        try (NDManager work = manager.newSubManager()) {
            return SCRIPT.run(work, "norm", gradients).getFloat();
        }
    }

    /**
     * All that changes from step to step.
     *
     * @return weights, averages and moments; not to be closed
     */
    public TrainedTensors tensors() {
        return new TrainedTensors(manager, weights, averages.byName(), optimiser);
    }

    @Override
    public void close() {
        averages.close();
        manager.close();
    }
}
