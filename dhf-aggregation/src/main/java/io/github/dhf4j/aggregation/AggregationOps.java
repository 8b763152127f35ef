package io.github.dhf4j.aggregation;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import io.github.dhf4j.tensor.ScalarTypes;
import io.github.dhf4j.tensor.ScriptModule;
import io.github.dhf4j.tensor.TensorList;

/** The calls of {@code aggregation.py}. */
final class AggregationOps {
    private static final ScriptModule SCRIPT = ScriptModule.load(AggregationOps.class, "aggregation.py");

    private AggregationOps() {}

    /** Adds {@code share} times a bottleneck's output for (B, C, h, w) to a sum (B, D, H, W), in place. */
    static void accumulate(NDArray sum, NDArray map, TensorList joined, double share) {
        SCRIPT.test("accumulate", sum, map, joined, share, AggregatorConfig.NORM_GROUPS);
    }

    /** A bottleneck's tensors as {@link #accumulate} takes them: conv1 and shortcut are one. The caller closes it. */
    static TensorList joined(TensorList bottleneck, DataType type) {
        return SCRIPT.runToList("joined", bottleneck, ScalarTypes.code(type));
    }

    static NDArray softmax(NDManager owner, NDArray logits) {
        return SCRIPT.run(owner, "softmax", logits);
    }

    /** Bilinear, half-pixel centres, to height and width. */
    static NDArray resize(NDManager owner, NDArray map, long... size) {
        return SCRIPT.run(owner, "resize", map, size);
    }
}
