package io.github.dhf4j.aggregation;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.github.dhf4j.feature.ConfidenceModel;
import io.github.dhf4j.io.SafeTensorsWriter;
import io.github.dhf4j.io.TorchCheckpointWriter;
import io.github.dhf4j.tensor.TorchEngine;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes aggregation weights: as safetensors with configuration and provenance in the metadata, or in the authors' form.
 * A file appears whole or not at all; {@link AggregatorFile} opens each.
 */
public final class AggregatorWriter {
    private AggregatorWriter() {}

    /**
     * Writes weights as safetensors.
     *
     * @param config what they are made for
     * @param weights float32, by the keys of {@link AggregationParameters#shapes}; borrowed
     * @param provenance where they come from
     * @param target the file to be
     * @throws IOException if writing fails; what was there before is left
     */
    public static void safeTensors(
            AggregatorConfig config, Map<String, NDArray> weights, JsonObject provenance, Path target)
            throws IOException {
        safeTensors(config, weights, provenance, null, target);
    }

    private static void safeTensors(
            AggregatorConfig config,
            Map<String, NDArray> weights,
            JsonObject provenance,
            @Nullable ConfidenceModel confidence,
            Path target)
            throws IOException {
        SafeTensorsWriter writer = new SafeTensorsWriter()
                .metadata(AggregatorKeys.CONFIG, config.toJson().toString())
                .metadata(AggregatorKeys.PROVENANCE, provenance.toString());
        if (confidence != null) {
            writer.metadata(AggregatorKeys.CONFIDENCE, confidence.toJson().toString());
        }
        weights.forEach(writer::tensor);
        writer.write(target);
    }

    /**
     * Writes a file's weights as safetensors.
     *
     * @param file the weights; borrowed
     * @param note who converts, added to the provenance; null for none
     * @param target the file to be
     * @throws IOException if reading or writing fails; what was there before is left
     */
    public static void safeTensors(AggregatorFile file, @Nullable String note, Path target) throws IOException {
        JsonObject provenance = file.provenance();
        if (note != null) {
            provenance.addProperty("converted", note);
        }
        try (NDManager manager = TorchEngine.newManager(Device.cpu())) {
            safeTensors(file.config(), file.weights(manager), provenance, file.confidence(), target);
        }
    }

    /**
     * Puts into a file how far matches by its weights can be trusted. The weights stay as they are, byte by byte.
     *
     * @param weights the file, safetensors; replaced as a whole
     * @param confidence what was fitted to them
     * @throws IOException if it holds no such weights or cannot be written; it is left as it was
     */
    public static void calibrate(Path weights, ConfidenceModel confidence) throws IOException {
        AggregatorFile.open(weights).close();
        SafeTensorsWriter.setMetadata(
                weights, AggregatorKeys.CONFIDENCE, confidence.toJson().toString());
    }

    /**
     * Writes a file's weights in the authors' form: {@code step}, {@code config}, {@code aggregation_network}; there is
     * no optimiser state. {@code torch.load} reads it.
     *
     * @param file the weights; borrowed
     * @param target the file to be
     * @throws IOException if reading or writing fails; what was there before is left
     */
    public static void torch(AggregatorFile file, Path target) throws IOException {
        JsonElement step = file.provenance().get("step");
        try (NDManager manager = TorchEngine.newManager(Device.cpu())) {
            Map<String, Object> root = new LinkedHashMap<>();
            root.put("step", step != null && step.isJsonPrimitive() ? step.getAsLong() : 0L);
            root.put(AggregatorKeys.CONFIG, TorchConfig.toTorch(file.config().toJson()));
            root.put(AggregatorKeys.TORCH_NETWORK, file.weights(manager));
            TorchCheckpointWriter.write(root, target);
        }
    }
}
