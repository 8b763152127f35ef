package io.github.dhf4j.benchmarks;

import io.github.dhf4j.feature.DescriptorMap;
import io.github.dhf4j.matching.Correspondence;
import java.io.IOException;
import java.util.List;
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
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * How long does each stage of one image take on a device, in a type? Inversion of T = 50 with S = 11, aggregation, matching
 * of ten points and of all cells, by the network of Stable Diffusion 1.5's form ({@code -p form=small} for a small one):
 * {@code benchmarks/run -p device=gpu -p dtype=float16 ImageStages}. Rival: {@code gpu/kit}, which takes turns with
 * diffusers.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(value = 1, jvmArgsAppend = "-Xmx2g")
@Warmup(iterations = 1)
@Measurement(iterations = 3)
public class ImageStagesBenchmark {
    @Param("cpu")
    String device = "cpu";

    @Param("float32")
    String dtype = "float32";

    @Param(SyntheticCheckpoint.SD15)
    String form = SyntheticCheckpoint.SD15;

    private ImageStages stages;

    @Setup
    public void open() throws IOException {
        Threads.set();
        stages = new ImageStages(SyntheticCheckpoint.weights(form).resolveSibling(""), Where.of(device, dtype));
    }

    @Benchmark
    public int inversion() {
        return stages.inversion();
    }

    @Benchmark
    public DescriptorMap aggregation() {
        return stages.described();
    }

    @Benchmark
    public List<Correspondence> tenPoints() {
        return stages.tenPoints();
    }

    @Benchmark
    public List<Correspondence> allCells() {
        return stages.allCells();
    }

    @TearDown
    public void close() {
        stages.close();
    }
}
