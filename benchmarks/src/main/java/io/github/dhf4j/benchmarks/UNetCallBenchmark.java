package io.github.dhf4j.benchmarks;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.github.dhf4j.diffusion.model.FeatureTaps;
import io.github.dhf4j.diffusion.model.TextConditioning;
import io.github.dhf4j.diffusion.model.UNet2DConditionConfig;
import io.github.dhf4j.diffusion.model.UNet2DConditionModel;
import io.github.dhf4j.io.SafeTensors;
import io.github.dhf4j.tensor.ScalarTypes;
import io.github.dhf4j.tensor.ScriptModule;
import io.github.dhf4j.tensor.TorchRuntime;
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
 * How long is one call of Stable Diffusion 1.5's UNet (random weights, 1 x 4 x 64 x 64), on a device, in a type
 * ({@code -p device=gpu -p dtype=float16})? Beside it the device's matrix products in that type, 2048 x 2048, to tell the
 * call's share of what the machine can do (a call is 803 GFLOP). {@code -p form=small} takes a small network.
 * A CPU without float16 takes minutes for products in it.
 * Rival: {@code peers/unet_diffusers.py} on the same weights.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(value = 1, jvmArgsAppend = "-Xmx2g")
@Warmup(iterations = 1)
@Measurement(iterations = 3)
public class UNetCallBenchmark {
    private static final ScriptModule SCRIPT = ScriptModule.load(UNetCallBenchmark.class, "products.py");

    @Param({"true", "false"})
    boolean packed;

    @Param("cpu")
    String device = "cpu";

    @Param("float32")
    String dtype = "float32";

    @Param(SyntheticCheckpoint.SD15)
    String form = SyntheticCheckpoint.SD15;

    private NDManager manager;
    private UNet2DConditionModel unet;
    private TextConditioning text;
    private NDArray latents;
    private NDArray matrix;

    @Setup
    public void open() throws IOException {
        Threads.set();
        TorchRuntime runtime = Where.of(device, dtype);
        manager = runtime.newManager();
        UNet2DConditionConfig config = SyntheticCheckpoint.config(form);
        int side = config.sampleSize();
        try (SafeTensors file = SafeTensors.open(SyntheticCheckpoint.weights(form))) {
            unet = new UNet2DConditionModel(config, file);
            unet.load(manager, runtime.dtype());
        }
        if (packed) {
            unet.pack(1, side, side);
        }
        text = unet.condition(
                manager.randomNormal(0, 1, new Shape(1, 77, config.crossAttentionDim()), DataType.FLOAT32));
        latents = manager.randomNormal(0, 1, new Shape(1, config.inChannels(), side, side), DataType.FLOAT32);
        try (NDArray wide = manager.randomNormal(0, 1, new Shape(2048, 2048), DataType.FLOAT32)) {
            matrix = SCRIPT.run(manager, "cast", wide, ScalarTypes.code(runtime.dtype()));
        }
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
        try (NDArray sum = SCRIPT.run(manager, "products", matrix, 10)) {
            return sum.getFloat();
        }
    }

    @TearDown
    public void close() {
        text.close();
        unet.close();
        manager.close();
    }
}
