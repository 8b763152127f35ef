package io.github.dhf4j.benchmarks.gpu;

import static io.github.dhf4j.benchmarks.gpu.DeviceChecks.say;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.github.dhf4j.aggregation.Aggregator;
import io.github.dhf4j.diffusion.DiffusionFeatureExtractor;
import io.github.dhf4j.diffusion.PixelTensors;
import io.github.dhf4j.diffusion.StableDiffusion;
import io.github.dhf4j.diffusion.model.FeatureTaps;
import io.github.dhf4j.diffusion.model.TextConditioning;
import io.github.dhf4j.feature.DescriptorAccumulator;
import io.github.dhf4j.feature.DescriptorMap;
import io.github.dhf4j.feature.ExtractionSettings;
import io.github.dhf4j.feature.FeatureKey;
import io.github.dhf4j.feature.FeatureStack;
import io.github.dhf4j.feature.RunMonitor;
import io.github.dhf4j.image.RgbImage;
import io.github.dhf4j.image.Size;
import io.github.dhf4j.io.Json;
import io.github.dhf4j.io.TensorFile;
import io.github.dhf4j.matching.Correspondence;
import io.github.dhf4j.matching.CosineMatcher;
import io.github.dhf4j.matching.MatchOptions;
import io.github.dhf4j.matching.Point;
import io.github.dhf4j.tensor.TorchEngine;
import io.github.dhf4j.tensor.TorchRuntime;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Every stage of a small pipeline against what diffusers computed on the same weights: text, autoencoder, one call of
 * the network with its taps, the processes, descriptors and matches.
 */
final class GoldenCheck implements AutoCloseable {
    /** What the tests allow on the CPU; kept features were rounded to 16 bits. */
    private static final double EXACT = 1e-4;

    private static final double ROUNDED = 5e-3;
    private static final Map<Integer, Integer> KEPT_STEPS = Map.of(0, 0, 9, 1, 24, 2, 49, 3);

    private final Path folder;
    private final TorchRuntime runtime = TorchRuntime.best();
    private final NDManager host = TorchEngine.newManager(Device.cpu());
    private final NDManager manager = runtime.newManager();
    private final TensorFile file;
    private final JsonObject json;
    private final StableDiffusion checkpoint;
    private final Map<String, double[]> worst = new TreeMap<>();

    private GoldenCheck(Path folder) throws IOException {
        this.folder = folder;
        this.file = TensorFile.open(folder.resolve("golden.safetensors"));
        this.json = Json.readObject(folder.resolve("golden.json"));
        this.checkpoint = StableDiffusion.open(folder.resolve("pipeline"), runtime);
    }

    static void run(Path folder) throws IOException {
        try (GoldenCheck check = new GoldenCheck(folder)) {
            check.stages();
            check.descriptors();
            check.worst.forEach((stage, found) -> say(
                    "%-9s %-12s largest %.2e, rms %.2e of the deviation, %s",
                    folder.getFileName(), stage, found[0], found[1], verdict(found)));
        }
    }

    private static String verdict(double[] found) {
        return found[0] <= found[2] ? "within the CPU's " + found[2] : "OVER the CPU's " + found[2];
    }

    private void stages() throws IOException {
        try (NDArray text = checkpoint.embed(prompt(1), manager)) {
            compare("text", "text.1", text, EXACT);
        }
        List<RgbImage> images = new ArrayList<>();
        for (String name : List.of("a.png", "b.png")) {
            Path image = folder.resolveSibling("images").resolve(name);
            if (Files.exists(image)) {
                images.add(RgbImage.read(image));
            }
        }
        if (images.size() == 2) {
            try (NDArray pixels = PixelTensors.of(images, Size.square(128), manager);
                    NDArray moments = checkpoint.vae().encode(pixels);
                    NDArray mean = moments.get(":, :4")) {
                compare("vae", "vae.mean", mean, EXACT);
            }
        }
        try (NDArray latents = golden("latents", manager);
                NDArray decoded = checkpoint.vaeDecoder().decode(latents);
                TextConditioning conditioning = checkpoint.condition(prompt(1))) {
            compare("vae", "vae.decoded", decoded, EXACT);
            for (int timestep : new int[] {-1, 0, 501}) {
                FeatureTaps taps = timestep == 501 ? new Comparing() : FeatureTaps.NONE;
                try (NDArray output = checkpoint.unet().forward(latents, timestep, conditioning, taps, true)) {
                    if (output != null) {
                        compare("network", "unet.t" + timestep, output, EXACT);
                    }
                }
            }
        }
        process(ExtractionSettings.inversion(), "inversion", "latents", ROUNDED);
        ExtractionSettings generation = ExtractionSettings.generation(prompt(1))
                .withTimesteps(50, List.of(25))
                .withLayers(List.of(5));
        process(generation, "generation", "generation.noise", EXACT);
    }

    private void process(ExtractionSettings settings, String name, String start, double tolerance) throws IOException {
        DiffusionFeatureExtractor extractor = new DiffusionFeatureExtractor(checkpoint, settings);
        try (NDArray latents = golden(start, manager);
                FeatureStack stack = FeatureStack.create(manager.newSubManager(), DataType.FLOAT32)) {
            extractor.extract(latents, null, stack, RunMonitor.NONE, (call, moved) -> {
                Integer index = KEPT_STEPS.get(call.step());
                if (index != null) {
                    compare(name, name + ".trajectory", index, moved, EXACT);
                }
            });
            for (FeatureKey key : stack.keys()) {
                compare(
                        name + ".maps",
                        name + "." + key.tensorName(),
                        stack.get(key.saveIndex(), key.layer()),
                        tolerance);
            }
        }
    }

    private void descriptors() throws IOException {
        Path weights = folder.resolve("aggregation_network.pt");
        if (!Files.exists(weights)) {
            return;
        }
        try (Aggregator aggregator = Aggregator.open(weights, runtime);
                NDArray latents = golden("latents", manager);
                DescriptorAccumulator sum = aggregator.accumulator()) {
            new DiffusionFeatureExtractor(checkpoint, aggregator.settings())
                    .extract(latents, null, sum, RunMonitor.NONE, null);
            compare("descriptors", "hyperfeatures", sum.descriptors(), 3e-3);
            Size load = Size.square(128);
            List<DescriptorMap> maps = DescriptorMap.of(sum.descriptors(), List.of(load, load), load);
            List<Point> points = points("source_points_yx");
            List<Point> expected = points("matched_points_yx");
            List<Correspondence> found =
                    new CosineMatcher().match(maps.get(0), maps.get(1), points, MatchOptions.NEAREST);
            int same = 0;
            for (int i = 0; i < points.size(); i++) {
                same += found.get(i).target().equals(expected.get(i)) ? 1 : 0;
            }
            say("%-9s matches      %d of %d as the reference's", folder.getFileName(), same, points.size());
        }
    }

    private List<Point> points(String name) {
        List<Point> points = new ArrayList<>();
        json.getAsJsonArray(name).forEach(each -> {
            JsonArray yx = each.getAsJsonArray();
            points.add(new Point(yx.get(1).getAsDouble(), yx.get(0).getAsDouble()));
        });
        return points;
    }

    private String prompt(int i) {
        JsonObject entry = json.getAsJsonArray("prompts").get(i).getAsJsonObject();
        return entry.get("prompt").getAsString();
    }

    private NDArray golden(String name, NDManager owner) throws IOException {
        return file.read(name, owner, DataType.FLOAT32);
    }

    private void compare(String stage, String name, NDArray actual, double tolerance) {
        compare(stage, name, -1, actual, tolerance);
    }

    private void compare(String stage, String name, int index, NDArray actual, double tolerance) {
        try (NDArray all = golden(name, host);
                NDArray expected = index < 0 ? all.duplicate() : all.get(index)) {
            double[] found = DeviceChecks.difference(actual.toFloatArray(), expected.toFloatArray());
            double[] before = worst.get(stage);
            if (before == null || before[0] < found[0]) {
                worst.put(stage, new double[] {found[0], found[1], tolerance});
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private final class Comparing implements FeatureTaps {
        @Override
        public boolean wants(int layer) {
            return layer <= 12;
        }

        @Override
        public void tap(int layer, NDArray feature) {
            compare("taps", "unet.t501.layer" + layer, feature, EXACT);
        }
    }

    @Override
    public void close() throws IOException {
        checkpoint.close();
        file.close();
        manager.close();
        host.close();
    }
}
