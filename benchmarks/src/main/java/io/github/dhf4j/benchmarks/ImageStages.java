package io.github.dhf4j.benchmarks;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.github.dhf4j.aggregation.Aggregator;
import io.github.dhf4j.aggregation.AggregatorConfig;
import io.github.dhf4j.diffusion.model.FeatureTaps;
import io.github.dhf4j.diffusion.model.TextConditioning;
import io.github.dhf4j.diffusion.model.UNet2DConditionConfig;
import io.github.dhf4j.diffusion.model.UNet2DConditionModel;
import io.github.dhf4j.diffusion.process.Ddim;
import io.github.dhf4j.diffusion.process.Denoiser;
import io.github.dhf4j.diffusion.process.DiffusionProcess;
import io.github.dhf4j.diffusion.process.NoiseSchedule;
import io.github.dhf4j.feature.DescriptorMap;
import io.github.dhf4j.feature.ExtractionSettings;
import io.github.dhf4j.feature.FeatureStack;
import io.github.dhf4j.feature.RunMonitor;
import io.github.dhf4j.image.Size;
import io.github.dhf4j.io.Json;
import io.github.dhf4j.io.TensorFile;
import io.github.dhf4j.matching.Correspondence;
import io.github.dhf4j.matching.CosineMatcher;
import io.github.dhf4j.matching.MatchOptions;
import io.github.dhf4j.matching.Point;
import io.github.dhf4j.tensor.TorchRuntime;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The stages of one image by the paper's process, each by itself: calls of a UNet, inversion (T = 50, S = 11, all layers),
 * aggregation to a descriptor map on the host, matching of ten points and of all cells. Latents, text and aggregation weights are
 * random. Each ends when a number of its result is on the host.
 */
public final class ImageStages implements AutoCloseable {
    private static final int TIMESTEP = 501;
    private static final int WIDTH = 384;
    private static final int TOKENS = 77;
    private static final int FACTOR = 8;

    private final NDManager manager;
    private final UNet2DConditionModel unet;
    private final TextConditioning text;
    private final ExtractionSettings settings;
    private final Aggregator aggregator;
    private final int side;
    private final List<DescriptorMap> maps = new ArrayList<>();
    private FeatureStack stack;

    /**
     * Opens a network and makes the first two images' descriptors.
     *
     * @param folder of a UNet, with its configuration
     * @param runtime where to run
     * @throws IOException if the network cannot be opened
     */
    public ImageStages(Path folder, TorchRuntime runtime) throws IOException {
        manager = runtime.newManager();
        Path json = folder.resolve("config.json");
        UNet2DConditionConfig config = UNet2DConditionConfig.read(Json.readObject(json), json.toString());
        side = config.sampleSize();
        try (TensorFile file = TensorFile.open(folder.resolve("diffusion_pytorch_model.safetensors"))) {
            unet = new UNet2DConditionModel(config, file);
            unet.load(manager, runtime.dtype());
        }
        unet.pack(1, side, side);
        text = unet.condition(random(1, 1, TOKENS, config.crossAttentionDim()));
        settings = ExtractionSettings.inversion()
                .withLayers(IntStream.rangeClosed(1, config.layers()).boxed().toList())
                .withLoadSize(FACTOR * side);
        stack = inverted(1);
        aggregator =
                Aggregator.untrained(AggregatorConfig.of("random", settings, stack.layout(), WIDTH, side), 0, runtime);
        maps.add(described());
        stack.close();
        stack = inverted(2);
        maps.add(described());
    }

    /**
     * Calls the network.
     *
     * @param batch images of a call
     * @param calls one after the other
     * @return a number of the last output
     */
    public float unetCalls(int batch, int calls) {
        try (NDManager run = manager.newSubManager()) {
            NDArray latents = random(3, batch, unet.config().inChannels(), side, side);
            latents.attach(run);
            NDArray output = latents;
            for (int i = 0; i < calls; i++) {
                NDArray next = unet.forward(latents, TIMESTEP, text, FeatureTaps.NONE, true);
                if (next == null) {
                    throw new IllegalStateException("the network must answer");
                }
                if (output != latents) {
                    output.close();
                }
                output = next;
            }
            return output.getFloat(0, 0, 0, 0);
        }
    }

    /**
     * Walks from clean latents to noise and keeps the maps on the device.
     *
     * @return how many maps
     */
    public int inversion() {
        stack.close();
        stack = inverted(1);
        return stack.keys().size();
    }

    private FeatureStack inverted(long seed) {
        FeatureStack kept = FeatureStack.create(manager, DataType.FLOAT32);
        Denoiser.Conditioned told = new Denoiser.Conditioned() {
            @Override
            public @Nullable NDArray forward(NDArray latents, int timestep, FeatureTaps taps, boolean needsOutput) {
                return unet.forward(latents, timestep, text, taps, needsOutput);
            }

            @Override
            public void close() {}
        };
        try (NDArray latents = random(seed, 1, unet.config().inChannels(), side, side)) {
            new DiffusionProcess(told, new Ddim(NoiseSchedule.stableDiffusion()), settings)
                    .run(latents, null, kept, RunMonitor.NONE, null);
        }
        int last = settings.saveIndices().get(settings.saveIndices().size() - 1);
        kept.get(last, unet.config().layers()).getFloat(0, 0, 0, 0);
        return kept;
    }

    /**
     * Aggregates the maps of the last inversion.
     *
     * @return descriptors, on the host
     */
    public DescriptorMap described() {
        Size load = Size.square(FACTOR * side);
        try (NDArray descriptors = aggregator.aggregate(stack, manager)) {
            return DescriptorMap.of(descriptors, List.of(load), load).get(0);
        }
    }

    /**
     * Matches ten points of the one image to pixels of the other.
     *
     * @return their matches
     */
    public List<Correspondence> tenPoints() {
        List<Point> points =
                IntStream.range(0, 10).mapToObj(i -> new Point(11 * i, 9 * i)).toList();
        return new CosineMatcher().match(maps.get(0), maps.get(1), points, MatchOptions.NEAREST);
    }

    /**
     * Matches all cells of the one image to those of the other, both ways.
     *
     * @return mutual neighbours
     */
    public List<Correspondence> allCells() {
        return new CosineMatcher().matchAll(maps.get(0), maps.get(1), MatchOptions.MUTUAL);
    }

    private NDArray random(long seed, long... shape) {
        Shape all = new Shape(shape);
        Random random = new Random(seed);
        float[] values = new float[Math.toIntExact(all.size())];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return manager.create(values, all);
    }

    @Override
    public void close() {
        stack.close();
        aggregator.close();
        text.close();
        unet.close();
        manager.close();
    }
}
