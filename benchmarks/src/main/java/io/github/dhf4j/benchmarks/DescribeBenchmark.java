package io.github.dhf4j.benchmarks;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.github.dhf4j.aggregation.Aggregator;
import io.github.dhf4j.aggregation.AggregatorConfig;
import io.github.dhf4j.feature.DescriptorAccumulator;
import io.github.dhf4j.feature.ExtractionSettings;
import io.github.dhf4j.feature.FeatureKey;
import io.github.dhf4j.io.SafeTensorsWriter;
import io.github.dhf4j.tensor.ScriptModule;
import io.github.dhf4j.tensor.TensorList;
import io.github.dhf4j.tensor.TorchRuntime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * How long, and how much native memory, does it take to make one descriptor map of the features of one image of Stable
 * Diffusion 1.5's sizes (S = 11, L = 12, out 384 x 64 x 64)? {@code streaming} is this library; {@code reference} does
 * what the authors' code does: resize every map, stack them all, then aggregate.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(value = 1, jvmArgsAppend = "-Xmx1g")
@Warmup(iterations = 1)
@Measurement(iterations = 3)
public class DescribeBenchmark extends PeakMemory {
    private static final int[] DIMS = {1280, 1280, 1280, 1280, 1280, 1280, 640, 640, 640, 320, 320, 320};
    private static final int[] SIDES = {8, 8, 8, 16, 16, 16, 32, 32, 32, 64, 64, 64};
    private static final List<Integer> SAVED = List.of(49, 45, 40, 35, 30, 25, 20, 15, 10, 5, 0);

    private NDManager manager;
    private Aggregator aggregator;
    private ScriptModule script;
    private final List<TensorList> referenceWeights = new ArrayList<>();
    private final Map<FeatureKey, NDArray> features = new LinkedHashMap<>();

    @Override
    String beginning() {
        return "the features themselves";
    }

    @Setup
    public void open() throws IOException {
        Threads.set();
        manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");
        script = ScriptModule.load(DescribeBenchmark.class, "reference.py");
        for (int s : SAVED) {
            for (int l = 1; l <= 12; l++) {
                int side = SIDES[l - 1];
                features.put(
                        new FeatureKey(s, l),
                        manager.randomNormal(0, 1, new Shape(1, DIMS[l - 1], side, side), DataType.FLOAT32));
            }
        }
        Path file = Files.createTempFile("dhf-bench", ".safetensors");
        writeWeights(file);
        aggregator = Aggregator.open(file, TorchRuntime.cpu());
        Files.delete(file);
        begin();
    }

    private void writeWeights(Path path) throws IOException {
        ExtractionSettings settings = ExtractionSettings.inversion()
                .withTimesteps(50, SAVED)
                .withLayers(IntStream.rangeClosed(1, 12).boxed().toList())
                .withLoadSize(512);
        AggregatorConfig config = new AggregatorConfig(
                "random", settings, IntStream.of(DIMS).boxed().toList(), 384, 64);
        SafeTensorsWriter writer =
                new SafeTensorsWriter().metadata("config", config.toJson().toString());
        writer.tensor("mixing_weights", manager.randomNormal(1, 0.3f, new Shape(132), DataType.FLOAT32));
        for (int l = 0; l < 12; l++) {
            List<NDArray> weights = new ArrayList<>();
            conv(writer, weights, l, "conv1", 96, DIMS[l], 1);
            conv(writer, weights, l, "conv2", 96, 96, 3);
            conv(writer, weights, l, "conv3", 384, 96, 1);
            conv(writer, weights, l, "shortcut", 384, DIMS[l], 1);
            referenceWeights.add(TensorList.of(weights.toArray(NDArray[]::new)));
        }
        writer.write(path);
    }

    private void conv(
            SafeTensorsWriter writer, List<NDArray> weights, int layer, String name, int out, int in, int kernel) {
        String key = "bottleneck_layers." + layer + ".0." + name;
        NDArray weight = manager.randomNormal(
                0, (float) (1 / Math.sqrt(in * kernel * kernel)), new Shape(out, in, kernel, kernel), DataType.FLOAT32);
        NDArray scale = manager.randomNormal(1, 0.1f, new Shape(out), DataType.FLOAT32);
        NDArray bias = manager.randomNormal(0, 0.1f, new Shape(out), DataType.FLOAT32);
        writer.tensor(key + ".weight", weight)
                .tensor(key + ".norm.weight", scale)
                .tensor(key + ".norm.bias", bias);
        weights.addAll(List.of(weight, scale, bias));
    }

    @Benchmark
    public float streaming() {
        try (NDArray result = streamed()) {
            return result.getFloat(0, 0, 0, 0);
        }
    }

    @Benchmark
    public float reference() {
        try (NDArray result = stacked()) {
            return result.getFloat(0, 0, 0, 0);
        }
    }

    private NDArray streamed() {
        try (DescriptorAccumulator sum = aggregator.accumulator()) {
            features.forEach(sum::accept);
            NDArray result = sum.descriptors().duplicate();
            result.attach(manager);
            return result;
        }
    }

    private NDArray stacked() {
        try (NDManager work = manager.newSubManager();
                TensorList maps = TensorList.of(features.values().toArray(NDArray[]::new))) {
            NDArray stack = script.run(work, "stack", maps, 12);
            NDArray sum = work.zeros(new Shape(1, 384, 64, 64));
            for (int l = 0, channel = 0; l < 12; channel += DIMS[l], l++) {
                for (int s = 0; s < 11; s++) {
                    script.test("aggregate", sum, stack, referenceWeights.get(l), s, channel, DIMS[l], (double)
                            aggregator.mixingWeight(aggregator.config().maps().get(s * 12 + l)));
                }
            }
            sum.attach(manager);
            return sum;
        }
    }

    @TearDown
    public void close() {
        try (NDArray a = streamed();
                NDArray b = stacked()) {
            float largest = a.sub(b).abs().max().getFloat();
            System.out.printf(Locale.ROOT, "%n  largest difference of both: %.2e%n", largest);
            if (largest > 1e-4) {
                throw new IllegalStateException("rivals must agree, got a difference of " + largest);
            }
        }

        aggregator.close();
        referenceWeights.forEach(TensorList::close);
        manager.close();
    }
}
