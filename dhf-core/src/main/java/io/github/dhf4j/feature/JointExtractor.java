package io.github.dhf4j.feature;

import io.github.dhf4j.image.RgbImage;
import io.github.dhf4j.image.Size;
import io.github.dhf4j.io.Digests;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Several networks that each see the image by themselves, as one: an image's maps come network by network, each under the
 * place of its network. Costs the sum of its parts, one after the other. What is of one network only is asked of each of
 * {@link #networks}.
 *
 * <p>Maps of all must lie on the whole image evenly, as those of an image that is squashed to the load size do: only then a
 * cell of one lies where the same cell of another does, once both are resized.
 */
public final class JointExtractor implements FeatureExtractor {
    private final List<FeatureExtractor> networks;

    /**
     * Joins networks.
     *
     * @param networks two or more, each of one network; owned and closed by this from now on
     * @throws IllegalArgumentException if maps of one do not lie on the whole image, or it is compared otherwise than by cosines
     */
    public JointExtractor(List<FeatureExtractor> networks) {
        this.networks = List.copyOf(networks);
        if (networks.size() < 2) {
            throw new IllegalArgumentException("networks to join must be two or more, got " + networks.size());
        }
        for (FeatureExtractor each : networks) {
            if (!each.extent().equals(MapExtent.WHOLE) || each.comparesProducts()) {
                throw new IllegalArgumentException("maps to join must lie on the whole image evenly and be compared by"
                        + " cosines, got others (" + each.name() + "); leave padding, cell centres and adapters out");
            }
        }
    }

    @Override
    public List<FeatureExtractor> networks() {
        return networks;
    }

    @Override
    public String name() {
        return networks.stream().map(FeatureExtractor::name).collect(Collectors.joining(" + "));
    }

    @Override
    public String fingerprint() throws IOException {
        List<String> all = new ArrayList<>();
        for (FeatureExtractor each : networks) {
            all.add(each.fingerprint());
        }
        return Digests.of(String.join(" ", all));
    }

    @Override
    public OriginPart origin() {
        return OriginPart.joined(networks.stream().map(FeatureExtractor::origin).toList());
    }

    /** Each network has its own. */
    @Override
    public Path checkpoint() {
        throw new UnsupportedOperationException(
                "a checkpoint is of one network, got " + networks.size() + " joined; ask each of networks()");
    }

    @Override
    public ExtractionSettings settings() {
        return ExtractionSettings.joined(
                networks.stream().map(FeatureExtractor::settings).toList());
    }

    @Override
    public FeatureExtractor withSettings(ExtractionSettings other) {
        List<ExtractionSettings> each = other.networks();
        if (each.size() != networks.size()) {
            throw new IllegalArgumentException(
                    "settings must be of " + networks.size() + " networks, got " + each.size() + " (" + name() + ")");
        }
        List<FeatureExtractor> changed = new ArrayList<>();
        for (int n = 0; n < networks.size(); n++) {
            changed.add(networks.get(n).withSettings(each.get(n)));
        }
        return new JointExtractor(changed);
    }

    @Override
    public Size mapSize() {
        return Size.largest(networks.stream().map(FeatureExtractor::mapSize).toList());
    }

    @Override
    public FeatureLayout layout() {
        return FeatureLayout.joined(
                networks.stream().map(FeatureExtractor::layout).toList());
    }

    /** The largest of all: points are found on its grid. */
    @Override
    public Size loadSize() {
        return Size.largest(networks.stream().map(FeatureExtractor::loadSize).toList());
    }

    @Override
    public void extract(List<RgbImage> images, FeatureConsumer consumer, RunMonitor monitor) {
        for (int n = 0; n < networks.size(); n++) {
            int network = n;
            networks.get(n).extract(images, (key, map) -> consumer.accept(key.ofNetwork(network), map), monitor);
        }
    }

    @Override
    public void close() {
        networks.forEach(FeatureExtractor::close);
    }
}
