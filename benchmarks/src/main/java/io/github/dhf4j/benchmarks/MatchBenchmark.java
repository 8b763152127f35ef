package io.github.dhf4j.benchmarks;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.github.dhf4j.feature.DescriptorMap;
import io.github.dhf4j.image.Size;
import io.github.dhf4j.matching.Correspondence;
import io.github.dhf4j.matching.CorrespondenceMatcher;
import io.github.dhf4j.matching.CosineMatcher;
import io.github.dhf4j.matching.MatchOptions;
import io.github.dhf4j.matching.Point;
import io.github.dhf4j.tensor.ScriptModule;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
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
 * How long does it take to match ten points at 512 x 512 over maps of 384 x 64 x 64? {@code matcher} is this library;
 * {@code reference} upsamples both maps and compares all pixels, as the authors' code does. Both must give the same
 * pixels.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(value = 1, jvmArgsAppend = "-Xmx2g")
@Warmup(iterations = 2, time = 3)
@Measurement(iterations = 3, time = 3)
public class MatchBenchmark {
    private static final int SIDE = 512;

    private final CorrespondenceMatcher matcher = new CosineMatcher();
    private final List<Point> points = new ArrayList<>();
    private NDManager manager;
    private ScriptModule script;
    private NDArray source;
    private NDArray target;
    private NDArray indices;
    private DescriptorMap sourceMap;
    private DescriptorMap targetMap;

    @Setup
    public void open() {
        Threads.set();
        manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");
        script = ScriptModule.load(DescribeBenchmark.class, "reference.py");
        source = manager.randomNormal(0, 1, new Shape(1, 384, 64, 64), DataType.FLOAT32);
        target = manager.randomNormal(0, 1, new Shape(1, 384, 64, 64), DataType.FLOAT32);
        sourceMap = DescriptorMap.of(source, List.of(Size.square(SIDE)), Size.square(SIDE))
                .get(0);
        targetMap = DescriptorMap.of(target, List.of(Size.square(SIDE)), Size.square(SIDE))
                .get(0);
        Random random = new Random(1);
        long[] flat = new long[10];
        for (int i = 0; i < flat.length; i++) {
            int x = random.nextInt(SIDE);
            int y = random.nextInt(SIDE);
            points.add(new Point(x, y));
            flat[i] = (long) y * SIDE + x;
        }
        indices = manager.create(flat);
        long[] ours = matcher().stream()
                .mapToLong(c -> Math.round(c.target().y()) * SIDE
                        + Math.round(c.target().x()))
                .toArray();
        try (NDArray theirs = script.run(manager, "match", source, target, indices, SIDE)) {
            if (!java.util.Arrays.equals(ours, theirs.toLongArray())) {
                throw new IllegalStateException("rivals must agree, got " + java.util.Arrays.toString(ours) + " and "
                        + java.util.Arrays.toString(theirs.toLongArray()));
            }
        }
    }

    @Benchmark
    public List<Correspondence> matcher() {
        return matcher.match(sourceMap, targetMap, points, MatchOptions.NEAREST);
    }

    @Benchmark
    public long[] reference() {
        try (NDArray result = script.run(manager, "match", source, target, indices, SIDE)) {
            return result.toLongArray();
        }
    }

    @TearDown
    public void close() {
        manager.close();
    }
}
