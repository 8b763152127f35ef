package io.github.dhf4j.backbones;

import com.google.gson.JsonObject;
import io.github.dhf4j.backbones.VisionTransformerConfig.Family;
import io.github.dhf4j.feature.ExtractionSettings;
import io.github.dhf4j.io.hub.PublishedFiles;
import io.github.dhf4j.spi.Checkpoint;
import io.github.dhf4j.spi.CheckpointPath;
import io.github.dhf4j.spi.FeatureExtractorProvider;
import io.github.dhf4j.spi.WantedParts;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** DINOv3 behind the front door, by itself with its last block. */
public final class Dinov3Provider implements FeatureExtractorProvider {
    private static final int BLOCKS = 12;

    /** For the service loader. */
    public Dinov3Provider() {}

    @Override
    public String backbone() {
        return "dinov3";
    }

    @Override
    public String checkpoints() {
        return "DINOv3 in the transformers layout";
    }

    @Override
    public Optional<Checkpoint> recognise(CheckpointPath path) {
        return RecognisedTransformer.of(path, backbone(), () -> last(path));
    }

    @Override
    public List<String> select(PublishedFiles files, WantedParts wanted) throws IOException {
        return PublishedTransformer.select(files, backbone());
    }

    @Override
    public Optional<IOException> refusal(CheckpointPath path) {
        return Refusal.of(() -> VisionTransformerCheckpoint.open(path.path()));
    }

    /** As many blocks as the configuration says, by which it was recognised. */
    private static ExtractionSettings last(CheckpointPath path) {
        try {
            JsonObject config = path.config("config.json").orElseThrow();
            return Dinov3.last(VisionTransformerConfig.read(
                            config, Family.DINOV3, path.path().toString())
                    .layers());
        } catch (IOException e) {
            // opening it tells the reason
            return Dinov3.last(BLOCKS);
        }
    }
}
