package io.github.dhf4j.testing;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Changes of one place of a JSON text that leave it JSON. */
final class JsonMutations {
    private static final Gson GSON =
            new GsonBuilder().serializeNulls().disableHtmlEscaping().create();
    private static final String UGLY = "\u0000\u001b[31m\u202e\ud800\u2028\uf03a";

    private JsonMutations() {}

    private interface Place {
        void set(JsonElement value);

        void remove();

        void rename(String key);
    }

    static String change(JsonElement root, Random random) {
        for (int i = 1 + random.nextInt(2); i > 0; i--) {
            List<Place> places = new ArrayList<>();
            List<JsonElement> values = new ArrayList<>();
            collect(root, places, values);
            if (places.isEmpty()) {
                return random.nextBoolean() ? "[]" : "{}";
            }
            int at = random.nextInt(places.size());
            Place place = places.get(at);
            switch (random.nextInt(5)) {
                case 0 -> place.remove();
                case 1 -> place.rename(random.nextBoolean() ? UGLY : "k" + "e".repeat(random.nextInt(3_000)) + "y");
                case 2 -> place.set(values.get(random.nextInt(values.size())).deepCopy());
                case 3 -> {
                    JsonElement value = values.get(at);
                    place.set(
                            value.isJsonPrimitive()
                                            && value.getAsJsonPrimitive().isString()
                                    ? inner(value.getAsString(), random)
                                    : interesting(random));
                }
                default -> place.set(interesting(random));
            }
        }
        return GSON.toJson(root);
    }

    /** Metadata hold JSON as text. */
    private static JsonElement inner(String text, Random random) {
        try {
            JsonElement json = JsonParser.parseString(text);
            if (json.isJsonObject() || json.isJsonArray()) {
                return new JsonPrimitive(change(json, random));
            }
        } catch (JsonParseException e) {
            // no JSON
        }
        return new JsonPrimitive(text + UGLY);
    }

    private static JsonElement interesting(Random random) {
        return switch (random.nextInt(17)) {
            case 0 -> JsonNull.INSTANCE;
            case 1 -> new JsonPrimitive(random.nextBoolean());
            case 2 -> new JsonPrimitive(-1);
            case 3 -> new JsonPrimitive(0);
            case 4 -> new JsonPrimitive(1 + random.nextInt(20));
            case 5 -> new JsonPrimitive(Integer.MAX_VALUE);
            case 6 -> new JsonPrimitive(Long.MAX_VALUE);
            case 7 -> new JsonPrimitive(new BigDecimal("1E+999999999"));
            case 8 -> new JsonPrimitive(new BigDecimal("-1e-400"));
            case 9 -> new JsonPrimitive(0.5);
            case 10 -> new JsonPrimitive("");
            case 11 -> new JsonPrimitive(UGLY);
            case 12 -> new JsonPrimitive("x\u0007".repeat(3_000));
            case 13 -> new JsonArray();
            case 14 -> new JsonObject();
            case 15 -> many(1_000);
            default -> nested(random.nextInt(200));
        };
    }

    private static JsonElement many(int count) {
        JsonArray array = new JsonArray();
        for (int i = 0; i < count; i++) {
            array.add(i);
        }
        return array;
    }

    private static JsonElement nested(int depth) {
        JsonElement inner = new JsonPrimitive(1);
        for (int i = 0; i < depth; i++) {
            JsonArray around = new JsonArray();
            around.add(inner);
            inner = around;
        }
        return inner;
    }

    private static void collect(JsonElement element, List<Place> places, List<JsonElement> values) {
        if (element instanceof JsonObject object) {
            for (Map.Entry<String, JsonElement> entry : List.copyOf(object.entrySet())) {
                String key = entry.getKey();
                places.add(new Place() {
                    @Override
                    public void set(JsonElement value) {
                        object.add(key, value);
                    }

                    @Override
                    public void remove() {
                        object.remove(key);
                    }

                    @Override
                    public void rename(String other) {
                        object.add(other, object.remove(key));
                    }
                });
                values.add(entry.getValue());
                collect(entry.getValue(), places, values);
            }
        } else if (element instanceof JsonArray array) {
            for (int i = 0; i < array.size(); i++) {
                int at = i;
                places.add(new Place() {
                    @Override
                    public void set(JsonElement value) {
                        array.set(at, value);
                    }

                    @Override
                    public void remove() {
                        array.remove(at);
                    }

                    @Override
                    public void rename(String key) {
                        array.add(array.get(at));
                    }
                });
                values.add(array.get(i));
                collect(array.get(i), places, values);
            }
        }
    }
}
