package io.github.dhf4j.spi;

import io.github.dhf4j.feature.ExtractionSettings;
import io.github.dhf4j.feature.FeatureExtractor;
import io.github.dhf4j.feature.JointExtractor;
import io.github.dhf4j.tensor.TorchRuntime;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The checkpoints of several networks that see an image together; opens as a {@link JointExtractor}.
 *
 * @param networks two or more, in the order of their maps
 */
public record JointCheckpoint(List<Checkpoint> networks) implements Checkpoint {
    /**
     * Copies.
     *
     * @param networks as above
     */
    public JointCheckpoint {
        networks = List.copyOf(networks);
    }

    /**
     * Checkpoints as one.
     *
     * @param networks one or more
     * @return the only one, or all joined
     */
    public static Checkpoint of(List<Checkpoint> networks) {
        return networks.size() == 1 ? networks.get(0) : new JointCheckpoint(networks);
    }

    @Override
    public String backbone() {
        return networks.stream().map(Checkpoint::backbone).collect(Collectors.joining(" + "));
    }

    /** The first's: there is no one path of all. */
    @Override
    public Path path() {
        return networks.get(0).path();
    }

    /** Whether they are of as many networks, each such as the one at its place. */
    @Override
    public boolean accepts(ExtractionSettings settings) {
        List<ExtractionSettings> each = settings.networks();
        return each.size() == networks.size()
                && IntStream.range(0, each.size()).allMatch(n -> networks.get(n).accepts(each.get(n)));
    }

    /** None: what the networks say together is weighed by weights. */
    @Override
    public @Nullable ExtractionSettings rawSettings() {
        return null;
    }

    @Override
    public FeatureExtractor open(ExtractionSettings settings, TorchRuntime runtime) throws IOException {
        if (!accepts(settings)) {
            throw new IllegalArgumentException("settings must be of " + networks.size() + " networks, " + backbone()
                    + ", got those of " + settings.networks().size() + ", "
                    + settings.networks().stream()
                            .map(each -> each.process().word())
                            .collect(Collectors.joining(" + ")));
        }
        List<FeatureExtractor> open = new ArrayList<>();
        try {
            for (int n = 0; n < networks.size(); n++) {
                open.add(networks.get(n).open(settings.networks().get(n), runtime));
            }
            return new JointExtractor(open);
        } catch (IOException | RuntimeException e) {
            open.forEach(FeatureExtractor::close);
            throw e;
        }
    }
}
