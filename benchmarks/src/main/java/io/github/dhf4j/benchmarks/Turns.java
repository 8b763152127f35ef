package io.github.dhf4j.benchmarks;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import com.google.gson.JsonObject;
import io.github.dhf4j.backbones.Marco;
import io.github.dhf4j.diffusion.model.AutoencoderKL;
import io.github.dhf4j.diffusion.model.AutoencoderKLConfig;
import io.github.dhf4j.diffusion.model.FeatureTaps;
import io.github.dhf4j.diffusion.model.TextConditioning;
import io.github.dhf4j.diffusion.model.UNet2DConditionConfig;
import io.github.dhf4j.diffusion.model.UNet2DConditionModel;
import io.github.dhf4j.eval.pck.ResidentMemory;
import io.github.dhf4j.feature.ExtractionSettings;
import io.github.dhf4j.feature.FeatureExtractor;
import io.github.dhf4j.feature.RunMonitor;
import io.github.dhf4j.image.RgbImage;
import io.github.dhf4j.io.Json;
import io.github.dhf4j.io.TensorFile;
import io.github.dhf4j.spi.Providers;
import io.github.dhf4j.tensor.EngineThreads;
import io.github.dhf4j.tensor.TorchRuntime;
import java.awt.image.BufferedImage;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * The library's side of {@code benchmarks/compare}: opens one network of a folder, says {@code ready} with the seconds
 * to there and the peak of memory, and answers each line with the seconds of one call. Arguments: unet, vae, marco or backbone;
 * the folder; the type; the number of threads.
 */
public final class Turns {
    private Turns() {}

    /** One call, whole: the result is there when it returns. */
    private interface Call {
        void run() throws IOException;
    }

    /**
     * Runs.
     *
     * @param arguments see above
     * @throws IOException if the network cannot be opened
     */
    public static void main(String[] arguments) throws IOException {
        Path folder = Path.of(arguments[1]);
        DataType dtype = DataType.valueOf(arguments[2].toUpperCase(Locale.ROOT));
        EngineThreads.set(Integer.parseInt(arguments[3]));
        TorchRuntime runtime = new TorchRuntime(Device.cpu(), dtype);
        NDManager manager = runtime.newManager();
        long start = System.nanoTime();
        Call call = switch (arguments[0]) {
            case "unet" -> unet(folder, dtype, manager);
            case "vae" -> vae(folder, dtype, manager);
            case "marco" ->
                extraction(Providers.checkpoint(null, folder.resolve("dinov2_vitl14_reg4.pth"))
                        .adapted(folder.resolve("marco_release.pth"))
                        .open(Marco.paper(), runtime));
            default ->
                extraction(Providers.checkpoint(null, folder)
                        .open(
                                ExtractionSettings.forward()
                                        .withLayers(List.of(12))
                                        .withLoadSize(518),
                                runtime));
        };
        call.run();
        System.out.printf(
                Locale.ROOT, "ready %.2f %.0f%n", (System.nanoTime() - start) / 1e9, ResidentMemory.peakMegabytes());
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        while (lines.readLine() != null) {
            long begin = System.nanoTime();
            call.run();
            System.out.printf(Locale.ROOT, "%.4f%n", (System.nanoTime() - begin) / 1e9);
        }
        System.exit(0);
    }

    private static Call unet(Path folder, DataType dtype, NDManager manager) throws IOException {
        UNet2DConditionModel unet;
        try (TensorFile file = TensorFile.open(folder.resolve("diffusion_pytorch_model.safetensors"))) {
            unet = new UNet2DConditionModel(UNet2DConditionConfig.read(config(folder), "config.json"), file);
            unet.load(manager, dtype, 1, 64, 64);
        }
        TextConditioning text = unet.condition(manager.randomNormal(new Shape(1, 77, 768)));
        NDArray latents = manager.randomNormal(new Shape(1, 4, 64, 64));
        return () -> {
            try (NDArray output = unet.forward(latents, 501, text, FeatureTaps.NONE, true)) {
                requireFinite(output == null ? Float.NaN : output.getFloat(0, 0, 0, 0));
            }
        };
    }

    private static Call vae(Path folder, DataType dtype, NDManager manager) throws IOException {
        AutoencoderKL vae;
        try (TensorFile file = TensorFile.open(folder.resolve("diffusion_pytorch_model.safetensors"))) {
            vae = new AutoencoderKL(AutoencoderKLConfig.read(config(folder), "config.json"), file);
            vae.loadEncoder(manager, dtype);
        }
        NDArray pixels = manager.randomUniform(-1, 1, new Shape(1, 3, 512, 512));
        return () -> {
            try (NDArray moments = vae.encode(pixels);
                    NDArray latents = vae.latentMean(moments)) {
                requireFinite(latents.getFloat(0, 0, 0, 0));
            }
        };
    }

    private static Call extraction(FeatureExtractor extractor) {
        int side = extractor.loadSize().width();
        BufferedImage picture = new BufferedImage(side, side, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < side * side; i++) {
            picture.setRGB(i % side, i / side, i * 2_654_435);
        }
        RgbImage image = RgbImage.of(picture);
        return () -> extractor.extract(
                List.of(image), (key, map) -> requireFinite(map.getFloat(0, 0, 0, 0)), RunMonitor.NONE);
    }

    private static JsonObject config(Path folder) throws IOException {
        return Json.readObject(folder.resolve("config.json"));
    }

    private static void requireFinite(float value) {
        if (!Float.isFinite(value)) {
            throw new IllegalStateException("the call must give finite numbers, got " + value);
        }
    }
}
