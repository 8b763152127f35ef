package io.github.dhf4j.diffusion.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import io.github.dhf4j.diffusion.model.AutoencoderKLConfig;
import io.github.dhf4j.io.Json;
import io.github.dhf4j.io.SafeTensorsWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Writes a trained pipeline as a folder in the diffusers layout, weights in half precision. */
final class PipelineWriter {
    private final Path folder;
    private final NDManager manager;

    /** The manager is borrowed, for conversions. */
    PipelineWriter(Path folder, NDManager manager) {
        this.folder = folder;
        this.manager = manager;
    }

    void write(
            PipelineForm form,
            AutoencoderKLConfig vae,
            CaptionVocabulary vocabulary,
            Map<String, NDArray> vaeWeights,
            Map<String, NDArray> textWeights,
            Map<String, NDArray> unetWeights,
            String provenance)
            throws IOException {
        JsonObject index = new JsonObject();
        index.addProperty("_class_name", "StableDiffusionPipeline");
        index.add("unet", Json.array(List.of("diffusers", "UNet2DConditionModel")));
        index.add("vae", Json.array(List.of("diffusers", "AutoencoderKL")));
        index.add("text_encoder", Json.array(List.of("transformers", "CLIPTextModel")));
        index.add("tokenizer", Json.array(List.of("transformers", "CLIPTokenizer")));
        index.add("scheduler", Json.array(List.of("diffusers", "DDIMScheduler")));
        for (String absent : List.of("safety_checker", "feature_extractor", "image_encoder")) {
            index.add(absent, Json.parseObject("{\"none\": [null, null]}").get("none"));
        }
        index.addProperty("requires_safety_checker", false);
        json("model_index.json", index);
        JsonObject scheduler = new JsonObject();
        scheduler.addProperty("_class_name", "DDIMScheduler");
        scheduler.addProperty("num_train_timesteps", 1000);
        scheduler.addProperty("beta_schedule", "scaled_linear");
        scheduler.addProperty("beta_start", 0.00085);
        scheduler.addProperty("beta_end", 0.012);
        scheduler.addProperty("prediction_type", "epsilon");
        scheduler.addProperty("clip_sample", false);
        scheduler.addProperty("set_alpha_to_one", false);
        scheduler.addProperty("steps_offset", 1);
        json("scheduler/scheduler_config.json", scheduler);
        vocabulary.write(folder.resolve("tokenizer"), form.text().maxPositions());
        json("text_encoder/config.json", form.text(vocabulary).toJson(vocabulary.startId(), vocabulary.endId()));
        json("unet/config.json", form.unet().toJson());
        json("vae/config.json", vae.toJson());
        weights("text_encoder/model.safetensors", textWeights, provenance);
        weights("unet/diffusion_pytorch_model.safetensors", unetWeights, provenance);
        weights("vae/diffusion_pytorch_model.safetensors", vaeWeights, provenance);
    }

    private void json(String name, JsonObject content) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.toAbsolutePath().getParent());
        String text = new GsonBuilder()
                .setPrettyPrinting()
                .disableHtmlEscaping()
                .serializeNulls()
                .create()
                .toJson(content);
        Files.writeString(file, text + "\n");
    }

    private void weights(String name, Map<String, NDArray> weights, String provenance) throws IOException {
        try (NDManager work = manager.newSubManager()) {
            SafeTensorsWriter writer =
                    new SafeTensorsWriter().metadata("format", "pt").metadata("provenance", provenance);
            weights.forEach((key, array) -> {
                NDArray half = array.toType(DataType.FLOAT16, true);
                half.attach(work);
                writer.tensor(key, half);
            });
            writer.write(folder.resolve(name));
        }
    }
}
