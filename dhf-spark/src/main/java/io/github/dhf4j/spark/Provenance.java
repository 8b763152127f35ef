package io.github.dhf4j.spark;

import io.github.dhf4j.DescriptorPipeline;
import io.github.dhf4j.io.Environment;
import io.github.dhf4j.tensor.EngineThreads;
import io.github.dhf4j.tensor.TorchEngine;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What made a row, in its last columns. */
record Provenance(String recipe, @Nullable String fingerprint, String library, String engine, int threads) {
    static Provenance of(PipelineRecipe recipe, DescriptorPipeline pipeline) throws IOException {
        return new Provenance(
                recipe.key(),
                pipeline.extractor().fingerprint(),
                Environment.version(),
                TorchEngine.nameAndVersion(),
                EngineThreads.count());
    }

    void addTo(List<@Nullable Object> cells) {
        cells.add(recipe);
        cells.add(fingerprint);
        cells.add(library);
        cells.add(engine);
        cells.add(threads);
    }
}
