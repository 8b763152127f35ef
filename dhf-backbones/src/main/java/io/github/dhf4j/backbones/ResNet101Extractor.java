package io.github.dhf4j.backbones;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.github.dhf4j.feature.BlockTaps;
import io.github.dhf4j.feature.ExtractionSettings;
import io.github.dhf4j.feature.FeatureConsumer;
import io.github.dhf4j.feature.FeatureKey;
import io.github.dhf4j.feature.FeatureLayout;
import io.github.dhf4j.feature.Forward;
import io.github.dhf4j.feature.LayerTaps;
import io.github.dhf4j.feature.Taps;
import io.github.dhf4j.feature.TokenTaps;
import io.github.dhf4j.image.PillowResize;
import io.github.dhf4j.image.Size;
import io.github.dhf4j.io.OpenedFiles;
import io.github.dhf4j.io.TensorFile;
import io.github.dhf4j.spi.CheckpointSummary;
import io.github.dhf4j.tensor.TorchRuntime;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Hypercolumns of ResNet-101: any of its 34 maps. Map i is layer i + 1; there is one save index, 0. Safe for several
 * threads.
 *
 * <p>Source: torchvision's {@code resnet101}; maps as DHPF and CATs++ take them.
 */
public final class ResNet101Extractor extends ImageNetExtractor {
    /**
     * The hyperpixels of SPair-71k: maps 0, 8, 20, 21, 26, 28, 29, 30.
     *
     * <p>Source: Min et al., Hyperpixel Flow, ICCV 2019.
     */
    static final List<Integer> HYPERPIXELS = List.of(1, 9, 21, 22, 27, 29, 30, 31);

    /** Tokens as they are, which older files say of this network too. */
    private static final TokenTaps PLAIN = new LayerTaps(List.of()).tokens();

    /** What DHPF resizes images to. */
    private static final int SIDE = 240;

    private final ResNet101 network;

    private ResNet101Extractor(
            Path path,
            OpenedFiles opened,
            ResNet101 network,
            TorchRuntime runtime,
            NDManager manager,
            ExtractionSettings settings) {
        super(
                path,
                "",
                opened,
                runtime,
                manager,
                settings,
                Size.square(settings.loadSize()),
                PillowResize.Kernel.BILINEAR);
        this.network = network;
    }

    private ResNet101Extractor(ResNet101Extractor of, ExtractionSettings settings) {
        super(of, settings, Size.square(settings.loadSize()));
        this.network = of.network;
    }

    /**
     * Opens weights.
     *
     * @param path torchvision's {@code .pth} or the same as safetensors, with {@code module.} before every key or not
     * @param wanted what to extract; a load size of 0 is 240
     * @param runtime where to run, and in which type
     * @return the extractor; the caller closes it
     * @throws IOException if the file is missing, damaged or of another network
     * @throws IllegalArgumentException if there are no such layers or the load size is too small
     */
    public static ResNet101Extractor open(Path path, ExtractionSettings wanted, TorchRuntime runtime)
            throws IOException {
        ExtractionSettings settings = complete(wanted, path);
        NDManager manager = runtime.newManager();
        try (TensorFile file = ResNet101.file(path)) {
            OpenedFiles opened = OpenedFiles.of(List.of(path));
            ResNet101 network = new ResNet101(file, "", Set.of());
            network.load(manager, runtime.dtype());
            return new ResNet101Extractor(path, opened, network, runtime, manager, settings);
        } catch (IOException | RuntimeException e) {
            manager.close();
            throw e;
        }
    }

    /** What weights are, by their header. */
    static CheckpointSummary inspect(Path path) throws IOException {
        NetworkKeys keys = ResNet101.keys(path);
        try (TensorFile file = ResNet101.file(path);
                ResNet101 network = new ResNet101(file, "", Set.of())) {
            Map<Integer, Integer> channels = new TreeMap<>();
            IntStream.range(0, ResNet101.MAPS).forEach(map -> channels.put(map + 1, ResNet101.channels(map)));
            return new CheckpointSummary(
                    Size.square(SIDE),
                    Size.square(SIDE / ResNet101.stride(0)),
                    new FeatureLayout(channels, List.of(0)),
                    network.parameterCount(),
                    keys == null ? "" : keys.note());
        }
    }

    /** Whether settings say nothing that only other networks have. */
    static boolean accepts(ExtractionSettings settings) {
        Taps taps = settings.taps().withLayers(List.of());
        return settings.process().equals(new Forward()) && !(taps instanceof BlockTaps) && PLAIN.equals(taps.tokens());
    }

    private static ExtractionSettings complete(ExtractionSettings wanted, Path path) {
        int side = wanted.loadSize() == 0 ? SIDE : wanted.loadSize();
        if (side < 32 || side > 8192) {
            throw new IllegalArgumentException("load size must be 32 to 8192, got " + side + " (" + path + ")");
        }
        requireSquashed(wanted, path);
        return wanted.withTaps(new LayerTaps(layers(wanted, ResNet101.MAPS, path)))
                .withLoadSize(side);
    }

    @Override
    public ResNet101Extractor withSettings(ExtractionSettings other) {
        return new ResNet101Extractor(this, complete(other, checkpoint()));
    }

    @Override
    public Size mapSize() {
        int least = settings().layers().stream()
                .mapToInt(layer -> ResNet101.stride(layer - 1))
                .min()
                .orElse(4);
        return Size.square((settings().loadSize() + least - 1) / least);
    }

    @Override
    String form() {
        return "resnet101";
    }

    @Override
    public FeatureLayout layout() {
        Map<Integer, Integer> channels = new TreeMap<>();
        settings().layers().forEach(layer -> channels.put(layer, ResNet101.channels(layer - 1)));
        return new FeatureLayout(channels, List.of(0));
    }

    @Override
    void forward(NDArray pixels, FeatureConsumer consumer) {
        Set<Integer> maps = settings().layers().stream().map(layer -> layer - 1).collect(Collectors.toSet());
        network.forward(pixels, maps, (index, map) -> consumer.accept(new FeatureKey(0, index + 1), map));
    }

    @Override
    void closeNetwork() {
        network.close();
    }
}
