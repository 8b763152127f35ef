package io.github.dhf4j.feature;

import io.github.dhf4j.image.RgbImage;
import io.github.dhf4j.image.Size;
import java.util.List;

/** A network that turns images into feature maps, and pushes each map on when it is born. Safe for several threads. */
public interface FeatureExtractor extends AutoCloseable {
    /**
     * What the maps come from, for logs and provenance.
     *
     * @return such as a checkpoint's folder
     */
    String name();

    /**
     * Which maps come.
     *
     * @return layers with widths, saved indices
     */
    FeatureLayout layout();

    /**
     * What images are resized to before they enter the network.
     *
     * @return pixels
     */
    Size loadSize();

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
