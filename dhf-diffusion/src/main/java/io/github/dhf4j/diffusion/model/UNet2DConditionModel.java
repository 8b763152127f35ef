package io.github.dhf4j.diffusion.model;

import static io.github.dhf4j.diffusion.model.DiffusionOps.SCRIPT;
import static io.github.dhf4j.diffusion.model.DiffusionOps.replace;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import io.github.dhf4j.io.TensorFile;
import io.github.dhf4j.tensor.Devices;
import io.github.dhf4j.tensor.Packing;
import io.github.dhf4j.tensor.Parameters;
import io.github.dhf4j.tensor.TensorList;
import io.github.dhf4j.tensor.Weights;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The denoising network of SD 1.x, 2.x and XL, and of those distilled of them. Shapes: B batch, C latent channels, h x w latent size.
 *
 * <p>Source: diffusers' {@code UNet2DConditionModel}; taps after the paper's section 3.1.
 */
public final class UNet2DConditionModel implements AutoCloseable {
    private final UNet2DConditionConfig config;
    private final Weights weights;
    private final TimestepEmbedding timeEmbedding;
    private final Parameters convIn;
    private final Parameters convOut;
    private final List<DownBlock2D> downBlocks = new ArrayList<>();
    private final List<UpBlock2D> upBlocks = new ArrayList<>();
    private final @Nullable MidBlock2D midBlock;
    private final List<Transformer2DModel> transformers = new ArrayList<>();
    private boolean packed;
    private boolean packable = true;

    /**
     * Declares the network and compares it with a file; reads nothing but the file's header.
     *
     * @param config the network's form
     * @param file its weights; borrowed until {@link #load} returns
     * @throws IOException naming keys that are missing, left over or of another shape
     */
    public UNet2DConditionModel(UNet2DConditionConfig config, TensorFile file) throws IOException {
        this(config, new Weights(file));
        weights.check(Set.of());
    }

    private UNet2DConditionModel(UNet2DConditionConfig config, Weights weights) {
        this.config = config;
        this.weights = weights;
        List<Integer> channels = config.blockOutChannels();
        int first = channels.get(0);
        int time = 4 * first;
        convIn = weights.under("").conv("conv_in", first, config.inChannels(), 3);
        timeEmbedding = new TimestepEmbedding(weights, config, time);
        for (int i = 0; i < config.levels(); i++) {
            downBlocks.add(new DownBlock2D(weights, config, i, time));
        }
        midBlock = config.midBlock() ? new MidBlock2D(weights, config, time) : null;
        for (int i = 0; i < config.levels(); i++) {
            upBlocks.add(new UpBlock2D(weights, config, i, time));
        }
        convOut = weights.under("").norm("conv_norm_out", first).conv("conv_out", config.inChannels(), first, 3);
        downBlocks.forEach(block -> transformers.addAll(block.attentions));
        if (midBlock != null) {
            transformers.add(midBlock.attention);
        }
        upBlocks.forEach(block -> transformers.addAll(block.attentions));
    }

    /**
     * A network over arrays that may change, such as to train it.
     *
     * @param config the network's form
     * @param parameters an array for each key of {@link #parameterShapes}; borrowed, must outlive the network
     */
    public UNet2DConditionModel(UNet2DConditionConfig config, Map<String, NDArray> parameters) {
        this(config, Weights.withoutFile());
        weights.use(parameters);
    }

    /**
     * What a weight file of a network must hold.
     *
     * @param config the network's form
     * @return the shape of each key
     */
    public static Map<String, long[]> parameterShapes(UNet2DConditionConfig config) {
        try (Weights declared = Weights.withoutFile();
                UNet2DConditionModel model = new UNet2DConditionModel(config, declared)) {
            return model.weights.shapes();
        }
    }

    /**
     * The network's form.
     *
     * @return the configuration
     */
    public UNet2DConditionConfig config() {
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
     * Reads the weights.
     *
     * @param manager gives the device
     * @param type what weights are read as
     * @throws IOException if they cannot be read or are not finite
     */
    public void load(NDManager manager, DataType type) throws IOException {
        weights.load(manager, type);
        packable = Devices.packsWeights(manager.getDevice(), type);
    }

    /**
     * Reads the weights and lays each block's out at once, as {@link #pack} does, so that no more than a block's are there
     * twice.
     *
     * @param manager gives the device
     * @param type what weights are read as
     * @param batch images of a call
     * @param height latent rows
     * @param width latent columns
     * @throws IOException if they cannot be read or are not finite
     */
    public void load(NDManager manager, DataType type, int batch, int height, int width) throws IOException {
        packable = Devices.packsWeights(manager.getDevice(), type);
        pack(batch, height, width);
        weights.load(manager, type);
    }

    /** Reads the weights in a layout of our choice and leaves them in it. */
    void loadUnpacked(NDManager manager, DataType type, boolean channelsLast) throws IOException {
        weights.channelsLast(channelsLast).load(manager, type);
        packable = false;
    }

    /**
     * Precomputes what the network makes of a text alone.
     *
     * @param text (1 or B, tokens, crossAttentionDim): one prompt for all latents, or one for each; borrowed
     * @return the conditioning; the caller closes it
     * @throws IllegalArgumentException if the network needs more than that
     */
    public TextConditioning condition(NDArray text) {
        return condition(Conditions.of(text));
    }

    /**
     * Precomputes what the network makes of all that it is told beside the timestep, the same at every timestep.
     *
     * @param told one prompt for all latents, or one for each; borrowed
     * @return the conditioning; the caller closes it
     * @throws IllegalArgumentException if the network takes no such thing, or needs what is not there
     */
    public TextConditioning condition(Conditions told) {
        timeEmbedding.require(told);
        List<TensorList> parts = new ArrayList<>();
        try {
            parts.add(timeEmbedding.guidance(told));
            parts.add(timeEmbedding.added(told));
            for (Transformer2DModel transformer : transformers) {
                parts.add(transformer.keysValues(told.text()));
            }
        } catch (RuntimeException e) {
            parts.forEach(TensorList::close);
            throw e;
        }
        return new TextConditioning(parts.get(0), parts.get(1), parts.subList(2, parts.size()));
    }

    /**
     * Lays the weights of convolutions and linear layers out for a latent size, once, where the device has such a layout;
     * later calls do nothing. Must come before the first {@link #condition} and {@link #forward} where several threads use
     * the network: it closes the weights that it replaces.
     *
     * @param batch images of a call
     * @param height latent rows
     * @param width latent columns
     */
    public synchronized void pack(int batch, int height, int width) {
        if (packed || !packable || !Packing.isPossible()) {
            return;
        }
        packed = true;
        Packing packing = new Packing(batch);
        int[] heights = new int[config.levels()];
        int[] widths = new int[config.levels()];
        for (int i = 0, h = height, w = width; i < config.levels(); i++, h = (h + 1) / 2, w = (w + 1) / 2) {
            heights[i] = h;
            widths[i] = w;
            for (ResnetBlock2D resnet : downBlocks.get(i).resnets) {
                resnet.pack(packing, h, w);
            }
            for (Transformer2DModel attention : downBlocks.get(i).attentions) {
                attention.pack(packing, h, w);
            }
            Resampling downsampler = downBlocks.get(i).downsampler;
            if (downsampler != null) {
                downsampler.pack(packing, h, w);
            }
        }
        int deepest = config.levels() - 1;
        if (midBlock != null) {
            midBlock.pack(packing, heights[deepest], widths[deepest]);
        }
        for (int i = 0; i < config.levels(); i++) {
            int level = deepest - i;
            for (ResnetBlock2D resnet : upBlocks.get(i).resnets) {
                resnet.pack(packing, heights[level], widths[level]);
            }
            for (Transformer2DModel attention : upBlocks.get(i).attentions) {
                attention.pack(packing, heights[level], widths[level]);
            }
            Resampling upsampler = upBlocks.get(i).upsampler;
            if (upsampler != null) {
                upsampler.pack(packing, heights[level - 1], widths[level - 1]);
            }
        }
    }

    /**
     * One call of the network.
     *
     * @param latents (B, C, h, w), borrowed
     * @param timestep what the network is told, -1..999
     * @param text the prompt's conditioning, borrowed
     * @param taps listens at the decoder
     * @param needsOutput whether the prediction is needed; if not, the call ends at the last tapped feature
     * @return the prediction (B, C, h, w) float32, attached to the latents' manager, or null if it was not needed
     */
    public @Nullable NDArray forward(
            NDArray latents, double timestep, TextConditioning text, FeatureTaps taps, boolean needsOutput) {
        return forward(latents, call -> timeEmbedding.forward(timestep, text, call), text, taps, needsOutput);
    }

    /**
     * One call of the network, each of the latents at a timestep of its own.
     *
     * @param latents (B, C, h, w), borrowed
     * @param timesteps (B or 1) float32, -1..999, borrowed
     * @param text the prompt's conditioning, borrowed
     * @param taps listens at the decoder
     * @param needsOutput whether the prediction is needed; if not, the call ends at the last tapped feature
     * @return the prediction (B, C, h, w) float32, attached to the latents' manager, or null if it was not needed
     */
    public @Nullable NDArray forward(
            NDArray latents, NDArray timesteps, TextConditioning text, FeatureTaps taps, boolean needsOutput) {
        return forward(latents, call -> timeEmbedding.forward(timesteps, text, call), text, taps, needsOutput);
    }

    private @Nullable NDArray forward(
            NDArray latents,
            Function<NDManager, NDArray> embedding,
            TextConditioning text,
            FeatureTaps taps,
            boolean needsOutput) {
        int blocks = needsOutput ? upBlocks.size() : lastWanted(taps) + 1;
        if (blocks == 0) {
            return null;
        }
        try (NDManager call = latents.getManager().newSubManager()) {
            NDArray temb = embedding.apply(call);
            Deque<NDArray> skips = new ArrayDeque<>();
            int transformer = 0;
            NDArray x = SCRIPT.run(call, "conv_in", latents, convIn.tensors());
            skips.push(x);
            for (DownBlock2D block : downBlocks) {
                for (int j = 0; j < block.resnets.size(); j++) {
                    x = block.resnets.get(j).forward(x, temb);
                    if (!block.attentions.isEmpty()) {
                        x = replace(x, block.attentions.get(j).forward(x, text.of(transformer++)));
                    }
                    skips.push(x);
                }
                if (block.downsampler != null) {
                    x = block.downsampler.forward(x);
                    skips.push(x);
                }
            }
            // what the encoder gave is a skip too, which the decoder's first block closes
            x = midBlock == null ? x.duplicate() : midBlock.forward(x, temb, text.of(transformer++));
            for (int i = 0; i < blocks; i++) {
                UpBlock2D block = upBlocks.get(i);
                boolean more = needsOutput || i < blocks - 1;
                NDArray output = block.forward(x, skips, temb, text, transformer, taps, more);
                if (output == null) {
                    return null;
                }
                x = output;
                transformer += block.attentions.size();
            }
            NDArray output =
                    SCRIPT.run(call, "norm_conv_out", x, convOut.tensors(), config.normGroups(), config.normEps());
            output.attach(latents.getManager());
            return output;
        }
    }

    /** What every residual block is told, after its silu: (B or 1, time). */
    NDArray timeEmbedding(NDArray timesteps, TextConditioning text, NDManager owner) {
        return timeEmbedding.forward(timesteps, text, owner);
    }

    /** The last up block of which a feature is wanted, -1 for none. */
    private int lastWanted(FeatureTaps taps) {
        for (int i = upBlocks.size() - 1; i >= 0; i--) {
            if (upBlocks.get(i).isWanted(taps)) {
                return i;
            }
        }
        return -1;
    }

    @Override
    public void close() {
        weights.close();
    }
}
