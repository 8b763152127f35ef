package io.github.dhf4j.tensor;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.IValue;
import java.util.Arrays;

/**
 * A list of tensors that stays on the engine's side between calls, such as the weights of a block. It holds its own
 * references: the arrays it was made of may be closed. The owner closes it.
 */
public final class TensorList implements AutoCloseable {
    private final IValue value;

    TensorList(IValue value) {
        this.value = value;
    }

    /**
     * Makes a list.
     *
     * @param arrays borrowed
     * @return the list; the caller closes it
     */
    public static TensorList of(NDArray... arrays) {
        return new TensorList(
                IValue.listFrom(Arrays.stream(arrays).map(PtNDArray.class::cast).toArray(PtNDArray[]::new)));
    }

    /**
     * The tensors as arrays, which share the list's memory: what is changed in place is changed in both.
     *
     * @param manager owns the arrays
     * @return one for each tensor, in order
     */
    public NDArray[] toArrays(NDManager manager) {
        return value.toTensorArray((PtNDManager) manager);
    }

    IValue value() {
        return value;
    }

    @Override
    public void close() {
        value.close();
    }
}
