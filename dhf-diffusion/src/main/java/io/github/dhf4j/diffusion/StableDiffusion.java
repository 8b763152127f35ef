package io.github.dhf4j.diffusion;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import io.github.dhf4j.diffusion.model.AutoencoderKL;
import io.github.dhf4j.diffusion.model.Conditions;
import io.github.dhf4j.diffusion.model.TextConditioning;
import io.github.dhf4j.diffusion.model.UNet2DConditionModel;
import io.github.dhf4j.diffusion.process.Ddim;
import io.github.dhf4j.diffusion.process.Denoiser;
import io.github.dhf4j.diffusion.process.NoiseSchedule;
import io.github.dhf4j.diffusion.process.Sampler;
import io.github.dhf4j.feature.OriginPart;
import io.github.dhf4j.image.Size;
import io.github.dhf4j.io.TensorFile;
import io.github.dhf4j.tensor.Devices;
import io.github.dhf4j.tensor.OpenGuard;
import io.github.dhf4j.tensor.TorchRuntime;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An opened checkpoint: UNet, autoencoder, text encoders, tokenizers and noise schedule, of Stable Diffusion 1.x, 2.x or
 * XL, or of what was distilled of them. All keys and shapes are checked
 * when it is opened. The UNet's weights are read then too; the autoencoder's when the first image comes; the text
 * encoders' for each new prompt, after which they are freed again and the embedding is kept. In float16 the
 * autoencoder runs in float32, whether it must ({@code force_upcast}) or not; text encoders always do.
 *
 * <p>Safe for several threads. {@link #close} waits for those that are inside.
 */
public final class StableDiffusion implements AutoCloseable {
    private final DiffusersFolder folder;
    private final TorchRuntime runtime;
    private final NDManager manager;
    private final Ddim sampler;
    private final PromptEncoder prompts;
    private final UNetDenoiser denoiser;
    private final UNet2DConditionModel unet;
    private AutoencoderKL vae;
    private boolean vaeLoaded;
    private @Nullable AutoencoderKL vaeDecoder;
    private final OpenGuard guard;
    private final OriginPart origin;

    private StableDiffusion(
            DiffusersFolder folder,
            TorchRuntime runtime,
            NDManager manager,
            NoiseSchedule schedule,
            PromptEncoder prompts,
            UNet2DConditionModel unet,
            AutoencoderKL vae) {
        this.folder = folder;
        this.runtime = runtime;
        this.guard = new OpenGuard("checkpoint " + folder.path());
        this.origin = OriginPart.of("checkpoint " + folder.name(), folder::fingerprint);
        this.manager = manager;
        this.sampler = new Ddim(schedule);
        this.prompts = prompts;
        this.denoiser = new UNetDenoiser(unet, prompts, manager, Devices.guidesInOneCall(runtime.device()));
        this.unet = unet;
        this.vae = vae;
    }

    /**
     * Opens a checkpoint.
     *
     * @param path a folder in the diffusers layout
     * @param runtime where to run, and in which type
     * @return the checkpoint; the caller closes it
     * @throws IOException if something is missing, damaged or not supported; nothing stays open then
     */
    public static StableDiffusion open(Path path, TorchRuntime runtime) throws IOException {
        return open(path, null, runtime);
    }

    /**
     * Opens a checkpoint with another UNet's weights in it, such as of a fine-tuning that is published by itself.
     *
     * @param path a folder in the diffusers layout; its UNet's weights may be absent
     * @param otherUNet a state dict in diffusers' keys, of the folder's own configuration: safetensors, or torch's; null for
     *     the folder's own
     * @param runtime where to run, and in which type
     * @return the checkpoint; the caller closes it
     * @throws IOException if something is missing, damaged or not supported; nothing stays open then
     */
    public static StableDiffusion open(Path path, @Nullable Path otherUNet, TorchRuntime runtime) throws IOException {
        DiffusersFolder folder = DiffusersFolder.open(path, otherUNet);
        NoiseSchedule schedule = NoiseSchedule.read(folder.file("scheduler", "scheduler_config.json"));
        try (TensorFile unetFile = folder.weights("unet");
                TensorFile vaeFile = folder.weights("vae")) {
            UNet2DConditionModel unet = new UNet2DConditionModel(folder.unetConfig(), unetFile);
            AutoencoderKL vae = new AutoencoderKL(folder.vaeConfig(), vaeFile);
            folder.requireFit();
            PromptEncoder prompts = folder.openPrompts();
            try {
                NDManager manager = runtime.newManager();
                try {
                    int side = unet.config().sampleSize();
                    unet.load(manager, runtime.dtype(), 1, side, side);
                    return new StableDiffusion(folder, runtime, manager, schedule, prompts, unet, vae);
                } catch (IOException | RuntimeException e) {
                    manager.close();
                    throw e;
                }
            } catch (IOException | RuntimeException e) {
                prompts.close();
                throw e;
            }
        }
    }

    /**
     * Where it runs.
     *
     * @return the device and type of its networks
     */
    public TorchRuntime runtime() {
        return runtime;
    }

    /**
     * The folder.
     *
     * @return as it was given
     */
    public Path path() {
        return folder.path();
    }

    /**
     * A digest of the checkpoint's weights and configurations. The first call in a JVM reads all its files.
     *
     * @return hexadecimal digits
     * @throws IOException if a file cannot be read any more
     */
    public String fingerprint() throws IOException {
        return origin.requireDigest();
    }

    /**
     * The checkpoint, as descriptors made of its features remember it.
     *
     * @return one object for all processes that run on it
     */
    public OriginPart origin() {
        return origin;
    }

    /**
     * The denoising network.
     *
     * @return owned by the checkpoint
     */
    public UNet2DConditionModel unet() {
        return unet;
    }

    /**
     * The noise schedule.
     *
     * @return immutable
     */
    public NoiseSchedule schedule() {
        return sampler.schedule();
    }

    /**
     * The denoising network, as processes see it.
     *
     * @return owned by the checkpoint
     */
    public Denoiser denoiser() {
        return denoiser;
    }

    /**
     * What moves the latents from one call to the next.
     *
     * @return immutable
     */
    public Sampler sampler() {
        return sampler;
    }

    /**
     * A manager on the checkpoint's device, for one run.
     *
     * @return a sub-manager; the caller closes it
     */
    public NDManager newManager() {
        return manager.newSubManager();
    }

    /**
     * The side of the square that the checkpoint was made for.
     *
     * @return pixels: the UNet's sample size times the autoencoder's factor
     */
    public int defaultLoadSize() {
        return unet.config().sampleSize() * vaeFactor();
    }

    /**
     * How many pixels a latent cell spans.
     *
     * @return 8 for SD
     */
    public synchronized int vaeFactor() {
        return vae.config().factor();
    }

    /**
     * Keeps the checkpoint open while it is used.
     *
     * @return closing it lets {@link StableDiffusion#close} go on
     * @throws IllegalStateException if the checkpoint is closed
     */
    public OpenGuard.Use use() {
        return guard.enter();
    }

    /**
     * The autoencoder's encoder, read at first need.
     *
     * @return owned by the checkpoint; it cannot decode
     */
    public synchronized AutoencoderKL vae() {
        if (!vaeLoaded) {
            vae = openVae(AutoencoderKL::loadEncoder);
            vaeLoaded = true;
        }
        return vae;
    }

    /**
     * The autoencoder's decoder, read at first need: of images that go in nothing is decoded.
     *
     * @return owned by the checkpoint; it cannot encode
     */
    public synchronized AutoencoderKL vaeDecoder() {
        AutoencoderKL decoder = vaeDecoder;
        if (decoder == null) {
            decoder = openVae(AutoencoderKL::loadDecoder);
            vaeDecoder = decoder;
        }
        return decoder;
    }

    private interface VaeHalf {
        void load(AutoencoderKL vae, NDManager manager, DataType type) throws IOException;
    }

    private AutoencoderKL openVae(VaeHalf half) {
        try (TensorFile file = folder.weights("vae")) {
            AutoencoderKL opened = new AutoencoderKL(folder.vaeConfig(), file);
            // many overflow in float16 (force_upcast)
            half.load(opened, manager, runtime.dtype() == DataType.FLOAT16 ? DataType.FLOAT32 : runtime.dtype());
            return opened;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Token ids of a prompt.
     *
     * @param prompt any text
     * @return of each of the checkpoint's tokenizers as many as its maximum
     */
    public List<long[]> tokens(String prompt) {
        try (OpenGuard.Use use = use()) {
            return prompts.tokens(prompt);
        }
    }

    /**
     * The text encoders' embedding of a prompt.
     *
     * @param prompt any text
     * @param owner owns the result
     * @return (1, tokens, width) float32
     */
    public NDArray embed(String prompt, NDManager owner) {
        return conditions(prompt, Size.square(defaultLoadSize()), owner).text();
    }

    /**
     * All that the UNet is told of a prompt.
     *
     * @param prompt any text; null for a negative prompt that is absent
     * @param size of the images, in pixels
     * @param owner owns the arrays
     * @return float32
     */
    public Conditions conditions(@Nullable String prompt, Size size, NDManager owner) {
        try (OpenGuard.Use use = use()) {
            return prompts.encode(prompt, size, owner);
        }
    }

    /**
     * What the UNet makes of a prompt, for images of the default load size.
     *
     * @param prompt any text
     * @return the conditioning; the caller closes it
     */
    public TextConditioning condition(String prompt) {
        try (OpenGuard.Use use = use()) {
            return denoiser.conditioning(prompt, Size.square(defaultLoadSize()), null);
        }
    }

    @Override
    public void close() {
        guard.close(() -> {
            unet.close();
            vae.close();
            if (vaeDecoder != null) {
                vaeDecoder.close();
            }
            prompts.close();
            manager.close();
        });
    }
}
