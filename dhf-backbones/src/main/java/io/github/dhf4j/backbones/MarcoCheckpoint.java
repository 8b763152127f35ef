package io.github.dhf4j.backbones;

import io.github.dhf4j.feature.BlockTaps;
import io.github.dhf4j.feature.ExtractionSettings;
import io.github.dhf4j.feature.FeatureExtractor;
import io.github.dhf4j.feature.Forward;
import io.github.dhf4j.feature.LayerTaps;
import io.github.dhf4j.spi.Checkpoint;
import io.github.dhf4j.spi.CheckpointSummary;
import io.github.dhf4j.tensor.TorchRuntime;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** A DINOv2 with MARCO's adapters. */
record MarcoCheckpoint(String backbone, Path path, Path adapters) implements Checkpoint {
    @Override
    public boolean accepts(ExtractionSettings settings) {
        return settings.process() instanceof Forward
                && !(settings.taps() instanceof BlockTaps)
                && settings.taps().tokens().withLayers(List.of()).equals(LayerTaps.ALL.tokens());
    }

    @Override
    public ExtractionSettings rawSettings() {
        return Marco.paper();
    }

    @Override
    public FeatureExtractor open(ExtractionSettings settings, TorchRuntime runtime) throws IOException {
        return MarcoExtractor.open(path, adapters, settings, runtime);
    }

    @Override
    public CheckpointSummary inspect() throws IOException {
        return MarcoNetwork.inspect(path, adapters);
    }
}
