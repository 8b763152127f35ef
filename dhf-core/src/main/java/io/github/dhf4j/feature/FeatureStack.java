package io.github.dhf4j.feature;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import io.github.dhf4j.io.SafeTensorsWriter;
import io.github.dhf4j.tensor.OpenGuard;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Keeps feature maps, (B, C, h, w) each at its native resolution, indexed by save index and layer. It is filled map
 * by map as an extractor pushes them, or opened over a file, whose maps are then read one by one when asked for. It
 * knows nothing of diffusion: a vision transformer's layers are a stack with one save index.
 *
 * <p>Owns its maps until closed; {@link #get} lends them. Not for use by several threads while it is being filled.
 * {@link #close} waits for what other threads do with it.
 */
public final class FeatureStack implements FeatureConsumer, AutoCloseable {
    private final StackMaps maps;
    private final OpenGuard guard = new OpenGuard("feature stack");

    private FeatureStack(StackMaps maps) {
        this.maps = maps;
    }

    /**
     * An empty stack.
     *
     * @param parent manager whose device the maps live on; the stack takes a sub-manager of it
     * @param type what maps are kept as: {@code FLOAT32}, or {@code FLOAT16} at half the memory
     * @return the stack; the caller closes it
     */
    public static FeatureStack create(NDManager parent, DataType type) {
        if (type != DataType.FLOAT32 && type != DataType.FLOAT16) {
            throw new IllegalArgumentException("feature maps must be kept as float32 or float16, got " + type);
        }
        return new FeatureStack(new MemoryMaps(parent, type));
    }

    /**
     * A stack over a file; maps are read as float32 when they are first asked for.
     *
     * @param path a safetensors file with tensors {@code s{index}.layer{k}}; others are passed over
     * @param parent manager whose device the maps live on
     * @return the stack; the caller closes it
     * @throws IOException if the file is not sound or has no feature map
     */
    public static FeatureStack open(Path path, NDManager parent) throws IOException {
        return new FeatureStack(FileMaps.open(path, parent));
    }

    /**
     * The stacks of several networks that saw one image as one, in order: a view, without a copy.
     *
     * @param networks two or more, of one network each; owned from now on
     * @return the stack; the caller closes it, and with it all of them
     */
    public static FeatureStack joined(List<FeatureStack> networks) {
        return new FeatureStack(new JoinedMaps(networks));
    }

    @Override
    public void accept(FeatureKey key, NDArray map) {
        try (OpenGuard.Use use = use()) {
            maps.add(key, map);
        }
    }

    /**
     * Lends a map.
     *
     * @param saveIndex the save index
     * @param layer the layer, 1..L
     * @return (B, C, h, w); the stack's own: not to be closed, not usable after the stack's close
     * @throws IllegalArgumentException if it is not in the stack
     * @throws UncheckedIOException if the stack lies over a file that cannot be read any more
     */
    public NDArray get(int saveIndex, int layer) {
        return get(new FeatureKey(saveIndex, layer));
    }

    /**
     * Lends a map of any of the networks.
     *
     * @param key which
     * @return as {@link #get(int, int)}
     * @throws IllegalArgumentException if it is not in the stack
     * @throws UncheckedIOException if the stack lies over a file that cannot be read any more
     */
    public NDArray get(FeatureKey key) {
        try (OpenGuard.Use use = use()) {
            return lend(known(key));
        }
    }

    private synchronized NDArray lend(FeatureKey key) {
        return maps.lend(key);
    }

    private FeatureKey known(FeatureKey key) {
        if (!maps.keys().contains(key)) {
            throw new IllegalArgumentException("feature map must be in the stack, got " + key.tensorName() + " (layers "
                    + layers() + ", save indices " + saveIndices() + ")");
        }
        return key;
    }

    long width(FeatureKey key) {
        return maps.width(key);
    }

    /**
     * Reads a map without keeping it: of a stack over a file nothing stays in memory but what the caller holds.
     *
     * @param saveIndex the save index
     * @param layer the layer, 1..L
     * @param owner owns the result
     * @return (B, C, h, w) float32, a copy
     * @throws IllegalArgumentException if it is not in the stack
     * @throws UncheckedIOException if the stack lies over a file that cannot be read any more
     */
    public NDArray read(int saveIndex, int layer, NDManager owner) {
        return read(new FeatureKey(saveIndex, layer), owner);
    }

    /**
     * Reads a map of any of the networks without keeping it.
     *
     * @param key which
     * @param owner owns the result
     * @return as {@link #read(int, int, NDManager)}
     * @throws IllegalArgumentException if it is not in the stack
     * @throws UncheckedIOException if the stack lies over a file that cannot be read any more
     */
    public NDArray read(FeatureKey key, NDManager owner) {
        try (OpenGuard.Use use = use()) {
            return copy(known(key), owner);
        }
    }

    private synchronized NDArray copy(FeatureKey key, NDManager owner) {
        return maps.read(key, owner);
    }

    /**
     * Pushes all maps on, in the order in which they came.
     *
     * @param consumer takes each map as float32; borrowed
     */
    public void forEach(FeatureConsumer consumer) {
        try (OpenGuard.Use use = use()) {
            for (FeatureKey key : List.copyOf(maps.keys())) {
                try (NDArray wide = read(key, maps.manager())) {
                    consumer.accept(key, wide);
                }
            }
        }
    }

    /**
     * What is in the stack.
     *
     * @return all keys, in the order in which they came
     */
    public Set<FeatureKey> keys() {
        use().close();
        return Collections.unmodifiableSet(maps.keys());
    }

    /**
     * The layers in the stack.
     *
     * @return ascending
     */
    public List<Integer> layers() {
        return keys().stream().map(FeatureKey::layer).distinct().sorted().toList();
    }

    /**
     * The save indices in the stack.
     *
     * @return in the order in which they came
     */
    public List<Integer> saveIndices() {
        return keys().stream().map(FeatureKey::saveIndex).distinct().toList();
    }

    /**
     * The layers with their widths and the save indices, as an aggregator compares them with its weights.
     *
     * @return the layout
     */
    public FeatureLayout layout() {
        try (OpenGuard.Use use = use()) {
            if (maps.keys().isEmpty()) {
                return new FeatureLayout(Map.of(), List.of());
            }
            List<NetworkLayout> networks = new ArrayList<>();
            for (int n : maps.keys().stream()
                    .map(FeatureKey::network)
                    .distinct()
                    .sorted()
                    .toList()) {
                List<FeatureKey> keys =
                        maps.keys().stream().filter(key -> key.network() == n).toList();
                Map<Integer, Integer> channels = new LinkedHashMap<>();
                for (FeatureKey key : keys) {
                    channels.computeIfAbsent(key.layer(), layer -> Math.toIntExact(maps.width(key)));
                }
                networks.add(new NetworkLayout(
                        channels,
                        keys.stream().map(FeatureKey::saveIndex).distinct().toList()));
            }
            return new FeatureLayout(networks);
        }
    }

    /**
     * Writes all maps to a safetensors file, in the type in which they are kept.
     *
     * @param path the file to be
     * @throws IOException if it cannot be written; what was there before is left
     */
    public void save(Path path) throws IOException {
        save(path, Map.of(), Map.of());
    }

    /**
     * Writes all maps and further tensors and texts.
     *
     * @param path the file to be
     * @param further other tensors by name; borrowed
     * @param metadata texts for the file's metadata
     * @throws IOException if it cannot be written; what was there before is left
     */
    public void save(Path path, Map<String, NDArray> further, Map<String, String> metadata) throws IOException {
        try (OpenGuard.Use use = use()) {
            SafeTensorsWriter writer = new SafeTensorsWriter();
            for (FeatureKey key : List.copyOf(maps.keys())) {
                writer.tensor(key.tensorName(), get(key));
            }
            further.forEach(writer::tensor);
            metadata.forEach(writer::metadata);
            writer.write(path);
        }
    }

    /**
     * A manager on the maps' device, for what is made of them.
     *
     * @return a sub-manager of the stack's; the caller closes it
     */
    public NDManager newManager() {
        try (OpenGuard.Use use = use()) {
            return maps.manager().newSubManager();
        }
    }

    /**
     * What the file under a stack says beside its maps.
     *
     * @return the file's metadata; empty for a stack in memory
     */
    public Map<String, String> metadata() {
        return maps.metadata();
    }

    /**
     * Keeps the stack open while it is used.
     *
     * @return closing it lets {@link #close} go on
     * @throws IllegalStateException if the stack is closed
     */
    public OpenGuard.Use use() {
        return guard.enter();
    }

    /** Frees all maps; closing again does nothing. */
    @Override
    public void close() {
        guard.close(maps::close);
    }
}
