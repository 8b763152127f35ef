package io.github.dhf4j.aggregation;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.github.dhf4j.feature.ExtractionSettings;
import io.github.dhf4j.feature.Generation;
import io.github.dhf4j.feature.SettingsCodec;
import io.github.dhf4j.io.Json;
import io.github.dhf4j.io.JsonConfig;
import io.github.dhf4j.io.Texts;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** {@link AggregatorConfig} as JSON, both ways: the one place that knows what files call its parts. */
final class AggregatorConfigCodec {
    private static final String NETWORKS = "networks";
    private static final String DIMS = "dims";
    private static final String FINGERPRINT = "fingerprint";
    private static final String MODEL_ID = "model_id";
    private static final String PROJECTION_DIM = "projection_dim";
    private static final String OUTPUT_RESOLUTION = "output_resolution";
    private static final String NEGATIVE_PROMPT = "negative_prompt";
    private static final String GUIDANCE_SCALE = "guidance_scale";
    private static final List<String> SHARED_KEYS = List.of(PROJECTION_DIM, OUTPUT_RESOLUTION, NETWORKS);
    private static final List<String> NETWORK_KEYS = List.of(MODEL_ID, FINGERPRINT, DIMS);

    private AggregatorConfigCodec() {}

    /**
     * Reads a configuration. Authors' files hold further keys, which are passed over, and none that tells whether latents
     * were sampled: theirs and older ones of this library are read as the mean.
     *
     * @param own whether this library wrote it, so that a key that is not known is one of a later version
     */
    static AggregatorConfig read(JsonObject json, List<Integer> dims, boolean own, String where) throws IOException {
        boolean joined = json.has(NETWORKS);
        if (own) {
            requireKnown(json, joined ? List.of() : NETWORK_KEYS, where);
        }
        JsonConfig config = new JsonConfig(json, where);
        int projection = config.integer(PROJECTION_DIM, 384);
        if (projection < 4 || projection % 4 != 0) {
            throw new IOException("'projection_dim' must be a multiple of 4, got " + projection + " (" + where
                    + "); fetch the file again");
        }
        int mapSize = config.integer(OUTPUT_RESOLUTION, 64);
        if (mapSize < 1 || mapSize > 1024) {
            throw new IOException(
                    "'output_resolution' must be 1 to 1024, got " + mapSize + " (" + where + "); fetch the file again");
        }
        try {
            List<AggregatorNetwork> networks = new ArrayList<>();
            if (joined) {
                int begin = 0;
                for (JsonObject each : config.objects(NETWORKS)) {
                    requireKnown(each, NETWORK_KEYS, where);
                    int end = begin
                            + new JsonConfig(each, where).integers("layers").size();
                    networks.add(network(each, dims.subList(begin, Math.min(end, dims.size())), where));
                    begin = Math.min(end, dims.size());
                }
                if (begin < dims.size()) {
                    throw new IllegalArgumentException(
                            "'networks' must name one layer for each of " + dims.size() + " bottlenecks, got " + begin);
                }
            } else {
                networks.add(network(json, dims, where));
            }
            AggregatorConfig read = new AggregatorConfig(networks, projection, mapSize);
            read.settings();
            return read;
        } catch (IllegalArgumentException e) {
            throw new IOException(
                    "configuration must be sound, got: " + Texts.reason(e) + " (" + where + "); fetch the file again",
                    e);
        }
    }

    private static void requireKnown(JsonObject json, List<String> network, String where) throws IOException {
        SettingsCodec.requireKnown(
                json,
                Stream.of(SettingsCodec.KEYS, network, SHARED_KEYS, List.of(GUIDANCE_SCALE))
                        .flatMap(List::stream)
                        .toList(),
                where);
    }

    private static AggregatorNetwork network(JsonObject json, List<Integer> dims, String where) throws IOException {
        JsonConfig config = new JsonConfig(json, where);
        JsonObject settings = new JsonObject();
        settings.addProperty("load_resolution", 512);
        settings.add(
                "layers",
                Json.array(IntStream.rangeClosed(1, dims.size()).boxed().toList()));
        double scale = config.number(GUIDANCE_SCALE, -1);
        settings.addProperty("guidance", config.text("diffusion_mode", "").equals("generation") ? scale : 1);
        for (String key : SettingsCodec.KEYS) {
            JsonElement value = json.get(key);
            // null is a value of this one: no negative prompt was given
            if (value != null && (!value.isJsonNull() || key.equals(NEGATIVE_PROMPT))) {
                settings.add(key, value);
            }
        }
        String fingerprint = config.text(FINGERPRINT, "");
        return new AggregatorNetwork(
                config.text(MODEL_ID, "unknown"),
                fingerprint.isEmpty() ? null : fingerprint,
                SettingsCodec.fromJson(settings, where),
                dims);
    }

    static JsonObject toJson(AggregatorConfig config) {
        List<AggregatorNetwork> networks = config.networks();
        JsonObject json = new JsonObject();
        if (networks.size() == 1) {
            json.addProperty(MODEL_ID, networks.get(0).modelId());
        }
        json.addProperty(PROJECTION_DIM, config.projectionDim());
        json.addProperty(OUTPUT_RESOLUTION, config.mapSize());
        if (networks.size() > 1) {
            JsonArray each = new JsonArray();
            networks.forEach(network -> each.add(toJson(network)));
            json.add(NETWORKS, each);
            return json;
        }
        json.add(DIMS, Json.array(config.dims()));
        ExtractionSettings settings = config.settings();
        Generation generation = settings.process() instanceof Generation process ? process : null;
        json.addProperty("prompt", settings.process().prompt());
        json.addProperty(NEGATIVE_PROMPT, generation == null ? "" : generation.negativePrompt());
        json.addProperty(GUIDANCE_SCALE, generation == null ? -1 : generation.guidance());
        addAll(json, SettingsCodec.toJson(settings));
        return json;
    }

    private static JsonObject toJson(AggregatorNetwork network) {
        JsonObject json = new JsonObject();
        json.addProperty(MODEL_ID, network.modelId());
        if (network.fingerprint() != null) {
            json.addProperty(FINGERPRINT, network.fingerprint());
        }
        json.add(DIMS, Json.array(network.dims()));
        addAll(json, SettingsCodec.toJson(network.settings()));
        return json;
    }

    private static void addAll(JsonObject json, JsonObject more) {
        more.entrySet().forEach(entry -> json.add(entry.getKey(), entry.getValue()));
    }
}
