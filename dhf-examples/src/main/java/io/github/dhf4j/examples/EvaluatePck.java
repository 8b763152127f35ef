package io.github.dhf4j.examples;

import ai.djl.ndarray.NDManager;
import io.github.dhf4j.DescriptorPipeline;
import io.github.dhf4j.data.FeatureSource;
import io.github.dhf4j.data.PointFinder;
import io.github.dhf4j.eval.data.PairDataset;
import io.github.dhf4j.eval.data.PairDatasets;
import io.github.dhf4j.eval.data.Split;
import io.github.dhf4j.eval.pck.Evaluation;
import io.github.dhf4j.eval.pck.EvaluationFiles;
import io.github.dhf4j.eval.pck.Evaluator;
import io.github.dhf4j.eval.pck.Finders;
import io.github.dhf4j.eval.pck.MatchGrid;
import io.github.dhf4j.eval.pck.Threshold;
import io.github.dhf4j.eval.world.RenderedWorld;
import io.github.dhf4j.feature.RunMonitor;
import io.github.dhf4j.tensor.TorchRuntime;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Scores a pipeline on drawn pairs beside the floor "same position": {@code EvaluatePck DIR PAIRS}. */
public final class EvaluatePck {
    private EvaluatePck() {}

    /**
     * Runs the example.
     *
     * @param arguments the folder of pictures and scores, how many pairs
     * @throws IOException if a file cannot be read or written
     */
    public static void main(String[] arguments) throws IOException {
        Path folder = Path.of(arguments[0]);
        var order = new RenderedWorld.Order(Split.TEST, Integer.parseInt(arguments[1]), 2, 96, 1);
        RenderedWorld.write(order, folder.resolve("world"), RunMonitor.NONE);
        // a data set of yours is read in the same way
        var selection = new PairDatasets.Selection(Split.TEST, 0, 0);
        PairDataset pairs = PairDatasets.read(folder.resolve("world"), null, selection);
        Threshold threshold = new Threshold(0.1, Threshold.Of.IMG);
        try (DescriptorPipeline pipeline = DescriptorPipeline.builder().build();
                NDManager manager = TorchRuntime.best().newManager()) {
            // @start region="evaluate"
            FeatureSource features = FeatureSource.of(pipeline.extractor(), manager, RunMonitor.NONE);
            MatchGrid grid = MatchGrid.of(224);
            PointFinder ours = Finders.descriptors(features, pipeline.aggregator(), grid);
            Evaluation evaluation = Evaluator.evaluate("Ours", ours, pairs, grid.matchSize(), RunMonitor.NONE);
            double pck = evaluation.pck(threshold, Evaluation.Average.PER_POINT);
            EvaluationFiles.write(evaluation, List.of(threshold), pairs.remarks(), folder.resolve("scores"));
            // @end
            Evaluation floor = Evaluator.evaluate("floor", Finders.samePosition(), pairs, 224, RunMonitor.NONE);
            System.out.printf("%s of the bundled pipeline: %.3f%n", threshold, pck);
            System.out.printf("of the floor: %.3f%n", floor.pck(threshold, Evaluation.Average.PER_POINT));
        }
    }
}
