package io.github.dhf4j.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.github.dhf4j.tensor.ScriptModule;
import io.github.dhf4j.tensor.TensorList;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The exponential moving average of weights over the steps of a run, which is often better than where the steps end.
 *
 * <p>Source: Polyak and Juditsky, 1992; as diffusion models are trained, with a start that is not held back.
 */
public final class WeightAverages implements AutoCloseable {
    private static final ScriptModule SCRIPT = ScriptModule.load(WeightAverages.class, "averages.py");

    private final Map<String, NDArray> averages = new LinkedHashMap<>();
    private final TensorList weightList;
    private final TensorList averageList;

    /**
     * Begins with the weights as they are.
     *
     * @param weights float32 by name, changed in place by an optimiser; borrowed
     * @param manager owns the averages
     */
    public WeightAverages(Map<String, NDArray> weights, NDManager manager) {
        weights.forEach((name, array) -> {
            NDArray average = manager.zeros(array.getShape());
            put(array, average);
            averages.put(name, average);
        });
        weightList = TensorList.of(weights.values().toArray(NDArray[]::new));
        averageList = TensorList.of(averages.values().toArray(NDArray[]::new));
    }

    /** {@link NDArray#copyTo} goes through the heap, and through a call of which the engine warns. */
    static void put(NDArray values, NDArray target) {
        SCRIPT.test("put", target, values);
    }

    /**
     * Takes the weights in after a step.
     *
     * @param decay what remains of the average, which starts faster: at most (1 + steps) / (10 + steps)
     * @param steps that the optimiser has made
     */
    public void step(double decay, long steps) {
        double most = (1.0 + steps) / (10.0 + steps);
        SCRIPT.test("average", averageList, weightList, 1 - Math.min(decay, most));
    }

    /**
     * The averages as they are now, changed in place by {@link #step}.
     *
     * @return by the weights' names; not to be closed
     */
    public Map<String, NDArray> byName() {
        return averages;
    }

    /** Closes no array: those are their manager's. */
    @Override
    public void close() {
        weightList.close();
        averageList.close();
    }
}
