package io.github.dhf4j.io;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;

/** Safetensors shards behind one {@code *.safetensors.index.json}. */
public final class ShardedTensors implements TensorFile {
    private final Path index;
    private final Map<String, SafeTensors> shards;
    private final Map<String, SafeTensors> shardOf;
    private final Map<String, TensorInfo> tensors;

    private ShardedTensors(
            Path index,
            Map<String, SafeTensors> shards,
            Map<String, SafeTensors> shardOf,
            Map<String, TensorInfo> tensors) {
        this.index = index;
        this.shards = shards;
        this.shardOf = Collections.unmodifiableMap(shardOf);
        this.tensors = Collections.unmodifiableMap(tensors);
    }

    /**
     * Opens all shards that the index names.
     *
     * @param index the index file; shards lie beside it
     * @return the open set; the caller closes it
     * @throws IOException if a shard is missing, unsound, outside the folder, or does not hold what the index says
     */
    public static ShardedTensors open(Path index) throws IOException {
        JsonElement weightMap = Json.readObject(index).get("weight_map");
        if (weightMap == null || !weightMap.isJsonObject()) {
            throw new IOException(
                    "shard index must have an object 'weight_map', got none (" + index + "); fetch it again");
        }
        JsonObject map = weightMap.getAsJsonObject();
        Map<String, SafeTensors> shards = new LinkedHashMap<>();
        Map<String, SafeTensors> shardOf = new LinkedHashMap<>();
        Map<String, TensorInfo> tensors = new LinkedHashMap<>();
        try {
            for (Map.Entry<String, JsonElement> entry : map.entrySet()) {
                String file =
                        entry.getValue().isJsonPrimitive() ? entry.getValue().getAsString() : "";
                if (!isName(file)) {
                    throw new IOException(
                            "shard of '" + Texts.shown(entry.getKey()) + "' must be a file name beside the index, got '"
                                    + Texts.shown(file) + "' (" + index + "); fetch the index again");
                }
                SafeTensors shard = shards.get(file);
                if (shard == null) {
                    shard = SafeTensors.open(index.resolveSibling(file));
                    shards.put(file, shard);
                }
                tensors.put(entry.getKey(), shard.require(entry.getKey()));
                shardOf.put(entry.getKey(), shard);
            }
            for (SafeTensors shard : shards.values()) {
                for (String name : shard.tensors().keySet()) {
                    if (shardOf.get(name) != shard) {
                        throw new IOException("tensor '" + Texts.shown(name) + "' of " + shard.path()
                                + " must be named by the index, got none (" + index
                                + "); fetch index and shards of one version");
                    }
                }
            }
            return new ShardedTensors(index, shards, shardOf, tensors);
        } catch (IOException | RuntimeException e) {
            for (SafeTensors shard : shards.values()) {
                shard.close();
            }
            throw e;
        }
    }

    private static boolean isName(String file) {
        try {
            return !file.isEmpty() && Path.of(file).equals(Path.of(file).getFileName());
        } catch (InvalidPathException e) {
            return false;
        }
    }

    @Override
    public Path path() {
        return index;
    }

    @Override
    public Map<String, TensorInfo> tensors() {
        return tensors;
    }

    @Override
    public Map<String, String> metadata() {
        return Map.of();
    }

    @Override
    public NDArray read(String name, NDManager manager, DataType type) throws IOException {
        return shard(name).read(name, manager, type);
    }

    @Override
    public NDArray convert(String name, NDManager manager, UnaryOperator<NDArray> conversion) throws IOException {
        return shard(name).convert(name, manager, conversion);
    }

    private SafeTensors shard(String name) throws IOException {
        require(name);
        SafeTensors shard = shardOf.get(name);
        if (shard == null) {
            throw new IOException("no shard holds " + Texts.shown(name) + " (" + index + ")");
        }
        return shard;
    }

    @Override
    public void close() throws IOException {
        for (SafeTensors shard : shards.values()) {
            shard.close();
        }
    }
}
