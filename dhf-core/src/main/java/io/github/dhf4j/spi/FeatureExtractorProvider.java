package io.github.dhf4j.spi;

import io.github.dhf4j.io.hub.PublishedFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Recognises checkpoints of one kind of network. A file {@code META-INF/services/} with this interface's name, in the jar
 * of a provider, holds the name of its class; then the front door finds it. Inside such a class:
 *
 * {@snippet file="ColourProvider.java" region="provider"}
 */
public interface FeatureExtractorProvider {
    /**
     * The kind, as options name it.
     *
     * @return such as {@code diffusion} or {@code dinov2}
     */
    String backbone();

    /**
     * Which checkpoints are of this kind, for help texts.
     *
     * @return words without a full stop, such as "DINO in the transformers layout"
     */
    default String checkpoints() {
        return "what is of backbone " + backbone();
    }

    /**
     * Recognises a checkpoint of this kind by names and configurations, not by weights.
     *
     * @param path where it may be, and what lies there
     * @return the checkpoint; empty if it is not of this kind, or nothing is there
     */
    Optional<Checkpoint> recognise(CheckpointPath path);

    /**
     * Says what keeps a path from being such a checkpoint, where a user named this kind and no other recognises it.
     *
     * @param path that {@link #recognise} did not
     * @return what opening it as such would say; empty to say only what the path is
     */
    default Optional<IOException> refusal(CheckpointPath path) {
        return Optional.empty();
    }

    /**
     * Whether weights are adapters: what belongs into a network of this kind, instead of making descriptors of its maps.
     *
     * @param weights a file
     * @return whether {@link Checkpoint#adapted} of a checkpoint of this kind takes it
     */
    default boolean adapts(CheckpointPath weights) {
        return false;
    }

    /**
     * Chooses the files of a published repository that a checkpoint of this kind is opened from: no other parts, forms or
     * precisions, and no pickle where there is a safetensors.
     *
     * @param files those there are
     * @param wanted in which type, and without which part
     * @return their paths; none if the repository holds no checkpoint of this kind
     * @throws IOException saying what such a checkpoint lacks, or if a configuration cannot be had
     */
    default List<String> select(PublishedFiles files, WantedParts wanted) throws IOException {
        return List.of();
    }

    /**
     * The checkpoint that comes with the provider, for trying and testing.
     *
     * @return its folder, unpacked into the user's cache if need be; null if none comes with it
     * @throws IOException if it cannot be unpacked
     */
    default @Nullable Path bundledCheckpoint() throws IOException {
        return null;
    }
}
