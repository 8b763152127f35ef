package io.github.dhf4j.feature;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.github.dhf4j.io.Json;
import io.github.dhf4j.io.JsonConfig;
import io.github.dhf4j.io.Texts;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * {@link ExtractionSettings} as JSON and back: the one form in which weights, provenance, the cache's keys and files of
 * features record them. Every component is written, in one order, so that equal settings are equal texts. Keys are the
 * authors' where they have one.
 *
 * <p>A key that is absent, since the file was written before there was one, has the value that it meant then:
 * {@code diffusion_mode} inversion, {@code num_timesteps} 50, {@code layers} all, no prompts, {@code guidance} 1, the
 * latent's mean, {@code seed} 0, {@code load_resolution} 0 (the checkpoint's own), {@code ensemble} 1, tokens as they
 * are. {@code save_timestep} must be there.
 */
public final class SettingsCodec {
    /** All keys, in the order in which they are written. */
    public static final List<String> KEYS = List.of(
            "diffusion_mode",
            "num_timesteps",
            "save_timestep",
            "layers",
            "prompt",
            "negative_prompt",
            "guidance",
            "sample_latent",
            "seed",
            "load_resolution",
            "ensemble",
            "facet",
            "stride",
            "cell_centres",
            "log_bins");

    private SettingsCodec() {}

    /**
     * Writes settings.
     *
     * @param settings any
     * @return a new object with every one of {@link #KEYS}
     */
    public static JsonObject toJson(ExtractionSettings settings) {
        JsonObject json = new JsonObject();
        json.addProperty("diffusion_mode", word(settings.mode()));
        json.addProperty("num_timesteps", settings.timesteps());
        json.add("save_timestep", Json.array(settings.saveIndices()));
        json.add("layers", Json.array(settings.layers()));
        json.addProperty("prompt", settings.prompt());
        json.addProperty("negative_prompt", settings.negativePrompt());
        json.addProperty("guidance", settings.guidance());
        json.addProperty("sample_latent", settings.sampleLatent());
        json.addProperty("seed", settings.seed());
        json.addProperty("load_resolution", settings.loadSize());
        json.addProperty("ensemble", settings.ensemble());
        json.addProperty("facet", word(settings.tokens().facet()));
        json.addProperty("stride", settings.tokens().stride());
        json.addProperty("cell_centres", settings.tokens().cellCentres());
        json.addProperty("log_bins", settings.tokens().logBins());
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
        String mode = config.oneOf("diffusion_mode", word(ProcessMode.INVERSION), words(ProcessMode.values()));
        String facet = config.oneOf("facet", word(Facet.TOKEN), words(Facet.values()));
        try {
            return new ExtractionSettings(
                    ProcessMode.valueOf(mode.toUpperCase(Locale.ROOT)),
                    config.integer("num_timesteps", 50),
                    config.integers("save_timestep"),
                    isEmpty(json.get("layers")) ? List.of() : config.integers("layers"),
                    config.text("prompt", ""),
                    config.text("negative_prompt", ""),
                    config.number("guidance", 1),
                    config.flag("sample_latent", false),
                    seed(json, where),
                    config.integer("load_resolution", 0),
                    config.integer("ensemble", 1),
                    new TokenSettings(
                            Facet.valueOf(facet.toUpperCase(Locale.ROOT)),
                            config.integer("stride", 0),
                            config.flag("cell_centres", false),
                            config.flag("log_bins", false)));
        } catch (IllegalArgumentException e) {
            throw new IOException(
                    "configuration must be sound, got: " + Texts.reason(e) + " (" + where + "); fetch the file again",
                    e);
        }
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
