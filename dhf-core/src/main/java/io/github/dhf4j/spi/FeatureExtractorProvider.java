package io.github.dhf4j.spi;

import ai.djl.Device;
import io.github.dhf4j.feature.ExtractionSettings;
import io.github.dhf4j.feature.FeatureExtractor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Opens checkpoints of one kind of network. */
public interface FeatureExtractorProvider {
    /**
     * The kind, as options name it.
     *
     * @return such as {@code diffusion} or {@code dinov2}
     */
    String backbone();

    /**
     * Whether a checkpoint looks like one of this kind. Looks at names and configurations, not at weights.
     *
     * @param checkpoint a folder or file, which may not exist
     * @return whether {@link #open} is worth a try
     */
    boolean recognises(Path checkpoint);

    /**
     * What is matched with where there are no aggregation weights.
     *
     * @return settings of raw maps, or null if such a choice must be made by the user
     */
    @Nullable
    ExtractionSettings rawSettings();

    /**
     * What is matched with where there are no aggregation weights, of one checkpoint: where it depends on how deep the
     * network is.
     *
     * @param checkpoint a folder or file; one that cannot be read is refused by {@link #open}, not here
     * @return settings of raw maps, or null if such a choice must be made by the user
     */
    default @Nullable ExtractionSettings rawSettings(Path checkpoint) {
        return rawSettings();
    }

    /**
     * The checkpoint that comes with the provider, for trying and testing.
     *
     * @return its folder, unpacked into the user's cache if need be; null if none comes with it
     * @throws IOException if it cannot be unpacked
     */
    @Nullable
    Path bundledCheckpoint() throws IOException;

    /**
     * Opens a checkpoint.
     *
     * @param checkpoint its folder or file
     * @param settings what to extract
     * @param device where to run
     * @return the extractor; the caller closes it
     * @throws IOException if the checkpoint is missing, damaged or not supported
     * @throws IllegalArgumentException if the settings are not for such a network
     */
    FeatureExtractor open(Path checkpoint, ExtractionSettings settings, Device device) throws IOException;

    /**
     * Says what a checkpoint is. Providers read configurations and headers for it, and no weights; where one does not know
     * how, the checkpoint is opened.
     *
     * @param checkpoint its folder or file
     * @return what it is
     * @throws IOException if the checkpoint is missing, damaged or not supported
     */
    default CheckpointSummary inspect(Path checkpoint) throws IOException {
        ExtractionSettings raw = rawSettings();
        ExtractionSettings all = (raw == null ? ExtractionSettings.inversion() : raw).withLayers(List.of());
        try (FeatureExtractor extractor = open(checkpoint, all, Device.cpu())) {
            return new CheckpointSummary(extractor.loadSize(), extractor.mapSize(), extractor.layout(), 0, "");
        }
    }
}
