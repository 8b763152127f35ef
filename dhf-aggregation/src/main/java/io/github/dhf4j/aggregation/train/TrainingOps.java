package io.github.dhf4j.aggregation.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.github.dhf4j.aggregation.AggregationParameters;
import io.github.dhf4j.aggregation.AggregatorConfig;
import io.github.dhf4j.tensor.ScriptModule;
import io.github.dhf4j.tensor.TensorList;

/**
 * The calls of {@code training.py}, which goes on where {@code aggregation.py} ends. Shapes: K maps of one layer of N
 * images (2 where a loss is of pairs), C channels, (N, D, H, W) the sum of all maps' shares. Bottlenecks are as {@link AggregationParameters#joined}.
 */
final class TrainingOps {
    private static final ScriptModule SCRIPT =
            ScriptModule.load(AggregationParameters.class, "aggregation.py", "train/training.py");

    private TrainingOps() {}

    /** Adds the shares (K) of maps (K N, C, h, w) to the sum, in place. */
    static void accumulate(NDArray sum, NDArray maps, TensorList bottleneck, NDArray shares) {
        SCRIPT.test("accumulate_steps", sum, maps, bottleneck, shares, AggregatorConfig.NORM_GROUPS);
    }

    /**
     * Points of one image at the map size.
     *
     * @param cells (P) int64, flat indices
     * @param places (P, 4) float32, in cells: x and y of the true place, and with jitter
     */
    record Places(NDArray cells, NDArray places) {}

    /**
     * The loss of points, its gradient by the sum, and that by the temperature's logarithm.
     *
     * @param sigma in cells, 0 for one cell; {@code weight} of the distance of the soft arg max at {@code softness}
     */
    static NDArray[] loss(
            NDManager owner,
            NDArray sum,
            Places source,
            Places target,
            double temperature,
            double sigma,
            double weight,
            double softness) {
        return SCRIPT.runToArrays(
                owner,
                "loss",
                sum,
                source.cells,
                source.places,
                target.cells,
                target.places,
                temperature,
                sigma,
                weight,
                softness);
    }

    /** The gradients by the shares (K) and by each of the bottleneck's tensors, of maps (K N, C, h, w). */
    static NDArray[] gradients(NDManager owner, NDArray bySum, NDArray maps, TensorList bottleneck, NDArray shares) {
        return SCRIPT.runToArrays(owner, "gradients", bySum, maps, bottleneck, shares, AggregatorConfig.NORM_GROUPS);
    }

    /** Makes 0, in place, where the bytes (of the map's shape) are below a limit, and multiplies the rest. */
    static void leaveOut(NDArray map, NDArray bytes, int limit, double factor) {
        SCRIPT.test("leave_out", map, bytes, limit, factor);
    }

    /** The gradient by mixing weights, of the gradient by their softmax. */
    static NDArray mixingGradient(NDManager owner, NDArray shares, NDArray byShare) {
        return SCRIPT.run(owner, "mixing_gradient", shares, byShare);
    }

    /** Takes apart along the first axis what was one convolution. */
    static NDArray[] split(NDManager owner, NDArray joined, int first) {
        return SCRIPT.runToArrays(owner, "split", joined, first);
    }

    /** (1, C, h, w) each, one after the other along the first axis. */
    static NDArray stack(NDManager owner, TensorList maps) {
        return SCRIPT.run(owner, "stack_maps", maps);
    }
}
