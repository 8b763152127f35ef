package io.github.dhf4j.reproduction;

import io.github.dhf4j.DescriptorPipeline;
import io.github.dhf4j.data.FeatureCache;
import io.github.dhf4j.eval.data.PairDataset;
import io.github.dhf4j.eval.data.Split;
import io.github.dhf4j.eval.pck.MatchGrid;
import io.github.dhf4j.io.Environment;
import io.github.dhf4j.spi.Checkpoint;
import io.github.dhf4j.spi.Providers;
import io.github.dhf4j.tensor.TorchRuntime;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What {@link Table1} is laid out of, and how. Immutable; made by {@link #of}. */
public final class Table1Inputs {
    final Pairs data;
    final @Nullable Pairs transfer;
    final List<String> heldOut;
    private final @Nullable Checkpoint model;
    final Map<Table1Checkpoint, Path> checkpoints;
    final TrainingRecipe training;
    final int seeds;
    final MatchGrid grid;
    final int rawSaveIndex;
    final boolean floors;
    final boolean dift;
    final boolean sdDino;
    final boolean unlabelled;
    final boolean torch17;
    final boolean costs;
    final FeatureCache cache;
    final TorchRuntime runtime;
    final Map<String, String> described;

    /** A data set, a split at a time; {@code PairDatasets.read} reads those that are known. */
    @FunctionalInterface
    public interface Pairs {
        /**
         * Reads a split. Of one data set each is asked for once at most, when it is needed first.
         *
         * @param split which pairs
         * @return one pair or more
         * @throws IOException if it cannot be read
         */
        PairDataset read(Split split) throws IOException;
    }

    Table1Inputs(Table1InputsBuilder of) {
        this.data = of.data;
        this.transfer = of.transfer;
        this.heldOut = of.heldOut;
        this.model = of.model;
        this.checkpoints = Map.copyOf(of.checkpoints);
        this.training = of.training;
        this.seeds = of.seeds;
        this.grid = of.grid;
        this.rawSaveIndex = of.rawSaveIndex;
        this.floors = of.floors;
        this.dift = of.dift;
        this.sdDino = of.sdDino;
        this.unlabelled = of.unlabelled;
        this.torch17 = of.torch17;
        this.costs = of.costs;
        this.cache = of.cache != null ? of.cache : FeatureCache.standard();
        this.runtime = of.runtime != null ? of.runtime : TorchRuntime.best();
        this.described = of.described;
        if (transfer != null && !heldOut.isEmpty()) {
            throw new IllegalArgumentException("one of --transfer and --held-out must be given, got both");
        }
        if (seeds < 1 || (given(Table1Checkpoint.WEIGHTS) != null && seeds > 1)) {
            throw new IllegalArgumentException("--seeds must be 1 or more, and 1 with --weights, got " + seeds);
        }
    }

    /**
     * Begins with a data set.
     *
     * @param data trained on, chosen by and scored on, a split each
     * @return the other inputs as they are where nothing is said
     */
    public static Table1InputsBuilder of(Pairs data) {
        return new Table1InputsBuilder(data);
    }

    /** The diffusion checkpoint: the one that was given, else the one that {@code DHF_MODEL} names, else the bundled one. */
    Checkpoint model() throws IOException {
        return model != null
                ? model
                : DescriptorPipeline.builder().backbone("diffusion").checkpoint();
    }

    boolean isBundled() {
        return model == null && Environment.model() == null;
    }

    @Nullable
    Path given(Table1Checkpoint checkpoint) {
        return checkpoints.get(checkpoint);
    }

    /** A checkpoint that its row says it needs. */
    Path require(Table1Checkpoint checkpoint) {
        Path path = given(checkpoint);
        if (path == null) {
            throw new IllegalStateException("a row must name what it needs, got none of " + checkpoint);
        }
        return path;
    }

    /** The same, recognised. */
    Checkpoint require(Table1Checkpoint checkpoint, String backbone) throws IOException {
        return Providers.checkpoint(backbone, require(checkpoint));
    }
}
