package io.github.dhf4j.aggregation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import com.google.gson.JsonObject;
import io.github.dhf4j.feature.CallBudget;
import io.github.dhf4j.feature.ExtractionSettings;
import io.github.dhf4j.feature.FeatureExtractor;
import io.github.dhf4j.feature.FeatureKey;
import io.github.dhf4j.feature.FeatureLayout;
import io.github.dhf4j.feature.FeatureStack;
import io.github.dhf4j.feature.Joined;
import io.github.dhf4j.feature.JointExtractor;
import io.github.dhf4j.feature.OriginPart;
import io.github.dhf4j.feature.RunMonitor;
import io.github.dhf4j.image.RgbImage;
import io.github.dhf4j.io.Json;
import io.github.dhf4j.io.SafeTensorsWriter;
import io.github.dhf4j.io.TensorFile;
import io.github.dhf4j.io.TorchCheckpointWriter;
import io.github.dhf4j.tensor.TorchRuntime;
import io.github.dhf4j.testing.FakeExtractor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One set of weights over the maps of two networks. */
class JointAggregatorTest {
    private static final int SIDE = 8;

    @TempDir
    Path folder;

    private final NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");
    private final FakeExtractor walking = new FakeExtractor("walking");
    private final FakeExtractor forward = FakeExtractor.forward("forward");
    private final FeatureExtractor joint = new JointExtractor(List.of(walking, forward));
    private final AggregatorConfig config =
            AggregatorConfig.of(List.of(network("sd", walking), network("dino", forward)), 128, SIDE);

    private static AggregatorNetwork network(String name, FeatureExtractor extractor) {
        return AggregatorNetwork.of(
                name,
                "digest of " + name,
                extractor.settings(),
                extractor.layout().networks().get(0));
    }

    @AfterEach
    void close() {
        manager.close();
    }

    private static RgbImage image() {
        byte[] samples = new byte[3 * 20 * 30];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = (byte) (i * 37 + i / 7);
        }
        return new RgbImage(20, 30, samples);
    }

    private FeatureStack stack(FeatureExtractor extractor) {
        FeatureStack stack = FeatureStack.create(manager, DataType.FLOAT32);
        extractor.extract(List.of(image()), stack, RunMonitor.NONE);
        return stack;
    }

    /** Weights whose mixing weights differ. */
    private Map<String, NDArray> weights(AggregatorConfig of) {
        Map<String, NDArray> weights = AggregationParameters.initial(of, 5, manager);
        float[] mixing = new float[of.maps().size()];
        for (int i = 0; i < mixing.length; i++) {
            mixing[i] = 0.7f * i - (i % 3);
        }
        weights.put(AggregatorKeys.MIXING, manager.create(mixing));
        return weights;
    }

    private Path file(String name) throws IOException {
        Path file = folder.resolve(name);
        AggregatorWriter.safeTensors(config, weights(config), new JsonObject(), file);
        return file;
    }

    private NDArray described(FeatureExtractor extractor, Aggregator aggregator) {
        try (FeatureStack stack = stack(extractor)) {
            return aggregator.aggregate(stack, manager);
        }
    }

    @Test
    void mapsStandNetworkByNetworkLayersFastest() {
        assertThat(config.maps())
                .containsExactly(
                        new FeatureKey(0, 1, 1),
                        new FeatureKey(0, 1, 2),
                        new FeatureKey(0, 0, 1),
                        new FeatureKey(0, 0, 2),
                        new FeatureKey(1, 0, 1),
                        new FeatureKey(1, 0, 3),
                        new FeatureKey(1, 0, 4));
        assertThat(config.dims()).containsExactly(12, 128, 8, 20, 128);
        assertThat(config.maps().stream().map(config::bottleneck)).containsExactly(0, 1, 0, 1, 2, 3, 4);
        assertThat(config.fits(joint.layout())).isTrue();
        assertThat(AggregationParameters.shapes(config).get(AggregatorKeys.MIXING))
                .containsExactly(7);
        assertThat(FeatureKey.parse(new FeatureKey(1, 0, 3).tensorName())).isEqualTo(new FeatureKey(1, 0, 3));
    }

    @Test
    void theSumIsTheShareOfEachMapOfWhatItIsAlone() throws IOException {
        Map<String, NDArray> weights = weights(config);
        double[] shares = new double[7];
        double total = 0;
        for (int i = 0; i < shares.length; i++) {
            shares[i] = Math.exp(
                    Objects.requireNonNull(weights.get(AggregatorKeys.MIXING)).getFloat(i));
            total += shares[i];
        }
        NDArray expected = manager.zeros(new Shape(1, 128, SIDE, SIDE));
        try (Aggregator aggregator = Aggregator.of(weights, config, "joint", TorchRuntime.cpu());
                FeatureStack stack = stack(joint)) {
            for (int i = 0; i < shares.length; i++) {
                FeatureKey key = config.maps().get(i);
                assertThat(aggregator.mixingWeight(key)).isCloseTo((float) (shares[i] / total), within(1e-6f));
                expected.addi(alone(weights, key, stack).mul(shares[i] / total));
            }
            NDArray sum = aggregator.aggregate(stack, manager);
            assertThat(sum.sub(expected).abs().max().getFloat()).isLessThan(1e-5f);
            assertThat(sum.abs().max().getFloat()).isGreaterThan(0.1f);
        }
    }

    /** What one map's bottleneck makes of it, by weights of this map alone. */
    private NDArray alone(Map<String, NDArray> weights, FeatureKey key, FeatureStack stack) {
        AggregatorNetwork of = config.networks().get(key.network());
        AggregatorConfig one =
                new AggregatorConfig(List.of(of.of(List.of(key))), config.projectionDim(), config.mapSize());
        Map<String, NDArray> its = new LinkedHashMap<>();
        its.put(AggregatorKeys.MIXING, manager.ones(new Shape(1)));
        List<String> from = AggregatorKeys.bottleneck(config, config.bottleneck(key));
        List<String> to = AggregatorKeys.bottleneck(one, 0);
        for (int i = 0; i < from.size(); i++) {
            its.put(to.get(i), weights.get(from.get(i)));
        }
        try (Aggregator aggregator = Aggregator.of(its, one, "alone", TorchRuntime.cpu());
                FeatureStack single = FeatureStack.create(manager, DataType.FLOAT32)) {
            single.accept(key.ofNetwork(0), stack.get(key));
            return aggregator.aggregate(single, manager);
        }
    }

    @Test
    void aFileSaysWhichNetworksAndIsReadBack() throws IOException {
        Path file = file("joint.safetensors");
        Path torch = folder.resolve("joint.pt");
        try (AggregatorFile read = AggregatorFile.open(file)) {
            assertThat(read.config()).isEqualTo(config);
            AggregatorWriter.torch(read, torch);
        }
        try (Aggregator aggregator = Aggregator.open(file, TorchRuntime.cpu());
                Aggregator again = Aggregator.open(torch, TorchRuntime.cpu())) {
            assertThat(again.config()).isEqualTo(config);
            assertThat(aggregator.networks().stream().map(OriginPart::name)).containsExactly("sd", "dino");
            assertThat(aggregator.networks().get(1).digest()).contains("digest of dino");
            assertThat(aggregator.settings()).isEqualTo(config.settings());
            assertThat(described(joint, aggregator)).isEqualTo(described(joint, again));
            assertThat(aggregator.origin().digest()).isEqualTo(again.origin().digest());
            aggregator.requireFits(joint.layout(), "both");
            assertThatThrownBy(() -> aggregator.requireFits(walking.layout(), "one"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("got weights for 2 (sd + dino) and maps of 1");
            assertThatThrownBy(() ->
                            aggregator.requireFits(new JointExtractor(List.of(forward, walking)).layout(), "swapped"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("weights for layers [1, 2] of [12, 128] channels")
                    .hasMessageContaining("they say 'sd'");
        }
    }

    @Test
    void aFileOfOneNetworkIsWhatItWas() {
        JsonObject json = new AggregatorConfig(List.of(config.networks().get(0)), 128, SIDE).toJson();
        assertThat(json.keySet())
                .containsExactly(
                        "model_id",
                        "projection_dim",
                        "output_resolution",
                        "dims",
                        "prompt",
                        "negative_prompt",
                        "guidance_scale",
                        "diffusion_mode",
                        "num_timesteps",
                        "save_timestep",
                        "layers",
                        "sample_latent",
                        "seed",
                        "load_resolution");
    }

    @Test
    void damagedConfigurationsAreRefused() throws IOException {
        for (String[] change : new String[][] {
            {"\"layers\":[1,2]", "\"layers\":[1,2,5]", "bottlenecks"},
            {"\"layers\":[1,3,4]", "\"layers\":[1,3]", "'networks' must name one layer for each of 5 bottlenecks, got 4"
            },
            {"\"model_id\":\"sd\"", "\"model\":\"sd\"", "got 'model'"},
            {"\"diffusion_mode\":\"forward\"", "\"diffusion_mode\":\"joined\"", "networks"},
            {"\"diffusion_mode\":\"forward\"", "\"padded\":true,\"diffusion_mode\":\"forward\"", "leave the padding out"
            }
        }) {
            Path file = file("damaged.safetensors");
            try (TensorFile read = TensorFile.open(file)) {
                String text = Objects.requireNonNull(read.metadata().get(AggregatorKeys.CONFIG));
                assertThat(text).contains(change[0]);
                SafeTensorsWriter.setMetadata(file, AggregatorKeys.CONFIG, text.replace(change[0], change[1]));
            }
            assertThatThrownBy(() -> AggregatorFile.open(file).close())
                    .as(change[1])
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining(change[2])
                    .hasMessageContaining("damaged.safetensors");
        }
    }

    @Test
    void pruningLeavesMapsOfBothOrANetworkOut() throws IOException {
        Path whole = file("whole.safetensors");
        Path pruned = folder.resolve("pruned.safetensors");
        try (AggregatorFile file = AggregatorFile.open(whole)) {
            List<FeatureKey> two = List.of(new FeatureKey(0, 0, 2), new FeatureKey(1, 0, 3));
            AggregatorPruning.write(file, two, pruned);
            try (Aggregator aggregator = Aggregator.open(pruned, TorchRuntime.cpu());
                    FeatureStack stack = stack(joint);
                    FeatureStack left = FeatureStack.create(manager, DataType.FLOAT32)) {
                assertThat(aggregator.config().networks()).hasSize(2);
                assertThat(aggregator.config().maps()).isEqualTo(two);
                two.forEach(key -> left.accept(key, stack.get(key)));
                Map<String, NDArray> weights = weights(config);
                double first = aggregator.mixingWeight(two.get(0));
                NDArray expected = alone(weights, two.get(0), stack)
                        .mul(first)
                        .add(alone(weights, two.get(1), stack).mul(1 - first));
                assertThat(aggregator
                                .aggregate(left, manager)
                                .sub(expected)
                                .abs()
                                .max()
                                .getFloat())
                        .isLessThan(1e-5f);
            }
            // the first network goes, and the second is the only one, in a file as of one
            AggregatorPruning.writeShort(file, List.of(new FeatureKey(1, 0, 4), new FeatureKey(1, 0, 1)), pruned);
        }
        try (Aggregator aggregator = Aggregator.open(pruned, TorchRuntime.cpu())) {
            assertThat(aggregator.config().modelId()).isEqualTo("dino");
            assertThat(aggregator.config().layers()).containsExactly(1, 4);
            assertThat(aggregator.settings().process()).isNotInstanceOf(Joined.class);
            try (FeatureStack stack = stack(forward);
                    FeatureStack left = FeatureStack.create(manager, DataType.FLOAT32)) {
                left.accept(new FeatureKey(0, 1), stack.get(0, 1));
                left.accept(new FeatureKey(0, 4), stack.get(0, 4));
                assertThat(aggregator.aggregate(left, manager).getShape()).isEqualTo(new Shape(1, 128, SIDE, SIDE));
            }
        }
    }

    @Test
    void fewerCallsAreOfThoseThatWalk() {
        ExtractionSettings paper = ExtractionSettings.joined(List.of(
                ExtractionSettings.inversion().withLayers(List.of(4)),
                ExtractionSettings.forward().withLayers(List.of(12))));
        ExtractionSettings four = CallBudget.of(4).of(paper);
        assertThat(CallBudget.words(four.process())).isEqualTo("4 of 50");
        assertThat(four.networks().get(1)).isEqualTo(paper.networks().get(1));
        assertThat(CallBudget.PAPER.of(paper)).isEqualTo(paper);
        assertThatThrownBy(() -> CallBudget.of(4)
                        .of(ExtractionSettings.joined(
                                List.of(ExtractionSettings.forward(), ExtractionSettings.forward()))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("a number of calls is of an inversion");
    }

    @Test
    void geoAwareWeightsAreOfTwoNetworks() throws IOException {
        AggregatorConfig form = new AggregatorConfig(
                List.of(
                        new AggregatorNetwork("sd", null, GeoAware.diffusion(), List.of(64, 128, 128)),
                        new AggregatorNetwork("dino", null, GeoAware.dino(), List.of(48))),
                128,
                60);
        Map<String, Object> state = new LinkedHashMap<>();
        state.put("logit_scale", manager.create(2.66f));
        state.put("self_logit_scale", manager.create(2.3f));
        state.putAll(weights(form));
        Path file = folder.resolve("best_856.PTH");
        TorchCheckpointWriter.write(state, file);
        try (AggregatorFile read = AggregatorFile.open(file);
                Aggregator aggregator = Aggregator.open(file, TorchRuntime.cpu())) {
            AggregatorConfig config = read.config();
            assertThat(config.modelId()).isEqualTo("stable-diffusion-v1-5 + dinov2-base");
            assertThat(config.projectionDim()).isEqualTo(128);
            assertThat(config.mapSize()).isEqualTo(60);
            assertThat(config.dims()).containsExactly(64, 128, 128, 48);
            // the decoder's blocks 8, 5, 2, whatever order an extractor numbers them in
            assertThat(config.networks().get(0).layers()).containsExactly(24, 21, 18);
            assertThat(config.fits(FeatureLayout.joined(List.of(
                            new FeatureLayout(
                                    Map.of(18, 128, 21, 128, 24, 64),
                                    GeoAware.diffusion().saveIndices()),
                            new FeatureLayout(Map.of(12, 48), List.of(0))))))
                    .isTrue();
            assertThat(aggregator.mixingWeight(new FeatureKey(1, 0, 12)))
                    .isEqualTo(aggregator.mixingWeight(config.maps().get(3)));
            Path kept = folder.resolve("geo.safetensors");
            AggregatorWriter.safeTensors(read, "converted", kept);
            try (AggregatorFile again = AggregatorFile.open(kept)) {
                assertThat(again.config()).isEqualTo(config);
            }
        }
        state.remove("self_logit_scale");
        TorchCheckpointWriter.write(state, file);
        assertThatThrownBy(() -> AggregatorFile.open(file).close())
                .isInstanceOf(IOException.class)
                .hasMessageContaining("checkpoint must hold 'config' and 'aggregation_network'");
        assertThat(Json.parseObject(form.toJson().toString()).has("networks")).isTrue();
    }
}
