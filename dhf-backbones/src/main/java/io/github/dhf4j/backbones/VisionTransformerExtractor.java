package io.github.dhf4j.backbones;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.github.dhf4j.feature.ExtractionSettings;
import io.github.dhf4j.feature.Facet;
import io.github.dhf4j.feature.FeatureConsumer;
import io.github.dhf4j.feature.FeatureKey;
import io.github.dhf4j.feature.FeatureLayout;
import io.github.dhf4j.feature.MapExtent;
import io.github.dhf4j.feature.TokenTaps;
import io.github.dhf4j.image.RgbImage;
import io.github.dhf4j.image.Size;
import io.github.dhf4j.io.OpenedFiles;
import io.github.dhf4j.io.TensorFile;
import io.github.dhf4j.tensor.TorchRuntime;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Features of DINO, DINOv2 or DINOv3: maps of a facet of chosen blocks. Block i, counted from 0, is layer i + 1; there is one save index, 0.
 * Images are resized as Pillow's Lanczos does it, of DINOv3 as its bilinear filter does. Queries and keys are those before rotary positions turn them. Safe for several threads.
 *
 * <p>Not checked: {@code preprocessor_config.json}. All images are normalised by ImageNet's mean and deviation, which are
 * not those of the networks for satellite images.
 *
 * <p>Source: Caron et al., arXiv 2104.14294; Oquab et al., arXiv 2304.07193; Sim&eacute;oni et al., arXiv
 * 2508.10104; facets after Amir et al., arXiv 2112.05814.
 */
public final class VisionTransformerExtractor extends ImageNetExtractor {
    /** How many times wider log bins make a map. */
    private static final int LOG_BINS = 17;

    private final VisionTransformer network;
    private final List<Integer> blocks;
    private final TokenTaps tokens;

    private VisionTransformerExtractor(
            Path path,
            OpenedFiles weights,
            VisionTransformer network,
            TorchRuntime runtime,
            NDManager manager,
            ExtractionSettings all,
            Size size) {
        super(path, "", weights, runtime, manager, all, size, network.config().kernel());
        this.network = network;
        this.blocks = blocks(all);
        this.tokens = all.taps().tokens();
    }

    private VisionTransformerExtractor(VisionTransformerExtractor of, ExtractionSettings settings, Size size) {
        super(of, settings, size);
        this.network = of.network;
        this.blocks = blocks(settings);
        this.tokens = settings.taps().tokens();
    }

    private static List<Integer> blocks(ExtractionSettings settings) {
        return settings.layers().stream().map(layer -> layer - 1).toList();
    }

    /**
     * Opens a checkpoint for square images.
     *
     * @param path a folder in the transformers layout, or the authors' single file
     * @param settings what to extract; a load size of 0 is the configuration's, that the positions were trained for
     * @param runtime where to run, and in which type
     * @return the extractor; the caller closes it
     * @throws IOException if the checkpoint is missing, damaged or of another family
     * @throws IllegalArgumentException if it has no such layers, or the patches do not divide the load size
     */
    public static VisionTransformerExtractor open(Path path, ExtractionSettings settings, TorchRuntime runtime)
            throws IOException {
        return open(path, settings, null, runtime);
    }

    /**
     * Opens a checkpoint for images of any shape.
     *
     * @param path a folder in the transformers layout, or the authors' single file
     * @param wanted what to extract; its load size is not looked at
     * @param loadSize what images are resized to; null for the settings' square
     * @param runtime where to run, and in which type
     * @return the extractor; the caller closes it
     * @throws IOException if the checkpoint is missing, damaged or of another family
     * @throws IllegalArgumentException if it has no such layers, or the patches do not divide the load size
     */
    public static VisionTransformerExtractor open(
            Path path, ExtractionSettings wanted, @Nullable Size loadSize, TorchRuntime runtime) throws IOException {
        NDManager manager = runtime.newManager();
        try (VisionTransformerCheckpoint checkpoint = VisionTransformerCheckpoint.open(path)) {
            TensorFile file = checkpoint.tensors();
            OpenedFiles opened = OpenedFiles.of(List.of(file.path()));
            VisionTransformerConfig config = checkpoint.config();
            Size size = loadSize != null ? loadSize : square(wanted, config);
            ExtractionSettings settings = complete(wanted, size, config, path);
            VisionTransformer network = new VisionTransformer(config, file);
            network.load(file, manager, runtime.dtype());
            int stride = settings.taps().tokens().stride();
            int patches = network.grid(size.width(), stride) * network.grid(size.height(), stride);
            network.pack(manager, runtime.dtype(), patches);
            return new VisionTransformerExtractor(path, opened, network, runtime, manager, settings, size);
        } catch (IOException | RuntimeException e) {
            manager.close();
            throw e;
        }
    }

    /** The settings with layers, stride and load size filled in, or an error. */
    private static ExtractionSettings complete(
            ExtractionSettings wanted, Size size, VisionTransformerConfig config, Path path) {
        List<Integer> layers = layers(wanted, config.layers(), path);
        TokenTaps tokens = wanted.taps().tokens();
        if (tokens.facet() == Facet.NORMED_TOKEN && !layers.equals(List.of(config.layers()))) {
            throw new IllegalArgumentException("the final norm must be over the last layer " + config.layers()
                    + ", got layers " + layers + " (" + path + "); facet token is of any layer");
        }
        int patch = config.patchSize();
        int stride = tokens.stride() == 0 ? patch : tokens.stride();
        if (patch % stride != 0) {
            throw new IllegalArgumentException(
                    "stride must divide the patch's side " + patch + ", got " + stride + " (" + path + ")");
        }
        requirePatches(size, patch, path);
        requireSquashed(wanted, path);
        return wanted.withTaps(new TokenTaps(layers, tokens.facet(), stride, tokens.cellCentres(), tokens.logBins()))
                .withLoadSize(size.longerSide());
    }

    /** Says that patches divide a picture, or throws. */
    static void requirePatches(Size size, int patch, Path path) {
        if (size.width() % patch != 0 || size.height() % patch != 0 || size.width() > 8192 || size.height() > 8192) {
            int below = Math.max(1, size.width() / patch) * patch;
            throw new IllegalArgumentException("load size must be a multiple of the patch's side " + patch
                    + " and at most 8192, got " + size + "; the next are " + below + " and " + (below + patch) + " ("
                    + path + ")");
        }
    }

    private static Size square(ExtractionSettings wanted, VisionTransformerConfig config) {
        return Size.square(wanted.loadSize() == 0 ? config.imageSize() : wanted.loadSize());
    }

    @Override
    public VisionTransformerExtractor withSettings(ExtractionSettings other) {
        Size size = square(other, network.config());
        return new VisionTransformerExtractor(this, complete(other, size, network.config(), checkpoint()), size);
    }

    @Override
    public Size mapSize() {
        return new Size(
                network.grid(loadSize().width(), tokens.stride()),
                network.grid(loadSize().height(), tokens.stride()));
    }

    @Override
    public MapExtent extent() {
        if (!tokens.cellCentres()) {
            return MapExtent.WHOLE;
        }
        // half a patch less half a stride before the first cell
        double before = (network.config().patchSize() - tokens.stride()) / 2.0;
        double width = loadSize().width();
        double height = loadSize().height();
        return new MapExtent(
                before / width,
                before / height,
                (before + mapSize().width() * tokens.stride()) / width,
                (before + mapSize().height() * tokens.stride()) / height);
    }

    @Override
    String form() {
        return network.config().form();
    }

    @Override
    public FeatureLayout layout() {
        int width = network.config().hiddenSize() * (tokens.logBins() ? LOG_BINS : 1);
        Map<Integer, Integer> channels = new TreeMap<>();
        settings().layers().forEach(layer -> channels.put(layer, width));
        return new FeatureLayout(channels, List.of(0));
    }

    @Override
    void forward(NDArray pixels, FeatureConsumer consumer) {
        Size grid = mapSize();
        boolean facets = tokens.facet() != Facet.TOKEN && tokens.facet() != Facet.NORMED_TOKEN;
        network.forward(pixels, tokens.stride(), Set.copyOf(blocks), facets, (block, found) -> {
            NDArray wanted = switch (tokens.facet()) {
                case QUERY -> found[1];
                case KEY -> found[2];
                case VALUE -> found[3];
                case TOKEN -> found[0];
                case NORMED_TOKEN -> network.finalNorm(found[0]);
            };
            try (NDArray map = map(wanted, network.config().leading(), grid.height(), grid.width());
                    NDArray binned = tokens.logBins() ? logBins(map) : map) {
                consumer.accept(new FeatureKey(0, block + 1), binned);
            }
        });
    }

    /**
     * A map (B, D, h, w) widened to (B, 17 D, h, w): the 3 x 3 cells around each, then the means of 3 x 3 cells three
     * cells away in eight directions.
     *
     * <p>Source: Amir et al., arXiv 2112.05814, and its authors' {@code _log_bin}.
     */
    static NDArray logBins(NDArray map) {
        return VisionTransformer.SCRIPT.run(map.getManager(), "log_bins", map);
    }

    /**
     * What stands out in an image, by the class token's attention in the last block.
     *
     * @param image of any size
     * @return a value from 0 to 1 for each cell
     * @throws IllegalArgumentException if the network is not a ViT-S, whose heads the authors chose
     * @throws IllegalStateException after {@link #close}
     */
    public SaliencyMap saliency(RgbImage image) {
        Size grid = mapSize();
        int last = network.config().layers() - 1;
        SaliencyMap[] saliency = new SaliencyMap[1];
        run(
                List.of(image),
                pixels -> network.forward(pixels, tokens.stride(), Set.of(last), true, (block, found) -> {
                    try (NDArray attention = VisionTransformer.SCRIPT.run(
                            found[4].getManager(),
                            "class_attention",
                            found[4],
                            found[5],
                            network.config().heads(),
                            network.config().leading())) {
                        saliency[0] = SaliencyMap.of(attention.get(0), grid, image.size());
                    }
                }));
        return saliency[0];
    }

    /**
     * Says that the network has a {@link #saliency}, or throws; to be asked before anything runs.
     *
     * @throws IllegalArgumentException if it is not a ViT-S
     */
    public void requireSaliency() {
        SaliencyMap.requireHeads(network.config().heads());
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
