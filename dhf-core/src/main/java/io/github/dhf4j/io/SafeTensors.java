package io.github.dhf4j.io;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * One safetensors file, memory-mapped. The header is bounded and checked before anything is believed: lengths, types,
 * shapes against byte ranges, ranges against the file and against each other.
 */
public final class SafeTensors implements TensorFile {
    private final Path path;
    private final MappedTensors data;
    private final SafeTensorsHeader header;

    private SafeTensors(Path path, MappedTensors data, SafeTensorsHeader header) {
        this.path = path;
        this.data = data;
        this.header = header;
    }

    /**
     * Opens a file and reads its header.
     *
     * @param path a safetensors file
     * @return the open file; the caller closes it
     * @throws IOException if it is missing, cut short, or its header is not sound
     */
    public static SafeTensors open(Path path) throws IOException {
        FileBytes.lengthOf(path);
        FileSignature.refuse(path, "file must be safetensors or a torch checkpoint");
        MappedTensors data = new MappedTensors(path);
        try {
            return new SafeTensors(path, data, SafeTensorsHeader.read(path, data));
        } catch (IOException | RuntimeException e) {
            data.close();
            throw e;
        }
    }

    @Override
    public Path path() {
        return path;
    }

    @Override
    public Map<String, TensorInfo> tensors() {
        return header.tensors();
    }

    @Override
    public Map<String, String> metadata() {
        return header.metadata();
    }

    @Override
    public NDArray read(String name, NDManager manager, DataType type) throws IOException {
        return data.read(require(name), header.offset(name), manager, type);
    }

    @Override
    public NDArray convert(String name, NDManager manager, UnaryOperator<NDArray> conversion) throws IOException {
        return data.convert(require(name), header.offset(name), manager, conversion);
    }

    @Override
    public void close() throws IOException {
        data.close();
    }
}
