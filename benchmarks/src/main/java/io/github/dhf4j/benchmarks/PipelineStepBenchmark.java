package io.github.dhf4j.benchmarks;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.dhf4j.diffusion.BundledCheckpoint;
import io.github.dhf4j.diffusion.model.FeatureTaps;
import io.github.dhf4j.diffusion.model.TextConditioning;
import io.github.dhf4j.diffusion.model.UNet2DConditionConfig;
import io.github.dhf4j.diffusion.model.UNet2DConditionModel;
import io.github.dhf4j.io.Json;
import io.github.dhf4j.tensor.Autograd;
import io.github.dhf4j.train.AdamW;
import io.github.dhf4j.train.TrainableParameters;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
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
 * How long is one training step of the bundled checkpoint's denoising network (forward, backward, gradients shortened,
 * AdamW, moving average)? Rival: {@code peers/unet_train_step.py}, the same network in diffusers on the same threads.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(value = 1, jvmArgsAppend = "-Xmx2g")
@Warmup(iterations = 12)
@Measurement(iterations = 16)
public class PipelineStepBenchmark {
    @Param("16")
    int batch;

    private UNet2DConditionConfig config;
    private TrainableParameters parameters;
    private UNet2DConditionModel unet;

    @Setup
    public void open() throws IOException {
        Threads.set();
        Path file = BundledCheckpoint.unpack().resolve("unet").resolve("config.json");
        config = UNet2DConditionConfig.read(Json.readObject(file), file.toString());
        NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");
        Random random = new Random(1);
        Map<String, NDArray> initial = new LinkedHashMap<>();
        UNet2DConditionModel.parameterShapes(config).forEach((name, dimensions) -> {
            Shape shape = new Shape(dimensions);
            float[] values = new float[(int) shape.size()];
            double bound = dimensions.length == 1 ? 0 : Math.sqrt((double) dimensions[0] / values.length);
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) (bound * (2 * random.nextDouble() - 1));
            }
            initial.put(
                    name,
                    dimensions.length == 1 && name.endsWith(".weight")
                            ? manager.ones(shape)
                            : manager.create(values, shape));
        });
        parameters = new TrainableParameters(initial, AdamW.Settings.REFERENCE, manager);
        unet = new UNet2DConditionModel(config, parameters.weights());
    }

    @Benchmark
    public double step() {
        try (NDManager work = parameters.manager().newSubManager()) {
            try (Autograd autograd = Autograd.record()) {
                int side = config.sampleSize();
                NDArray latents = work.randomNormal(new Shape(batch, config.inChannels(), side, side));
                NDArray noise = work.randomNormal(latents.getShape());
                NDArray text = work.randomNormal(new Shape(batch, 16, config.crossAttentionDim()));
                NDArray timesteps = work.randomUniform(0, 999, new Shape(batch));
                try (TextConditioning prompt = unet.condition(text)) {
                    NDArray output =
                            Objects.requireNonNull(unet.forward(latents, timesteps, prompt, FeatureTaps.NONE, true));
                    autograd.backward(output.sub(noise).square().mean());
                }
            }
            return parameters.step(1e-4, 1, 0.999);
        }
    }

    @TearDown
    public void close() {
        unet.close();
        parameters.close();
    }
}
