package io.github.dhf4j.aggregation;

import ai.djl.ndarray.types.Shape;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.github.dhf4j.feature.ExtractionSettings;
import io.github.dhf4j.feature.Facet;
import io.github.dhf4j.feature.FeatureLayout;
import io.github.dhf4j.feature.ProcessMode;
import io.github.dhf4j.feature.TokenSettings;
import io.github.dhf4j.io.JsonConfig;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * What aggregation weights were made for, as the authors' {@code config} names it.
 *
 * @param modelId the checkpoint, in words
 * @param mode the process
 * @param saveTimesteps saved indices in the order of the mixing weights
 * @param numTimesteps T
 * @param projectionDim D, the width of a descriptor
 * @param outputResolution side of the descriptor map
 * @param loadResolution side that images are resized to, in pixels
 * @param prompt what the network is told
 * @param negativePrompt what generation is guided away from
 * @param guidanceScale how strongly; -1 for not at all
 * @param dims channels of each layer, in order
 * @param layers the layers those are, 1..L
 * @param tokens what is taken of a vision transformer's tokens
 */
public record AggregatorConfig(
        String modelId,
        ProcessMode mode,
        List<Integer> saveTimesteps,
        int numTimesteps,
        int projectionDim,
        int outputResolution,
        int loadResolution,
        String prompt,
        String negativePrompt,
        double guidanceScale,
        List<Integer> dims,
        List<Integer> layers,
        TokenSettings tokens) {

    /**
     * Copies the lists.
     *
     * @param modelId as above
     * @param mode as above
     * @param saveTimesteps as above
     * @param numTimesteps as above
     * @param projectionDim as above
     * @param outputResolution as above
     * @param loadResolution as above
     * @param prompt as above
     * @param negativePrompt as above
     * @param guidanceScale as above
     * @param dims as above
     * @param layers as above
     * @param tokens as above
     */
    public AggregatorConfig {
        saveTimesteps = List.copyOf(saveTimesteps);
        dims = List.copyOf(dims);
        layers = List.copyOf(layers);
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
     * @param outputResolution side of the descriptor map
     * @return the configuration
     */
    public static AggregatorConfig of(
            String modelId,
            ExtractionSettings settings,
            FeatureLayout layout,
            int projectionDim,
            int outputResolution) {
        requireProjection(projectionDim);
        return new AggregatorConfig(
                modelId,
                settings.mode(),
                layout.saveIndices(),
                settings.timesteps(),
                projectionDim,
                outputResolution,
                settings.loadSize(),
                settings.prompt(),
                settings.negativePrompt(),
                settings.mode() == ProcessMode.GENERATION ? settings.guidance() : -1,
                List.copyOf(layout.channels().values()),
                layout.layers(),
                settings.tokens());
    }

    /** The same process with one map left. */
    AggregatorConfig pruned(int saveIndex, int layer) {
        return new AggregatorConfig(
                modelId,
                mode,
                List.of(saveIndex),
                numTimesteps,
                projectionDim,
                outputResolution,
                loadResolution,
                prompt,
                negativePrompt,
                guidanceScale,
                List.of(dims.get(layers.indexOf(layer))),
                List.of(layer),
                tokens);
    }

    /** Whether a bottleneck changes the width, and so has a convolution around it too. */
    boolean hasShortcut(int layer) {
        return dims.get(layer) != projectionDim;
    }

    /** The shape of each weight, by the authors' names. */
    Map<String, Shape> shapes() {
        Map<String, Shape> shapes = new LinkedHashMap<>();
        shapes.put(AggregatorFile.MIXING, new Shape((long) saveTimesteps.size() * dims.size()));
        int narrow = projectionDim / 4;
        for (int l = 0; l < dims.size(); l++) {
            conv(shapes, AggregatorFile.key(l, "conv1"), narrow, dims.get(l), 1);
            conv(shapes, AggregatorFile.key(l, "conv2"), narrow, narrow, 3);
            conv(shapes, AggregatorFile.key(l, "conv3"), projectionDim, narrow, 1);
            if (hasShortcut(l)) {
                conv(shapes, AggregatorFile.key(l, "shortcut"), projectionDim, dims.get(l), 1);
            }
        }
        return shapes;
    }

    private static void conv(Map<String, Shape> shapes, String name, long out, long in, long kernel) {
        shapes.put(name + ".weight", new Shape(out, in, kernel, kernel));
        shapes.put(name + ".norm.weight", new Shape(out));
        shapes.put(name + ".norm.bias", new Shape(out));
    }

    static AggregatorConfig read(JsonObject json, List<Integer> dims, String where) throws IOException {
        JsonConfig config = new JsonConfig(json, where);
        String mode = config.oneOf("diffusion_mode", "inversion", "inversion", "generation", "noised", "forward");
        String facet = config.oneOf("facet", "token", "query", "key", "value", "token", "normed_token");
        List<Integer> layers = json.has("layers")
                ? config.integers("layers")
                : IntStream.rangeClosed(1, dims.size()).boxed().toList();
        int projection = config.integer("projection_dim", 384);
        if (projection < 4 || projection % 4 != 0) {
            throw new IOException("'projection_dim' must be a multiple of 4, got " + projection + " (" + where
                    + "); fetch the file again");
        }
        if (layers.size() != dims.size()) {
            throw new IOException("'layers' must name one layer for each of " + dims.size() + " bottlenecks, got "
                    + layers + " (" + where + "); fetch the file again");
        }
        int stride = config.integer("stride", 0);
        if (stride < 0) {
            throw new IOException(
                    "'stride' must be 0 or more, got " + stride + " (" + where + "); fetch the file again");
        }
        AggregatorConfig result = new AggregatorConfig(
                config.text("model_id", "unknown"),
                ProcessMode.valueOf(mode.toUpperCase(java.util.Locale.ROOT)),
                config.integers("save_timestep"),
                config.integer("num_timesteps", 50),
                projection,
                config.integer("output_resolution", 64),
                config.integer("load_resolution", 512),
                config.text("prompt", ""),
                config.text("negative_prompt", ""),
                config.number("guidance_scale", -1),
                dims,
                layers,
                new TokenSettings(
                        Facet.valueOf(facet.toUpperCase(java.util.Locale.ROOT)),
                        stride,
                        config.flag("log_bins", false)));
        if (result.outputResolution < 1 || result.outputResolution > 1024) {
            throw new IOException("'output_resolution' must be 1 to 1024, got " + result.outputResolution + " (" + where
                    + "); fetch the file again");
        }
        try {
            result.settings();
        } catch (IllegalArgumentException e) {
            throw new IOException(
                    "configuration must be sound, got: " + e.getMessage() + " (" + where + "); fetch the file again",
                    e);
        }
        return result;
    }

    /**
     * The same as JSON, by the authors' names.
     *
     * @return a new object
     */
    public JsonObject toJson() {
        JsonObject json = new JsonObject();
        json.addProperty("model_id", modelId);
        json.addProperty("diffusion_mode", mode.name().toLowerCase(java.util.Locale.ROOT));
        json.add("save_timestep", array(saveTimesteps));
        json.addProperty("num_timesteps", numTimesteps);
        json.addProperty("projection_dim", projectionDim);
        json.addProperty("output_resolution", outputResolution);
        json.addProperty("load_resolution", loadResolution);
        json.addProperty("prompt", prompt);
        json.addProperty("negative_prompt", negativePrompt);
        json.addProperty("guidance_scale", guidanceScale);
        json.add("dims", array(dims));
        json.add("layers", array(layers));
        if (!tokens.equals(TokenSettings.NONE)) {
            json.addProperty("facet", tokens.facet().name().toLowerCase(java.util.Locale.ROOT));
            json.addProperty("stride", tokens.stride());
            json.addProperty("log_bins", tokens.logBins());
        }
        return json;
    }

    private static JsonArray array(List<Integer> values) {
        JsonArray array = new JsonArray();
        values.forEach(array::add);
        return array;
    }

    /**
     * The process to extract with.
     *
     * @return the settings
     */
    public ExtractionSettings settings() {
        return new ExtractionSettings(
                mode,
                numTimesteps,
                saveTimesteps,
                layers,
                prompt,
                negativePrompt,
                guidanceScale,
                false,
                0,
                loadResolution,
                tokens);
    }

    /**
     * The same weights for images that are generated instead of inverted: the timesteps in reversed order, so that the
     * first mixing weight meets the noisiest map.
     *
     * <p>Source: reference, aggregation, last point.
     *
     * @param imagePrompt what is drawn
     * @param negative what it is guided away from
     * @param guidance how strongly
     * @return the configuration for generation
     */
    public AggregatorConfig forGeneration(String imagePrompt, String negative, double guidance) {
        List<Integer> reversed = new java.util.ArrayList<>(saveTimesteps);
        java.util.Collections.reverse(reversed);
        return new AggregatorConfig(
                modelId,
                ProcessMode.GENERATION,
                mode == ProcessMode.INVERSION ? reversed : saveTimesteps,
                numTimesteps,
                projectionDim,
                outputResolution,
                loadResolution,
                imagePrompt,
                negative,
                guidance,
                dims,
                layers,
                tokens);
    }
}
