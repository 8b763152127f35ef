package io.github.dhf4j.feature;

import io.github.dhf4j.image.RgbImage;
import io.github.dhf4j.image.Size;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * A network that turns images into feature maps, and pushes each map on when it is born; or several, {@linkplain
 * JointExtractor joined}. Safe for several threads.
 */
public interface FeatureExtractor extends AutoCloseable {
    /**
     * The networks that see an image.
     *
     * @return each by itself, in the order of the maps' {@link FeatureKey#network}; this alone unless several are joined
     */
    default List<FeatureExtractor> networks() {
        return List.of(this);
    }

    /**
     * What the maps come from, for logs and provenance.
     *
     * @return such as a checkpoint's folder
     */
    String name();

    /**
     * What the maps are a function of, beside the image: a digest of the network's weights and configuration, of the
     * process and of the load size. Equal fingerprints mean equal maps of equal images.
     *
     * @return such as hexadecimal digits; the first call may read all weights
     * @throws IOException if the weights cannot be read any more
     */
    String fingerprint() throws IOException;

    /**
     * The network, as descriptors made of its maps remember it. Extractors over one network with other settings have one
     * origin.
     *
     * @return the checkpoint's name, and a digest of weights and configuration that is made when it is needed, maybe after
     *     {@link #close}; unless an extractor says otherwise the whole {@link #fingerprint}, so that descriptors by other
     *     settings are not comparable
     */
    default OriginPart origin() {
        Path file = checkpoint().getFileName();
        return OriginPart.of("checkpoint " + (file == null ? checkpoint() : file), this::fingerprint);
    }

    /**
     * The network's weights.
     *
     * @return the checkpoint's folder or file
     */
    Path checkpoint();

    /**
     * What is run and kept, layers and load size filled in.
     *
     * @return the settings
     */
    ExtractionSettings settings();

    /**
     * The same network with other settings.
     *
     * @param other what to run and keep
     * @return an extractor over this one's network: unusable once this one is closed, and closing it frees nothing
     * @throws IllegalArgumentException if the settings are not for such a network
     */
    FeatureExtractor withSettings(ExtractionSettings other);

    /**
     * The size of the finest maps, which is that of descriptor maps unless another is asked for.
     *
     * @return cells; of Stable Diffusion the latents', an eighth of the load size
     */
    Size mapSize();

    /**
     * Which maps come.
     *
     * @return layers with widths, save indices
     */
    FeatureLayout layout();

    /**
     * What images are resized to before they enter the network.
     *
     * @return pixels
     */
    Size loadSize();

    /**
     * An image as the network wants it: {@link #extract} gives the same maps of both, and has less to do. Runs no network,
     * so that other images can be got ready meanwhile.
     *
     * @param image of any size
     * @return resized to the {@link #loadSize}; the image itself unless an extractor says otherwise
     */
    default RgbImage resized(RgbImage image) {
        return image;
    }

    /**
     * Where maps lie on the image.
     *
     * @return the whole image, unless the settings say otherwise
     */
    default MapExtent extent() {
        return MapExtent.WHOLE;
    }

    /**
     * Lays descriptors that are this network's maps, or made of them, on their image.
     *
     * @param map of all cells of a map
     * @return within the {@link #extent}, to be compared by cosines; where the network was trained for it of other cells, and
     *     to be compared otherwise
     */
    default DescriptorMap placed(DescriptorMap map) {
        return map.withExtent(extent());
    }

    /**
     * Whether {@link #placed} has descriptors compared by plain products ({@link DescriptorMap#products}).
     *
     * @return false unless the network was trained for it
     */
    default boolean comparesProducts() {
        return false;
    }

    /**
     * Runs images through the network as one batch.
     *
     * @param images one or more, of any sizes
     * @param consumer takes each map, (B, C, h, w) with B the number of images; runs on this thread
     * @param monitor hears of progress and can cancel
     * @throws java.util.concurrent.CancellationException if the monitor cancels
     * @throws IllegalStateException after {@link #close}
     */
    void extract(List<RgbImage> images, FeatureConsumer consumer, RunMonitor monitor);

    /** Frees the network. */
    @Override
    void close();
}
