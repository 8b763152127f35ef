package io.github.dhf4j.aggregation;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import com.google.gson.JsonObject;
import io.github.dhf4j.feature.ConfidenceModel;
import io.github.dhf4j.io.HostTensors;
import io.github.dhf4j.io.Json;
import io.github.dhf4j.io.PathKind;
import io.github.dhf4j.io.TensorFile;
import io.github.dhf4j.io.TensorInfo;
import io.github.dhf4j.io.Texts;
import io.github.dhf4j.io.TorchCheckpoint;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A file of aggregation weights, checked as a whole before a tensor is read: the authors' torch checkpoint, {@link GeoAware}'s,
 * or safetensors with the configuration and provenance in the metadata. The tensors have {@link AggregatorKeys}.
 */
public final class AggregatorFile implements AutoCloseable {
    private static final int MAX_LAYERS = 1000;

    private final TensorFile file;
    private final String prefix;
    private final AggregatorConfig config;
    private final JsonObject provenance;
    private final @Nullable ConfidenceModel confidence;
    private final long parameterCount;

    private AggregatorFile(TensorFile file, String prefix, AggregatorConfig config, JsonObject provenance)
            throws IOException {
        String calibration = file.metadata().get(AggregatorKeys.CONFIDENCE);
        this.confidence = calibration == null
                ? null
                : ConfidenceModel.fromJson(
                        Json.parseObject(
                                calibration, "'confidence'", file.path().toString()),
                        file.path().toString());
        this.file = file;
        this.prefix = prefix;
        this.config = config;
        this.provenance = provenance;
        try (AggregationParameters declared = new AggregationParameters(config, file)) {
            this.parameterCount = declared.count();
        }
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
        if (GeoAware.isOf(file.tensors().keySet())) {
            TensorInfo conv3 = file.tensors().get(AggregatorKeys.layer(0) + "conv3.weight");
            long projection = conv3 == null || conv3.dimensions().length == 0 ? 0 : conv3.dimensions()[0];
            JsonObject provenance = new JsonObject();
            provenance.addProperty("source", "state dict of GeoAware-SC's form");
            return of(file, "", GeoAware.config(projection), false, provenance);
        }
        if (!(file.root().get(AggregatorKeys.CONFIG) instanceof Map<?, ?> config)
                || !(file.root().get(AggregatorKeys.TORCH_NETWORK) instanceof Map)) {
            throw new IOException("checkpoint must hold 'config' and 'aggregation_network', got "
                    + Texts.some(file.root().keySet()) + " (" + file.path() + "); is it an aggregation checkpoint?");
        }
        JsonObject provenance = new JsonObject();
        provenance.addProperty("source", "torch checkpoint of the authors' form");
        if (file.root().get("step") instanceof Number step) {
            provenance.addProperty("step", step);
        }
        return of(file, AggregatorKeys.TORCH_NETWORK + ".", TorchConfig.toJson(config), false, provenance);
    }

    private static AggregatorFile ofSafeTensors(TensorFile file) throws IOException {
        String config = file.metadata().get(AggregatorKeys.CONFIG);
        if (config == null) {
            throw new IOException("aggregation weights must carry 'config' in their metadata, got "
                    + Texts.some(file.metadata().keySet()) + " (" + file.path()
                    + "); make the file with 'dhf convert-weights'");
        }
        String provenance = file.metadata().get(AggregatorKeys.PROVENANCE);
        String where = file.path().toString();
        return of(
                file,
                "",
                Json.parseObject(config, "'config'", where),
                provenance != null,
                provenance == null ? new JsonObject() : Json.parseObject(provenance, "'provenance'", where));
    }

    private static AggregatorFile of(
            TensorFile file, String prefix, JsonObject json, boolean own, JsonObject provenance) throws IOException {
        List<Integer> dims = new ArrayList<>();
        for (int l = 0; l < MAX_LAYERS; l++) {
            TensorInfo conv1 = file.tensors().get(prefix + AggregatorKeys.layer(l) + "conv1.weight");
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
            throw new IOException("aggregation weights must have " + AggregatorKeys.layer(0) + "conv1.weight" + ", got "
                    + Texts.some(file.tensors().keySet()) + " (" + file.path() + "); is it an aggregation network?");
        }
        String where = file.path().toString();
        return new AggregatorFile(file, prefix, AggregatorConfigCodec.read(json, dims, own, where), provenance);
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
     * How far matches by these weights can be trusted.
     *
     * @return what was fitted to them; null where nothing was
     */
    public @Nullable ConfidenceModel confidence() {
        return confidence;
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
        return parameterCount;
    }

    TensorFile tensors() {
        return file;
    }

    /**
     * Reads all weights.
     *
     * @param owner owns the arrays
     * @return float32, by the keys of {@link AggregationParameters#shapes}
     * @throws IOException if the file cannot be read or a tensor holds NaN or infinity
     */
    public Map<String, NDArray> weights(NDManager owner) throws IOException {
        Map<String, NDArray> weights = new LinkedHashMap<>();
        for (String name : AggregationParameters.shapes(config).keySet()) {
            weights.put(name, read(name, owner));
        }
        return weights;
    }

    NDArray read(String name, NDManager manager) throws IOException {
        NDArray array = file.read(prefix + name, manager, DataType.FLOAT32);
        float sum = HostTensors.number(array.sum());
        if (!Float.isFinite(sum)) {
            throw new IOException("weights must be finite numbers, got NaN or infinity in '" + name + "' ("
                    + file.path() + "); the file is damaged");
        }
        return array;
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
