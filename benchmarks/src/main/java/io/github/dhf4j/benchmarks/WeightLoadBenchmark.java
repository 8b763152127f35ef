package io.github.dhf4j.benchmarks;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import io.github.dhf4j.diffusion.model.UNet2DConditionModel;
import io.github.dhf4j.eval.pck.ResidentMemory;
import io.github.dhf4j.io.SafeTensors;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
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
import org.openjdk.jmh.annotations.Warmup;

/**
 * How long does it take to read the weights of Stable Diffusion 1.5's UNet (1.7 GB of float16 on disk, 3.4 GB of float32
 * in memory), and how much is resident at most meanwhile?
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(value = 1, jvmArgsAppend = "-Xmx1g")
@Warmup(iterations = 1)
@Measurement(iterations = 3)
public class WeightLoadBenchmark {
    private Path weights;

    @Setup
    public void write() throws IOException {
        Threads.set();
        weights = SyntheticCheckpoint.weights(SyntheticCheckpoint.SD15);
    }

    @Benchmark
    public long load() throws IOException {
        double before = ResidentMemory.nowMegabytes();
        ResidentMemory.resetPeak();
        try (NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");
                SafeTensors file = SafeTensors.open(weights);
                UNet2DConditionModel unet =
                        new UNet2DConditionModel(SyntheticCheckpoint.config(SyntheticCheckpoint.SD15), file)) {
            unet.load(manager, DataType.FLOAT32);
            double needed = unet.parameterCount() * 4 / 1048576.0;
            double peak = ResidentMemory.peakMegabytes() - before;
            System.out.printf(
                    Locale.ROOT,
                    "%n  peak %.0f MiB over what was resident before = %.3f of the float32 size, %.0f MiB%n",
                    peak,
                    peak / needed,
                    needed);
            return unet.parameterCount();
        }
    }
}
