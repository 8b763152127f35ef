package io.github.dhf4j.cli;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import io.github.dhf4j.DescriptorPipelineBuilder;
import io.github.dhf4j.data.FeatureCache;
import io.github.dhf4j.data.FeatureSource;
import io.github.dhf4j.feature.ExtractionSettings;
import io.github.dhf4j.feature.FeatureExtractor;
import io.github.dhf4j.feature.RunMonitor;
import io.github.dhf4j.tensor.TorchRuntime;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where features are kept. */
final class CacheOptions {
    @Option(
            names = "--cache",
            paramLabel = "DIR",
            description =
                    "Where images' features are kept, so that the network runs once for each. Default: 'features' in the folder that DHF_CACHE names, else in the user's cache folder.")
    @Nullable
    Path folder;

    @Option(
            names = "--cache-budget",
            paramLabel = "GB",
            description =
                    "What the cache may take; what was used longest ago goes first. Default: a tenth of the free disk, at most 10.")
    @Nullable
    Double gigabytes;

    @Option(names = "--cache-float32", description = "Keep features in 32 bits instead of 16, at twice the room.")
    boolean wide;

    /** What is done with a checkpoint and its features while both are open. */
    @FunctionalInterface
    interface Work {
        void with(FeatureExtractor extractor, FeatureSource features) throws IOException;
    }

    /** Opens a checkpoint for a process, over the cache, and closes it after the work. */
    void with(DescriptorPipelineBuilder checkpoint, ExtractionSettings settings, TorchRuntime runtime, Work work)
            throws IOException {
        FeatureCache kept = open();
        try (FeatureExtractor extractor = checkpoint.runtime(runtime).openExtractor(settings);
                NDManager manager = runtime.newManager()) {
            work.with(extractor, kept.over(extractor, manager, RunMonitor.NONE));
        }
    }

    FeatureCache open() {
        Path where = folder != null ? folder : FeatureCache.standardFolder();
        return FeatureCache.open(
                where,
                gigabytes != null ? (long) (gigabytes * 1e9) : FeatureCache.defaultBudget(where),
                wide ? DataType.FLOAT32 : DataType.FLOAT16);
    }
}
