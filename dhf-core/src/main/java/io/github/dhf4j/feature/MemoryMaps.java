package io.github.dhf4j.feature;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import io.github.dhf4j.tensor.ScriptModule;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** Maps that are kept as they come. */
final class MemoryMaps implements StackMaps {
    private static final ScriptModule SCRIPT = ScriptModule.load(FeatureStack.class, "stack.py");

    private final NDManager manager;
    private final DataType type;
    private final Map<FeatureKey, NDArray> maps = new LinkedHashMap<>();

    MemoryMaps(NDManager parent, DataType type) {
        this.manager = parent.newSubManager();
        this.type = type;
    }

    @Override
    public NDManager manager() {
        return manager;
    }

    @Override
    public Set<FeatureKey> keys() {
        return maps.keySet();
    }

    @Override
    public void add(FeatureKey key, NDArray map) {
        if (map.getShape().dimension() != 4) {
            throw new IllegalArgumentException(
                    "feature map must be (B, C, h, w), got " + map.getShape() + " for " + key.tensorName());
        }
        if (maps.containsKey(key)) {
            throw new IllegalArgumentException("feature map must come once, got " + key.tensorName() + " twice");
        }
        // networks emit maps in the layout that is fastest for them; here all have one, as in files, so that sums over
        // kept maps are the same to the bit as sums over maps that were read back
        NDArray copy = SCRIPT.run(manager, "row_by_row", map);
        if (type != DataType.FLOAT32) {
            NDArray narrow = copy.toType(type, true);
            copy.close();
            copy = narrow;
        }
        maps.put(key, copy);
    }

    @Override
    public NDArray lend(FeatureKey key) {
        return Objects.requireNonNull(maps.get(key));
    }

    @Override
    public NDArray read(FeatureKey key, NDManager owner) {
        return StackMaps.copy(lend(key), owner);
    }

    @Override
    public long width(FeatureKey key) {
        return lend(key).getShape().get(1);
    }

    @Override
    public Map<String, String> metadata() {
        return Map.of();
    }

    @Override
    public void close() {
        manager.close();
    }
}
