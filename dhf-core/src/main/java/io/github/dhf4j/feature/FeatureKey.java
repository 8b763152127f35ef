package io.github.dhf4j.feature;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which feature map: layer and save index.
 *
 * @param saveIndex the reference's index of a timestep: of T timesteps, T - 1 is the cleanest, 0 the noisiest; 0 for
 *     networks without timesteps
 * @param layer the decoder layer, 1..L
 */
public record FeatureKey(int saveIndex, int layer) {
    private static final Pattern NAME = Pattern.compile("s(\\d{1,6})\\.layer(\\d{1,6})");

    /**
     * The name of the map in files.
     *
     * @return such as {@code s49.layer5}
     */
    public String tensorName() {
        return "s" + saveIndex + ".layer" + layer;
    }

    /**
     * Reads a name that {@link #tensorName} made.
     *
     * @param name a tensor's name
     * @return the key, or null if it names no feature map
     */
    public static @Nullable FeatureKey parse(String name) {
        Matcher matcher = NAME.matcher(name);
        return matcher.matches()
                ? new FeatureKey(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)))
                : null;
    }
}
