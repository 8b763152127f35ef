package io.github.dhf4j.aggregation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.github.dhf4j.feature.CallBudget;
import io.github.dhf4j.feature.FeatureKey;
import io.github.dhf4j.feature.FeatureLayout;
import io.github.dhf4j.feature.FeatureStack;
import io.github.dhf4j.feature.Generation;
import io.github.dhf4j.feature.Inversion;
import io.github.dhf4j.io.SafeTensors;
import io.github.dhf4j.io.SafeTensorsWriter;
import io.github.dhf4j.tensor.TorchRuntime;
import io.github.dhf4j.testing.Golden;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Hyperfeatures from the golden taps, from both forms of the weights. */
class AggregatorGoldenTest {
    @ParameterizedTest
    @CsvSource({"sd15,pt", "sd15,safetensors", "sd21,pt", "sd21,safetensors"})
    void hyperfeaturesFromGoldenTaps(String name, String form) throws IOException {
        try (Golden golden = new Golden(name);
                Aggregator aggregator =
                        Aggregator.open(golden.folder().resolve("aggregation_network." + form), TorchRuntime.cpu());
                FeatureStack stack = goldenTaps(golden, aggregator.config());
                NDArray result = aggregator.aggregate(stack, golden.manager())) {
            golden.assertClose("hyperfeatures", result, 1e-4);
        }
    }

    private static FeatureStack goldenTaps(Golden golden, AggregatorConfig config) throws IOException {
        FeatureStack stack = FeatureStack.create(golden.manager(), DataType.FLOAT32);
        for (int s : config.saveIndices()) {
            for (int layer : config.layers()) {
                stack.accept(new FeatureKey(s, layer), golden.tensor("inversion.s" + s + ".layer" + layer));
            }
        }
        return stack;
    }

    /** The sum over fewer maps is the whole sum's parts, with the shares of these maps made to sum to 1. */
    @Test
    void fewerCallsSumTheMapsThatAreKeptWithSharesOverThese() throws IOException {
        Path weights = Golden.fixtures().resolve("sd15/aggregation_network.pt");
        try (Golden golden = new Golden("sd15");
                Aggregator whole = Aggregator.open(weights, TorchRuntime.cpu());
                Aggregator four = Aggregator.open(weights, CallBudget.of(4), TorchRuntime.cpu());
                FeatureStack stack = goldenTaps(golden, four.config());
                NDArray result = four.aggregate(stack, golden.manager())) {
            List<Integer> kept = four.config().saveIndices();
            assertThat(kept).containsExactly(49, 35, 20, 5);
            assertThat(four.name()).endsWith("aggregation_network.pt, 4 of 50 calls");
            int layers = four.config().layers().size();
            NDArray mixing = mixingWeights(weights, golden);
            NDArray expected = result.zerosLike();
            float total = 0;
            for (int s = 0; s < kept.size(); s++) {
                int place = whole.config().saveIndices().indexOf(kept.get(s));
                for (int l = 0; l < layers; l++) {
                    total += (float) Math.exp(mixing.getFloat((long) place * layers + l));
                }
            }
            float shares = 0;
            for (int s = 0; s < kept.size(); s++) {
                int place = whole.config().saveIndices().indexOf(kept.get(s));
                for (int l = 0; l < layers; l++) {
                    float share = (float) Math.exp(mixing.getFloat((long) place * layers + l)) / total;
                    assertThat(four.mixingWeight(four.config().maps().get(s * layers + l)))
                            .isCloseTo(share, within(1e-6f));
                    shares += four.mixingWeight(four.config().maps().get(s * layers + l));
                    expected.addi(alone(
                                    golden,
                                    weights,
                                    kept.get(s),
                                    whole.config().layers().get(l))
                            .mul(share));
                }
            }
            assertThat(shares).isCloseTo(1, within(1e-5f));
            assertThat(result.sub(expected).abs().max().getFloat()).isLessThan(1e-5f);
        }
    }

    private static NDArray mixingWeights(Path weights, Golden golden) throws IOException {
        try (AggregatorFile file = AggregatorFile.open(weights)) {
            return file.read(AggregatorKeys.MIXING, golden.manager());
        }
    }

    /** What one map's bottleneck makes of it, with all of the share. */
    private static NDArray alone(Golden golden, Path weights, int saveIndex, int layer) throws IOException {
        Path pruned = Files.createTempFile("pruned", ".safetensors");
        try (AggregatorFile file = AggregatorFile.open(weights)) {
            AggregatorPruning.write(file, List.of(new FeatureKey(saveIndex, layer)), pruned);
            try (Aggregator one = Aggregator.open(pruned, TorchRuntime.cpu());
                    FeatureStack stack = goldenTaps(golden, one.config())) {
                return one.aggregate(stack, golden.manager());
            }
        } finally {
            Files.delete(pruned);
        }
    }

    /** The heaviest maps are summed as they were in the whole, weighed among themselves; the rest may be anything. */
    @Test
    void prunedWeightsSumTheHeaviestMapsAndPassOverTheRest(@TempDir Path folder) throws IOException {
        Path weights = Golden.fixtures().resolve("sd15/aggregation_network.pt");
        Path pruned = folder.resolve("pruned.safetensors");
        try (Golden golden = new Golden("sd15");
                AggregatorFile file = AggregatorFile.open(weights);
                Aggregator whole = Aggregator.open(weights, TorchRuntime.cpu())) {
            List<FeatureKey> kept = AggregatorPruning.heaviest(file, 5);
            double lightest = share(whole, kept.get(4));
            assertThat(kept).doesNotHaveDuplicates().allMatch(key -> share(whole, key) >= lightest);
            long heavier = whole.config().saveIndices().stream()
                    .flatMap(s -> whole.config().layers().stream().map(layer -> new FeatureKey(s, layer)))
                    .filter(key -> share(whole, key) > lightest)
                    .count();
            assertThat(heavier).isEqualTo(4);
            double total = kept.stream().mapToDouble(key -> share(whole, key)).sum();
            assertThat(AggregatorPruning.share(file, kept)).isCloseTo(total, within(1e-6));

            Inversion walk =
                    (Inversion) AggregatorPruning.writeShort(file, kept, pruned).process();
            try (Aggregator few = Aggregator.open(pruned, TorchRuntime.cpu())) {
                assertThat(few.settings().process()).isEqualTo(walk);
                assertThat(walk.calls()).contains(49).containsAll(walk.saveIndices());
                assertThat(walk.saveIndices())
                        .hasSameElementsAs(kept.stream()
                                .map(FeatureKey::saveIndex)
                                .distinct()
                                .toList());
                assertThat(few.config().layers())
                        .hasSameElementsAs(
                                kept.stream().map(FeatureKey::layer).distinct().toList());
                NDArray expected = null;
                FeatureStack stack = FeatureStack.create(golden.manager(), DataType.FLOAT32);
                for (int s : few.config().saveIndices()) {
                    for (int layer : few.config().layers()) {
                        FeatureKey key = new FeatureKey(s, layer);
                        NDArray map = golden.tensor("inversion." + key.tensorName());
                        stack.accept(key, kept.contains(key) ? map : map.mul(Float.NaN));
                        if (kept.contains(key)) {
                            NDArray part = alone(golden, weights, s, layer).mul(share(whole, key) / total);
                            expected = expected == null ? part : expected.add(part);
                        }
                    }
                }
                try (stack;
                        NDArray result = few.aggregate(stack, golden.manager())) {
                    assertThat(result.sub(expected).abs().max().getFloat()).isLessThan(1e-5f);
                }
            }
            AggregatorPruning.write(file, kept, pruned);
            try (AggregatorFile again = AggregatorFile.open(pruned)) {
                assertThat(again.config().settings().process())
                        .isEqualTo(whole.settings().process().withSaveIndices(walk.saveIndices()));
                assertThat(AggregatorPruning.heaviest(again, 5)).isEqualTo(kept);
            }
            assertThatThrownBy(() -> AggregatorPruning.heaviest(file, 133))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("maps to keep must be 1 to 132")
                    .hasMessageContaining("got 133");
            assertThatThrownBy(() -> AggregatorPruning.write(file, List.of(new FeatureKey(48, 1)), pruned))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("got s48.layer1");
        }
    }

    private static double share(Aggregator aggregator, FeatureKey key) {
        return aggregator.mixingWeight(key);
    }

    @Test
    void otherCallsAreOfAnotherOriginAndThePapersAreWhatTheyWere() throws IOException {
        Path weights = Golden.fixtures().resolve("sd15/aggregation_network.pt");
        Set<String> origins = new HashSet<>();
        for (CallBudget budget :
                List.of(CallBudget.PAPER, CallBudget.SAVED, CallBudget.of(6), CallBudget.of(2), CallBudget.of(1))) {
            try (Aggregator aggregator = Aggregator.open(weights, budget, TorchRuntime.cpu())) {
                assertThat(origins.add(aggregator.origin().digest().orElseThrow()))
                        .as(budget.toString())
                        .isTrue();
            }
        }
        assertThat(origins).contains("49923cf597e65861f64f26c46dcee12817ef80845a4ebe83c35c57ed483ff8fa");
    }

    @ParameterizedTest
    @ValueSource(strings = {"sd15", "sd21"})
    void conversionKeepsEveryNumberAndTheConfiguration(String name, @TempDir Path folder) throws IOException {
        Path target = folder.resolve("weights.safetensors");
        try (Golden golden = new Golden(name);
                AggregatorFile torch = AggregatorFile.open(golden.folder().resolve("aggregation_network.pt"))) {
            AggregatorWriter.safeTensors(torch, "test", target);
            try (AggregatorFile converted = AggregatorFile.open(target);
                    SafeTensors expected =
                            SafeTensors.open(golden.folder().resolve("aggregation_network.safetensors"))) {
                assertThat(converted.config()).isEqualTo(torch.config());
                assertThat(converted.parameterCount()).isEqualTo(torch.parameterCount());
                assertThat(converted.provenance().get("converted").getAsString())
                        .isEqualTo("test");
                for (String tensor : expected.tensors().keySet()) {
                    assertThat(converted.read(tensor, golden.manager()).toFloatArray())
                            .isEqualTo(expected.read(tensor, golden.manager(), DataType.FLOAT32)
                                    .toFloatArray());
                }
            }
        }
        Path back = folder.resolve("weights.pt");
        try (Golden golden = new Golden(name);
                AggregatorFile converted = AggregatorFile.open(target)) {
            AggregatorWriter.torch(converted, back);
            try (AggregatorFile torch = AggregatorFile.open(back)) {
                assertThat(torch.config()).isEqualTo(converted.config());
                assertThat(torch.provenance().get("step").getAsInt()).isEqualTo(1000);
                assertThat(torch.read("mixing_weights", golden.manager()))
                        .isEqualTo(converted.read("mixing_weights", golden.manager()));
                String conv2 = AggregatorKeys.layer(11) + "conv2.weight";
                assertThat(torch.read(conv2, golden.manager())).isEqualTo(converted.read(conv2, golden.manager()));
            }
        }
        try (var files = Files.list(folder)) {
            assertThat(files).containsExactlyInAnyOrder(target, back);
        }
    }

    @Test
    void weightsThatDoNotFitAreRefusedWithBothLists() throws IOException {
        try (Golden golden = new Golden("sd15");
                Aggregator aggregator =
                        Aggregator.open(golden.folder().resolve("aggregation_network.pt"), TorchRuntime.cpu())) {
            FeatureLayout other = new FeatureLayout(
                    java.util.Map.of(1, 64, 2, 32), aggregator.config().saveIndices());
            assertThatThrownBy(() -> aggregator.requireFits(other, "checkpoint x"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]")
                    .hasMessageContaining("[64, 32]")
                    .hasMessageContaining("checkpoint x");
            java.util.Map<Integer, Integer> channels = new java.util.HashMap<>();
            for (int l = 1; l <= 12; l++) {
                channels.put(l, aggregator.config().dims().get(l - 1));
            }
            assertThatThrownBy(() -> aggregator.requireFits(new FeatureLayout(channels, List.of(3, 2)), "checkpoint x"))
                    .hasMessageContaining("[49, 45, 40, 35, 30, 25, 20, 15, 10, 5, 0]")
                    .hasMessageContaining("[3, 2]");
        }
    }

    @Test
    void generationReversesTheTimesteps() throws IOException {
        try (Golden golden = new Golden("sd15");
                AggregatorFile file = AggregatorFile.open(golden.folder().resolve("aggregation_network.pt"))) {
            AggregatorConfig config = file.config().forGeneration("a cat", "", 7.5);
            assertThat(config.settings().process()).isEqualTo(Generation.of("a cat"));
            assertThat(config.saveIndices()).containsExactly(0, 5, 10, 15, 20, 25, 30, 35, 40, 45, 49);
        }
    }

    @Test
    void sharesSumToOneAndMissingMapsAreNoticed() throws IOException {
        try (Golden golden = new Golden("sd21");
                Aggregator aggregator = Aggregator.open(
                        golden.folder().resolve("aggregation_network.safetensors"), TorchRuntime.cpu());
                var sum = aggregator.accumulator()) {
            double shares = 0;
            for (FeatureKey map : aggregator.config().maps()) {
                shares += aggregator.mixingWeight(map);
            }
            assertThat(shares).isCloseTo(1, org.assertj.core.data.Offset.offset(1e-5));
            sum.accept(new FeatureKey(49, 1), golden.tensor("inversion.s49.layer1"));
            assertThatThrownBy(sum::descriptors)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("all 132");
            assertThatThrownBy(() -> sum.accept(new FeatureKey(49, 1), golden.tensor("inversion.s49.layer1")))
                    .hasMessageContaining("s49.layer1");
            aggregator.close();
            assertThatThrownBy(aggregator::accumulator)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("after close");
        }
    }

    @Test
    void brokenWeightFilesAreNamed(@TempDir Path folder) throws IOException {
        Path path = folder.resolve("weights.safetensors");
        try (Golden golden = new Golden("sd15");
                SafeTensors source = SafeTensors.open(golden.folder().resolve("aggregation_network.safetensors"))) {
            String config = java.util.Objects.requireNonNull(source.metadata().get("config"));
            write(
                    source,
                    golden,
                    path,
                    config,
                    "mixing_weights",
                    golden.manager().full(new Shape(132), Float.NaN));
            assertThatThrownBy(() -> Aggregator.open(path, TorchRuntime.cpu()))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("NaN or infinity in 'mixing_weights'");
            write(
                    source,
                    golden,
                    path,
                    config,
                    "mixing_weights",
                    golden.manager().ones(new Shape(131)));
            assertThatThrownBy(() -> Aggregator.open(path, TorchRuntime.cpu()))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("'mixing_weights' must be of floats [132]");
            write(
                    source,
                    golden,
                    path,
                    config.replace("\"inversion\"", "\"perversion\""),
                    "mixing_weights",
                    golden.manager().ones(new Shape(132)));
            assertThatThrownBy(() -> Aggregator.open(path, TorchRuntime.cpu()))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("'diffusion_mode' must be one of");
            write(
                    source,
                    golden,
                    path,
                    config.replace("[49, 45", "[50, 45"),
                    "mixing_weights",
                    golden.manager().ones(new Shape(132)));
            assertThatThrownBy(() -> Aggregator.open(path, TorchRuntime.cpu()))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("0 to 49");
            write(
                    source,
                    golden,
                    path,
                    "nonsense",
                    "mixing_weights",
                    golden.manager().ones(new Shape(132)));
            assertThatThrownBy(() -> Aggregator.open(path, TorchRuntime.cpu())).isInstanceOf(IOException.class);
        }
        assertThatThrownBy(() -> Aggregator.open(
                        Golden.fixtures().resolve("sd15/pipeline/unet/diffusion_pytorch_model.safetensors"),
                        TorchRuntime.cpu()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("'config'");
    }

    private static void write(SafeTensors source, Golden golden, Path path, String config, String replaced, NDArray by)
            throws IOException {
        SafeTensorsWriter writer = new SafeTensorsWriter().metadata("config", config);
        for (String name : source.tensors().keySet()) {
            writer.tensor(name, name.equals(replaced) ? by : source.read(name, golden.manager(), DataType.FLOAT32));
        }
        writer.write(path);
    }
}
