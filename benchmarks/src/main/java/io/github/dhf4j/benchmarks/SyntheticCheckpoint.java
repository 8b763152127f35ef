package io.github.dhf4j.benchmarks;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.github.dhf4j.diffusion.model.UNet2DConditionConfig;
import io.github.dhf4j.diffusion.model.UNet2DConditionModel;
import io.github.dhf4j.io.Json;
import io.github.dhf4j.io.SafeTensorsWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** A UNet of Stable Diffusion 1.5's form with random weights, float16 on disk (1.7 GB), written once. */
final class SyntheticCheckpoint {
    private static final String CONFIG = """
            {"_class_name": "UNet2DConditionModel", "act_fn": "silu", "attention_head_dim": 8,
             "block_out_channels": [320, 640, 1280, 1280], "center_input_sample": false, "cross_attention_dim": 768,
             "down_block_types": ["CrossAttnDownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D", "DownBlock2D"],
             "downsample_padding": 1, "flip_sin_to_cos": true, "freq_shift": 0, "in_channels": 4, "layers_per_block": 2,
             "mid_block_scale_factor": 1, "norm_eps": 1e-05, "norm_num_groups": 32, "out_channels": 4, "sample_size": 64,
             "up_block_types": ["UpBlock2D", "CrossAttnUpBlock2D", "CrossAttnUpBlock2D", "CrossAttnUpBlock2D"]}
            """;

    private SyntheticCheckpoint() {}

    static UNet2DConditionConfig config() throws IOException {
        return UNet2DConditionConfig.read(Json.parseObject(CONFIG), "synthetic");
    }

    /** The weight file, beside its config.json, in the folder that -Ddhf.bench.dir names (default: the temporary one). */
    static Path weights() throws IOException {
        Path folder = Path.of(
                System.getProperty("dhf.bench.dir", System.getProperty("java.io.tmpdir")), "dhf-bench-sd15-unet");
        Path file = folder.resolve("diffusion_pytorch_model.safetensors");
        if (Files.exists(file)) {
            return file;
        }
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("config.json"), CONFIG);
        SafeTensorsWriter writer = new SafeTensorsWriter().metadata("format", "pt");
        try (NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch")) {
            for (Map.Entry<String, long[]> entry :
                    UNet2DConditionModel.parameterShapes(config()).entrySet()) {
                // the projections around attention are 1x1 convolutions in this form
                boolean projection = entry.getKey().matches(".*attentions\\.\\d\\.proj_(in|out)\\.weight");
                long[] shape =
                        projection ? new long[] {entry.getValue()[0], entry.getValue()[1], 1, 1} : entry.getValue();
                writer.tensor(entry.getKey(), random(entry.getKey(), new Shape(shape), manager));
            }
            writer.write(file);
        }
        return file;
    }

    private static NDArray random(String name, Shape shape, NDManager manager) {
        boolean normWeight = name.contains("norm") && name.endsWith(".weight") && shape.dimension() == 1;
        double fanIn = shape.size() / (double) shape.get(0);
        float deviation = shape.dimension() == 1 ? 0.02f : (float) (1 / Math.sqrt(fanIn));
        try (NDArray wide = manager.randomNormal(normWeight ? 1f : 0f, deviation, shape, DataType.FLOAT32)) {
            return wide.toType(DataType.FLOAT16, true);
        }
    }
}
