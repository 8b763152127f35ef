package io.github.dhf4j.feature;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which feature map: network, save index and layer.
 *
 * @param network the place of its network among those that see the image, 0 first; 0 where there is one
 * @param saveIndex the reference's index of a timestep: of T timesteps, T - 1 is the cleanest, 0 the noisiest; 0 for
 *     networks without timesteps
 * @param layer the decoder layer, 1..L
 */
public record FeatureKey(int network, int saveIndex, int layer) {
    private static final Pattern NAME = Pattern.compile("(?:n(\\d{1,3})\\.)?s(\\d{1,6})\\.layer(\\d{1,6})");

    /**
     * A map of the only network.
     *
     * @param saveIndex as above
     * @param layer as above
     */
    public FeatureKey(int saveIndex, int layer) {
        this(0, saveIndex, layer);
    }

    /**
     * The same map of another network.
     *
     * @param other its place, 0 first
     * @return a changed copy
     */
    public FeatureKey ofNetwork(int other) {
        return new FeatureKey(other, saveIndex, layer);
    }

    /**
     * The name of the map in files.
     *
     * @return such as {@code s49.layer5}, of the second network {@code n1.s49.layer5}
     */
    public String tensorName() {
        return (network == 0 ? "" : "n" + network + ".") + "s" + saveIndex + ".layer" + layer;
    }

    /**
     * Reads a name that {@link #tensorName} made.
     *
     * @param name a tensor's name
     * @return the key, or null if it names no feature map
     */
    public static @Nullable FeatureKey parse(String name) {
        Matcher matcher = NAME.matcher(name);
        if (!matcher.matches()) {
            return null;
        }
        String network = matcher.group(1);
        return new FeatureKey(
                network == null ? 0 : Integer.parseInt(network),
                Integer.parseInt(matcher.group(2)),
                Integer.parseInt(matcher.group(3)));
    }
}
