package io.github.dhf4j.reproduction;

import io.github.dhf4j.diffusion.train.RandomPipeline;
import io.github.dhf4j.feature.ExtractionSettings;
import io.github.dhf4j.spi.Checkpoint;
import io.github.dhf4j.spi.Providers;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The network whose features rows read. Rows of one and the same source are scored while it is open. */
interface Source {
    /** Of rows that open what they need. */
    Source NONE = bench -> null;

    /** The diffusion checkpoint, by the process of the weights, or the paper's. */
    Source DIFFUSION = bench -> new Network(bench.model(), bench.process());

    Source ONE_STEP = bench -> new Network(
            bench.model(),
            ExtractionSettings.oneStep().withLoadSize(bench.process().loadSize()));

    /** The diffusion checkpoint with random weights in place of the denoising network's. */
    Source RANDOM = bench -> {
        Path random = bench.folder().resolve("random-pipeline");
        RandomPipeline.write(
                bench.model().path(), bench.inputs().training.settings().seed(), random);
        return new Network(Providers.checkpoint("diffusion", random), bench.process());
    };

    /** What is opened. */
    record Network(Checkpoint checkpoint, ExtractionSettings settings) {}

    /** Null for none. */
    @Nullable
    Network network(Bench bench) throws IOException;

    /** The file that is given for it, which can be looked at before long work; null for none. */
    default @Nullable Network given(Table1Inputs inputs) throws IOException {
        return null;
    }

    static Source of(String backbone, Table1Checkpoint checkpoint, ExtractionSettings settings) {
        return given(inputs -> new Network(inputs.require(checkpoint, backbone), settings));
    }

    /** With weights inside the network that are not the checkpoint's. */
    static Source adapted(
            String backbone, Table1Checkpoint checkpoint, Table1Checkpoint adapters, ExtractionSettings settings) {
        return given(inputs ->
                new Network(inputs.require(checkpoint, backbone).adapted(inputs.require(adapters)), settings));
    }

    @FunctionalInterface
    interface Given {
        Network of(Table1Inputs inputs) throws IOException;
    }

    private static Source given(Given given) {
        return new Source() {
            @Override
            public Network network(Bench bench) throws IOException {
                return given(bench.inputs());
            }

            @Override
            public Network given(Table1Inputs inputs) throws IOException {
                return given.of(inputs);
            }
        };
    }
}
