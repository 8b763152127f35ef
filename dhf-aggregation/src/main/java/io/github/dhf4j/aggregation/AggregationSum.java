package io.github.dhf4j.aggregation;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.github.dhf4j.feature.DescriptorAccumulator;
import io.github.dhf4j.feature.FeatureKey;
import io.github.dhf4j.io.HostTensors;
import io.github.dhf4j.tensor.OpenGuard;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The running sum of one batch: one tensor (B, D, H, W), whatever the number of maps. Keeps the network open until it
 * is closed.
 */
final class AggregationSum implements DescriptorAccumulator {
    private final AggregationNetwork network;
    private final AggregatorConfig config;
    private final NDManager manager;
    private final OpenGuard.Use use;
    private final Set<FeatureKey> seen = new HashSet<>();
    private @Nullable NDArray sum;

    AggregationSum(AggregationNetwork network, NDManager manager, OpenGuard.Use use) {
        this.network = network;
        this.config = network.config();
        this.manager = manager;
        this.use = use;
    }

    @Override
    public void accept(FeatureKey key, NDArray map) {
        if (!network.shares().containsKey(key) || !seen.add(key)) {
            throw new IllegalArgumentException(
                    "feature map must be one of " + config.words() + ", each once, got " + key.tensorName());
        }
        Shape shape = map.getShape();
        int channels = config.dims().get(config.bottleneck(key));
        if (shape.dimension() != 4 || shape.get(1) != channels) {
            throw new IllegalArgumentException(
                    "feature map " + key.tensorName() + " must have " + channels + " channels, got " + shape);
        }
        NDArray total = sum;
        if (total == null) {
            int side = config.mapSize();
            total = manager.zeros(new Shape(shape.get(0), config.projectionDim(), side, side), DataType.FLOAT32);
            sum = total;
        }
        // features may be made on another device
        NDArray here = HostTensors.onto(map, manager.getDevice());
        try {
            network.add(total, here, key);
        } finally {
            if (here != map) {
                here.close();
            }
        }
    }

    @Override
    public NDArray descriptors() {
        int maps = network.shares().size();
        if (sum == null || seen.size() != maps) {
            throw new IllegalStateException("descriptors need all " + maps + " feature maps, got " + seen.size());
        }
        return sum;
    }

    @Override
    public void close() {
        manager.close();
        use.close();
    }
}
