package io.github.dhf4j.feature;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import io.github.dhf4j.io.TensorFile;
import io.github.dhf4j.io.Texts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** Maps of a file, each read as float32 when it is first lent. */
final class FileMaps implements StackMaps {
    private final TensorFile file;
    private final NDManager manager;
    private final Set<FeatureKey> keys = new LinkedHashSet<>();
    private final Map<FeatureKey, NDArray> lent = new HashMap<>();

    private FileMaps(TensorFile file, NDManager parent) {
        this.file = file;
        this.manager = parent.newSubManager();
        file.tensors().forEach((name, info) -> {
            FeatureKey key = FeatureKey.parse(name);
            if (key != null && info.dimensions().length == 4) {
                keys.add(key);
            }
        });
    }

    static FileMaps open(Path path, NDManager parent) throws IOException {
        FileMaps maps = new FileMaps(TensorFile.open(path), parent);
        if (maps.keys.isEmpty()) {
            maps.close();
            throw new IOException("file must hold feature maps named s{index}.layer{k} of four dimensions, got "
                    + Texts.some(maps.file.tensors().keySet()) + " (" + path + "); make one with 'dhf extract'");
        }
        return maps;
    }

    @Override
    public NDManager manager() {
        return manager;
    }

    @Override
    public Set<FeatureKey> keys() {
        return keys;
    }

    @Override
    public void add(FeatureKey key, NDArray map) {
        throw new IllegalStateException("stack must be made empty to be filled, got one over " + file.path());
    }

    @Override
    public NDArray lend(FeatureKey key) {
        return lent.computeIfAbsent(key, unread -> ofFile(unread, manager));
    }

    @Override
    public NDArray read(FeatureKey key, NDManager owner) {
        NDArray map = lent.get(key);
        return map == null ? ofFile(key, owner) : StackMaps.copy(map, owner);
    }

    private NDArray ofFile(FeatureKey key, NDManager owner) {
        try {
            return file.read(key.tensorName(), owner, DataType.FLOAT32);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public long width(FeatureKey key) {
        return Objects.requireNonNull(file.tensors().get(key.tensorName())).dimensions()[1];
    }

    @Override
    public Map<String, String> metadata() {
        return file.metadata();
    }

    @Override
    public void close() {
        manager.close();
        try {
            file.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
