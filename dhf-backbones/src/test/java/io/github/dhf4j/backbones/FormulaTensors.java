package io.github.dhf4j.backbones;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.github.dhf4j.io.TensorFile;
import io.github.dhf4j.io.TensorInfo;
import io.github.dhf4j.io.TensorType;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import java.util.function.UnaryOperator;

/** A big network's weights by the formula of the golden files, in place of a file. */
final class FormulaTensors implements TensorFile {
    private final Map<String, TensorInfo> infos = new LinkedHashMap<>();
    private final List<String> keys;
    private final ToDoubleFunction<String> gain;

    /** {@code keys} are all keys in code point order, those that no network reads too. */
    FormulaTensors(List<String> keys, Map<String, long[]> shapes, ToDoubleFunction<String> gain) {
        this.keys = new ArrayList<>(keys);
        this.gain = gain;
        shapes.forEach((name, shape) -> infos.put(name, new TensorInfo(name, TensorType.F32, shape)));
    }

    /** Shapes by key, from a JSON object of lists. */
    static Map<String, long[]> shapes(JsonObject json) {
        Map<String, long[]> shapes = new TreeMap<>();
        json.asMap()
                .forEach((key, shape) -> shapes.put(
                        key,
                        shape.getAsJsonArray().asList().stream()
                                .mapToLong(JsonElement::getAsLong)
                                .toArray()));
        return shapes;
    }

    @Override
    public Path path() {
        return Path.of("formula");
    }

    @Override
    public Map<String, TensorInfo> tensors() {
        return infos;
    }

    @Override
    public Map<String, String> metadata() {
        return Map.of();
    }

    @Override
    public NDArray read(String name, NDManager manager, DataType type) throws IOException {
        long[] dimensions = require(name).dimensions();
        // a created array refers to memory of the JVM, which goes with it; what is read must stand alone
        try (NDArray array = manager.create(values(name, dimensions), new Shape(dimensions))) {
            return array.duplicate();
        }
    }

    @Override
    public NDArray convert(String name, NDManager manager, UnaryOperator<NDArray> conversion) throws IOException {
        try (NDArray array = read(name, manager, DataType.FLOAT32)) {
            return conversion.apply(array);
        }
    }

    float[] values(String name, long... dimensions) {
        Shape shape = new Shape(dimensions);
        float[] values = new float[(int) shape.size()];
        long k = keys.indexOf(name);
        double factor = gain.applyAsDouble(name);
        double fanIn = dimensions.length == 0 ? 1 : (double) shape.size() / shape.get(0);
        for (int i = 0; i < values.length; i++) {
            double u = uniform(k, i);
            double value;
            if (name.endsWith("pos_embed")) {
                value = 0.02 * u;
            } else if (name.endsWith("_normal")) {
                value = -1 + 2 * i / 31.0 + 0.02 * u;
            } else if (dimensions.length > 1) {
                value = u * Math.sqrt(6 / fanIn);
            } else if (name.endsWith("running_var")) {
                value = 1 + 0.5 * Math.abs(u);
            } else {
                value = name.endsWith(".weight") ? 1 + 0.1 * u : 0.1 * u;
            }
            values[i] = (float) (factor * value);
        }
        return values;
    }

    private static double uniform(long k, long i) {
        long z = k * 0xD1B54A32D192ED03L + (i + 1) * 0x9E3779B97F4A7C15L;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        z = z ^ (z >>> 31);
        return (z >>> 11) * 0x1.0p-53 * 2 - 1;
    }

    @Override
    public void close() {
        // nothing is open
    }
}
