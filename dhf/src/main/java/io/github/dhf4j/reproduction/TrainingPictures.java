package io.github.dhf4j.reproduction;

import com.google.gson.JsonObject;
import io.github.dhf4j.aggregation.Aggregator;
import io.github.dhf4j.aggregation.AggregatorNetwork;
import io.github.dhf4j.aggregation.train.AggregatorTrainer;
import io.github.dhf4j.eval.picture.ChartPicture;
import io.github.dhf4j.eval.picture.MixingPicture;
import io.github.dhf4j.feature.FeatureKey;
import io.github.dhf4j.io.JsonLines;
import io.github.dhf4j.tensor.TorchRuntime;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What a training run looks like: its curves and its mixing weights. */
final class TrainingPictures {
    private TrainingPictures() {}

    static void draw(Path run) throws IOException {
        List<Double> steps = new ArrayList<>();
        List<Double> losses = new ArrayList<>();
        List<Double> scored = new ArrayList<>();
        List<Double> scores = new ArrayList<>();
        for (JsonLines.Line line : JsonLines.read(run.resolve("metrics.jsonl"))) {
            JsonObject step = line.object();
            steps.add(step.get("step").getAsDouble());
            losses.add(step.get("loss").getAsDouble());
            if (step.has("score")) {
                scored.add(step.get("step").getAsDouble());
                scores.add(100 * step.get("score").getAsDouble());
            }
        }
        List<ChartPicture.Curve> curves = new ArrayList<>();
        curves.add(new ChartPicture.Curve(
                "loss by step, and its running mean", steps, losses, Math.max(2, steps.size() / 20)));
        if (!scores.isEmpty()) {
            curves.add(new ChartPicture.Curve("validation PCK@0.1 img, in percent", scored, scores, 1));
        }
        ChartPicture.write(curves, run.resolve("curves.png"));
        drawMixing(run.resolve(AggregatorTrainer.WEIGHTS), run.resolve("mixing.png"));
    }

    static void drawMixing(Path weights, Path picture) throws IOException {
        try (Aggregator aggregator = Aggregator.open(weights, TorchRuntime.cpu())) {
            List<AggregatorNetwork> networks = aggregator.config().networks();
            List<MixingPicture.Panel> panels = new ArrayList<>();
            for (int n = 0; n < networks.size(); n++) {
                List<Integer> saveIndices = networks.get(n).saveIndices();
                List<Integer> layers = networks.get(n).layers();
                float[][] shares = new float[saveIndices.size()][layers.size()];
                for (int s = 0; s < shares.length; s++) {
                    for (int l = 0; l < layers.size(); l++) {
                        shares[s][l] = aggregator.mixingWeight(new FeatureKey(n, saveIndices.get(s), layers.get(l)));
                    }
                }
                panels.add(new MixingPicture.Panel(networks.get(n).modelId(), shares, saveIndices, layers));
            }
            MixingPicture.write(panels, picture);
        }
    }
}
