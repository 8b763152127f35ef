package io.github.dhf4j.tensor;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.github.dhf4j.io.TensorFile;
import io.github.dhf4j.io.TensorType;
import java.io.IOException;
import java.util.List;

/**
 * Reads tensors of a file as weights: of one type, cast on the device, and in one layout.
 *
 * @param file where they are, borrowed
 * @param manager owns them, borrowed
 * @param type what they become
 * @param channelsLast whether those of convolutions lie channels last
 */
record WeightReader(TensorFile file, NDManager manager, DataType type, boolean channelsLast) {
    private static final ScriptModule OPS = ScriptModule.load(Weights.class, "weights.py");

    NDArray read(String name, Shape shape) throws IOException {
        NDArray array = read(name);
        if (!array.getShape().equals(shape)) {
            try (NDArray flat = array) {
                array = flat.reshape(shape);
            }
        }
        if (channelsLast && shape.dimension() == 4) {
            try (NDArray rows = array) {
                return OPS.run(manager, "channels_last", rows);
            }
        }
        return array;
    }

    private NDArray read(String name) throws IOException {
        String method = file.require(name).type() == TensorType.BF16 ? "of_bits" : "cast";
        return file.convert(name, manager, stored -> OPS.run(manager, method, stored, ScalarTypes.code(type)));
    }

    /** Asked of a block at once, since each answer waits for the device. */
    void requireFinite(List<String> names, NDArray... arrays) throws IOException {
        if (isFinite(arrays)) {
            return;
        }
        for (int i = 0; i < arrays.length; i++) {
            if (!isFinite(arrays[i])) {
                boolean narrow =
                        type == DataType.FLOAT16 && file.require(names.get(i)).type() != TensorType.F16;
                throw new IOException("weights must be finite numbers, got NaN or infinity in '" + names.get(i) + "' ("
                        + file.path() + "); "
                        + (narrow ? "if they are beyond float16, run in bfloat16 or float32" : "the file is damaged"));
            }
        }
    }

    private static boolean isFinite(NDArray... arrays) {
        try (TensorList list = TensorList.of(arrays)) {
            return OPS.test("all_finite", list);
        }
    }
}
