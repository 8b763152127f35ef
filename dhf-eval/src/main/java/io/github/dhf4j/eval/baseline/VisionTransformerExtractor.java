package io.github.dhf4j.eval.baseline;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.github.dhf4j.feature.FeatureConsumer;
import io.github.dhf4j.feature.FeatureKey;
import io.github.dhf4j.feature.FeatureLayout;
import io.github.dhf4j.image.PillowResize;
import io.github.dhf4j.image.Size;
import io.github.dhf4j.io.TensorFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * Features of DINO or DINOv2: maps of a facet of chosen blocks. Block i is layer i + 1; there is one saved index, 0.
 * Images are resized as Pillow's Lanczos does it. Safe for several threads.
 *
 * <p>Source: Caron et al., arXiv 2104.14294; Oquab et al., arXiv 2304.07193; facets after Amir et al., arXiv 2112.05814.
 */
public final class VisionTransformerExtractor extends ImageNetExtractor {
    private final VisionTransformer network;
    private final Settings settings;

    /**
     * What to extract.
     *
     * @param blocks which, 0 first; empty for all
     * @param facet which tensor of them
     * @param stride pixels between patches, dividing the patch's side; 0 for the patch's side
     * @param loadSize what images are resized to
     */
    public record Settings(List<Integer> blocks, Facet facet, int stride, Size loadSize) {
        /** The paper's row DINO: keys of block 9, at 224 x 224 with stride 4 for patches of 8. */
        public static final Settings DINO = new Settings(List.of(9), Facet.KEY, 4, Size.square(224));

        /** The paper's row DINOv2: tokens of block 11. */
        public static final Settings DINOV2 = new Settings(List.of(11), Facet.TOKEN, 0, Size.square(224));

        /**
         * Copies the list.
         *
         * @param blocks as above
         * @param facet as above
         * @param stride as above
         * @param loadSize as above
         */
        public Settings {
            blocks = List.copyOf(blocks);
        }
    }

    private VisionTransformerExtractor(
            Path path, Path weights, VisionTransformer network, NDManager manager, Settings settings) {
        super("checkpoint " + path, weights, manager, settings.loadSize(), PillowResize.Kernel.LANCZOS);
        this.network = network;
        this.settings = settings;
    }

    /**
     * Opens a checkpoint.
     *
     * @param path a folder in the transformers layout, or the authors' single file
     * @param wanted what to extract
     * @param device where to run
     * @return the extractor; the caller closes it
     * @throws IOException if the checkpoint is missing, damaged or of another family
     * @throws IllegalArgumentException if it has no such blocks, or the patches do not divide the load size
     */
    public static VisionTransformerExtractor open(Path path, Settings wanted, Device device) throws IOException {
        VisionTransformerCheckpoint checkpoint = VisionTransformerCheckpoint.open(path);
        NDManager manager = NDManager.newBaseManager(device, "PyTorch");
        try (TensorFile tensors = checkpoint.tensors()) {
            Settings settings = complete(wanted, checkpoint.config(), path);
            VisionTransformer network = new VisionTransformer(checkpoint.config(), tensors);
            network.load(tensors, manager);
            return new VisionTransformerExtractor(path, tensors.path(), network, manager, settings);
        } catch (IOException | RuntimeException e) {
            manager.close();
            throw e;
        }
    }

    private static Settings complete(Settings wanted, VisionTransformerConfig config, Path path) {
        List<Integer> blocks = wanted.blocks().isEmpty()
                ? IntStream.range(0, config.layers()).boxed().toList()
                : wanted.blocks();
        if (new TreeSet<>(blocks).size() < blocks.size()
                || blocks.stream().anyMatch(block -> block < 0 || block >= config.layers())) {
            throw new IllegalArgumentException(
                    "blocks must be 0 to " + (config.layers() - 1) + ", each once, got " + blocks + " (" + path + ")");
        }
        if (wanted.facet() == Facet.NORMED_TOKEN && !blocks.equals(List.of(config.layers() - 1))) {
            throw new IllegalArgumentException("the final norm must be over the last block " + (config.layers() - 1)
                    + ", got blocks " + blocks + " (" + path + ")");
        }
        int patch = config.patchSize();
        int stride = wanted.stride() == 0 ? patch : wanted.stride();
        Size size = wanted.loadSize();
        if (stride < 1 || patch % stride != 0) {
            throw new IllegalArgumentException(
                    "stride must divide the patch's side " + patch + ", got " + stride + " (" + path + ")");
        }
        if (size.width() % patch != 0 || size.height() % patch != 0 || size.width() > 8192 || size.height() > 8192) {
            throw new IllegalArgumentException("load size must be a multiple of the patch's side " + patch
                    + " and at most 8192, got " + size + "; the next are " + size.width() / patch * patch + " and "
                    + (size.width() / patch + 1) * patch + " (" + path + ")");
        }
        return new Settings(blocks, wanted.facet(), stride, size);
    }

    @Override
    String form() {
        return network.config() + " " + settings;
    }

    @Override
    public FeatureLayout layout() {
        Map<Integer, Integer> channels = new TreeMap<>();
        settings.blocks()
                .forEach(block -> channels.put(block + 1, network.config().hiddenSize()));
        return new FeatureLayout(channels, List.of(0));
    }

    @Override
    void forward(NDArray pixels, FeatureConsumer consumer) {
        int rows = network.grid(settings.loadSize().height(), settings.stride());
        int columns = network.grid(settings.loadSize().width(), settings.stride());
        boolean facets = settings.facet() != Facet.TOKEN && settings.facet() != Facet.NORMED_TOKEN;
        network.forward(pixels, settings.stride(), Set.copyOf(settings.blocks()), facets, (block, found) -> {
            NDArray tokens = switch (settings.facet()) {
                case QUERY -> found[1];
                case KEY -> found[2];
                case VALUE -> found[3];
                case TOKEN -> found[0];
                case NORMED_TOKEN -> network.finalNorm(found[0]);
            };
            try (NDArray map = map(tokens, network.config().leading(), rows, columns)) {
                consumer.accept(new FeatureKey(0, block + 1), map);
            }
        });
    }

    /** Patch tokens (B, T, D) as a map (B, D, rows, columns). */
    static NDArray map(NDArray tokens, int leading, int rows, int columns) {
        return VisionTransformer.SCRIPT.run(tokens.getManager(), "to_map", tokens, leading, rows, columns);
    }

    @Override
    void closeNetwork() {
        network.close();
    }
}
