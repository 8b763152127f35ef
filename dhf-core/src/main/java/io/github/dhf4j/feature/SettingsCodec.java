package io.github.dhf4j.feature;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import io.github.dhf4j.io.Json;
import io.github.dhf4j.io.JsonConfig;
import io.github.dhf4j.io.Texts;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * {@link ExtractionSettings} as JSON and back: the one form in which weights, provenance, the cache's keys and files of
 * features record them. Every component that a process and its taps have is written, in one order, so that equal settings
 * are equal texts. Keys are the authors' where they have one.
 *
 * <p>A key that is absent, since the file was written before there was one, has the value that it meant then:
 * {@code diffusion_mode} inversion, {@code num_timesteps} 50, {@code layers} all, no prompts, {@code guidance} 1, the
 * latent's mean, {@code seed} 0, {@code calls} all, {@code padded} false, {@code load_resolution} 0 (the checkpoint's own), {@code ensemble} 1, tokens as they
 * are. {@code save_timestep} must be there. A {@code negative_prompt} that is null is one that was not given. A key that the process or the taps have no use for, which older files have,
 * is passed over.
 */
public final class SettingsCodec {
    private static final String INVERSION = "inversion";
    private static final String GENERATION = "generation";
    private static final String NOISED = "noised";
    private static final String CLEAN = "clean";
    private static final String FORWARD = "forward";
    private static final String JOINED = "joined";
    private static final String NETWORKS = "networks";
    private static final String CALLS = "calls";
    private static final String PADDED = "padded";
    private static final String UP_BLOCKS = "up_blocks";
    private static final String DECODER_BLOCKS = "decoder_blocks";
    private static final String NEGATIVE_PROMPT = "negative_prompt";

    /** All keys that there are, in the order in which they are written. */
    public static final List<String> KEYS = List.of(
            "diffusion_mode",
            NETWORKS,
            "num_timesteps",
            "save_timestep",
            CALLS,
            PADDED,
            "layers",
            UP_BLOCKS,
            DECODER_BLOCKS,
            "prompt",
            NEGATIVE_PROMPT,
            "guidance",
            "sample_latent",
            "seed",
            "ensemble",
            "load_resolution",
            "facet",
            "stride",
            "cell_centres",
            "log_bins");

    private SettingsCodec() {}

    /**
     * Writes settings.
     *
     * @param settings any
     * @return a new object with those of {@link #KEYS} that they have
     */
    public static JsonObject toJson(ExtractionSettings settings) {
        ExtractionProcess process = settings.process();
        JsonObject json = new JsonObject();
        json.addProperty("diffusion_mode", process.word());
        if (process instanceof Joined joined) {
            JsonArray networks = new JsonArray();
            joined.networks().forEach(each -> networks.add(toJson(each)));
            json.add(NETWORKS, networks);
            return json;
        }
        json.addProperty("num_timesteps", process.timesteps());
        json.add("save_timestep", Json.array(process.saveIndices()));
        if (process instanceof Inversion inversion && !inversion.calls().isEmpty()) {
            json.add(CALLS, Json.array(inversion.calls()));
        }
        if (process instanceof Forward forward && forward.padded()) {
            json.addProperty(PADDED, true);
        }
        if (settings.taps() instanceof UpBlockTaps up) {
            json.add(UP_BLOCKS, Json.array(up.blocks()));
        } else if (settings.taps() instanceof DecoderBlockTaps decoder) {
            json.add(DECODER_BLOCKS, Json.array(decoder.blocks()));
        } else {
            json.add("layers", Json.array(settings.layers()));
        }
        if (process instanceof ImageProcess image) {
            json.addProperty("prompt", image.prompt());
            json.addProperty("sample_latent", image.sampleLatent());
            json.addProperty("seed", image.seed());
        } else if (process instanceof Generation generation) {
            json.addProperty("prompt", generation.prompt());
            json.addProperty(NEGATIVE_PROMPT, generation.negativePrompt());
            json.addProperty("guidance", generation.guidance());
            json.addProperty("seed", generation.seed());
        }
        if (process instanceof Noised noised) {
            json.addProperty("ensemble", noised.ensemble());
        }
        json.addProperty("load_resolution", settings.loadSize());
        if (settings.taps() instanceof TokenTaps tokens) {
            json.addProperty("facet", word(tokens.facet()));
            json.addProperty("stride", tokens.stride());
            json.addProperty("cell_centres", tokens.cellCentres());
            json.addProperty("log_bins", tokens.logBins());
        }
        return json;
    }

    /**
     * The settings as one text, equal for equal settings: what digests are made of.
     *
     * @param settings any
     * @return JSON in one line
     */
    public static String text(ExtractionSettings settings) {
        return toJson(settings).toString();
    }

    /**
     * Reads settings.
     *
     * @param json what {@link #toJson} wrote, now or in an older version
     * @param where its file, for messages
     * @return the settings
     * @throws IOException naming the key that is not known or whose value cannot be
     */
    public static ExtractionSettings fromJson(JsonObject json, String where) throws IOException {
        requireKnown(json, KEYS, where);
        JsonConfig config = new JsonConfig(json, where);
        try {
            if (mode(config).equals(JOINED)) {
                return joined(config, where);
            }
            return new ExtractionSettings(
                    process(config, json, where), taps(config, json), config.integer("load_resolution", 0));
        } catch (IllegalArgumentException e) {
            throw new IOException(
                    "configuration must be sound, got: " + Texts.reason(e) + " (" + where + "); fetch the file again",
                    e);
        }
    }

    private static ExtractionSettings joined(JsonConfig config, String where) throws IOException {
        List<ExtractionSettings> networks = new ArrayList<>();
        for (JsonObject each : config.objects(NETWORKS)) {
            networks.add(fromJson(each, where));
        }
        return ExtractionSettings.of(new Joined(networks));
    }

    private static ExtractionProcess process(JsonConfig config, JsonObject json, String where) throws IOException {
        String mode = mode(config);
        int timesteps = config.integer("num_timesteps", 50);
        List<Integer> saveIndices = config.integers("save_timestep");
        String prompt = config.text("prompt", "");
        boolean sample = config.flag("sample_latent", false);
        long seed = seed(json, where);
        return switch (mode) {
            case INVERSION ->
                new Inversion(
                        timesteps,
                        saveIndices,
                        prompt,
                        sample,
                        seed,
                        isEmpty(json.get(CALLS)) ? List.of() : config.integers(CALLS));
            case GENERATION ->
                new Generation(
                        timesteps,
                        saveIndices,
                        prompt,
                        json.get(NEGATIVE_PROMPT) instanceof JsonNull ? null : config.text(NEGATIVE_PROMPT, ""),
                        config.number("guidance", 1),
                        seed);
            case NOISED -> new Noised(timesteps, saveIndices, prompt, sample, seed, config.integer("ensemble", 1));
            case CLEAN -> new Clean(timesteps, saveIndices, prompt, sample, seed);
            default -> new Forward(config.flag(PADDED, false)).withTimesteps(timesteps, saveIndices);
        };
    }

    private static String mode(JsonConfig config) throws IOException {
        return config.oneOf("diffusion_mode", INVERSION, INVERSION, GENERATION, NOISED, CLEAN, FORWARD, JOINED);
    }

    /** Older files have the keys of tokens whatever the process is. */
    private static Taps taps(JsonConfig config, JsonObject json) throws IOException {
        if (!isEmpty(json.get(UP_BLOCKS))) {
            return new UpBlockTaps(config.integers(UP_BLOCKS));
        }
        if (!isEmpty(json.get(DECODER_BLOCKS))) {
            return new DecoderBlockTaps(config.integers(DECODER_BLOCKS));
        }
        List<Integer> layers = isEmpty(json.get("layers")) ? List.of() : config.integers("layers");
        String facet = config.oneOf("facet", word(Facet.TOKEN), words(Facet.values()));
        int stride = config.integer("stride", 0);
        if (!mode(config).equals(FORWARD) || !json.has("facet")) {
            return new LayerTaps(layers);
        }
        return new TokenTaps(
                layers,
                Facet.valueOf(facet.toUpperCase(Locale.ROOT)),
                stride,
                config.flag("cell_centres", false),
                config.flag("log_bins", false));
    }

    /**
     * Refuses what this version does not know, so that no setting of a later one is silently left out.
     *
     * @param json a configuration that this library wrote
     * @param known the keys that it may have
     * @param where its file, for messages
     * @throws IOException naming the first other key
     */
    public static void requireKnown(JsonObject json, List<String> known, String where) throws IOException {
        for (String key : json.keySet()) {
            if (!known.contains(key)) {
                throw new IOException("settings must be of keys that this version knows, got '"
                        + Texts.shown(key) + "' (" + where
                        + "); read the file with the version that wrote it, or a later one");
            }
        }
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    private static String[] words(Enum<?>... values) {
        return Stream.of(values).map(SettingsCodec::word).toArray(String[]::new);
    }

    private static boolean isEmpty(JsonElement list) {
        return list == null
                || list.isJsonNull()
                || (list.isJsonArray() && list.getAsJsonArray().isEmpty());
    }

    private static long seed(JsonObject json, String where) throws IOException {
        JsonElement seed = json.get("seed");
        if (seed == null || seed.isJsonNull()) {
            return 0;
        }
        try {
            return seed.getAsBigDecimal().longValueExact();
        } catch (ArithmeticException
                | IllegalStateException
                | NumberFormatException
                | UnsupportedOperationException e) {
            throw new IOException(
                    "'seed' must be a whole number of 64 bits, got something else (" + where
                            + "); fetch the file again",
                    e);
        }
    }
}
