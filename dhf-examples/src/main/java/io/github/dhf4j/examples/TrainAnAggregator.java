package io.github.dhf4j.examples;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import io.github.dhf4j.DescriptorPipeline;
import io.github.dhf4j.aggregation.AggregatorConfig;
import io.github.dhf4j.aggregation.train.AggregatorTrainer;
import io.github.dhf4j.aggregation.train.TrainingHooks;
import io.github.dhf4j.aggregation.train.TrainingResult;
import io.github.dhf4j.aggregation.train.TrainingSettings;
import io.github.dhf4j.data.FeatureCache;
import io.github.dhf4j.data.FeatureSource;
import io.github.dhf4j.data.KeypointPair;
import io.github.dhf4j.eval.data.Split;
import io.github.dhf4j.eval.world.RenderedWorld;
import io.github.dhf4j.feature.FeatureExtractor;
import io.github.dhf4j.feature.RunMonitor;
import io.github.dhf4j.tensor.TorchRuntime;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Trains aggregation weights on drawn pictures with exact key points, and opens a pipeline with them:
 * {@code TrainAnAggregator DIR STEPS}. The same call again resumes a run that was stopped.
 */
public final class TrainAnAggregator {
    private TrainAnAggregator() {}

    /**
     * Runs the example.
     *
     * @param arguments the folder of pictures, features and run; how many steps, 100 for a start
     * @throws IOException if a file cannot be read or written
     */
    public static void main(String[] arguments) throws IOException {
        Path folder = Path.of(arguments[0]);
        int steps = Integer.parseInt(arguments[1]);
        var order = new RenderedWorld.Order(Split.TRAIN, steps, 2, 96, 1);
        List<KeypointPair> pairs = RenderedWorld.write(order, folder.resolve("world"), RunMonitor.NONE);
        FeatureCache cache = FeatureCache.open(folder.resolve("features"), 1_000_000_000, DataType.FLOAT16);
        try (DescriptorPipeline pipeline = DescriptorPipeline.builder().build();
                NDManager manager = TorchRuntime.best().newManager()) {
            // @start region="train"
            FeatureExtractor network = pipeline.extractor();
            FeatureSource features = cache.over(network, manager, RunMonitor.NONE);
            int side = network.mapSize().height();
            var config = AggregatorConfig.of(network.name(), network.settings(), network.layout(), 128, side);
            var settings =
                    TrainingSettings.builder().steps(steps).validateEvery(0).build();
            TrainingResult result = new AggregatorTrainer(
                            config, settings, pairs, features, null, TrainingHooks.NONE, RunMonitor.NONE)
                    .run(folder.resolve("run"));
            // @end
            System.out.printf("%d steps, last loss %.3f%n", result.steps(), result.loss());
            System.out.println(
                    "DescriptorPipeline.builder().weights(Path.of(\"" + result.weights() + "\")) opens them");
        }
    }
}
