package io.github.dhf4j.cli;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.github.dhf4j.DescriptorPipeline;
import io.github.dhf4j.diffusion.DiffusionFeatureExtractor;
import io.github.dhf4j.feature.DescriptorAccumulator;
import io.github.dhf4j.feature.DescriptorMap;
import io.github.dhf4j.image.Size;
import java.io.IOException;
import java.util.Collections;
import java.util.List;

/** Descriptor maps of latents that other software made: the explicit path, below the front door. */
final class LatentDescriptions {
    private LatentDescriptions() {}

    static List<DescriptorMap> of(DescriptorPipeline pipeline, TensorRef source) throws IOException {
        if (!(pipeline.extractor() instanceof DiffusionFeatureExtractor extractor)) {
            throw new IllegalArgumentException("latents need a diffusion checkpoint, got "
                    + pipeline.extractor().name());
        }
        try (NDManager manager = extractor.newManager();
                NDArray latents = source.read(manager, "latents");
                DescriptorAccumulator sum = pipeline.aggregator().accumulator()) {
            extractor.extract(latents, null, sum, ConsoleProgress.monitor(), null);
            // latents of other sizes than the load size's come from images of another size
            Size size = extractor.sizeOf(latents);
            return DescriptorMap.of(
                            sum.descriptors(),
                            Collections.nCopies((int) latents.getShape().get(0), size),
                            size)
                    .stream()
                    .map(map -> map.withOrigin(pipeline.origin()))
                    .toList();
        }
    }
}
