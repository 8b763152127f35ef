package io.github.dhf4j.aggregation.train;

import ai.djl.ndarray.NDArray;
import com.google.gson.JsonObject;
import io.github.dhf4j.io.SafeTensorsWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The weights that a loss has of its own, and what they are called among the network's.
 *
 * @param byName by the loss' names; borrowed
 */
record LossWeights(Map<String, NDArray> byName) {
    private static final String PREFIX = "loss.";

    boolean isEmpty() {
        return byName.isEmpty();
    }

    /** By names that no weight of the network has. */
    Map<String, NDArray> byKey() {
        Map<String, NDArray> keys = new LinkedHashMap<>();
        byName.forEach((name, array) -> keys.put(PREFIX + name, array));
        return keys;
    }

    /** The same weights of others by such names, as their moving averages. */
    LossWeights in(Map<String, NDArray> byKey) {
        Map<String, NDArray> found = new LinkedHashMap<>();
        byName.keySet().forEach(name -> found.put(name, byKey.get(PREFIX + name)));
        return new LossWeights(found);
    }

    /** Adds what an example says of them to the gradients of all weights. */
    void addGradients(Map<String, NDArray> found, Map<String, NDArray> gradients) {
        byName.forEach((name, array) -> {
            NDArray gradient = found.get(name);
            NDArray sum = gradients.get(PREFIX + name);
            if (gradient == null || sum == null || !gradient.getShape().equals(array.getShape())) {
                throw new IllegalArgumentException("a loss must give each of its weights a gradient of its shape, got "
                        + (gradient == null ? "none" : gradient.getShape()) + " for '" + name + "' "
                        + array.getShape());
            }
            sum.addi(gradient);
        });
    }

    /** Writes them as they are now, by the loss' names. */
    void save(Path path, JsonObject provenance) throws IOException {
        SafeTensorsWriter writer = new SafeTensorsWriter();
        byName.forEach(writer::tensor);
        writer.metadata("provenance", provenance.toString()).write(path);
    }
}
