package io.github.dhf4j.data;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.github.dhf4j.feature.DescriptorAccumulator;
import io.github.dhf4j.feature.DescriptorMap;
import io.github.dhf4j.feature.DescriptorOrigin;
import io.github.dhf4j.feature.FeatureAggregator;
import io.github.dhf4j.feature.FeatureExtractor;
import io.github.dhf4j.feature.FeatureKey;
import io.github.dhf4j.feature.FeatureStack;
import io.github.dhf4j.feature.MapExtent;
import io.github.dhf4j.feature.OriginPart;
import io.github.dhf4j.image.Size;
import io.github.dhf4j.tensor.OpenGuard;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The features of one image.
 *
 * @param stack (1, C, h, w) maps at native resolution; owned
 * @param imageSize the image's own size, in whose pixels points are
 * @param loadSize the size at which the network saw it
 * @param placing lays descriptors made of the maps on the image, as {@link FeatureExtractor#placed}
 * @param network whose maps they are, null for unknown
 */
public record ImageFeatures(
        FeatureStack stack,
        Size imageSize,
        Size loadSize,
        UnaryOperator<DescriptorMap> placing,
        @Nullable OriginPart network)
        implements AutoCloseable {
    /**
     * Features of a network that nobody names; their descriptors match with any.
     *
     * @param stack as above
     * @param imageSize as above
     * @param loadSize as above
     * @param extent where the maps lie on the image
     */
    public ImageFeatures(FeatureStack stack, Size imageSize, Size loadSize, MapExtent extent) {
        this(stack, imageSize, loadSize, map -> map.withExtent(extent), null);
    }

    /**
     * The features of one image by several networks: a view, without a copy.
     *
     * @param networks of one image, in the order of their networks, each by one network whose maps lie on the whole image;
     *     owned from now on
     * @return the features; the caller closes them
     */
    public static ImageFeatures joined(List<ImageFeatures> networks) {
        List<OriginPart> origins = networks.stream()
                .map(ImageFeatures::network)
                .filter(Objects::nonNull)
                .toList();
        return new ImageFeatures(
                FeatureStack.joined(networks.stream().map(ImageFeatures::stack).toList()),
                networks.get(0).imageSize(),
                Size.largest(networks.stream().map(ImageFeatures::loadSize).toList()),
                networks.get(0).placing(),
                origins.size() < networks.size() ? null : OriginPart.joined(origins));
    }

    /**
     * Sums the maps that an aggregator wants; others are passed over.
     *
     * @param aggregator borrowed
     * @return the image's descriptors
     * @throws IllegalArgumentException if a map that it wants is not there
     */
    public DescriptorMap describe(FeatureAggregator aggregator) {
        List<FeatureKey> wanted = aggregator.settings().keys().toList();
        try (OpenGuard.Use use = stack.use();
                DescriptorAccumulator sum = aggregator.accumulator();
                NDManager work = stack.newManager()) {
            for (FeatureKey key : wanted) {
                try (NDArray map = stack.read(key, work)) {
                    sum.accept(key, map);
                }
            }
            return placing.apply(DescriptorMap.of(sum.descriptors(), List.of(imageSize), loadSize)
                            .get(0))
                    .withOrigin(network == null ? null : new DescriptorOrigin(network, aggregator.origin()))
                    .withConfidence(aggregator.confidence());
        }
    }

    /**
     * Where the maps lie on the image.
     *
     * @return as descriptors that are made of them have it
     */
    public MapExtent extent() {
        float[] none = new float[loadSize.width() * loadSize.height()];
        return placing.apply(new DescriptorMap(1, loadSize, none, imageSize, loadSize))
                .extent();
    }

    @Override
    public void close() {
        stack.close();
    }
}
