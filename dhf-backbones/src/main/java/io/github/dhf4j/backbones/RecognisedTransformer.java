package io.github.dhf4j.backbones;

import io.github.dhf4j.backbones.VisionTransformerConfig.Family;
import io.github.dhf4j.feature.BlockTaps;
import io.github.dhf4j.feature.ExtractionSettings;
import io.github.dhf4j.feature.FeatureExtractor;
import io.github.dhf4j.feature.Forward;
import io.github.dhf4j.spi.Checkpoint;
import io.github.dhf4j.spi.CheckpointPath;
import io.github.dhf4j.spi.CheckpointSummary;
import io.github.dhf4j.tensor.TorchRuntime;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;

/** A vision transformer's checkpoint of a family that its provider knows, with what is matched with by itself. */
record RecognisedTransformer(String backbone, Path path, ExtractionSettings rawSettings) implements Checkpoint {
    /** The checkpoint at a path, if it is of that backbone. */
    static Optional<Checkpoint> of(CheckpointPath path, String backbone, Supplier<ExtractionSettings> raw) {
        Family family = VisionTransformerCheckpoint.family(path);
        return family != null && family.backbone().equals(backbone)
                ? Optional.of(new RecognisedTransformer(backbone, path.path(), raw.get()))
                : Optional.empty();
    }

    @Override
    public boolean accepts(ExtractionSettings settings) {
        return settings.process().equals(new Forward()) && !(settings.taps() instanceof BlockTaps);
    }

    @Override
    public Checkpoint adapted(Path adapters) throws IOException {
        return backbone.equals(Family.DINOV2.backbone())
                ? new MarcoCheckpoint(backbone, path, adapters)
                : Checkpoint.super.adapted(adapters);
    }

    @Override
    public FeatureExtractor open(ExtractionSettings settings, TorchRuntime runtime) throws IOException {
        return VisionTransformerExtractor.open(path, settings, runtime);
    }

    @Override
    public CheckpointSummary inspect() throws IOException {
        return VisionTransformer.inspect(path);
    }
}
