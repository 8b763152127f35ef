package io.github.dhf4j.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.github.dhf4j.tensor.ScriptModule;
import io.github.dhf4j.tensor.TensorList;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * Adam with decoupled weight decay, as torch computes it: the second moment's bias is corrected before eps is added.
 * Its state is two tensors a parameter and the number of steps. All parameters of one learning rate take one call, in
 * which the engine passes over each once.
 *
 * <p>Source: Loshchilov and Hutter, arXiv 1711.05101, algorithm 2. Differs from DJL's own, whose eps is not
 * bias-corrected.
 */
public final class AdamW {
    private static final ScriptModule SCRIPT = ScriptModule.load(AdamW.class, "adamw.py");

    private final Map<String, NDArray> parameters;
    private final Map<String, NDArray> averages = new LinkedHashMap<>();
    private final Map<String, NDArray> squares = new LinkedHashMap<>();
    private final Settings settings;
    private long steps;

    /**
     * The optimiser's numbers.
     *
     * @param beta1 decay of the first moment
     * @param beta2 decay of the second moment
     * @param eps added to the denominator
     * @param weightDecay share of the learning rate by which weights shrink each step
     */
    public record Settings(double beta1, double beta2, double eps, double weightDecay) {
        /** The reference's: 0.9, 0.999, 1e-8, no decay. */
        public static final Settings REFERENCE = new Settings(0.9, 0.999, 1e-8, 0);

        /**
         * Another weight decay.
         *
         * @param decay 0 or more
         * @return a changed copy
         */
        public Settings withWeightDecay(double decay) {
            return new Settings(beta1, beta2, eps, decay);
        }
    }

    /**
     * Begins with moments of zero.
     *
     * @param parameters float32, contiguous, by name; borrowed, and changed in place by {@link #step}
     * @param manager owns the optimiser's state
     * @param settings the numbers
     */
    public AdamW(Map<String, NDArray> parameters, NDManager manager, Settings settings) {
        this.parameters = parameters;
        this.settings = settings;
        parameters.forEach((name, parameter) -> {
            averages.put(name, manager.zeros(parameter.getShape()));
            squares.put(name, manager.zeros(parameter.getShape()));
        });
    }

    /**
     * One step.
     *
     * @param gradients one for each parameter, of its shape; borrowed
     * @param learningRate of each parameter, by its name
     */
    public void step(Map<String, NDArray> gradients, ToDoubleFunction<String> learningRate) {
        Map<Double, List<String>> groups = new LinkedHashMap<>();
        parameters.forEach((name, parameter) -> {
            NDArray gradient = gradients.get(name);
            if (gradient == null || !gradient.getShape().equals(parameter.getShape())) {
                throw new IllegalArgumentException("every parameter must have a gradient of its shape, got "
                        + (gradient == null ? "none" : gradient.getShape()) + " for '" + name + "' "
                        + parameter.getShape());
            }
            groups.computeIfAbsent(learningRate.applyAsDouble(name), rate -> new ArrayList<>())
                    .add(name);
        });
        steps++;
        groups.forEach((rate, names) -> step(names, gradients, rate));
    }

    private void step(List<String> names, Map<String, NDArray> gradients, double learningRate) {
        try (TensorList parameterList = list(parameters, names);
                TensorList gradientList = list(gradients, names);
                TensorList averageList = list(averages, names);
                TensorList squareList = list(squares, names)) {
            SCRIPT.test(
                    "step",
                    parameterList,
                    gradientList,
                    averageList,
                    squareList,
                    (double) steps,
                    learningRate,
                    settings.weightDecay,
                    settings.beta1,
                    settings.beta2,
                    settings.eps);
        }
    }

    /**
     * The number of steps so far.
     *
     * @return 0 or more
     */
    public long steps() {
        return steps;
    }

    /**
     * The state's tensors, by torch's names: {@code exp_avg.NAME} and {@code exp_avg_sq.NAME}.
     *
     * @return the optimiser's own; not to be closed
     */
    public Map<String, NDArray> state() {
        Map<String, NDArray> state = new LinkedHashMap<>();
        averages.forEach((name, array) -> state.put("exp_avg." + name, array));
        squares.forEach((name, array) -> state.put("exp_avg_sq." + name, array));
        return state;
    }

    /**
     * Goes on where a kept state was made, after it was put into {@link #state}'s tensors.
     *
     * @param stepsSoFar how many steps made it
     */
    public void resumeAt(long stepsSoFar) {
        steps = stepsSoFar;
    }

    private static TensorList list(Map<String, NDArray> arrays, List<String> names) {
        return TensorList.of(names.stream().map(arrays::get).toArray(NDArray[]::new));
    }
}
