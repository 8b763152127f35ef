package io.github.dhf4j.reproduction;

import io.github.dhf4j.diffusion.train.RandomPipeline;
import io.github.dhf4j.feature.ExtractionSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The network whose features rows read. Rows of one and the same source are scored while it is open. */
interface Source {
    /** Of rows that open what they need. */
    Source NONE = bench -> null;

    /** The diffusion checkpoint, by the process of the weights, or the paper's. */
    Source DIFFUSION = bench -> diffusion(bench.model(), bench.process());

    Source ONE_STEP = bench -> diffusion(
            bench.model(),
            ExtractionSettings.oneStep().withLoadSize(bench.process().loadSize()));

    /** The diffusion checkpoint with random weights in place of the denoising network's. */
    Source RANDOM = bench -> {
        Path random = bench.folder().resolve("random-pipeline");
        RandomPipeline.write(bench.model(), bench.inputs().training.settings().seed(), random);
        return diffusion(random, bench.process());
    };

    /** What is opened; adapters are null for none. */
    record Network(
            String backbone, Path checkpoint, @Nullable Path adapters, ExtractionSettings settings) {
        Network(String backbone, Path checkpoint, ExtractionSettings settings) {
            this(backbone, checkpoint, null, settings);
        }
    }

    /** Null for none. */
    @Nullable
    Network network(Bench bench) throws IOException;

    /** The file that is given for it, which can be looked at before long work; null for none. */
    default @Nullable Network given(Table1Inputs inputs) {
        return null;
    }

    static Source of(String backbone, Table1Checkpoint checkpoint, ExtractionSettings settings) {
        return given(inputs -> new Network(backbone, inputs.require(checkpoint), settings));
    }

    /** With weights inside the network that are not the checkpoint's. */
    static Source adapted(
            String backbone, Table1Checkpoint checkpoint, Table1Checkpoint adapters, ExtractionSettings settings) {
        return given(inputs -> new Network(backbone, inputs.require(checkpoint), inputs.require(adapters), settings));
    }

    private static Source given(Function<Table1Inputs, Network> of) {
        return new Source() {
            @Override
            public Network network(Bench bench) {
                return given(bench.inputs());
            }

            @Override
            public Network given(Table1Inputs inputs) {
                return of.apply(inputs);
            }
        };
    }

    private static Network diffusion(Path checkpoint, ExtractionSettings settings) {
        return new Network("diffusion", checkpoint, settings);
    }
}
