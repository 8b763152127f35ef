package io.github.dhf4j.benchmarks.gpu;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.github.dhf4j.diffusion.model.AutoencoderKL;
import io.github.dhf4j.diffusion.model.AutoencoderKLConfig;
import io.github.dhf4j.diffusion.model.CLIPTextConfig;
import io.github.dhf4j.diffusion.model.CLIPTextModel;
import io.github.dhf4j.diffusion.model.UNet2DConditionConfig;
import io.github.dhf4j.diffusion.model.UNet2DConditionModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * The configurations of a checkpoint of Stable Diffusion 1.5's form, or of a small one of the same structure, and beside
 * each the shapes of its weights, which {@code benchmarks/gpu/weights.py} fills with random numbers.
 */
final class StableDiffusionForm {
    private static final int VOCABULARY = 2514;

    private StableDiffusionForm() {}

    static void write(boolean full, Path folder) throws IOException {
        UNet2DConditionConfig unet = UNet2DConditionConfig.stableDiffusion(
                full ? 64 : 16,
                full ? List.of(320, 640, 1280, 1280) : List.of(32, 64, 64, 64),
                List.of(true, true, true, false),
                8,
                full ? 768 : 64,
                32);
        AutoencoderKLConfig vae = new AutoencoderKLConfig(
                4, full ? List.of(128, 256, 512, 512) : List.of(32, 32, 32, 32), 2, 32, 0.18215, true, true, true);
        CLIPTextConfig text = full
                ? new CLIPTextConfig(VOCABULARY, 77, 768, 3072, 12, 12, true, 1e-5)
                : new CLIPTextConfig(VOCABULARY, 77, 64, 128, 2, 2, true, 1e-5);
        part(folder.resolve("unet"), unet.toJson(), UNet2DConditionModel.parameterShapes(unet));
        part(folder.resolve("vae"), vae.toJson(), AutoencoderKL.parameterShapes(vae));
        part(
                folder.resolve("text_encoder"),
                text.toJson(VOCABULARY - 2, VOCABULARY - 1),
                CLIPTextModel.parameterShapes(text));
        DeviceChecks.say("wrote the form of %d weights of the network to %s", count(unet), folder);
    }

    private static long count(UNet2DConditionConfig unet) {
        return UNet2DConditionModel.parameterShapes(unet).values().stream()
                .mapToLong(shape -> Arrays.stream(shape).reduce(1, Math::multiplyExact))
                .sum();
    }

    private static void part(Path folder, JsonObject config, Map<String, long[]> shapes) throws IOException {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("config.json"), config.toString());
        JsonObject list = new JsonObject();
        shapes.forEach((name, shape) -> {
            JsonArray dimensions = new JsonArray();
            for (long dimension : shape) {
                dimensions.add(dimension);
            }
            list.add(name, dimensions);
        });
        Files.writeString(folder.resolve("shapes.json"), list.toString());
    }
}
