package io.github.dhf4j.io;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * A file, or a set of shards, of named tensors, opened for reading. Nothing but the header is read until a tensor is
 * asked for; data go from the memory-mapped file to native memory without a copy in the heap. Safe for several threads.
 */
public interface TensorFile extends Closeable {
    /**
     * Opens a tensor file by what its first bytes say it is: safetensors or a torch checkpoint.
     *
     * @param path the file
     * @return the open file; the caller closes it
     * @throws IOException if it cannot be read, is neither, or its header lies
     */
    static TensorFile open(Path path) throws IOException {
        return TorchCheckpoint.isOne(path) ? TorchCheckpoint.open(path) : SafeTensors.open(path);
    }

    /**
     * Where the tensors come from.
     *
     * @return the file, or the index file of shards
     */
    Path path();

    /**
     * All tensors by name: in the order of a safetensors header, sorted for a torch checkpoint.
     *
     * @return an unmodifiable map
     */
    Map<String, TensorInfo> tensors();

    /**
     * Free text that the file carries.
     *
     * @return an unmodifiable map, empty if there is none
     */
    Map<String, String> metadata();

    /**
     * Reads one tensor.
     *
     * @param name a key of {@link #tensors()}
     * @param manager owns the result, which the caller closes
     * @param type what to convert floating point data to, {@code FLOAT32} or {@code FLOAT16}; integers are read as they
     *     are
     * @return the tensor, contiguous, not tied to the file
     * @throws IOException if the tensor is not in the file or cannot be read
     */
    NDArray read(String name, NDManager manager, DataType type) throws IOException;

    /**
     * Makes something of one tensor as it is stored, without a copy of it in between where the device is the CPU.
     *
     * @param name a key of {@link #tensors()}
     * @param manager owns what the conversion is given, and says on which device
     * @param conversion is given a view of the file, which ends when it returns: its result must be a copy. bfloat16, which
     *     DJL has no type for, comes as bits under the type {@code FLOAT16}, to be looked at anew before anything is computed
     * @return what the conversion returns
     * @throws IOException if the tensor is not in the file or cannot be read
     */
    NDArray convert(String name, NDManager manager, UnaryOperator<NDArray> conversion) throws IOException;

    /**
     * Says that a tensor is there, or throws.
     *
     * @param name the tensor's name
     * @return its entry
     * @throws IOException naming the file and what it has instead
     */
    default TensorInfo require(String name) throws IOException {
        TensorInfo info = tensors().get(name);
        if (info == null) {
            throw new IOException("tensor must be in the file, got no '" + Texts.shown(name) + "' (" + path() + " has "
                    + Texts.some(tensors().keySet()) + "); name one of these");
        }
        return info;
    }
}
