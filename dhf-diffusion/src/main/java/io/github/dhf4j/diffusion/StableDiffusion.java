package io.github.dhf4j.diffusion;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.dhf4j.diffusion.model.AutoencoderKL;
import io.github.dhf4j.diffusion.model.CLIPTextConfig;
import io.github.dhf4j.diffusion.model.CLIPTextModel;
import io.github.dhf4j.diffusion.model.DiffusionOps;
import io.github.dhf4j.diffusion.model.TextConditioning;
import io.github.dhf4j.diffusion.model.UNet2DConditionModel;
import io.github.dhf4j.diffusion.process.NoiseSchedule;
import io.github.dhf4j.feature.OriginPart;
import io.github.dhf4j.image.PillowResize;
import io.github.dhf4j.image.RgbImage;
import io.github.dhf4j.image.Size;
import io.github.dhf4j.io.TensorFile;
import io.github.dhf4j.tensor.OpenGuard;
import io.github.dhf4j.tensor.TorchEngine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * An opened checkpoint: UNet, autoencoder, text encoder, tokenizer and noise schedule. All keys and shapes are checked
 * when it is opened. The UNet's weights are read then too; the autoencoder's when the first image comes; the text
 * encoder's for each new prompt, after which they are freed again and the embedding is kept.
 *
 * <p>Safe for several threads. {@link #close} waits for those that are inside.
 */
public final class StableDiffusion implements AutoCloseable {
    private static final int PROMPTS_KEPT = 64;

    private final DiffusersFolder folder;
    private final NDManager manager;
    private final NoiseSchedule schedule;
    private final ClipTokenizer tokenizer;
    private final UNet2DConditionModel unet;
    private AutoencoderKL vae;
    private boolean vaeLoaded;
    private final Map<String, float[]> embeddings = new LinkedHashMap<>(16, 0.75f, true);
    private final OpenGuard guard;
    private final OriginPart origin;

    private StableDiffusion(
            DiffusersFolder folder,
            NDManager manager,
            NoiseSchedule schedule,
            ClipTokenizer tokenizer,
            UNet2DConditionModel unet,
            AutoencoderKL vae) {
        this.folder = folder;
        this.guard = new OpenGuard("checkpoint " + folder.path());
        Path name = folder.path().toAbsolutePath().normalize().getFileName();
        this.origin = OriginPart.of("checkpoint " + (name == null ? folder.path() : name), folder::fingerprint);
        this.manager = manager;
        this.schedule = schedule;
        this.tokenizer = tokenizer;
        this.unet = unet;
        this.vae = vae;
    }

    /**
     * Opens a checkpoint.
     *
     * @param path a folder in the diffusers layout
     * @param device where to run
     * @return the checkpoint; the caller closes it
     * @throws IOException if something is missing, damaged or not supported; nothing stays open then
     */
    public static StableDiffusion open(Path path, Device device) throws IOException {
        DiffusersFolder folder = DiffusersFolder.open(path);
        NoiseSchedule schedule = NoiseSchedule.read(folder.file("scheduler", "scheduler_config.json"));
        try (TensorFile unetFile = folder.weights("unet");
                TensorFile vaeFile = folder.weights("vae");
                TensorFile textFile = folder.weights("text_encoder")) {
            UNet2DConditionModel unet = new UNet2DConditionModel(folder.unetConfig(), unetFile);
            CLIPTextConfig textConfig = folder.textConfig();
            new CLIPTextModel(textConfig, textFile).close();
            AutoencoderKL vae = new AutoencoderKL(folder.vaeConfig(), vaeFile);
            if (textConfig.hiddenSize() != unet.config().crossAttentionDim()) {
                throw new IOException("cross_attention_dim of the UNet must be the text encoder's hidden_size "
                        + textConfig.hiddenSize() + ", got " + unet.config().crossAttentionDim() + " (" + path
                        + "); parts must be of one checkpoint");
            }
            if (vae.config().latentChannels() != unet.config().inChannels()) {
                throw new IOException("in_channels of the UNet must be the autoencoder's latent_channels "
                        + vae.config().latentChannels() + ", got "
                        + unet.config().inChannels() + " (" + path
                        + "); inpainting and depth checkpoints are not supported");
            }
            ClipTokenizer tokenizer = ClipTokenizer.open(folder.file("tokenizer", ""), textConfig.maxPositions());
            NDManager manager = TorchEngine.newManager(device);
            try {
                unet.load(manager);
                return new StableDiffusion(folder, manager, schedule, tokenizer, unet, vae);
            } catch (IOException | RuntimeException e) {
                tokenizer.close();
                manager.close();
                throw e;
            }
        }
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
        return folder.fingerprint();
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
        return schedule;
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
     * The autoencoder, read at first need.
     *
     * @return owned by the checkpoint
     */
    public synchronized AutoencoderKL vae() {
        if (!vaeLoaded) {
            try (TensorFile file = folder.weights("vae")) {
                vae = new AutoencoderKL(folder.vaeConfig(), file);
                vae.load(manager);
                vaeLoaded = true;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return vae;
    }

    /**
     * Pixels for the autoencoder: each image resized as Pillow does it, then scaled to [-1, 1].
     *
     * @param images one or more
     * @param size what they are resized to
     * @param owner owns the result
     * @return (B, 3, H, W) float32
     */
    public static NDArray pixels(List<RgbImage> images, Size size, NDManager owner) {
        ByteBuffer bytes =
                ByteBuffer.allocateDirect(Math.multiplyExact(images.size(), 3 * size.width() * size.height()));
        for (RgbImage image : images) {
            bytes.put(PillowResize.resize(image, size).samples());
        }
        try (NDArray raw = owner.create(
                bytes.flip(),
                new Shape(images.size(), size.height(), size.width(), 3),
                ai.djl.ndarray.types.DataType.UINT8)) {
            return DiffusionOps.encodePixels(raw, owner);
        }
    }

    /**
     * Pictures of what the autoencoder decoded, the inverse of {@link #pixels}: [-1, 1] to 8 bits, the rest cut off.
     *
     * @param pixels (B, 3, H, W) float32; borrowed
     * @return a picture each
     */
    public static List<RgbImage> images(NDArray pixels) {
        Shape shape = pixels.getShape();
        int height = (int) shape.get(2);
        int width = (int) shape.get(3);
        float[] values = pixels.toFloatArray();
        List<RgbImage> images = new ArrayList<>();
        for (int b = 0; b < shape.get(0); b++) {
            byte[] rgb = new byte[3 * height * width];
            for (int i = 0; i < rgb.length; i++) {
                float value = values[(b * 3 + i % 3) * height * width + i / 3];
                rgb[i] = (byte) Math.round(255 * Math.max(0, Math.min(1, value / 2 + 0.5f)));
            }
            images.add(new RgbImage(width, height, rgb));
        }
        return images;
    }

    /**
     * Token ids of a prompt.
     *
     * @param prompt any text
     * @return as many as the tokenizer's maximum
     */
    public long[] tokens(String prompt) {
        try (OpenGuard.Use use = use()) {
            return tokenizer.encode(prompt);
        }
    }

    /**
     * The text encoder's embedding of a prompt.
     *
     * @param prompt any text
     * @param owner owns the result
     * @return (1, tokens, width) float32
     */
    public NDArray embed(String prompt, NDManager owner) {
        try (OpenGuard.Use use = use()) {
            float[] values = embedding(prompt);
            int width = unet.config().crossAttentionDim();
            return owner.create(values, new Shape(1, values.length / width, width));
        }
    }

    /**
     * What the UNet's cross-attention makes of a prompt.
     *
     * @param prompt any text
     * @return the conditioning; the caller closes it
     */
    public TextConditioning condition(String prompt) {
        try (OpenGuard.Use use = use();
                NDManager work = manager.newSubManager()) {
            return unet.condition(embed(prompt, work));
        }
    }

    private synchronized float[] embedding(String prompt) {
        float[] values = embeddings.get(prompt);
        if (values == null) {
            try (TensorFile file = folder.weights("text_encoder");
                    NDManager work = manager.newSubManager();
                    CLIPTextModel encoder = new CLIPTextModel(folder.textConfig(), file)) {
                encoder.load(work);
                values = encoder.encode(new long[][] {tokenizer.encode(prompt)}, work)
                        .toFloatArray();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            embeddings.put(prompt, values);
            if (embeddings.size() > PROMPTS_KEPT) {
                embeddings.remove(embeddings.keySet().iterator().next());
            }
        }
        return values;
    }

    @Override
    public void close() {
        guard.close(() -> {
            unet.close();
            vae.close();
            tokenizer.close();
            manager.close();
        });
    }
}
