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
 * Hypercolumns of ResNet-101: any of its 34 maps. Map i is layer i + 1; there is one saved index, 0. Safe for several
 * threads.
 *
 * <p>Source: torchvision's {@code resnet101}; maps as DHPF and CATs++ take them.
 */
public final class ResNet101Extractor extends ImageNetExtractor {
    /** What CATs++ takes: layers 2 to 4. */
    public static final List<Integer> CATS_MAPS =
            IntStream.rangeClosed(4, 33).boxed().toList();

    private final ResNet101 network;
    private final List<Integer> maps;

    private ResNet101Extractor(Path path, ResNet101 network, NDManager manager, List<Integer> maps, Size loadSize) {
        super("ResNet-101 " + path, path, manager, loadSize, PillowResize.Kernel.BILINEAR);
        this.network = network;
        this.maps = maps;
    }

    /**
     * Opens weights.
     *
     * @param path torchvision's {@code .pth} or the same as safetensors
     * @param maps which of the 34, each once; empty for all
     * @param loadSize what images are resized to
     * @param device where to run
     * @return the extractor; the caller closes it
     * @throws IOException if the file is missing, damaged or of another network
     */
    public static ResNet101Extractor open(Path path, List<Integer> maps, Size loadSize, Device device)
            throws IOException {
        List<Integer> wanted =
                maps.isEmpty() ? IntStream.range(0, ResNet101.MAPS).boxed().toList() : List.copyOf(maps);
        if (new TreeSet<>(wanted).size() < wanted.size()
                || wanted.stream().anyMatch(map -> map < 0 || map >= ResNet101.MAPS)) {
            throw new IllegalArgumentException(
                    "maps must be 0 to " + (ResNet101.MAPS - 1) + ", each once, got " + wanted + " (" + path + ")");
        }
        if (loadSize.width() < 32 || loadSize.height() < 32) {
            throw new IllegalArgumentException("load size must be 32 or more, got " + loadSize + " (" + path + ")");
        }
        NDManager manager = NDManager.newBaseManager(device, "PyTorch");
        try (TensorFile file = TensorFile.open(path)) {
            ResNet101 network = new ResNet101(file, "", Set.of());
            network.load(manager);
            return new ResNet101Extractor(path, network, manager, wanted, loadSize);
        } catch (IOException | RuntimeException e) {
            manager.close();
            throw e;
        }
    }

    @Override
    String form() {
        return maps + " " + loadSize();
    }

    @Override
    public FeatureLayout layout() {
        Map<Integer, Integer> channels = new TreeMap<>();
        maps.forEach(map -> channels.put(map + 1, ResNet101.channels(map)));
        return new FeatureLayout(channels, List.of(0));
    }

    @Override
    void forward(NDArray pixels, FeatureConsumer consumer) {
        network.forward(pixels, Set.copyOf(maps), (index, map) -> consumer.accept(new FeatureKey(0, index + 1), map));
    }

    @Override
    void closeNetwork() {
        network.close();
    }
}
