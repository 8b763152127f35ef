package io.github.dhf4j.benchmarks;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.github.dhf4j.diffusion.model.UNet2DConditionConfig;
import io.github.dhf4j.diffusion.model.UNet2DConditionModel;
import io.github.dhf4j.io.SafeTensorsWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A UNet of Stable Diffusion 1.5's form (1.7 GB), or a small one, with random weights, float16 on disk, written once. */
final class SyntheticCheckpoint {
    static final String SD15 = "sd15";
    static final String SMALL = "small";

    private static final List<Boolean> ATTENTION = List.of(true, true, true, false);

    private SyntheticCheckpoint() {}

    static UNet2DConditionConfig config(String form) {
        return switch (form) {
            case SD15 ->
                UNet2DConditionConfig.stableDiffusion(64, List.of(320, 640, 1280, 1280), ATTENTION, 8, 768, 32);
            case SMALL -> UNet2DConditionConfig.stableDiffusion(16, List.of(32, 64, 64, 64), ATTENTION, 8, 64, 32);
            default -> throw new IllegalArgumentException("form must be sd15 or small, got " + form);
        };
    }

    /** The weight file, beside its config.json, in the folder that -Ddhf.bench.dir names (default: the temporary one). */
    static Path weights(String form) throws IOException {
        Path folder = Path.of(
                System.getProperty("dhf.bench.dir", System.getProperty("java.io.tmpdir")),
                "dhf-bench-" + form + "-unet");
        Path file = folder.resolve("diffusion_pytorch_model.safetensors");
        if (Files.exists(file)) {
            return file;
        }
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("config.json"), config(form).toJson().toString());
        SafeTensorsWriter writer = new SafeTensorsWriter().metadata("format", "pt");
        try (NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch")) {
            for (Map.Entry<String, long[]> entry :
                    UNet2DConditionModel.parameterShapes(config(form)).entrySet()) {
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
