package io.github.dhf4j.spi;

import ai.djl.Device;
import io.github.dhf4j.feature.ExtractionSettings;
import io.github.dhf4j.feature.FeatureExtractor;
import java.io.IOException;
import java.nio.file.Path;

/** Opens checkpoints of one kind of network. */
public interface FeatureExtractorProvider {
    /**
     * The checkpoint that comes with the provider, for trying and testing.
     *
     * @return its folder, unpacked into the user's cache if need be
     * @throws IOException if it cannot be unpacked
     */
    Path bundledCheckpoint() throws IOException;

    /**
     * Opens a checkpoint.
     *
     * @param checkpoint its folder
     * @param settings what to extract
     * @param device where to run
     * @return the extractor; the caller closes it
     * @throws IOException if the checkpoint is missing, damaged or not supported
     */
    FeatureExtractor open(Path checkpoint, ExtractionSettings settings, Device device) throws IOException;
}
