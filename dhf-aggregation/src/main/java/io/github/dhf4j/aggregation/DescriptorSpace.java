package io.github.dhf4j.aggregation;

import com.google.gson.JsonObject;
import io.github.dhf4j.feature.ExtractionSettings;
import io.github.dhf4j.feature.Facet;
import io.github.dhf4j.feature.Inversion;
import io.github.dhf4j.feature.TokenTaps;
import io.github.dhf4j.io.Digests;
import io.github.dhf4j.io.Json;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * What makes descriptors of one network, or of the same several, comparable: weights, and which maps they are made of. Of the settings only those
 * count that say that: layers, save indices, the calls where not all are made, facet, log bins. An image that was generated, loaded at another size,
 * prompted, sampled or seeded otherwise has maps of the same meaning.
 */
final class DescriptorSpace {
    private DescriptorSpace() {}

    /** Of weights, by the digest of all of them; generation takes the same timesteps in reversed order. */
    static String ofWeights(String weights, ExtractionSettings settings) {
        return Digests.of("weights " + weights + " "
                + settings.networks().stream()
                        .map(each ->
                                maps(each, each.saveIndices().stream().sorted().toList()))
                        .collect(Collectors.joining(" ")));
    }

    /** Of maps laid one behind the other, in order. */
    static String ofRaw(ExtractionSettings settings) {
        return Digests.of("raw " + maps(settings, settings.saveIndices()));
    }

    private static String maps(ExtractionSettings settings, List<Integer> saveIndices) {
        TokenTaps tokens = settings.taps().tokens();
        JsonObject maps = new JsonObject();
        maps.add("layers", Json.array(settings.layers()));
        maps.addProperty("num_timesteps", settings.process().timesteps());
        maps.addProperty("facet", tokens.facet().name().toLowerCase(Locale.ROOT));
        maps.addProperty("log_bins", tokens.logBins());
        maps.add("save_timestep", Json.array(saveIndices));
        if (settings.process() instanceof Inversion walk && !walk.calls().isEmpty()) {
            maps.add("calls", Json.array(walk.calls()));
        }
        return maps.toString();
    }

    /** Raw maps in words; what is usual is not said. */
    static String words(String name, ExtractionSettings settings) {
        int timesteps = settings.process().timesteps();
        String steps = timesteps == 1 || timesteps == 50 ? "" : " of " + timesteps + " timesteps";
        TokenTaps tokens = settings.taps().tokens();
        Facet facet = tokens.facet();
        return name
                + steps
                + (facet == Facet.TOKEN ? "" : ", " + facet.name().toLowerCase(Locale.ROOT))
                + (tokens.logBins() ? ", log bins" : "");
    }
}
