package io.github.dhf4j.aggregation.train;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import io.github.dhf4j.aggregation.AggregatorConfig;
import io.github.dhf4j.aggregation.AggregatorFile;
import io.github.dhf4j.data.ImageFeatures;
import io.github.dhf4j.data.KeypointPair;
import io.github.dhf4j.feature.FeatureKey;
import io.github.dhf4j.feature.FeatureStack;
import io.github.dhf4j.feature.MapExtent;
import io.github.dhf4j.image.Size;
import io.github.dhf4j.matching.Point;
import io.github.dhf4j.tensor.TorchEngine;
import io.github.dhf4j.testing.Golden;
import io.github.dhf4j.train.AdamW;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Losses, first gradients and mixing weights after five steps, against the reference. */
class TrainingGoldenTest {
    @ParameterizedTest
    @ValueSource(strings = {"sd15", "sd21"})
    void fiveStepsAreTheReference(String name) throws IOException {
        try (Golden golden = new Golden(name);
                AggregatorFile file = AggregatorFile.open(golden.folder().resolve("aggregation_network.pt"));
                NDManager manager = TorchEngine.newManager(Device.cpu());
                TrainableNetwork network = new TrainableNetwork(file.config(), file.weights(manager), manager);
                ImageFeatures first = features(golden, file.config(), 0);
                ImageFeatures second = features(golden, file.config(), 1)) {
            AdamW optimiser = new AdamW(network.weights(), network.manager(), AdamW.Settings.REFERENCE);
            JsonArray losses = golden.json().getAsJsonArray("losses");
            DescriptorLoss pairs = new CorrespondenceLoss(List.of(pair(golden)), CorrespondenceSettings.REFERENCE);
            Size load = first.imageSize();
            for (int step = 0; step < losses.size(); step++) {
                try (NDManager work = network.manager().newSubManager()) {
                    Map<String, NDArray> gradients = new LinkedHashMap<>();
                    network.weights().forEach((key, array) -> gradients.put(key, work.zeros(array.getShape())));
                    double loss = network.addGradients(
                            List.of(first, second),
                            MapDropout.NONE,
                            sum -> pairs.of(0, new DescriptorLoss.Maps(sum, List.of(load, load), false), Map.of()),
                            gradients);
                    assertThat(loss)
                            .as("loss of step %d", step)
                            .isCloseTo(losses.get(step).getAsDouble(), Offset.offset(1e-4));
                    if (step == 0) {
                        for (String weight : new String[] {"mixing_weights", "bottleneck_layers.4.0.conv2.weight"}) {
                            golden.assertClose("grad." + weight, gradients.get(weight), 1e-4);
                        }
                    }
                    optimiser.step(gradients, parameter -> 1e-3);
                }
            }
            golden.assertClose("trained.mixing_weights", network.weights().get("mixing_weights"), 1e-4);
        }
    }

    private static ImageFeatures features(Golden golden, AggregatorConfig config, int image) throws IOException {
        FeatureStack stack = FeatureStack.create(golden.manager(), ai.djl.ndarray.types.DataType.FLOAT32);
        for (int s : config.saveIndices()) {
            for (int layer : config.layers()) {
                try (NDArray both = golden.tensor("inversion.s" + s + ".layer" + layer);
                        NDArray one = both.get(image + ":" + (image + 1))) {
                    stack.accept(new FeatureKey(s, layer), one);
                }
            }
        }
        Size load = Size.square(config.settings().loadSize());
        return new ImageFeatures(stack, load, load, MapExtent.WHOLE);
    }

    private static KeypointPair pair(Golden golden) throws IOException {
        Path none = Path.of("none");
        List<Point> source = points(golden, "source_points_yx");
        List<Point> target = points(golden, "target_points_yx");
        return new KeypointPair("golden", none, none, source, target, List.of(), "none", null, null);
    }

    /** In pixels of an image of the load size. */
    private static List<Point> points(Golden golden, String name) throws IOException {
        return golden.json().getAsJsonArray(name).asList().stream()
                .map(JsonElement::getAsJsonArray)
                .map(yx -> new Point(yx.get(1).getAsDouble(), yx.get(0).getAsDouble()))
                .toList();
    }
}
