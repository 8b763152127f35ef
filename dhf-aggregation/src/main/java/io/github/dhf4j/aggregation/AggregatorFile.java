package io.github.dhf4j.aggregation;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.github.dhf4j.io.Json;
import io.github.dhf4j.io.PathKind;
import io.github.dhf4j.io.SafeTensorsWriter;
import io.github.dhf4j.io.TensorFile;
import io.github.dhf4j.io.TensorInfo;
import io.github.dhf4j.io.Texts;
import io.github.dhf4j.io.TorchCheckpoint;
import io.github.dhf4j.io.TorchCheckpointWriter;
import io.github.dhf4j.tensor.TorchEngine;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A file of aggregation weights, checked as a whole before a tensor is read: the authors' torch checkpoint, or
 * safetensors with the configuration and provenance in the metadata. Keys: {@code mixing_weights},
 * {@code bottleneck_layers.{l}.0.{conv1,conv2,conv3,shortcut}.{weight,norm.weight,norm.bias}}.
 */
public final class AggregatorFile implements AutoCloseable {
    private static final String TORCH_PREFIX = "aggregation_network.";
    static final String MIXING = "mixing_weights";
    static final String CONFIG = "config";
    static final String PROVENANCE = "provenance";
    private static final int MAX_LAYERS = 1000;

    private final TensorFile file;
    private final String prefix;
    private final AggregatorConfig config;
    private final JsonObject provenance;

    private AggregatorFile(TensorFile file, String prefix, AggregatorConfig config, JsonObject provenance) {
        this.file = file;
        this.prefix = prefix;
        this.config = config;
        this.provenance = provenance;
    }

    /**
     * Opens a file.
     *
     * @param path the authors' {@code .pt} or this library's safetensors
     * @return the open file; the caller closes it
     * @throws IOException if it is missing, damaged, hostile, or holds other weights
     */
    public static AggregatorFile open(Path path) throws IOException {
        TensorFile file = TensorFile.open(path);
        try {
            PathKind kind = PathKind.tensors(file);
            if (kind != null && !kind.isAggregation()) {
                throw new IOException("file must hold aggregation weights with their 'config', got " + kind.what()
                        + " (" + path + "); give weights that were made for the checkpoint");
            }
            return file instanceof TorchCheckpoint torch ? ofTorch(torch) : ofSafeTensors(file);
        } catch (IOException | RuntimeException e) {
            file.close();
            throw e;
        }
    }

    private static AggregatorFile ofTorch(TorchCheckpoint file) throws IOException {
        if (!(file.root().get(CONFIG) instanceof Map<?, ?> config)
                || !(file.root().get("aggregation_network") instanceof Map)) {
            throw new IOException("checkpoint must hold 'config' and 'aggregation_network', got "
                    + Texts.some(file.root().keySet()) + " (" + file.path() + "); is it an aggregation checkpoint?");
        }
        JsonObject provenance = new JsonObject();
        provenance.addProperty("source", "torch checkpoint of the authors' form");
        if (file.root().get("step") instanceof Number step) {
            provenance.addProperty("step", step);
        }
        return check(file, TORCH_PREFIX, TorchConfig.toJson(config), false, provenance);
    }

    private static AggregatorFile ofSafeTensors(TensorFile file) throws IOException {
        String config = file.metadata().get(CONFIG);
        if (config == null) {
            throw new IOException("aggregation weights must carry 'config' in their metadata, got "
                    + Texts.some(file.metadata().keySet()) + " (" + file.path()
                    + "); make the file with 'dhf convert-weights'");
        }
        String provenance = file.metadata().get(PROVENANCE);
        String where = file.path().toString();
        return check(
                file,
                "",
                Json.parseObject(config, "'config'", where),
                provenance != null,
                provenance == null ? new JsonObject() : Json.parseObject(provenance, "'provenance'", where));
    }

    private static AggregatorFile check(
            TensorFile file, String prefix, JsonObject json, boolean own, JsonObject provenance) throws IOException {
        List<Integer> dims = new ArrayList<>();
        for (int l = 0; l < MAX_LAYERS; l++) {
            TensorInfo conv1 = file.tensors().get(prefix + key(l, "conv1.weight"));
            if (conv1 == null) {
                break;
            }
            if (conv1.dimensions().length != 4 || conv1.dimensions()[1] > Integer.MAX_VALUE) {
                throw new IOException("convolution must have four dimensions, got " + conv1 + " (" + file.path()
                        + "); fetch the file again");
            }
            dims.add(Math.toIntExact(conv1.dimensions()[1]));
        }
        if (dims.isEmpty()) {
            throw new IOException("aggregation weights must have " + key(0, "conv1.weight") + ", got "
                    + Texts.some(file.tensors().keySet()) + " (" + file.path() + "); is it an aggregation network?");
        }
        AggregatorConfig config =
                AggregatorConfig.read(json, dims, own, file.path().toString());
        Set<String> used = new HashSet<>();
        for (Map.Entry<String, Shape> entry : config.shapes().entrySet()) {
            expect(file, used, prefix + entry.getKey(), entry.getValue().getShape());
        }
        List<String> left = file.tensors().keySet().stream()
                .filter(name -> name.startsWith(prefix) && !used.contains(name))
                .toList();
        if (!left.isEmpty()) {
            throw new IOException("aggregation weights must have no key that the network does not know, got "
                    + Texts.some(left) + " (" + file.path() + "); fetch the file again");
        }
        return new AggregatorFile(file, prefix, config, provenance);
    }

    private static void expect(TensorFile file, Set<String> used, String name, long... dimensions) throws IOException {
        TensorInfo info = file.require(name);
        if (!Arrays.equals(info.dimensions(), dimensions) || !info.type().isFloat()) {
            throw new IOException("tensor '" + name + "' must be of floats " + Arrays.toString(dimensions)
                    + " by the configuration, got " + info + " (" + file.path()
                    + "); configuration and weights must be of one run");
        }
        used.add(name);
    }

    static String key(int layer, String name) {
        return "bottleneck_layers." + layer + ".0." + name;
    }

    /**
     * What the weights were made for.
     *
     * @return the configuration
     */
    public AggregatorConfig config() {
        return config;
    }

    /**
     * Where the weights come from: run, data, versions, as far as the file says.
     *
     * @return JSON, empty if it says nothing
     */
    public JsonObject provenance() {
        return provenance.deepCopy();
    }

    /**
     * The file.
     *
     * @return its path
     */
    public Path path() {
        return file.path();
    }

    /**
     * The number of weights.
     *
     * @return parameters of the network
     */
    public long parameterCount() {
        return file.tensors().values().stream()
                .filter(info -> info.name().startsWith(prefix)
                        && (prefix.isEmpty() || info.name().startsWith(TORCH_PREFIX)))
                .mapToLong(TensorInfo::elements)
                .sum();
    }

    NDArray read(String name, NDManager manager) throws IOException {
        NDArray array = file.read(prefix + name, manager, DataType.FLOAT32);
        float sum = array.sum().getFloat();
        if (!Float.isFinite(sum)) {
            throw new IOException("weights must be finite numbers, got NaN or infinity in '" + name + "' ("
                    + file.path() + "); the file is damaged");
        }
        return array;
    }

    /**
     * Writes the weights as safetensors with configuration and provenance in the metadata.
     *
     * @param target the file to be
     * @param note who converts, added to the provenance; null for none
     * @throws IOException if reading or writing fails; what was there before is left
     */
    public void saveSafeTensors(Path target, @Nullable String note) throws IOException {
        try (NDManager manager = TorchEngine.newManager(Device.cpu())) {
            SafeTensorsWriter writer =
                    new SafeTensorsWriter().metadata(CONFIG, config.toJson().toString());
            JsonObject origin = provenance();
            if (note != null) {
                origin.addProperty("converted", note);
            }
            writer.metadata(PROVENANCE, origin.toString());
            for (String name : file.tensors().keySet()) {
                if (name.startsWith(prefix)) {
                    writer.tensor(name.substring(prefix.length()), read(name.substring(prefix.length()), manager));
                }
            }
            writer.write(target);
        }
    }

    /**
     * Writes one layer's bottleneck as weights of their own: of all maps only that of one layer and saved index is
     * left, with all of the share.
     *
     * <p>Source: the paper's row Ours-Pruned.
     *
     * @param saveIndex the saved index to keep
     * @param layer the decoder layer to keep
     * @param target the file to be, safetensors
     * @throws IOException if reading or writing fails; what was there before is left
     */
    public void savePruned(int saveIndex, int layer, Path target) throws IOException {
        int l = config.layers().indexOf(layer);
        if (l < 0 || !config.saveTimesteps().contains(saveIndex)) {
            throw new IllegalArgumentException("map to keep must be one of layers " + config.layers()
                    + " and saved timesteps " + config.saveTimesteps() + ", got s" + saveIndex + ".layer" + layer);
        }
        AggregatorConfig pruned = config.pruned(saveIndex, layer);
        JsonObject origin = provenance();
        origin.addProperty("pruned", "to layer " + layer + " at saved index " + saveIndex);
        try (NDManager manager = TorchEngine.newManager(Device.cpu())) {
            SafeTensorsWriter writer = new SafeTensorsWriter()
                    .metadata(CONFIG, pruned.toJson().toString())
                    .metadata(PROVENANCE, origin.toString())
                    .tensor(MIXING, manager.ones(new Shape(1)));
            for (String part : Aggregator.bottleneckParts(config, l)) {
                writer.tensor(key(0, part), read(key(l, part), manager));
            }
            writer.write(target);
        }
    }

    /**
     * Writes the weights in the authors' form: {@code step}, {@code config}, {@code aggregation_network}; there is no
     * optimiser state. {@code torch.load} reads it.
     *
     * @param target the file to be
     * @throws IOException if reading or writing fails; what was there before is left
     */
    public void saveTorch(Path target) throws IOException {
        try (NDManager manager = TorchEngine.newManager(Device.cpu())) {
            Map<String, NDArray> network = new LinkedHashMap<>();
            for (String name : file.tensors().keySet()) {
                if (name.startsWith(prefix)) {
                    network.put(name.substring(prefix.length()), read(name.substring(prefix.length()), manager));
                }
            }
            JsonElement step = provenance.get("step");
            Map<String, Object> root = new LinkedHashMap<>();
            root.put("step", step != null && step.isJsonPrimitive() ? step.getAsLong() : 0L);
            root.put("config", TorchConfig.toTorch(config.toJson()));
            root.put("aggregation_network", network);
            TorchCheckpointWriter.write(root, target);
        }
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
