package io.github.dhf4j.diffusion;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import io.github.dhf4j.diffusion.process.Denoiser;
import io.github.dhf4j.diffusion.process.DiffusionProcess;
import io.github.dhf4j.diffusion.process.LatentsListener;
import io.github.dhf4j.feature.ExtractionSettings;
import io.github.dhf4j.feature.FeatureConsumer;
import io.github.dhf4j.feature.FeatureExtractor;
import io.github.dhf4j.feature.FeatureLayout;
import io.github.dhf4j.feature.FeatureStack;
import io.github.dhf4j.feature.Forward;
import io.github.dhf4j.feature.Generation;
import io.github.dhf4j.feature.ImageProcess;
import io.github.dhf4j.feature.LayerTaps;
import io.github.dhf4j.feature.Noised;
import io.github.dhf4j.feature.OriginPart;
import io.github.dhf4j.feature.RunMonitor;
import io.github.dhf4j.feature.SettingsCodec;
import io.github.dhf4j.image.PillowResize;
import io.github.dhf4j.image.RgbImage;
import io.github.dhf4j.image.Size;
import io.github.dhf4j.io.Digests;
import io.github.dhf4j.tensor.OpenGuard;
import io.github.dhf4j.tensor.TorchRuntime;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Leads images, latents or noise through a diffusion process and pushes the decoder's features on as they are born.
 * Shapes: B images, C latent channels, h x w latent size (the load size over the autoencoder's factor).
 *
 * <p>Source: reference, extraction; the paper's section 3.1. Safe for several threads.
 */
public final class DiffusionFeatureExtractor implements FeatureExtractor {
    /** Counts on when the same files come to mean other features, so that kept ones are made anew. */
    private static final int READING = 2;

    private final StableDiffusion checkpoint;
    private final Latents latentSpace;
    private final boolean owned;
    private final ExtractionSettings settings;
    private final Size loadSize;
    private final FeatureLayout layout;

    /**
     * Prepares a process on an open checkpoint.
     *
     * @param checkpoint borrowed; stays the caller's to close
     * @param settings what to run and what to keep
     * @throws IllegalArgumentException if mode, timesteps, layers or load size are not the checkpoint's
     */
    public DiffusionFeatureExtractor(StableDiffusion checkpoint, ExtractionSettings settings) {
        this(checkpoint, settings, false);
    }

    private DiffusionFeatureExtractor(StableDiffusion checkpoint, ExtractionSettings settings, boolean owned) {
        this.checkpoint = checkpoint;
        this.latentSpace = new Latents(checkpoint);
        this.owned = owned;
        if (settings.process() instanceof Forward) {
            throw new IllegalArgumentException(
                    "settings or weights must be of a diffusion process, got those of a network without timesteps ("
                            + checkpoint.path() + "); give the checkpoint that they were made for");
        }
        // refuses what cannot be walked
        checkpoint.sampler().calls(settings.process());
        Denoiser denoiser = checkpoint.denoiser();
        int side = settings.loadSize() == 0 ? checkpoint.defaultLoadSize() : settings.loadSize();
        if (side % checkpoint.vaeFactor() != 0 || side > 8192) {
            throw new IllegalArgumentException("load size must be divisible by the autoencoder's factor "
                    + checkpoint.vaeFactor() + " and at most 8192, got " + side);
        }
        List<Integer> layers = DenoiserTaps.layers(settings.taps(), denoiser, checkpoint.path());
        this.settings = settings.withTaps(new LayerTaps(layers)).withLoadSize(side);
        this.loadSize = Size.square(side);
        this.layout = DenoiserTaps.layout(layers, settings.saveIndices(), denoiser);
    }

    /**
     * Opens a checkpoint for one process.
     *
     * @param path a folder in the diffusers layout
     * @param settings what to run and what to keep
     * @param runtime where to run, and in which type
     * @return the extractor; the caller closes it, and the checkpoint with it
     * @throws IOException if the checkpoint is missing, damaged or not supported
     */
    public static DiffusionFeatureExtractor open(Path path, ExtractionSettings settings, TorchRuntime runtime)
            throws IOException {
        return open(path, null, settings, runtime);
    }

    /**
     * Opens a checkpoint with another UNet's weights in it for one process.
     *
     * @param path a folder in the diffusers layout; its UNet's weights may be absent
     * @param otherUNet a state dict in diffusers' keys; null for the folder's own
     * @param settings what to run and what to keep
     * @param runtime where to run, and in which type
     * @return the extractor; the caller closes it, and the checkpoint with it
     * @throws IOException if something is missing, damaged or not supported
     */
    public static DiffusionFeatureExtractor open(
            Path path, @Nullable Path otherUNet, ExtractionSettings settings, TorchRuntime runtime) throws IOException {
        StableDiffusion checkpoint = StableDiffusion.open(path, otherUNet, runtime);
        try {
            return new DiffusionFeatureExtractor(checkpoint, settings, true);
        } catch (RuntimeException e) {
            checkpoint.close();
            throw e;
        }
    }

    @Override
    public String name() {
        return "checkpoint " + checkpoint.path();
    }

    @Override
    public String fingerprint() throws IOException {
        return checkpoint
                .runtime()
                .fingerprint(Digests.of(checkpoint.fingerprint() + " " + READING + " " + SettingsCodec.text(settings)));
    }

    @Override
    public OriginPart origin() {
        return checkpoint.origin();
    }

    @Override
    public FeatureLayout layout() {
        return layout;
    }

    @Override
    public Size loadSize() {
        return loadSize;
    }

    @Override
    public RgbImage resized(RgbImage image) {
        return PillowResize.resize(image, loadSize);
    }

    @Override
    public Path checkpoint() {
        return checkpoint.path();
    }

    /**
     * Latents back to pictures, by the checkpoint's autoencoder.
     *
     * @param latents (B, C, h, w) as the UNet has them; borrowed
     * @return a picture each
     */
    public List<RgbImage> decode(NDArray latents) {
        try (OpenGuard.Use use = checkpoint.use()) {
            return latentSpace.decode(latents);
        }
    }

    @Override
    public DiffusionFeatureExtractor withSettings(ExtractionSettings other) {
        return new DiffusionFeatureExtractor(checkpoint, other);
    }

    /** The size of the latents: the load size over the autoencoder's factor. */
    @Override
    public Size mapSize() {
        return Size.square(loadSize.width() / checkpoint.vaeFactor());
    }

    @Override
    public ExtractionSettings settings() {
        return settings;
    }

    @Override
    public void extract(List<RgbImage> images, FeatureConsumer consumer, RunMonitor monitor) {
        try (OpenGuard.Use use = checkpoint.use();
                NDManager run = checkpoint.newManager()) {
            NDArray latents = encode(images, null, run);
            extract(latents, null, consumer, monitor, null);
        }
    }

    /**
     * Collects the features of images.
     *
     * @param images one or more
     * @param type what maps are kept as: float32, or float16 at half the memory
     * @return the stack; the caller closes it before the extractor
     */
    public FeatureStack extract(List<RgbImage> images, DataType type) {
        try (OpenGuard.Use use = checkpoint.use()) {
            FeatureStack stack = FeatureStack.create(checkpoint.newManager(), type);
            try {
                extract(images, stack, RunMonitor.NONE);
                return stack;
            } catch (RuntimeException e) {
                stack.close();
                throw e;
            }
        }
    }

    /**
     * Images to latents, as the settings say: resized to the load size, encoded, mean or sample, scaled.
     *
     * @param images one or more
     * @param noise for sampled latents, (B or 1, C, h, w), borrowed; null to draw it with the seed, the same for every
     *     image, so that a batch equals a loop
     * @param owner owns the result
     * @return (B, C, h, w) float32
     */
    public NDArray encode(List<RgbImage> images, @Nullable NDArray noise, NDManager owner) {
        if (images.isEmpty()) {
            throw new IllegalArgumentException("images must be one or more, got none");
        }
        if (settings.process() instanceof Generation) {
            throw new IllegalArgumentException("generation must start from noise, got " + images.size()
                    + " images; use inversion for images, or give latents");
        }
        try (OpenGuard.Use use = checkpoint.use();
                NDManager work = owner.newSubManager()) {
            Long seed = sampleSeed();
            NDArray added = seed == null || noise != null ? noise : noise(seed, work);
            return latentSpace.encode(images, loadSize, seed == null ? null : added, owner);
        }
    }

    /**
     * Runs the process from latents (or, for generation, from noise).
     *
     * @param latents (B, C, h, w) float32 as the UNet has them, of any h and w; borrowed
     * @param noise what the noised process adds, (B or 1, C, h, w), borrowed; null to draw it with the seed
     * @param consumer takes each feature
     * @param monitor hears of progress and can cancel
     * @param listener follows the latents and makes the process run to its end; null for none
     */
    public void extract(
            NDArray latents,
            @Nullable NDArray noise,
            FeatureConsumer consumer,
            RunMonitor monitor,
            @Nullable LatentsListener listener) {
        latentSpace.require(latents);
        Denoiser denoiser = checkpoint.denoiser();
        try (OpenGuard.Use use = checkpoint.use();
                NDManager run = checkpoint.newManager();
                Denoiser.Conditioned told =
                        denoiser.condition(settings.process(), latents, latentSpace.sizeOf(latents))) {
            DiffusionProcess process = new DiffusionProcess(told, checkpoint.sampler(), settings);
            if (!(settings.process() instanceof Noised noised)) {
                process.run(latents, null, consumer, monitor, listener);
            } else if (noised.ensemble() == 1) {
                NDArray added = noise != null ? noise : Latents.noiseFor(latents, noised.seed(), run);
                Latents.requireNoise(added, latents.getShape().get(0));
                process.run(latents, added, consumer, monitor, listener);
            } else {
                if (noise != null) {
                    throw new IllegalArgumentException("an average over " + noised.ensemble()
                            + " noises must draw them with the seed, got one that is given");
                }
                try (FeatureMean mean = new FeatureMean(noised.ensemble(), run)) {
                    for (int i = 0; i < noised.ensemble(); i++) {
                        try (NDArray added = Latents.noiseFor(latents, noised.seed() + i, run)) {
                            process.run(latents, added, mean, monitor, listener);
                        }
                    }
                    mean.giveTo(consumer);
                }
            }
        }
    }

    /**
     * Noise of one image, of the latent size that the load size gives.
     *
     * @param seed the seed
     * @param owner owns the result
     * @return (1, C, h, w) float32
     */
    public NDArray noise(long seed, NDManager owner) {
        return latentSpace.noise(seed, loadSize, owner);
    }

    /**
     * A manager on the checkpoint's device, for latents and results.
     *
     * @return a manager; the caller closes it
     */
    public NDManager newManager() {
        return checkpoint.newManager();
    }

    /**
     * The size of images that latents are of.
     *
     * @param latents (B, C, h, w), borrowed
     * @return w and h times the autoencoder's factor
     */
    public Size sizeOf(NDArray latents) {
        return latentSpace.sizeOf(latents);
    }

    /** The seed that latents are sampled with; null where their mean is taken. */
    private @Nullable Long sampleSeed() {
        return settings.process() instanceof ImageProcess image && image.sampleLatent() ? image.seed() : null;
    }

    @Override
    public void close() {
        if (owned) {
            checkpoint.close();
        }
    }
}
