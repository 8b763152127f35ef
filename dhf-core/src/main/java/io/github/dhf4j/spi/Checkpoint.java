package io.github.dhf4j.spi;

import io.github.dhf4j.feature.ExtractionSettings;
import io.github.dhf4j.feature.FeatureExtractor;
import io.github.dhf4j.tensor.TorchRuntime;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A checkpoint whose kind a provider recognised. Holds nothing open; may be opened several times, with other settings or
 * elsewhere. Get one from {@link Providers#checkpoint}.
 */
public interface Checkpoint {
    /**
     * The kind of network, as options name it.
     *
     * @return such as {@code diffusion} or {@code dinov2}
     */
    String backbone();

    /**
     * Where it is.
     *
     * @return its folder or file
     */
    Path path();

    /**
     * The checkpoints of the networks that see an image.
     *
     * @return this alone, or those that are joined in it
     */
    default List<Checkpoint> networks() {
        return List.of(this);
    }

    /**
     * Whether settings are of such a network: by their process and taps, not yet by how many layers this one has.
     *
     * @param settings any
     * @return whether {@link #open} is worth a try with them
     */
    boolean accepts(ExtractionSettings settings);

    /**
     * What is matched with where there are no aggregation weights.
     *
     * @return settings of raw maps, or null if such a choice must be made by the user
     */
    @Nullable
    ExtractionSettings rawSettings();

    /**
     * The same with the weights of another file in place of its UNet's.
     *
     * @param file a state dict in diffusers' keys, such as of a fine-tuning that is published by itself
     * @return a checkpoint of the same path
     * @throws IllegalArgumentException if it has no UNet
     */
    default Checkpoint withUNet(Path file) {
        throw new IllegalArgumentException("a UNet can be put into diffusion checkpoints only, got backbone "
                + backbone() + " (" + path() + ") for " + file);
    }

    /**
     * The same network with adapters inside, which is then matched with by its {@link #rawSettings}.
     *
     * @param adapters a file that a provider {@linkplain FeatureExtractorProvider#adapts takes for adapters}
     * @return the adapted checkpoint, which holds nothing open either
     * @throws IOException if this kind of network has no adapters
     */
    default Checkpoint adapted(Path adapters) throws IOException {
        throw new IOException("adapters must be of the checkpoint's network, got one of backbone " + backbone() + " ("
                + path() + ") and adapters of another (" + adapters
                + "); give the checkpoint that they were trained on");
    }

    /**
     * Opens it.
     *
     * @param settings what to extract
     * @param runtime where to run, and in which type
     * @return the extractor; the caller closes it
     * @throws IOException if the checkpoint is damaged or not supported, or not there any more
     * @throws IllegalArgumentException if the settings are not for such a network
     */
    FeatureExtractor open(ExtractionSettings settings, TorchRuntime runtime) throws IOException;

    /**
     * Says what it is. Those of this library read configurations and headers for it, and no weights; where one does not
     * know how, the checkpoint is opened.
     *
     * @return what it is
     * @throws IOException if the checkpoint is damaged or not supported, or not there any more
     */
    default CheckpointSummary inspect() throws IOException {
        ExtractionSettings raw = rawSettings();
        ExtractionSettings all = (raw == null ? ExtractionSettings.inversion() : raw).withLayers(List.of());
        try (FeatureExtractor extractor = open(all, TorchRuntime.cpu())) {
            return new CheckpointSummary(extractor.loadSize(), extractor.mapSize(), extractor.layout(), 0, "");
        }
    }
}
