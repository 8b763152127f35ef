package io.github.dhf4j.backbones;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.github.dhf4j.feature.FeatureLayout;
import io.github.dhf4j.image.Size;
import io.github.dhf4j.io.HostTensors;
import io.github.dhf4j.io.TensorFile;
import io.github.dhf4j.spi.CheckpointSummary;
import io.github.dhf4j.tensor.Devices;
import io.github.dhf4j.tensor.Packing;
import io.github.dhf4j.tensor.Parameters;
import io.github.dhf4j.tensor.ScriptModule;
import io.github.dhf4j.tensor.Weights;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The encoder of DINO, DINOv2 and DINOv3. Shapes: B images, D width, T = leading tokens (class, registers) + gh x gw patches.
 *
 * <p>Source: transformers' {@code ViTModel}, {@code Dinov2Model} and {@code DINOv3ViTModel}; position embeddings as the authors' code
 * interpolates them, {@link RotaryPositions} where queries and keys are turned instead.
 */
final class VisionTransformer implements AutoCloseable {
    static final ScriptModule SCRIPT =
            ScriptModule.load(VisionTransformer.class, "vit.py").withLayers();
    private static final long[] ADAPTER_LINEARS = {2, 4};
    private static final String POSITIONS = "embeddings.position_embeddings";

    private final VisionTransformerConfig config;
    private final Weights weights;
    private final Parameters embeddings;
    private final List<Parameters> blocks = new ArrayList<>();
    private final Parameters norm;
    private final Map<Integer, Parameters> adapters;
    private final BlockWeights form;
    private final long[] places;
    private float[] positions = {};
    private @Nullable NDArray table;

    /** What one block computed; borrowed for the call. */
    @FunctionalInterface
    interface BlockListener {
        /** {@code facets} is the block's output, or output, query, key, value, and query and key as attention has them, each (B, T, D). */
        void after(int block, NDArray[] facets);
    }

    /** Declares the network and compares it with a file; reads nothing but the file's header. */
    VisionTransformer(VisionTransformerConfig config, TensorFile file) throws IOException {
        this(config, file, Map.of());
    }

    /** With adapters beside the feed-forward of some blocks: norm, down and up, weight and bias of each, of others' weights. */
    VisionTransformer(VisionTransformerConfig config, TensorFile file, Map<Integer, Parameters> adapters)
            throws IOException {
        this(config, new Weights(file), adapters);
        // positions are interpolated in Java; the others are not used for features
        weights.check(Set.of(
                config.rotary() == null ? POSITIONS : "",
                "embeddings.mask_token",
                "pooler.dense.weight",
                "pooler.dense.bias"));
        if (config.rotary() == null) {
            long[] found = file.require(POSITIONS).dimensions();
            if (found.length != 3 || found[1] != positionCount() || found[2] != config.hiddenSize()) {
                throw new IOException("'" + POSITIONS + "' must be [1, " + positionCount() + ", " + config.hiddenSize()
                        + "] by the configuration, got " + Arrays.toString(found) + " (" + file.path() + ")");
            }
        }
    }

    /**
     * A network over arrays that may change, such as to train it, for pictures of the configuration's size.
     *
     * @param arrays one for each of {@link #shapes}; borrowed, must outlive the network
     */
    VisionTransformer(VisionTransformerConfig config, Map<String, NDArray> arrays) {
        this(config, Weights.withoutFile(), Map.of());
        weights.use(arrays);
        table = arrays.get(POSITIONS);
    }

    private VisionTransformer(VisionTransformerConfig config, Weights weights, Map<Integer, Parameters> adapters) {
        this.config = config;
        this.adapters = adapters;
        this.weights = weights;
        int dim = config.hiddenSize();
        int patch = config.patchSize();
        VisionTransformerKeys keys = VisionTransformerKeys.of(config);
        String patches = keys.patches().substring("embeddings.".length());
        embeddings = weights.under("embeddings.")
                .tensor("cls_token", 1, 1, dim)
                .tensor(patches + ".weight", dim, 3, patch, patch)
                .tensor(patches + ".bias", dim);
        if (config.registers() > 0) {
            embeddings.tensor("register_tokens", 1, config.registers(), dim);
        }
        form = new BlockWeights(config);
        for (int i = 0; i < config.layers(); i++) {
            blocks.add(form.declare(weights.under(keys.blocks() + i + ".")));
        }
        places = form.places();
        norm = weights.under("").norm(keys.norm(), dim);
    }

    /** What a file of such a network holds. */
    static Map<String, long[]> shapes(VisionTransformerConfig config) {
        try (VisionTransformer declared = new VisionTransformer(config, Weights.withoutFile(), Map.of())) {
            Map<String, long[]> shapes = new LinkedHashMap<>();
            if (config.rotary() == null) {
                shapes.put(POSITIONS, new long[] {1, declared.positionCount(), config.hiddenSize()});
            }
            shapes.putAll(declared.weights.shapes());
            return shapes;
        }
    }

    /** Rows of the table of positions, 0 where there is none. */
    private long positionCount() {
        return config.rotary() != null ? 0 : 1L + (long) config.positions() * config.positions();
    }

    /** What a checkpoint is, by its configuration and header. */
    static CheckpointSummary inspect(Path path) throws IOException {
        try (VisionTransformerCheckpoint checkpoint = VisionTransformerCheckpoint.open(path);
                VisionTransformer network = new VisionTransformer(checkpoint.config(), checkpoint.tensors())) {
            VisionTransformerConfig config = checkpoint.config();
            Map<Integer, Integer> channels = new TreeMap<>();
            IntStream.rangeClosed(1, config.layers()).forEach(layer -> channels.put(layer, config.hiddenSize()));
            return new CheckpointSummary(
                    Size.square(config.imageSize()),
                    Size.square(config.positions()),
                    new FeatureLayout(channels, List.of(0)),
                    network.weights.parameterCount() + network.positionCount() * config.hiddenSize(),
                    checkpoint.keys().note());
        }
    }

    void load(TensorFile file, NDManager manager, DataType type) throws IOException {
        weights.load(manager, type);
        if (config.rotary() != null) {
            return;
        }
        try (NDArray table = file.read(POSITIONS, manager, DataType.FLOAT32)) {
            positions = HostTensors.floats(table);
        }
    }

    /** Lays the blocks' weights out for pictures of a size, where the device has such a layout; see {@link Packing}. */
    void pack(NDManager manager, DataType type, int patches) {
        if (Devices.packsWeights(manager.getDevice(), type) && Packing.isPossible()) {
            Packing packing = new Packing(1);
            int tokens = config.leading() + patches;
            blocks.forEach(block -> packing.linears(block, form.linears(), tokens));
            adapters.values().forEach(adapter -> packing.linears(adapter, ADAPTER_LINEARS, tokens));
        }
    }

    VisionTransformerConfig config() {
        return config;
    }

    /** Rows or columns of patches along a side of the picture. */
    int grid(int pixels, int stride) {
        return 1 + (pixels - config.patchSize()) / stride;
    }

    /** (1, 1 + gh gw, D): as they are for a square picture of the size they were trained for, else interpolated. */
    NDArray positions(int height, int width, int stride, NDManager owner) {
        int dim = config.hiddenSize();
        int rows = grid(height, stride);
        int columns = grid(width, stride);
        int side = config.positions();
        float[] all = positions;
        if (rows * columns != side * side || height != width) {
            float[] table = Arrays.copyOfRange(positions, dim, positions.length);
            boolean antialias = config.family() == VisionTransformerConfig.Family.DINOV2_REGISTERS;
            float[] patches = PositionEmbeddings.interpolate(table, side, dim, rows, columns, antialias);
            all = Arrays.copyOf(positions, dim + patches.length);
            System.arraycopy(patches, 0, all, dim, patches.length);
        }
        return HostTensors.of(owner, all, new Shape(1, 1L + (long) rows * columns, dim));
    }

    /** Tokens before the first block, (B, T, D); pixels (B, 3, H, W) are normalised. */
    NDArray embed(NDArray pixels, int stride, NDManager owner) {
        if (config.rotary() != null) {
            return SCRIPT.run(owner, "embed_without_positions", pixels, embeddings.tensors(), stride);
        }
        NDArray trained = table;
        if (trained != null) {
            return SCRIPT.run(owner, "embed", pixels, embeddings.tensors(), trained, stride);
        }
        int height = (int) pixels.getShape().get(2);
        int width = (int) pixels.getShape().get(3);
        try (NDArray position = positions(height, width, stride, owner)) {
            return SCRIPT.run(owner, "embed", pixels, embeddings.tensors(), position, stride);
        }
    }

    /** By what queries and keys of patches are turned; null where positions are in the tokens. */
    @Nullable
    RotaryPositions rotary(NDArray pixels, int stride, NDManager owner) {
        Dinov3Config rotary = config.rotary();
        return rotary == null
                ? null
                : RotaryPositions.of(
                        (int) pixels.getShape().get(2),
                        (int) pixels.getShape().get(3),
                        config.patchSize(),
                        stride,
                        config.headWidth(),
                        rotary.theta(),
                        owner);
    }

    /** Runs all blocks up to the last that is wanted. */
    void forward(NDArray pixels, int stride, Set<Integer> wanted, boolean facets, BlockListener listener) {
        try (NDManager call = pixels.getManager().newSubManager()) {
            NDArray x = embed(pixels, stride, call);
            RotaryPositions rotary = rotary(pixels, stride, call);
            int last = wanted.stream().mapToInt(Integer::intValue).max().orElse(-1);
            for (int i = 0; i <= last; i++) {
                boolean tapped = wanted.contains(i);
                NDArray[] found = block(x, i, rotary, tapped && facets, call);
                x.close();
                x = found[0];
                if (tapped) {
                    listener.after(i, found);
                }
                for (int k = 1; k < found.length; k++) {
                    found[k].close();
                }
            }
        }
    }

    private NDArray[] block(NDArray x, int number, @Nullable RotaryPositions rotary, boolean facets, NDManager call) {
        Dinov3Config own = config.rotary();
        int activation = own != null ? own.activation() : config.swiglu() ? Dinov3Config.SILU : Dinov3Config.GELU;
        List<Object> arguments = new ArrayList<>(List.of(x, blocks.get(number).tensors(), places));
        Parameters adapter = adapters.get(number);
        String method = "block";
        if (adapter != null) {
            method = "adapted_block";
            arguments.add(adapter.tensors());
        } else if (rotary != null) {
            method = "rotary_block";
            arguments.addAll(List.of(rotary.cos(), rotary.sin(), config.leading()));
        }
        arguments.addAll(List.of(config.heads(), config.layerNormEps(), activation, config.swiglu(), facets));
        return SCRIPT.runToArrays(call, method, arguments.toArray());
    }

    /** The network's own last norm over tokens. */
    NDArray finalNorm(NDArray tokens) {
        return SCRIPT.run(tokens.getManager(), "final_norm", tokens, norm.tensors(), config.layerNormEps());
    }

    @Override
    public void close() {
        weights.close();
    }
}
