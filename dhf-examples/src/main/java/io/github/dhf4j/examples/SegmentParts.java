package io.github.dhf4j.examples;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import io.github.dhf4j.DescriptorPipeline;
import io.github.dhf4j.aggregation.Aggregator;
import io.github.dhf4j.aggregation.AggregatorConfig;
import io.github.dhf4j.aggregation.train.AggregatorTrainer;
import io.github.dhf4j.aggregation.train.TrainingHooks;
import io.github.dhf4j.aggregation.train.TrainingResult;
import io.github.dhf4j.aggregation.train.TrainingSettings;
import io.github.dhf4j.data.FeatureCache;
import io.github.dhf4j.feature.ExtractionSettings;
import io.github.dhf4j.feature.FeatureAggregator;
import io.github.dhf4j.feature.FeatureExtractor;
import io.github.dhf4j.feature.RunMonitor;
import io.github.dhf4j.tensor.TorchRuntime;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Trains an aggregator for a task of its own, naming the part in each cell, by {@link PartHead}: {@code SegmentParts DIR
 * PICTURES STEPS}. Measured against the same head over raw layers.
 */
public final class SegmentParts {
    private SegmentParts() {}

    /**
     * Runs the example.
     *
     * @param arguments the folder of pictures, features and run; how many pictures of each of four categories to train on, to
     *     choose by and to test on are half as many; steps
     * @throws IOException if a file cannot be read or written
     */
    public static void main(String[] arguments) throws IOException {
        Path folder = Path.of(arguments[0]);
        int count = Integer.parseInt(arguments[1]);
        int steps = Integer.parseInt(arguments[2]);
        FeatureCache cache = FeatureCache.open(folder.resolve("features"), 2_000_000_000, DataType.FLOAT16);
        TorchRuntime runtime = TorchRuntime.best();
        try (DescriptorPipeline pipeline = DescriptorPipeline.builder().build();
                NDManager manager = runtime.newManager()) {
            FeatureExtractor network = pipeline.extractor();
            int side = network.mapSize().height();
            LinearHeads heads = new LinearHeads(cache.over(network, manager, RunMonitor.NONE), side, manager);
            List<PartPicture> train = PartPicture.draw(folder.resolve("pictures"), count, side, 0);
            List<PartPicture> held = PartPicture.draw(folder.resolve("pictures"), (count + 1) / 2, side, 1_000_000);
            List<PartPicture> test = PartPicture.draw(folder.resolve("pictures"), (count + 1) / 2, side, 2_000_000);
            // @start region="train"
            var config = AggregatorConfig.of(network.name(), network.settings(), network.layout(), 128, side);
            var settings = TrainingSettings.builder()
                    .steps(steps)
                    .validateEvery(steps / 4)
                    .build();
            TrainingResult result = new AggregatorTrainer(
                            config,
                            settings,
                            new PartHead(train),
                            heads.features(),
                            (aggregator, own, step) ->
                                    heads.measure(held, aggregator, own).mean(),
                            TrainingHooks.NONE,
                            RunMonitor.NONE)
                    .run(folder.resolve("run"), runtime);
            // @end
            Path head = folder.resolve("run").resolve(AggregatorTrainer.LOSS_WEIGHTS);
            MeanIou ours;
            try (Aggregator aggregator = Aggregator.open(result.weights(), runtime)) {
                ours = heads.measure(test, aggregator, heads.read(head));
            }
            System.out.printf("mean IoU of the aggregator's head: %.1f%n", 100 * ours.mean());
            ExtractionSettings all = network.settings();
            for (ExtractionSettings raw : List.of(all, all.withLayers(List.of(7)))) {
                FeatureAggregator over = DescriptorPipeline.builder().raw(raw).openAggregator();
                MeanIou theirs = heads.measure(test, over, heads.train(train, over, steps, 1e-3));
                System.out.printf(
                        "of a head over %s: %.1f; above it %s%n", over.name(), 100 * theirs.mean(), ours.above(theirs));
            }
        }
    }
}
