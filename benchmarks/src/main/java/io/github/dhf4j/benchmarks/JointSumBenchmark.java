package io.github.dhf4j.benchmarks;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.github.dhf4j.aggregation.Aggregator;
import io.github.dhf4j.aggregation.AggregatorConfig;
import io.github.dhf4j.aggregation.AggregatorNetwork;
import io.github.dhf4j.feature.DescriptorAccumulator;
import io.github.dhf4j.feature.ExtractionSettings;
import io.github.dhf4j.feature.FeatureKey;
import io.github.dhf4j.tensor.TorchRuntime;
import java.io.IOException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What does the sum over two networks' maps cost beside those of each alone? Maps of one image of Stable Diffusion 1.5's
 * decoder (12 layers, two save indices) and of DINOv2-B (12 layers of 32 x 32 cells), out 384 x 64 x 64. Run
 * {@code benchmarks/run JointSum}: joined should be the sum of both, at the memory of one.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(value = 1, jvmArgsAppend = "-Xmx1g")
@Warmup(iterations = 2)
@Measurement(iterations = 7)
public class JointSumBenchmark extends PeakMemory {
    private static final int[] DIMS = {1280, 1280, 1280, 1280, 1280, 1280, 640, 640, 640, 320, 320, 320};
    private static final int[] SIDES = {8, 8, 8, 16, 16, 16, 32, 32, 32, 64, 64, 64};
    private static final List<Integer> LAYERS =
            IntStream.rangeClosed(1, 12).boxed().toList();

    @Param({"diffusion", "forward", "joined"})
    public String networks = "joined";

    private NDManager manager;
    private Aggregator aggregator;
    private final Map<FeatureKey, NDArray> features = new LinkedHashMap<>();

    @Override
    String beginning() {
        return "the features themselves";
    }

    @Setup
    public void open() throws IOException {
        Threads.set();
        manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");
        AggregatorNetwork diffusion = new AggregatorNetwork(
                "diffusion",
                null,
                ExtractionSettings.inversion()
                        .withTimesteps(50, List.of(49, 30))
                        .withLayers(LAYERS),
                IntStream.of(DIMS).boxed().toList());
        AggregatorNetwork forward = new AggregatorNetwork(
                "forward", null, ExtractionSettings.forward().withLayers(LAYERS), Collections.nCopies(12, 768));
        List<AggregatorNetwork> summed = switch (networks) {
            case "diffusion" -> List.of(diffusion);
            case "forward" -> List.of(forward);
            default -> List.of(diffusion, forward);
        };
        AggregatorConfig config = AggregatorConfig.of(summed, 384, 64);
        aggregator = Aggregator.untrained(config, 0, TorchRuntime.cpu());
        for (FeatureKey key : config.maps()) {
            int side = summed.get(key.network()).equals(forward) ? 32 : SIDES[key.layer() - 1];
            int channels = config.dims().get(config.bottleneck(key));
            features.put(key, manager.randomNormal(0, 1, new Shape(1, channels, side, side), DataType.FLOAT32));
        }
        begin();
    }

    @Benchmark
    public float sum() {
        try (DescriptorAccumulator sum = aggregator.accumulator()) {
            features.forEach(sum::accept);
            return sum.descriptors().getFloat(0, 0, 0, 0);
        }
    }

    @TearDown
    public void close() {
        aggregator.close();
        manager.close();
    }
}
