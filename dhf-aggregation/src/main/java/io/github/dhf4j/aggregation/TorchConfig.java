package io.github.dhf4j.aggregation;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A configuration as a torch checkpoint holds it, and as JSON. */
final class TorchConfig {
    private static final int MAX_DEPTH = 8;
    private static final BigDecimal LEAST = BigDecimal.valueOf(Long.MIN_VALUE);
    private static final BigDecimal MOST = BigDecimal.valueOf(Long.MAX_VALUE);

    private TorchConfig() {}

    /** What of an unpickled dictionary JSON can hold; the rest is nothing that this library reads, and left out. */
    static JsonObject toJson(Map<?, ?> config) {
        return object(config, 0);
    }

    private static JsonObject object(Map<?, ?> map, int depth) {
        JsonObject json = new JsonObject();
        map.forEach((key, value) -> {
            JsonElement element = element(value, depth + 1);
            if (key instanceof String name && element != null) {
                json.add(name, element);
            }
        });
        return json;
    }

    private static @Nullable JsonElement element(@Nullable Object value, int depth) {
        if (value == null) {
            return JsonNull.INSTANCE;
        } else if (value instanceof String text) {
            return new JsonPrimitive(text);
        } else if (value instanceof Boolean flag) {
            return new JsonPrimitive(flag);
        } else if (value instanceof Number number) {
            return Double.isFinite(number.doubleValue()) ? new JsonPrimitive(number) : null;
        } else if (depth > MAX_DEPTH) {
            return null;
        } else if (value instanceof Map<?, ?> map) {
            return object(map, depth);
        } else if (value instanceof List<?> || value instanceof Object[]) {
            JsonArray array = new JsonArray();
            for (Object item : value instanceof List<?> list ? list.toArray() : (Object[]) value) {
                JsonElement element = element(item, depth + 1);
                array.add(element == null ? JsonNull.INSTANCE : element);
            }
            return array;
        }
        return null;
    }

    /** As Python has it: whole numbers as such, to the last digit, since a seed has 64 bits. */
    static @Nullable Object toTorch(JsonElement element) {
        if (element.isJsonNull()) {
            return null;
        }
        if (element instanceof JsonObject object) {
            Map<String, @Nullable Object> map = new LinkedHashMap<>();
            object.entrySet().forEach(entry -> map.put(entry.getKey(), toTorch(entry.getValue())));
            return map;
        }
        if (element instanceof JsonArray array) {
            List<@Nullable Object> list = new ArrayList<>();
            array.forEach(item -> list.add(toTorch(item)));
            return list;
        }
        JsonPrimitive value = element.getAsJsonPrimitive();
        if (!value.isNumber()) {
            return value.isBoolean() ? (Object) value.getAsBoolean() : value.getAsString();
        }
        BigDecimal number = value.getAsBigDecimal();
        boolean whole =
                number.stripTrailingZeros().scale() <= 0 && number.compareTo(LEAST) >= 0 && number.compareTo(MOST) <= 0;
        return whole ? (Object) number.longValueExact() : (Object) number.doubleValue();
    }
}
