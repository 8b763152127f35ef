package io.github.dhf4j.reproduction;

import io.github.dhf4j.DescriptorPipeline;
import io.github.dhf4j.data.FeatureCache;
import io.github.dhf4j.eval.pck.MatchGrid;
import io.github.dhf4j.spi.Checkpoint;
import io.github.dhf4j.tensor.TorchRuntime;
import java.nio.file.Path;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Says what {@link Table1} is laid out of; what is not said is the paper's, on the bundled pipeline. */
public final class Table1InputsBuilder {
    final Table1Inputs.Pairs data;
    final Map<Table1Checkpoint, Path> checkpoints = new EnumMap<>(Table1Checkpoint.class);
    Table1Inputs.@Nullable Pairs transfer;
    List<String> heldOut = List.of();

    @Nullable
    Checkpoint model;

    TrainingRecipe training = TrainingRecipe.PAPER;
    int seeds = 1;
    MatchGrid grid = MatchGrid.of(0);
    int rawSaveIndex = DescriptorPipeline.DEFAULT_RAW_SAVE_INDEX;
    boolean floors;
    boolean dift;
    boolean sdDino;
    boolean unlabelled;
    boolean torch17;
    boolean costs = true;

    @Nullable
    FeatureCache cache;

    @Nullable
    TorchRuntime runtime;

    Map<String, String> described = Map.of();

    Table1InputsBuilder(Table1Inputs.Pairs data) {
        this.data = data;
    }

    /**
     * Scores on a second data set too, as the paper does on CUB.
     *
     * @param second of which the test split is read
     * @return this
     */
    public Table1InputsBuilder transfer(Table1Inputs.Pairs second) {
        this.transfer = second;
        return this;
    }

    /**
     * Scores some categories of the test split apart, as transfer, in place of a second data set.
     *
     * @param categories their names; the training split is taken as it is read
     * @return this
     */
    public Table1InputsBuilder heldOut(List<String> categories) {
        this.heldOut = List.copyOf(categories);
        return this;
    }

    /**
     * Chooses the diffusion checkpoint.
     *
     * @param checkpoint such as {@code Providers.checkpoint("diffusion", folder)}, or with another UNet in it; without a call
     *     the one that {@code DHF_MODEL} names, else the bundled one
     * @return this
     */
    public Table1InputsBuilder model(Checkpoint checkpoint) {
        this.model = checkpoint;
        return this;
    }

    /**
     * Gives a checkpoint that rows need, and so asks for these rows.
     *
     * @param what which
     * @param path its folder or file
     * @return this
     */
    public Table1InputsBuilder checkpoint(Table1Checkpoint what, Path path) {
        checkpoints.put(what, path);
        return this;
    }

    /**
     * Chooses how weights are trained.
     *
     * @param recipe without a call {@link TrainingRecipe#PAPER}
     * @return this
     */
    public Table1InputsBuilder training(TrainingRecipe recipe) {
        this.training = recipe;
        return this;
    }

    /**
     * Trains several times, with the recipe's seed, the next one, and so on.
     *
     * @param count 1 or more, and 1 where weights are given
     * @return this
     */
    public Table1InputsBuilder seeds(int count) {
        this.seeds = count;
        return this;
    }

    /**
     * Chooses how points are matched.
     *
     * @param how side 0 for the size at which each network sees images
     * @return this
     */
    public Table1InputsBuilder grid(MatchGrid how) {
        this.grid = how;
        return this;
    }

    /**
     * Chooses the save index of the row SD-Layer-4.
     *
     * @param saveIndex of fifty timesteps, 49 the cleanest
     * @return this
     */
    public Table1InputsBuilder rawSaveIndex(int saveIndex) {
        this.rawSaveIndex = saveIndex;
        return this;
    }

    /**
     * Asks for a row by an aggregator that is trained over a denoising network with random weights.
     *
     * @param wanted whether
     * @return this
     */
    public Table1InputsBuilder floors(boolean wanted) {
        this.floors = wanted;
        return this;
    }

    /**
     * Asks for the row DIFT on the diffusion checkpoint, whose prompts name the pairs' categories.
     *
     * @param wanted whether
     * @return this
     */
    public Table1InputsBuilder dift(boolean wanted) {
        this.dift = wanted;
        return this;
    }

    /**
     * Asks for Stable Diffusion's half of SD + DINO as a row, whose prompts name the pairs' categories.
     *
     * @param wanted whether to score it
     * @return this
     */
    public Table1InputsBuilder sdDino(boolean wanted) {
        this.sdDino = wanted;
        return this;
    }

    /**
     * Asks for a row of weights that are trained on the training split's pictures alone, with no key point.
     *
     * @param wanted whether it is a row
     * @return this
     */
    public Table1InputsBuilder unlabelled(boolean wanted) {
        this.unlabelled = wanted;
        return this;
    }

    /**
     * Chooses how DHPF's Hough cells are counted.
     *
     * @param later as torch 1.7 and later do; false, as torch 1.0.1 did, for which its authors wrote
     * @return this
     */
    public Table1InputsBuilder dhpfAsTorch17(boolean later) {
        this.torch17 = later;
        return this;
    }

    /**
     * Measures time and memory a pair, which takes two pairs a row that are not cached.
     *
     * @param wanted whether; without a call they are
     * @return this
     */
    public Table1InputsBuilder costs(boolean wanted) {
        this.costs = wanted;
        return this;
    }

    /**
     * Chooses where features are kept.
     *
     * @param where without a call {@link FeatureCache#standard}
     * @return this
     */
    public Table1InputsBuilder cache(FeatureCache where) {
        this.cache = where;
        return this;
    }

    /**
     * Chooses where networks run.
     *
     * @param where without a call {@link TorchRuntime#best()}
     * @return this
     */
    public Table1InputsBuilder runtime(TorchRuntime where) {
        this.runtime = where;
        return this;
    }

    /**
     * Says more of the inputs in the files, such as the data set's name.
     *
     * @param settings by name, in the order in which they are shown, after those that the table knows; no paths of this
     *     machine, since files are passed on
     * @return this
     */
    public Table1InputsBuilder described(Map<String, String> settings) {
        this.described = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
        return this;
    }

    /**
     * Ends.
     *
     * @return the inputs
     * @throws IllegalArgumentException if some exclude one another
     */
    public Table1Inputs build() {
        return new Table1Inputs(this);
    }
}
