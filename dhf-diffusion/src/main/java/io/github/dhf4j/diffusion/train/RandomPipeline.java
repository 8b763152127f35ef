package io.github.dhf4j.diffusion.train;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import io.github.dhf4j.diffusion.model.UNet2DConditionConfig;
import io.github.dhf4j.diffusion.model.UNet2DConditionModel;
import io.github.dhf4j.io.AtomicFiles;
import io.github.dhf4j.io.Folders;
import io.github.dhf4j.io.Json;
import io.github.dhf4j.io.SafeTensorsWriter;
import io.github.dhf4j.tensor.TorchEngine;
import io.github.dhf4j.train.WeightInitialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A checkpoint whose denoising network knows nothing: what its training adds is measured against it. */
public final class RandomPipeline {
    private static final String WEIGHTS = "diffusion_pytorch_model.safetensors";

    private RandomPipeline() {}

    /**
     * Copies a checkpoint with first weights, as training would begin with them, in place of the denoising network's;
     * no branch begins as zero.
     *
     * @param checkpoint a folder in the diffusers layout; its weights of the denoising network are not read
     * @param seed of the weights
     * @param folder where to write; what is there already is left
     * @throws IOException if a file cannot be read or written
     */
    public static void write(Path checkpoint, long seed, Path folder) throws IOException {
        for (String part : List.of("vae", "text_encoder", "tokenizer", "text_encoder_2", "tokenizer_2", "scheduler")) {
            if (Files.isDirectory(checkpoint.resolve(part))) {
                copy(checkpoint.resolve(part), folder.resolve(part));
            }
        }
        Path source = checkpoint.resolve("unet").resolve("config.json");
        UNet2DConditionConfig config = UNet2DConditionConfig.read(Json.readObject(source), source.toString());
        Path unet = folder.resolve("unet");
        Files.createDirectories(unet);
        Path weights = unet.resolve(WEIGHTS);
        if (!Files.exists(weights)) {
            Files.writeString(unet.resolve("config.json"), config.toJson().toString());
            try (NDManager manager = TorchEngine.newManager(Device.cpu())) {
                SafeTensorsWriter writer = new SafeTensorsWriter().metadata("format", "pt");
                WeightInitialization.draw(UNet2DConditionModel.parameterShapes(config), List.of(), seed, manager)
                        .forEach((name, array) -> {
                            NDArray half = array.toType(DataType.FLOAT16, false);
                            array.close();
                            writer.tensor(name, half);
                        });
                writer.write(weights);
            }
        }
        copyFile(checkpoint.resolve("model_index.json"), folder.resolve("model_index.json"));
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        for (Path file : Folders.list(from)) {
            if (Files.isRegularFile(file)) {
                copyFile(file, to.resolve(file.getFileName()));
            }
        }
    }

    private static void copyFile(Path from, Path to) throws IOException {
        if (!Files.exists(to)) {
            AtomicFiles.write(to, path -> Files.copy(from, path));
        }
    }
}
