package io.github.dhf4j.backbones;

import io.github.dhf4j.io.hub.PublishedFiles;
import io.github.dhf4j.spi.Checkpoint;
import io.github.dhf4j.spi.CheckpointPath;
import io.github.dhf4j.spi.FeatureExtractorProvider;
import io.github.dhf4j.spi.WantedParts;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** DINOv2 behind the front door, by itself with the paper's row. */
public final class Dinov2Provider implements FeatureExtractorProvider {
    /** For the service loader. */
    public Dinov2Provider() {}

    @Override
    public String backbone() {
        return "dinov2";
    }

    @Override
    public String checkpoints() {
        return "DINOv2 in the transformers layout or the authors' file";
    }

    @Override
    public Optional<Checkpoint> recognise(CheckpointPath path) {
        return RecognisedTransformer.of(path, backbone(), Dinov2::paper);
    }

    @Override
    public boolean adapts(CheckpointPath weights) {
        return MarcoForm.isOf(weights.tensors());
    }

    @Override
    public List<String> select(PublishedFiles files, WantedParts wanted) throws IOException {
        return PublishedTransformer.select(files, backbone());
    }

    @Override
    public Optional<IOException> refusal(CheckpointPath path) {
        return Refusal.of(() -> VisionTransformerCheckpoint.open(path.path()));
    }
}
