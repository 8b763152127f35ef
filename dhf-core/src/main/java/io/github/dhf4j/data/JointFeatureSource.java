package io.github.dhf4j.data;

import io.github.dhf4j.feature.FeatureLayout;
import io.github.dhf4j.image.Size;
import io.github.dhf4j.io.Digests;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The features of several networks as those of one; each comes from where it came from by itself, such as its cache. */
final class JointFeatureSource implements FeatureSource {
    private final List<FeatureSource> networks;

    JointFeatureSource(List<FeatureSource> networks) {
        this.networks = List.copyOf(networks);
    }

    @Override
    public ImageFeatures features(Path image, boolean mirrored) throws IOException {
        List<ImageFeatures> all = new ArrayList<>();
        try {
            for (FeatureSource each : networks) {
                all.add(each.features(image, mirrored));
            }
            return ImageFeatures.joined(all);
        } catch (IOException | RuntimeException e) {
            all.forEach(ImageFeatures::close);
            throw e;
        }
    }

    @Override
    public FeatureLayout layout() {
        return FeatureLayout.joined(networks.stream().map(FeatureSource::layout).toList());
    }

    @Override
    public Size loadSize() {
        return Size.largest(networks.stream().map(FeatureSource::loadSize).toList());
    }

    @Override
    public String name() {
        return networks.stream().map(FeatureSource::name).collect(Collectors.joining(" + "));
    }

    @Override
    public String fingerprint() throws IOException {
        List<String> all = new ArrayList<>();
        for (FeatureSource each : networks) {
            all.add(each.fingerprint());
        }
        return Digests.of(String.join(" ", all));
    }
}
