package io.github.dhf4j.reproduction;

import ai.djl.ndarray.NDManager;
import io.github.dhf4j.DescriptorPipeline;
import io.github.dhf4j.aggregation.Aggregator;
import io.github.dhf4j.aggregation.AggregatorFile;
import io.github.dhf4j.aggregation.AggregatorPruning;
import io.github.dhf4j.backbones.Dinov2;
import io.github.dhf4j.data.FeatureSource;
import io.github.dhf4j.eval.pck.Finders;
import io.github.dhf4j.feature.ExtractionSettings;
import io.github.dhf4j.feature.FeatureAggregator;
import io.github.dhf4j.feature.FeatureExtractor;
import io.github.dhf4j.feature.FeatureKey;
import io.github.dhf4j.io.Digests;
import java.io.IOException;
import java.nio.file.Path;

/** Recipes over the features of a row's source. */
final class Recipes {
    static final Recipe PIXELS = (row, bench) -> {
        int side = bench.features().side();
        bench.score(row, source -> Finders.pixels(side, bench.grid()));
    };

    static final Recipe POSITION = (row, bench) -> bench.score(row, source -> Finders.samePosition());

    /** One raw map, or several laid one behind the other. */
    static final Recipe RAW =
            (row, bench) -> bench.score(row, 0, raw(bench.features().extractor().settings()), "");

    static final Recipe LAYER_4 = (row, bench) -> bench.score(row, 0, layer4(bench), "");

    /** All maps by the cosine of their concatenation, which is not built. */
    static final Recipe CONCATENATION = (row, bench) -> {
        int side = bench.features().side();
        bench.score(row, source -> Finders.concatenation(source, side, bench.grid()));
    };

    static final Recipe UNTRAINED = (row, bench) -> {
        TrainingRecipe training = bench.inputs().training;
        Aggregator first = Aggregator.untrained(
                training.config(bench.features().extractor()),
                training.settings().seed(),
                bench.runtime());
        bench.score(row, 0, first, "");
    };

    static final Recipe OURS = (row, bench) -> {
        for (int seed = 0; seed < bench.inputs().seeds; seed++) {
            Path weights = bench.ours(seed);
            addWeights(row, seed, bench, weights);
            bench.say("highest mixing weight: " + words(peak(weights)));
            if (seed == 0) {
                TrainingPictures.drawMixing(weights, bench.folder().resolve("mixing.png"));
            }
        }
    };

    /** On the same pictures, with no key point at all. */
    static final Recipe UNLABELLED = bySeed((bench, seed) -> bench.trainUnlabelled("train-unlabelled", seed));

    static final Recipe LAYER_PRUNED = (row, bench) -> {
        for (int seed = 0; seed < bench.inputs().seeds; seed++) {
            FeatureKey peak = peak(bench.ours(seed));
            bench.score(row, seed, raw(peak.layer(), peak.saveIndex()), words(peak));
        }
    };

    static final Recipe PRUNED = bySeed((bench, seed) -> {
        Path pruned = bench.folder().resolve(Row.seeded("pruned", seed) + ".safetensors");
        try (AggregatorFile file = AggregatorFile.open(bench.ours(seed))) {
            AggregatorPruning.write(file, AggregatorPruning.heaviest(file, 1), pruned);
        }
        return pruned;
    });

    /** Descriptors of SD-Layer-4 and of DINOv2 joined. */
    static final Recipe FUSION = (row, bench) -> {
        Features diffusion = bench.features();
        Source.Network tokens =
                new Source.Network(bench.inputs().require(Table1Checkpoint.DINOV2, "dinov2"), Dinov2.paper());
        try (FeatureAggregator layer4 = layer4(bench);
                Features dinov2 = bench.open(tokens);
                FeatureAggregator raw = raw(tokens.settings());
                NDManager manager = bench.runtime().newManager()) {
            FeatureExtractor alone = diffusion.alone(layer4);
            bench.scores()
                    .add(
                            row,
                            bench.grid().matchSize(),
                            diffusion.cached().fingerprint()
                                    + dinov2.cached().fingerprint()
                                    + layer4.name()
                                    + RowScores.located(bench.grid()),
                            Finders.fusion(diffusion.cached(), layer4, dinov2.cached(), raw, bench.grid()),
                            Finders.fusion(
                                    FeatureSource.of(alone, manager, bench.quiet()),
                                    layer4,
                                    FeatureSource.of(dinov2.extractor(), manager, bench.quiet()),
                                    raw,
                                    bench.grid()));
        }
    };

    private Recipes() {}

    /** Weights that are trained first, or were by an earlier call, in a folder of the table's. */
    static Recipe trained(String run) {
        return (row, bench) -> addWeights(row, 0, bench, bench.train(run, 0));
    }

    /** The same, of each seed. */
    static Recipe trainedBySeed(String run) {
        return bySeed((bench, seed) -> bench.train(run, seed));
    }

    /** Weights of one training's seed. */
    @FunctionalInterface
    private interface SeedWeights {
        Path of(Bench bench, int seed) throws IOException;
    }

    private static Recipe bySeed(SeedWeights weights) {
        return (row, bench) -> {
            for (int seed = 0; seed < bench.inputs().seeds; seed++) {
                addWeights(row, seed, bench, weights.of(bench, seed));
            }
        };
    }

    private static void addWeights(Row row, int seed, Bench bench, Path weights) throws IOException {
        bench.score(row, seed, Aggregator.open(weights, bench.runtime()), Digests.ofFile(weights));
    }

    private static FeatureAggregator layer4(Bench bench) throws IOException {
        return raw(DescriptorPipeline.DEFAULT_RAW_LAYER, bench.inputs().rawSaveIndex);
    }

    private static FeatureAggregator raw(int layer, int saveIndex) throws IOException {
        return DescriptorPipeline.builder().raw(layer, saveIndex).openAggregator();
    }

    static FeatureAggregator raw(ExtractionSettings settings) throws IOException {
        return DescriptorPipeline.builder().raw(settings).openAggregator();
    }

    /** Where the mixing weight of an aggregator is highest. */
    private static FeatureKey peak(Path weights) throws IOException {
        try (AggregatorFile file = AggregatorFile.open(weights)) {
            return AggregatorPruning.heaviest(file, 1).get(0);
        }
    }

    private static String words(FeatureKey map) {
        return "layer " + map.layer() + " at save index " + map.saveIndex();
    }
}
