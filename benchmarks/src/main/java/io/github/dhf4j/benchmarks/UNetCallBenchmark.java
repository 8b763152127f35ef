package io.github.dhf4j.benchmarks;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.github.dhf4j.diffusion.model.FeatureTaps;
import io.github.dhf4j.diffusion.model.TextConditioning;
import io.github.dhf4j.diffusion.model.UNet2DConditionModel;
import io.github.dhf4j.io.SafeTensors;
import java.io.IOException;
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
 * How long is one call of Stable Diffusion 1.5's UNet (random weights, 1 x 4 x 64 x 64, float32)? Beside it the
 * machine's matrix products, 2048 x 2048, to tell the call's share of what the machine can do (a call is 803 GFLOP).
 * Rival: {@code peers/unet_diffusers.py} on the same weights.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(value = 1, jvmArgsAppend = "-Xmx2g")
@Warmup(iterations = 1)
@Measurement(iterations = 3)
public class UNetCallBenchmark {
    @Param({"true", "false"})
    boolean packed;

    private NDManager manager;
    private UNet2DConditionModel unet;
    private TextConditioning text;
    private NDArray latents;
    private NDArray matrix;

    @Setup
    public void open() throws IOException {
        Threads.set();
        manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");
        try (SafeTensors file = SafeTensors.open(SyntheticCheckpoint.weights())) {
            unet = new UNet2DConditionModel(SyntheticCheckpoint.config(), file);
            unet.load(manager, DataType.FLOAT32);
        }
        if (packed) {
            unet.pack(1, 64, 64);
        }
        text = unet.condition(manager.randomNormal(0, 1, new Shape(1, 77, 768), DataType.FLOAT32));
        latents = manager.randomNormal(0, 1, new Shape(1, 4, 64, 64), DataType.FLOAT32);
        matrix = manager.randomNormal(0, 1, new Shape(2048, 2048), DataType.FLOAT32);
    }

    @Benchmark
    public float call() {
        try (NDArray output = unet.forward(latents, 501, text, FeatureTaps.NONE, true)) {
            return output == null ? 0 : output.getFloat(0, 0, 0, 0);
        }
    }

    /** Ten products of 2048 x 2048: 171.8 GFLOP. */
    @Benchmark
    public float matrixProducts() {
        float sum = 0;
        for (int i = 0; i < 10; i++) {
            try (NDArray product = matrix.matMul(matrix)) {
                sum += product.getFloat(0, 0);
            }
        }
        return sum;
    }

    @TearDown
    public void close() {
        text.close();
        unet.close();
        manager.close();
    }
}
