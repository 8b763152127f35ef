package io.github.dhf4j.reproduction;

import io.github.dhf4j.backbones.CatsPlusPlusFinder;
import io.github.dhf4j.backbones.DhpfFinder;
import io.github.dhf4j.data.PointFinder;
import io.github.dhf4j.io.Digests;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Methods whose network sees both images of a pair at once.
 *
 * @param matchSize side of the pixel grid that they match on
 * @param inputs tells apart what the points depend on
 * @param opener opens the network
 */
record PairRecipe(int matchSize, Inputs inputs, Opener opener) implements Recipe {
    static final PairRecipe DHPF = new PairRecipe(
            DhpfFinder.SIDE,
            inputs -> Digests.ofFile(inputs.require(Table1Checkpoint.RESNET))
                    + Digests.ofFile(inputs.require(Table1Checkpoint.DHPF))
                    + inputs.torch17,
            inputs -> {
                Path resnet = inputs.require(Table1Checkpoint.RESNET);
                Path head = inputs.require(Table1Checkpoint.DHPF);
                DhpfFinder finder = DhpfFinder.open(resnet, head, !inputs.torch17, inputs.runtime);
                return new Opened(finder, finder::close);
            });

    static final PairRecipe CATS = new PairRecipe(
            CatsPlusPlusFinder.SIDE, inputs -> Digests.ofFile(inputs.require(Table1Checkpoint.CATS)), inputs -> {
                CatsPlusPlusFinder finder =
                        CatsPlusPlusFinder.open(inputs.require(Table1Checkpoint.CATS), inputs.runtime);
                return new Opened(finder, finder::close);
            });

    @FunctionalInterface
    interface Inputs {
        String of(Table1Inputs inputs) throws IOException;
    }

    @FunctionalInterface
    interface Opener {
        Opened open(Table1Inputs inputs) throws IOException;
    }

    record Opened(PointFinder finder, Runnable closer) implements AutoCloseable {
        @Override
        public void close() {
            closer.run();
        }
    }

    @Override
    public void check(Table1Inputs of) throws IOException {
        opener.open(of).close();
    }

    @Override
    public void score(Row row, Bench bench) throws IOException {
        try (Opened opened = opener.open(bench.inputs())) {
            bench.scores().add(row, matchSize, inputs.of(bench.inputs()), opened.finder, opened.finder);
        }
    }
}
