package io.github.dhf4j.diffusion.model;

import static io.github.dhf4j.diffusion.model.DiffusionOps.SCRIPT;
import static io.github.dhf4j.diffusion.model.DiffusionOps.replace;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import io.github.dhf4j.io.TensorFile;
import io.github.dhf4j.tensor.Devices;
import io.github.dhf4j.tensor.Parameters;
import io.github.dhf4j.tensor.Weights;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The autoencoder between pixels and latents. Shapes: B batch, Z latent channels, f the factor (8 for SD).
 *
 * <p>Source: diffusers' {@code AutoencoderKL}.
 */
public final class AutoencoderKL implements AutoCloseable {
    private final AutoencoderKLConfig config;
    private final Weights weights;
    private final VaeEncoder encoder;
    private final VaeDecoder decoder;
    private final @Nullable Parameters quantConv;
    private final @Nullable Parameters postQuantConv;

    /**
     * Declares the network and compares it with a file; reads nothing but the file's header.
     *
     * @param config the network's form
     * @param file its weights; borrowed until {@link #loadEncoder} or {@link #loadDecoder} returns
     * @throws IOException naming keys that are missing, left over or of another shape
     */
    public AutoencoderKL(AutoencoderKLConfig config, TensorFile file) throws IOException {
        this(
                config,
                new Weights(file)
                        .alsoKnownAs(".to_q.", ".query.")
                        .alsoKnownAs(".to_k.", ".key.")
                        .alsoKnownAs(".to_v.", ".value.")
                        .alsoKnownAs(".to_out.0.", ".proj_attn."));
        weights.check(Set.of());
    }

    /**
     * A network over arrays that may change, such as to train it.
     *
     * @param config the network's form
     * @param parameters an array for each key of {@link #parameterShapes}; borrowed, must outlive the network
     */
    public AutoencoderKL(AutoencoderKLConfig config, Map<String, NDArray> parameters) {
        this(config, Weights.withoutFile());
        weights.use(parameters);
    }

    private AutoencoderKL(AutoencoderKLConfig config, Weights weights) {
        this.config = config;
        this.weights = weights;
        int z = config.latentChannels();
        encoder = new VaeEncoder(weights, config);
        quantConv = config.quantConv() ? weights.under("").conv("quant_conv", 2L * z, 2L * z, 1) : null;
        postQuantConv = config.postQuantConv() ? weights.under("").conv("post_quant_conv", z, z, 1) : null;
        decoder = new VaeDecoder(weights, config);
    }

    /**
     * What a weight file of a network must hold.
     *
     * @param config the network's form
     * @return the shape of each key
     */
    public static Map<String, long[]> parameterShapes(AutoencoderKLConfig config) {
        try (Weights declared = Weights.withoutFile();
                AutoencoderKL model = new AutoencoderKL(config, declared)) {
            return model.weights.shapes();
        }
    }

    /**
     * The network's form.
     *
     * @return the configuration
     */
    public AutoencoderKLConfig config() {
        return config;
    }

    /**
     * The number of weights.
     *
     * @return parameters
     */
    public long parameterCount() {
        return weights.parameterCount();
    }

    /**
     * Reads the weights of the encoder.
     *
     * @param manager gives the device
     * @param type what weights are read as
     * @throws IOException if they cannot be read or are not finite
     */
    public void loadEncoder(NDManager manager, DataType type) throws IOException {
        load(manager, type, key -> !ofDecoder(key));
    }

    /**
     * Reads the weights of the decoder.
     *
     * @param manager gives the device
     * @param type what weights are read as
     * @throws IOException if they cannot be read or are not finite
     */
    public void loadDecoder(NDManager manager, DataType type) throws IOException {
        load(manager, type, AutoencoderKL::ofDecoder);
    }

    private void load(NDManager manager, DataType type, Predicate<String> wanted) throws IOException {
        weights.channelsLast(Devices.largePicturesChannelsLast(manager.getDevice(), type))
                .load(manager, type, wanted);
    }

    private static boolean ofDecoder(String key) {
        return key.startsWith("decoder.") || key.startsWith("post_quant_conv.");
    }

    /**
     * Encodes pixels to the distribution of their latent.
     *
     * @param pixels (B, 3, f h, f w) in [-1, 1], borrowed
     * @return (B, 2 Z, h, w): mean, then log variance; attached to the pixels' manager
     */
    public NDArray encode(NDArray pixels) {
        NDArray moments = encoder.forward(pixels);
        return quantConv == null
                ? moments
                : replace(moments, SCRIPT.run(moments.getManager(), "conv_1x1", moments, quantConv.tensors()));
    }

    /**
     * The latent that the UNet sees: mean times the scaling factor.
     *
     * @param moments from {@link #encode}, borrowed
     * @return (B, Z, h, w), attached to the moments' manager
     */
    public NDArray latentMean(NDArray moments) {
        return SCRIPT.run(moments.getManager(), "latent_mean", moments, config.scalingFactor());
    }

    /**
     * The latent that the UNet sees: (mean + std noise) times the scaling factor.
     *
     * @param moments from {@link #encode}, borrowed
     * @param noise (B or 1, Z, h, w) of unit variance, borrowed
     * @return (B, Z, h, w), attached to the moments' manager
     */
    public NDArray latentSample(NDArray moments, NDArray noise) {
        return SCRIPT.run(moments.getManager(), "latent_sample", moments, noise, config.scalingFactor());
    }

    /**
     * Decodes a latent to pixels.
     *
     * @param latents (B, Z, h, w) as the UNet has them, borrowed
     * @return (B, 3, f h, f w), about [-1, 1], not clamped; attached to the latents' manager
     */
    public NDArray decode(NDArray latents) {
        NDArray z = SCRIPT.run(latents.getManager(), "latent_unscaled", latents, config.scalingFactor());
        if (postQuantConv != null) {
            z = replace(z, SCRIPT.run(z.getManager(), "conv_1x1", z, postQuantConv.tensors()));
        }
        return replace(z, decoder.forward(z));
    }

    @Override
    public void close() {
        weights.close();
    }
}
