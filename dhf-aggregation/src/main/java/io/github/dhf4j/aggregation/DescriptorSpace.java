package io.github.dhf4j.aggregation;

import com.google.gson.JsonObject;
import io.github.dhf4j.feature.ExtractionSettings;
import io.github.dhf4j.feature.Facet;
import io.github.dhf4j.feature.SettingsCodec;
import io.github.dhf4j.io.Digests;
import io.github.dhf4j.io.Json;
import java.util.List;

/**
 * What makes descriptors of one network comparable: weights, and which maps they are made of. Of the settings only those
 * count that say that: layers, saved timesteps, facet, log bins. An image that was generated, loaded at another size,
 * prompted, sampled or seeded otherwise has maps of the same meaning.
 */
final class DescriptorSpace {
    private static final List<String> OF_MAPS = List.of("layers", "num_timesteps", "facet", "log_bins");

    private DescriptorSpace() {}

    /** Of weights, by the digest of all of them; generation takes the same timesteps in reversed order. */
    static String ofWeights(String weights, ExtractionSettings settings) {
        return digest(
                "weights " + weights,
                settings,
                settings.saveIndices().stream().sorted().toList());
    }

    /** Of maps laid one behind the other, in order. */
    static String ofRaw(ExtractionSettings settings) {
        return digest("raw", settings, settings.saveIndices());
    }

    private static String digest(String what, ExtractionSettings settings, List<Integer> saved) {
        JsonObject all = SettingsCodec.toJson(settings);
        JsonObject maps = new JsonObject();
        OF_MAPS.forEach(key -> maps.add(key, all.get(key)));
        maps.add("save_timestep", Json.array(saved));
        return Digests.of(what + " " + maps);
    }

    /** Raw maps in words; what is usual is not said. */
    static String words(String name, ExtractionSettings settings) {
        String steps = settings.timesteps() == 1 || settings.timesteps() == 50
                ? ""
                : " of " + settings.timesteps() + " timesteps";
        Facet facet = settings.tokens().facet();
        return name
                + steps
                + (facet == Facet.TOKEN ? "" : ", " + facet.name().toLowerCase(java.util.Locale.ROOT))
                + (settings.tokens().logBins() ? ", log bins" : "");
    }
}
