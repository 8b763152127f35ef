package io.github.dhf4j.feature;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Which maps an extractor emits, and how wide, network by network.
 *
 * @param networks the maps of each network, one or more
 */
public record FeatureLayout(List<NetworkLayout> networks) {
    /**
     * Copies and checks.
     *
     * @param networks as above
     */
    public FeatureLayout {
        networks = List.copyOf(networks);
        if (networks.isEmpty()) {
            throw new IllegalArgumentException("layout must be of one network or more, got none");
        }
    }

    /**
     * The maps of one network.
     *
     * @param channels channels of each layer, by layer number 1..L
     * @param saveIndices the save indices, in the order of the mixing weights
     */
    public FeatureLayout(Map<Integer, Integer> channels, List<Integer> saveIndices) {
        this(List.of(new NetworkLayout(channels, saveIndices)));
    }

    /**
     * The maps of several networks.
     *
     * @param parts those of each, in order
     * @return all of them
     */
    public static FeatureLayout joined(List<FeatureLayout> parts) {
        List<NetworkLayout> networks = new ArrayList<>();
        parts.forEach(part -> networks.addAll(part.networks));
        return new FeatureLayout(networks);
    }

    private NetworkLayout only() {
        if (networks.size() > 1) {
            throw new UnsupportedOperationException(
                    "layers and save indices are of one network, got " + networks.size() + "; ask each of networks()");
        }
        return networks.get(0);
    }

    /**
     * The widths of the only network.
     *
     * @return channels by layer number
     * @throws UnsupportedOperationException if there are several
     */
    public Map<Integer, Integer> channels() {
        return only().channels();
    }

    /**
     * The save indices of the only network.
     *
     * @return in the order of the mixing weights
     * @throws UnsupportedOperationException if there are several
     */
    public List<Integer> saveIndices() {
        return only().saveIndices();
    }

    /**
     * The layers of the only network.
     *
     * @return layer numbers, ascending
     * @throws UnsupportedOperationException if there are several
     */
    public List<Integer> layers() {
        return only().layers();
    }

    /**
     * How many maps an image has.
     *
     * @return of all networks
     */
    public int maps() {
        return Math.toIntExact(keys().count());
    }

    /**
     * Every map.
     *
     * @return network by network, save index by save index
     */
    public Stream<FeatureKey> keys() {
        return IntStream.range(0, networks.size())
                .boxed()
                .flatMap(n -> networks.get(n).keys().map(key -> key.ofNetwork(n)));
    }
}
