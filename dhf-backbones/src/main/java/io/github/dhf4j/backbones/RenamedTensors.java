package io.github.dhf4j.backbones;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import io.github.dhf4j.io.TensorFile;
import io.github.dhf4j.io.TensorInfo;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/** A file's tensors under other names, some of them rows of a larger one: how authors' own files are read. */
final class RenamedTensors implements TensorFile {
    /** A third of the rows of a tensor, or, with {@code third} -1, the whole. */
    record Part(String name, int third) {
        boolean isWhole() {
            return third < 0;
        }

        /** The rows, a view of the tensor. */
        NDArray of(NDArray tensor) {
            long rows = tensor.getShape().get(0) / 3;
            return tensor.get(new NDIndex(third * rows + ":" + (third + 1) * rows));
        }
    }

    private final TensorFile file;
    private final Map<String, Part> parts;
    private final Map<String, TensorInfo> infos = new LinkedHashMap<>();

    /** Takes the file over: closing this closes it. */
    RenamedTensors(TensorFile file, Map<String, Part> parts) throws IOException {
        this.file = file;
        this.parts = Map.copyOf(parts);
        for (Map.Entry<String, Part> entry : parts.entrySet()) {
            TensorInfo info = file.require(entry.getValue().name());
            long[] dimensions = info.dimensions().clone();
            if (!entry.getValue().isWhole()) {
                dimensions[0] /= 3;
            }
            infos.put(entry.getKey(), new TensorInfo(entry.getKey(), info.type(), dimensions));
        }
    }

    /** A network's part of a file under its own names; takes the file over, closes it on an error. */
    static TensorFile of(TensorFile file, NetworkKeys keys) throws IOException {
        return renamed(file, keys.names());
    }

    /** The file without wrappers' prefixes that every key begins with; takes it over, closes it on an error. */
    static TensorFile unwrapped(TensorFile file, List<String> prefixes) throws IOException {
        return renamed(file, withoutPrefixes(file.tensors().keySet(), prefixes));
    }

    private static TensorFile renamed(TensorFile file, Map<String, String> names) throws IOException {
        Map<String, Part> parts = new LinkedHashMap<>();
        names.forEach((now, old) -> parts.put(now, new Part(old, -1)));
        try {
            return new RenamedTensors(file, parts);
        } catch (IOException | RuntimeException e) {
            file.close();
            throw e;
        }
    }

    /** New names to old ones: whatever prefix of the list every key has is taken off, several times if need be. */
    static Map<String, String> withoutPrefixes(Set<String> keys, List<String> prefixes) {
        Map<String, String> names = new LinkedHashMap<>();
        keys.forEach(key -> names.put(key, key));
        boolean found = true;
        while (found) {
            found = false;
            for (String prefix : prefixes) {
                if (!names.isEmpty() && names.keySet().stream().allMatch(name -> name.startsWith(prefix))) {
                    Map<String, String> shorter = new LinkedHashMap<>();
                    names.forEach((name, old) -> shorter.put(name.substring(prefix.length()), old));
                    names.clear();
                    names.putAll(shorter);
                    found = true;
                }
            }
        }
        return names;
    }

    @Override
    public Path path() {
        return file.path();
    }

    @Override
    public Map<String, TensorInfo> tensors() {
        return Collections.unmodifiableMap(infos);
    }

    @Override
    public Map<String, String> metadata() {
        return file.metadata();
    }

    @Override
    public NDArray read(String name, NDManager manager, DataType type) throws IOException {
        Part part = part(name);
        if (part.isWhole()) {
            return file.read(part.name(), manager, type);
        }
        try (NDArray whole = file.read(part.name(), manager, type);
                NDArray third = part.of(whole)) {
            return third.duplicate();
        }
    }

    @Override
    public NDArray convert(String name, NDManager manager, UnaryOperator<NDArray> conversion) throws IOException {
        Part part = part(name);
        if (part.isWhole()) {
            return file.convert(part.name(), manager, conversion);
        }
        return file.convert(part.name(), manager, whole -> {
            try (NDArray third = part.of(whole)) {
                return conversion.apply(third);
            }
        });
    }

    private Part part(String name) throws IOException {
        require(name);
        return parts.getOrDefault(name, new Part(name, -1));
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
