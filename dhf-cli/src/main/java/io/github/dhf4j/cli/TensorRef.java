package io.github.dhf4j.cli;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import io.github.dhf4j.io.HostTensors;
import io.github.dhf4j.io.TensorFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;

/**
 * A tensor of a file: {@code FILE:TENSOR}, or {@code FILE} where the file has one tensor or one of the usual name.
 *
 * @param path the file
 * @param tensor the tensor's name, null if not given
 */
record TensorRef(Path path, @Nullable String tensor) {
    static final class Converter implements ITypeConverter<TensorRef> {
        @Override
        public TensorRef convert(String text) {
            int colon = text.lastIndexOf(':');
            if (colon > 1 && !Files.exists(PathConverter.path(text))) {
                return new TensorRef(PathConverter.path(text.substring(0, colon)), text.substring(colon + 1));
            }
            return new TensorRef(PathConverter.path(text), null);
        }
    }

    NDArray read(NDManager manager, String usualName) throws IOException {
        try (TensorFile file = TensorFile.open(path)) {
            String name = tensor;
            if (name == null) {
                name = file.tensors().size() == 1
                        ? file.tensors().keySet().iterator().next()
                        : usualName;
            }
            if (!file.require(name).type().isFloat()) {
                throw new IOException("tensor must be of floats, got " + file.require(name) + " (" + path + ")");
            }
            NDArray array = file.read(name, manager, DataType.FLOAT32);
            if (!Float.isFinite(HostTensors.number(array.sum()))) {
                throw new IOException(
                        "tensor must hold finite numbers, got NaN or infinity in '" + name + "' (" + path + ")");
            }
            return array;
        }
    }
}
