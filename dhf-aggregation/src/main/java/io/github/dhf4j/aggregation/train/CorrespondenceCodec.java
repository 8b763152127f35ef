package io.github.dhf4j.aggregation.train;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/** {@link CorrespondenceSettings} as JSON, both ways. */
final class CorrespondenceCodec {
    private CorrespondenceCodec() {}

    static JsonObject toJson(CorrespondenceSettings settings) {
        JsonObject json = new JsonObject();
        json.addProperty("temperature", settings.temperature());
        json.addProperty("learned_temperature", settings.learnedTemperature());
        json.addProperty("sigma", settings.sigma());
        json.addProperty("last_sigma", settings.lastSigma());
        json.addProperty("place_weight", settings.placeWeight());
        json.addProperty("place_temperature", settings.placeTemperature());
        json.addProperty("jitter", settings.jitter());
        JsonArray mirrored = new JsonArray();
        settings.mirroredPairs().forEach(kind -> mirrored.add(kind.name().toLowerCase(Locale.ROOT)));
        json.add("mirrored_pairs", mirrored);
        return json;
    }

    /** Throws what gson throws, or an IllegalArgumentException, where it is none. */
    static CorrespondenceSettings fromJson(JsonObject json) {
        Set<MirroredPairs> mirrored = EnumSet.noneOf(MirroredPairs.class);
        for (JsonElement kind : json.getAsJsonArray("mirrored_pairs")) {
            mirrored.add(MirroredPairs.valueOf(kind.getAsString().toUpperCase(Locale.ROOT)));
        }
        return new CorrespondenceSettings(
                json.get("temperature").getAsDouble(),
                json.get("learned_temperature").getAsBoolean(),
                json.get("sigma").getAsDouble(),
                json.get("last_sigma").getAsDouble(),
                json.get("place_weight").getAsDouble(),
                json.get("place_temperature").getAsDouble(),
                json.get("jitter").getAsDouble(),
                mirrored);
    }
}
