package io.github.dhf4j.backbones;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.github.dhf4j.feature.CellProducts;
import io.github.dhf4j.feature.DescriptorMap;
import io.github.dhf4j.feature.ExtractionSettings;
import io.github.dhf4j.feature.FeatureConsumer;
import io.github.dhf4j.feature.FeatureKey;
import io.github.dhf4j.feature.FeatureLayout;
import io.github.dhf4j.feature.LayerTaps;
import io.github.dhf4j.feature.MapExtent;
import io.github.dhf4j.image.PillowResize;
import io.github.dhf4j.image.Size;
import io.github.dhf4j.io.OpenedFiles;
import io.github.dhf4j.io.Texts;
import io.github.dhf4j.tensor.TorchRuntime;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * MARCO's descriptors: one map, layer 1, of four times the patches along a side in the published file. Images are resized as
 * Pillow's bilinear filter does it. Cells that lie on no pixel of a padded image are left out of its descriptors, so that nothing is ever
 * matched with them. Safe for several threads.
 *
 * <p>Source: MARCO, arXiv 2604.18267, and its authors' release.
 * Differs: the authors match with the cells of the padding too, and read points that lie beyond the last cell of the image, within some
 * pixels of the padding, of both.
 */
final class MarcoExtractor extends ImageNetExtractor {
    private final MarcoNetwork network;

    private MarcoExtractor(
            Path path,
            String inside,
            OpenedFiles weights,
            MarcoNetwork network,
            TorchRuntime runtime,
            NDManager manager,
            ExtractionSettings settings) {
        super(
                path,
                inside,
                weights,
                runtime,
                manager,
                settings,
                Size.square(settings.loadSize()),
                PillowResize.Kernel.BILINEAR);
        this.network = network;
    }

    private MarcoExtractor(MarcoExtractor of, ExtractionSettings settings) {
        super(of, settings, Size.square(settings.loadSize()));
        this.network = of.network;
    }

    /**
     * Opens a checkpoint with adapters.
     *
     * @param dinov2 with registers: a folder in the transformers layout, or the authors' file
     * @param adapters MARCO's file
     * @param wanted a load size of 0 is 770
     * @param runtime where to run, and in which type
     * @return the extractor; the caller closes it
     * @throws IOException if a file is missing, damaged or of another network
     * @throws IllegalArgumentException if the patches do not divide the load size
     */
    static MarcoExtractor open(Path dinov2, Path adapters, ExtractionSettings wanted, TorchRuntime runtime)
            throws IOException {
        NDManager manager = runtime.newManager();
        try {
            MarcoNetwork network = MarcoNetwork.open(dinov2, adapters, manager, runtime.dtype());
            ExtractionSettings settings = complete(wanted, network.patchSize(), dinov2);
            network.pack(manager, runtime.dtype(), settings.loadSize());
            return new MarcoExtractor(
                    dinov2,
                    " adapted by " + Texts.lastName(adapters),
                    network.files(),
                    network,
                    runtime,
                    manager,
                    settings);
        } catch (IOException | RuntimeException e) {
            manager.close();
            throw e;
        }
    }

    private static ExtractionSettings complete(ExtractionSettings wanted, int patch, Path path) {
        int side = wanted.loadSize() == 0 ? Marco.paper().loadSize() : wanted.loadSize();
        VisionTransformerExtractor.requirePatches(Size.square(side), patch, path);
        return wanted.withTaps(new LayerTaps(layers(wanted, Marco.LAYER, path))).withLoadSize(side);
    }

    @Override
    public MarcoExtractor withSettings(ExtractionSettings other) {
        return new MarcoExtractor(this, complete(other, network.patchSize(), checkpoint()));
    }

    @Override
    public Size mapSize() {
        return Size.square(network.cells(loadSize().width()));
    }

    @Override
    public FeatureLayout layout() {
        return new FeatureLayout(Map.of(Marco.LAYER, network.channels()), List.of(0));
    }

    @Override
    public boolean comparesProducts() {
        return true;
    }

    @Override
    public DescriptorMap placed(DescriptorMap map) {
        Size frame = PictureFrame.of(map.imageSize(), loadSize(), settings().process());
        Axis across = new Axis(map.size().width(), loadSize().width(), frame.width());
        Axis down = new Axis(map.size().height(), loadSize().height(), frame.height());
        return map.cropped(new Size(across.onImage(), down.onImage()))
                .withExtent(new MapExtent(0, 0, across.extent(), down.extent()))
                .withProducts(new CellProducts(across.step(), down.step()));
    }

    /** Cells along a side of the picture whose first {@code frame} pixels are the image's; the first and last cell lie on its first and last. */
    private record Axis(int cells, int pixels, int frame) {
        /** As a share of the image. */
        double step() {
            return (double) Math.max(1, pixels - 1) / Math.max(1, cells - 1) / frame;
        }

        /** How many cells lie on pixels of the image. */
        int onImage() {
            return (frame - 1) * (cells - 1) / Math.max(1, pixels - 1) + 1;
        }

        /** Where the last of these ends, as a share of the image. */
        double extent() {
            return (double) onImage() * pixels / cells / frame;
        }
    }

    @Override
    String form() {
        return network.form();
    }

    @Override
    void forward(NDArray pixels, FeatureConsumer consumer) {
        NDManager work = pixels.getManager();
        try (NDArray map = network.upscaled(network.last(pixels, work), work)) {
            consumer.accept(new FeatureKey(0, Marco.LAYER), map);
        }
    }

    @Override
    void closeNetwork() {
        network.close();
    }
}
