package io.github.dhf4j.benchmarks;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.jni.JniUtils;
import io.github.dhf4j.backbones.CatsPlusPlusFinder;
import io.github.dhf4j.tensor.ScriptModule;
import io.github.dhf4j.tensor.TensorList;
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
 * How long does the largest 4D convolution of CATs++ take, with its norm: level 2's first, 4 x 64^4 to 4 x 32^4? Rival:
 * {@code peers/backbones_torch.py conv4d}.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(value = 1, jvmArgsAppend = "-Xmx2g")
@Warmup(iterations = 3)
@Measurement(iterations = 10)
public class Conv4dBenchmark {
    private static final ScriptModule SCRIPT = ScriptModule.load(CatsPlusPlusFinder.class, "cats.py");

    private NDManager manager;
    private NDArray correlation;
    private TensorList weights;

    @Setup
    public void open() {
        manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");
        JniUtils.setNumThreads(Integer.getInteger("dhf.bench.threads", 1));
        JniUtils.setGradMode(false);
        correlation = manager.randomUniform(0, 1, new Shape(4, 64, 64, 64, 64), DataType.FLOAT32);
        weights = TensorList.of(
                draw(4, 4, 3, 3), draw(4), draw(4, 4, 3, 3), draw(4), manager.ones(new Shape(4)), draw(4));
    }

    private NDArray draw(long... shape) {
        return manager.randomNormal(0, 0.1f, new Shape(shape), DataType.FLOAT32);
    }

    @Benchmark
    public float early() {
        try (NDArray encoded = SCRIPT.run(manager, "early", correlation, weights)) {
            return encoded.getFloat(0, 0, 0, 0, 0);
        }
    }

    @TearDown
    public void close() {
        manager.close();
    }
}
