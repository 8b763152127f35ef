package io.github.dhf4j.benchmarks;

import io.github.dhf4j.feature.DescriptorMap;
import io.github.dhf4j.matching.DenseField;
import java.util.concurrent.TimeUnit;
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
import org.openjdk.jmh.annotations.Warmup;

/**
 * How long it takes to find where all of an image is in another, neighbours agreeing ({@code --smooth}), once both are
 * described: maps of 384 numbers for each cell. {@code benchmarks/run Field}.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(value = 1, jvmArgsAppend = "-Xmx2g")
@Warmup(iterations = 3, time = 3)
@Measurement(iterations = 5, time = 3)
public class FieldBenchmark {
    private static final int CHANNELS = 384;

    /** Cells to each side: of the bundled pipeline, and of Stable Diffusion at 512 x 512. */
    @Param({"24", "64"})
    private int cells;

    private DescriptorMap source = map(1, 1);
    private DescriptorMap target = source;

    /** Creates the state; JMH fills it. */
    public FieldBenchmark() {}

    /** Draws maps. */
    @Setup
    public void draw() {
        Threads.set();
        source = map(cells, 1);
        target = map(cells, 2);
    }

    private static DescriptorMap map(int cells, long seed) {
        return RandomMaps.of(CHANNELS, cells, 8 * cells, seed);
    }

    /**
     * The library's way.
     *
     * @return the field
     */
    @Benchmark
    public DenseField field() {
        return DenseField.of(source, target);
    }
}
