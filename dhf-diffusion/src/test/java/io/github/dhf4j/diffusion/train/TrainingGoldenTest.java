package io.github.dhf4j.diffusion.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.github.dhf4j.diffusion.model.AutoencoderKL;
import io.github.dhf4j.diffusion.model.AutoencoderKLConfig;
import io.github.dhf4j.diffusion.model.CLIPTextConfig;
import io.github.dhf4j.diffusion.model.CLIPTextModel;
import io.github.dhf4j.diffusion.model.FeatureTaps;
import io.github.dhf4j.diffusion.model.TextConditioning;
import io.github.dhf4j.diffusion.model.UNet2DConditionConfig;
import io.github.dhf4j.diffusion.model.UNet2DConditionModel;
import io.github.dhf4j.io.Json;
import io.github.dhf4j.io.TensorFile;
import io.github.dhf4j.tensor.Autograd;
import io.github.dhf4j.testing.Golden;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Both training losses and the gradients of every weight, against diffusers and transformers in double precision. */
class TrainingGoldenTest {
    private static final double TOLERANCE = 1e-4;

    @ParameterizedTest
    @ValueSource(strings = {"sd15", "sd21"})
    void denoisingLossAndGradients(String name) throws IOException {
        Path pipeline = Golden.fixtures().resolve(name).resolve("pipeline");
        JsonObject golden = Json.readObject(Golden.fixtures().resolve(name).resolve("gradients.json"));
        UNet2DConditionConfig config = UNet2DConditionConfig.read(config(pipeline, "unet"), "unet");
        CLIPTextConfig textConfig = CLIPTextConfig.read(config(pipeline, "text_encoder"), "text");
        try (NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch")) {
            Map<String, NDArray> weights = read(
                    pipeline.resolve("unet/diffusion_pytorch_model.safetensors"),
                    UNet2DConditionModel.parameterShapes(config),
                    manager);
            Map<String, NDArray> textWeights = read(
                    pipeline.resolve("text_encoder/model.safetensors"),
                    CLIPTextModel.parameterShapes(textConfig),
                    manager);
            long[][] ids = new long[2][textConfig.maxPositions()];
            for (int i = 0; i < ids[0].length; i++) {
                ids[0][i] = i * 7L % 300;
                ids[1][i] = i * 11L % 300;
            }
            try (UNet2DConditionModel unet = new UNet2DConditionModel(config, weights);
                    CLIPTextModel text = new CLIPTextModel(textConfig, textWeights);
                    Autograd autograd = Autograd.record();
                    TextConditioning prompt = unet.condition(text.encode(ids, manager))) {
                NDArray latents = wave(manager, 0.37, 2, 4, 16, 16);
                NDArray noise = wave(manager, 0.23, 2, 4, 16, 16);
                NDArray timesteps = manager.create(new float[] {17, 803});
                NDArray output =
                        Objects.requireNonNull(unet.forward(latents, timesteps, prompt, FeatureTaps.NONE, true));
                NDArray loss = TrainingOps.SCRIPT.run(
                        manager,
                        "squared_difference",
                        output,
                        noise,
                        manager.ones(new Shape(output.getShape().get(0))));
                assertThat(loss.getFloat()).isCloseTo(golden.get("denoising").getAsFloat(), within((float) TOLERANCE));
                autograd.backward(loss);
            }
            check("unet.", weights, golden);
            check("text_encoder.", textWeights, golden);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"sd15", "sd21"})
    void autoencoderLossAndGradients(String name) throws IOException {
        Path pipeline = Golden.fixtures().resolve(name).resolve("pipeline");
        JsonObject golden = Json.readObject(Golden.fixtures().resolve(name).resolve("gradients.json"));
        AutoencoderKLConfig config =
                AutoencoderKLConfig.read(config(pipeline, "vae"), "vae").withScalingFactor(1);
        try (NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch")) {
            Map<String, NDArray> weights = read(
                    pipeline.resolve("vae/diffusion_pytorch_model.safetensors"),
                    AutoencoderKL.parameterShapes(config),
                    manager);
            try (AutoencoderKL vae = new AutoencoderKL(config, weights);
                    Autograd autograd = Autograd.record()) {
                NDArray pixels = wave(manager, 0.11, 1, 3, 64, 64);
                NDArray moments = vae.encode(pixels);
                long side = moments.getShape().get(2);
                NDArray noise = wave(manager, 0.29, 1, config.latentChannels(), side, side);
                NDArray decoded = vae.decode(vae.latentSample(moments, noise));
                NDArray loss =
                        TrainingOps.SCRIPT.run(manager, "autoencoder_loss", decoded, pixels, moments, 0.5, 1.2e-3);
                assertThat(loss.getFloat())
                        .isCloseTo(golden.get("autoencoder").getAsFloat(), within((float) TOLERANCE));
                autograd.backward(loss);
            }
            check("vae.", weights, golden);
        }
    }

    private static JsonObject config(Path pipeline, String part) throws IOException {
        return Json.readObject(pipeline.resolve(part).resolve("config.json"));
    }

    private static Map<String, NDArray> read(Path path, Map<String, long[]> shapes, NDManager manager)
            throws IOException {
        Map<String, NDArray> arrays = new LinkedHashMap<>();
        try (TensorFile file = TensorFile.open(path)) {
            for (Map.Entry<String, long[]> entry : shapes.entrySet()) {
                try (NDArray read = file.read(entry.getKey(), manager, DataType.FLOAT32)) {
                    NDArray array = manager.create(read.toFloatArray(), new Shape(entry.getValue()));
                    array.setRequiresGradient(true);
                    arrays.put(entry.getKey(), array);
                }
            }
        }
        return arrays;
    }

    private static NDArray wave(NDManager manager, double step, long... dimensions) {
        Shape shape = new Shape(dimensions);
        float[] values = new float[(int) shape.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) Math.sin(step * i);
        }
        return manager.create(values, shape);
    }

    /** Norms to 1e-4 of themselves or a millionth of the largest; inner products to three times that. */
    private static void check(String prefix, Map<String, NDArray> weights, JsonObject golden) {
        JsonObject gradients = golden.getAsJsonObject("gradients");
        double largest = 0;
        for (JsonElement norm : gradients.asMap().values()) {
            largest = Math.max(largest, norm.getAsJsonArray().get(0).getAsDouble());
        }
        for (Map.Entry<String, NDArray> weight : weights.entrySet()) {
            JsonArray expected = gradients.getAsJsonArray(prefix + weight.getKey());
            assertThat(expected).as(prefix + weight.getKey()).isNotNull();
            double norm = 0;
            double product = 0;
            try (NDArray gradient = weight.getValue().getGradient()) {
                float[] values = gradient.toFloatArray();
                for (int i = 0; i < values.length; i++) {
                    norm += (double) values[i] * values[i];
                    product += values[i] * Math.cos(i);
                }
            }
            // some gradients are nothing but rounding: a bias before a norm, a key's bias before a softmax
            double close = TOLERANCE * (expected.get(0).getAsDouble() + 1e-2 * largest);
            assertThat(Math.sqrt(norm))
                    .as(prefix + weight.getKey())
                    .isCloseTo(expected.get(0).getAsDouble(), within(close));
            assertThat(product)
                    .as(prefix + weight.getKey())
                    .isCloseTo(expected.get(1).getAsDouble(), within(3 * close));
        }
        assertThat(gradients.keySet().stream().filter(key -> key.startsWith(prefix)))
                .as("every golden gradient has its weight")
                .hasSize(weights.size());
    }
}
