package io.github.dhf4j.aggregation;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.github.dhf4j.feature.CallBudget;
import io.github.dhf4j.feature.ExtractionSettings;
import io.github.dhf4j.feature.FeatureLayout;
import io.github.dhf4j.feature.Generation;
import io.github.dhf4j.feature.Inversion;
import io.github.dhf4j.feature.SettingsCodec;
import io.github.dhf4j.io.Json;
import io.github.dhf4j.io.JsonConfig;
import io.github.dhf4j.io.Texts;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What aggregation weights were made for; in files by the authors' names.
 *
 * @param modelId the checkpoint, in words
 * @param settings how images go through it: load size and layers named, save indices in the order of the mixing weights
 * @param dims channels of each of the settings' layers, in order
 * @param projectionDim D, the width of a descriptor
 * @param mapSize side of the descriptor map, in cells
 */
public record AggregatorConfig(
        String modelId, ExtractionSettings settings, List<Integer> dims, int projectionDim, int mapSize) {
    /** Groups of each group norm. */
    public static final int NORM_GROUPS = 32;

    private static final String NEGATIVE_PROMPT = "negative_prompt";
    private static final String GUIDANCE_SCALE = "guidance_scale";
    private static final List<String> OTHER_KEYS =
            List.of("model_id", "projection_dim", "output_resolution", "dims", GUIDANCE_SCALE);

    /**
     * Copies the list and checks its length.
     *
     * @param modelId as above
     * @param settings as above
     * @param dims as above
     * @param projectionDim as above
     * @param mapSize as above
     */
    public AggregatorConfig {
        dims = List.copyOf(dims);
        if (settings.layers().size() != dims.size()) {
            throw new IllegalArgumentException("'layers' must name one layer for each of " + dims.size()
                    + " bottlenecks, got " + settings.layers());
        }
    }

    /**
     * Looks at a descriptor width before long work begins.
     *
     * @param projectionDim width of a descriptor
     * @throws IllegalArgumentException if it is not a multiple of 128 (32 norm groups over a quarter of it)
     */
    public static void requireProjection(int projectionDim) {
        if (projectionDim < 128 || projectionDim % 128 != 0) {
            throw new IllegalArgumentException(
                    "projection width must be a multiple of 128, got " + projectionDim + "; 384 is the paper's");
        }
    }

    /**
     * What new weights for an extractor's maps are made for.
     *
     * @param modelId the checkpoint, in words
     * @param settings the process, with the load size that is really used
     * @param layout the maps
     * @param projectionDim width of a descriptor, a multiple of 128
     * @param mapSize side of the descriptor map, in cells
     * @return the configuration
     */
    public static AggregatorConfig of(
            String modelId, ExtractionSettings settings, FeatureLayout layout, int projectionDim, int mapSize) {
        requireProjection(projectionDim);
        return new AggregatorConfig(
                modelId,
                settings.withLayers(layout.layers())
                        .withProcess(settings.process().withSaveIndices(layout.saveIndices())),
                List.copyOf(layout.channels().values()),
                projectionDim,
                mapSize);
    }

    /**
     * The save indices.
     *
     * @return in the order of the mixing weights
     */
    public List<Integer> saveIndices() {
        return settings.saveIndices();
    }

    /**
     * The layers.
     *
     * @return in the order of the bottlenecks
     */
    public List<Integer> layers() {
        return settings.layers();
    }

    /**
     * The same weights over a walk of fewer calls.
     *
     * @param budget how many
     * @return the configuration of that walk, with some of the save indices
     * @throws IllegalArgumentException if the budget is not for such weights
     */
    public AggregatorConfig within(CallBudget budget) {
        return new AggregatorConfig(modelId, budget.of(settings), dims, projectionDim, mapSize);
    }

    /** Whether a bottleneck changes the width, and so has a convolution around it too. */
    boolean hasShortcut(int layer) {
        return dims.get(layer) != projectionDim;
    }

    /**
     * Reads a configuration. Authors' files hold further keys, which are passed over, and none that tells whether latents
     * were sampled: theirs and older ones of this library are read as the mean.
     *
     * @param own whether this library wrote it, so that a key that is not known is one of a later version
     */
    static AggregatorConfig read(JsonObject json, List<Integer> dims, boolean own, String where) throws IOException {
        if (own) {
            SettingsCodec.requireKnown(
                    json,
                    Stream.of(SettingsCodec.KEYS, OTHER_KEYS)
                            .flatMap(List::stream)
                            .toList(),
                    where);
        }
        JsonConfig config = new JsonConfig(json, where);
        int projection = config.integer("projection_dim", 384);
        if (projection < 4 || projection % 4 != 0) {
            throw new IOException("'projection_dim' must be a multiple of 4, got " + projection + " (" + where
                    + "); fetch the file again");
        }
        int mapSize = config.integer("output_resolution", 64);
        if (mapSize < 1 || mapSize > 1024) {
            throw new IOException(
                    "'output_resolution' must be 1 to 1024, got " + mapSize + " (" + where + "); fetch the file again");
        }
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
        try {
            return new AggregatorConfig(
                    config.text("model_id", "unknown"),
                    SettingsCodec.fromJson(settings, where),
                    dims,
                    projection,
                    mapSize);
        } catch (IllegalArgumentException e) {
            throw new IOException(
                    "configuration must be sound, got: " + Texts.reason(e) + " (" + where + "); fetch the file again",
                    e);
        }
    }

    /**
     * The same as JSON: the settings as {@link SettingsCodec} writes them, the rest by the authors' names. Their
     * {@code guidance_scale}, -1 where there is no guidance, and both prompts stand there for their code.
     *
     * @return a new object
     */
    public JsonObject toJson() {
        JsonObject json = new JsonObject();
        json.addProperty("model_id", modelId);
        json.addProperty("projection_dim", projectionDim);
        json.addProperty("output_resolution", mapSize);
        json.add("dims", Json.array(dims));
        Generation generation = settings.process() instanceof Generation process ? process : null;
        json.addProperty("prompt", settings.process().prompt());
        json.addProperty(NEGATIVE_PROMPT, generation == null ? "" : generation.negativePrompt());
        json.addProperty(GUIDANCE_SCALE, generation == null ? -1 : generation.guidance());
        SettingsCodec.toJson(settings).entrySet().forEach(entry -> json.add(entry.getKey(), entry.getValue()));
        return json;
    }

    /**
     * The same weights for images that are generated instead of inverted: the timesteps in reversed order, so that the
     * first mixing weight meets the noisiest map.
     *
     * <p>Source: reference, aggregation, last point.
     *
     * @param imagePrompt what is drawn
     * @param negative what it is guided away from; null for none
     * @param guidance how strongly
     * @return the configuration for generation
     */
    public AggregatorConfig forGeneration(String imagePrompt, @Nullable String negative, double guidance) {
        List<Integer> inOrder = new ArrayList<>(saveIndices());
        if (settings.process() instanceof Inversion) {
            Collections.reverse(inOrder);
        }
        long seed = settings.process() instanceof Inversion inversion
                ? inversion.seed()
                : settings.process() instanceof Generation generation ? generation.seed() : 0;
        return new AggregatorConfig(
                modelId,
                settings.withProcess(
                        new Generation(settings.process().timesteps(), inOrder, imagePrompt, negative, guidance, seed)),
                dims,
                projectionDim,
                mapSize);
    }
}
