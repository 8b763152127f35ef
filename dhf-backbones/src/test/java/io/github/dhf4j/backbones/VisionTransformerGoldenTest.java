package io.github.dhf4j.backbones;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.github.dhf4j.feature.ExtractionSettings;
import io.github.dhf4j.feature.Facet;
import io.github.dhf4j.feature.FeatureStack;
import io.github.dhf4j.feature.MapExtent;
import io.github.dhf4j.feature.RunMonitor;
import io.github.dhf4j.feature.TokenTaps;
import io.github.dhf4j.image.PillowResize;
import io.github.dhf4j.image.RgbImage;
import io.github.dhf4j.image.Size;
import io.github.dhf4j.io.TensorFile;
import io.github.dhf4j.matching.Point;
import io.github.dhf4j.tensor.TorchRuntime;
import io.github.dhf4j.testing.Golden;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** DINO and DINOv2 stage by stage against the authors' code and transformers. */
class VisionTransformerGoldenTest {
    private static final double CLOSE = 2e-5;

    @ParameterizedTest
    @CsvSource({"baselines/dino,64,64", "baselines/dino,96,80", "baselines/dinov2,70,70", "baselines/dinov2,98,84"})
    void pixels(String fixture, int width, int height) throws IOException {
        try (Golden golden = new Golden(fixture);
                NDArray expected = golden.bytes(width + "x" + height + ".pixels")) {
            RgbImage image = RgbImage.read(Golden.fixtures().resolve("images").resolve("a.png"));
            byte[] samples = PillowResize.resize(image, new Size(width, height), PillowResize.Kernel.LANCZOS)
                    .samples();
            byte[] planes = expected.toByteArray();
            for (int i = 0; i < planes.length; i++) {
                int place = i % (width * height);
                assertThat(samples[3 * place + i / (width * height)])
                        .as("byte %d", i)
                        .isEqualTo(planes[i]);
            }
        }
    }

    private record Opened(Golden golden, VisionTransformer network) implements AutoCloseable {
        static Opened open(String fixture, String folder) throws IOException {
            Golden golden = new Golden(fixture);
            Path path = golden.folder().resolve(folder);
            VisionTransformerCheckpoint checkpoint = VisionTransformerCheckpoint.open(path);
            try (TensorFile tensors = checkpoint.tensors()) {
                VisionTransformer network = new VisionTransformer(checkpoint.config(), tensors);
                network.load(tensors, golden.manager(), DataType.FLOAT32);
                return new Opened(golden, network);
            }
        }

        NDArray input(String name) throws IOException {
            return golden.tensor(name).expandDims(0);
        }

        @Override
        public void close() {
            network.close();
            golden.close();
        }
    }

    @Test
    void theExtractorLeadsAnImageToTheGoldenMap() throws IOException {
        Size size = new Size(96, 80);
        try (Golden golden = new Golden("baselines/dino");
                VisionTransformerExtractor extractor =
                        VisionTransformerExtractor.open(golden.folder(), Dino.paper(), size, TorchRuntime.cpu());
                FeatureStack stack = FeatureStack.create(golden.manager().newSubManager(), DataType.FLOAT32)) {
            RgbImage image = RgbImage.read(Golden.fixtures().resolve("images").resolve("a.png"));
            extractor.extract(List.of(image), stack, RunMonitor.NONE);
            assertThat(extractor.layout().layers()).containsExactly(10);
            assertThat(extractor.mapSize()).isEqualTo(new Size(23, 19));
            golden.assertClose("96x80.stride4.key", stack.get(0, 10).squeeze(0), CLOSE);
            assertThat(extractor.extent()).isEqualTo(MapExtent.WHOLE);
            ExtractionSettings centred =
                    Dino.paper().withLoadSize(64).withTaps(new TokenTaps(List.of(10), Facet.KEY, 4, true, false));
            assertThat(extractor.withSettings(centred).extent())
                    .isEqualTo(new MapExtent(2 / 64.0, 2 / 64.0, 62 / 64.0, 62 / 64.0));
            SaliencyMap saliency = extractor.saliency(image);
            float[] expected = golden.tensor("96x80.stride4.saliency").toFloatArray();
            assertThat(saliency.values()).containsExactly(expected, within(1e-4f));
            Point corner = new Point(image.width(), image.height());
            assertThat(saliency.at(corner)).isEqualTo(saliency.values()[expected.length - 1]);
            assertThat(extractor.fingerprint()).hasSize(64).isEqualTo(extractor.fingerprint());
        }
    }

    @ParameterizedTest
    @CsvSource({"64,64", "96,80"})
    void logBins(int width, int height) throws IOException {
        ExtractionSettings settings = Dino.paper().withTaps(new TokenTaps(List.of(10), Facet.KEY, 8, false, true));
        try (Golden golden = new Golden("baselines/dino");
                VisionTransformerExtractor extractor = VisionTransformerExtractor.open(
                        golden.folder(), settings, new Size(width, height), TorchRuntime.cpu());
                FeatureStack stack = FeatureStack.create(golden.manager().newSubManager(), DataType.FLOAT32)) {
            RgbImage image = RgbImage.read(Golden.fixtures().resolve("images").resolve("a.png"));
            extractor.extract(List.of(image), stack, RunMonitor.NONE);
            assertThat(extractor.layout().channels()).containsEntry(10, 17 * 48);
            // the authors' code interleaves the six heads
            NDArray map = stack.get(0, 10).reshape(17, 6, 8, height / 8, width / 8);
            NDArray interleaved = map.transpose(0, 2, 1, 3, 4).reshape(17 * 48, height / 8, width / 8);
            golden.assertClose(width + "x" + height + ".stride8.key.binned", interleaved, CLOSE);
        }
    }

    @ParameterizedTest
    @CsvSource({"64,64,8", "64,64,4", "96,80,8", "96,80,4"})
    void dino(int width, int height, int stride) throws IOException {
        String size = width + "x" + height;
        String name = size + ".stride" + stride + ".";
        try (Opened opened = Opened.open("baselines/dino", "")) {
            Golden golden = opened.golden();
            VisionTransformer network = opened.network();
            NDArray input = opened.input(size + ".input");
            int rows = network.grid(height, stride);
            int columns = network.grid(width, stride);
            golden.assertClose(
                    name + "position",
                    network.positions(height, width, stride, golden.manager()).squeeze(0),
                    CLOSE);
            golden.assertClose(
                    name + "embedded",
                    network.embed(input, stride, golden.manager()).squeeze(0),
                    CLOSE);
            network.forward(input, stride, Set.of(9, 11), true, (block, found) -> {
                if (block == 9) {
                    String[] facets = {"token", "query", "key", "value"};
                    for (int k = 0; k < facets.length; k++) {
                        check(golden, name + facets[k], found[k], 1, rows, columns);
                        check(golden, name + facets[k] + ".class", found[k].get(new NDIndex("0, 0")));
                    }
                } else {
                    NDManager manager = golden.manager();
                    NDArray attention =
                            VisionTransformer.SCRIPT.run(manager, "class_attention", found[1], found[2], 6, 1);
                    NDArray maps = attention.squeeze(0).reshape(6, rows, columns);
                    check(golden, name + "class_attention", maps, 2e-4);
                    Size grid = new Size(columns, rows);
                    float[] saliency =
                            SaliencyMap.of(attention.squeeze(0), grid, grid).values();
                    check(golden, name + "saliency", golden.manager().create(saliency, new Shape(rows, columns)), 1e-4);
                    if (stride == 8) {
                        check(
                                golden,
                                name + "final",
                                network.finalNorm(found[0]).squeeze(0));
                    }
                }
            });
        }
    }

    @ParameterizedTest
    @CsvSource({
        "plain,70,70,9",
        "plain,98,84,9",
        "registers,70,70,9",
        "registers,98,84,9",
        "swiglu,70,70,1",
        "swiglu,98,84,1"
    })
    void dinov2(String variant, int width, int height, int facetBlock) throws IOException {
        String size = width + "x" + height;
        String name = variant + "." + size + ".";
        try (Opened opened = Opened.open("baselines/dinov2", variant)) {
            Golden golden = opened.golden();
            VisionTransformer network = opened.network();
            int leading = network.config().leading();
            NDArray input = opened.input(size + ".input");
            int rows = height / 14;
            int columns = width / 14;
            golden.assertClose(
                    name + "position",
                    network.positions(height, width, 14, golden.manager()).squeeze(0),
                    CLOSE);
            golden.assertClose(
                    name + "embedded",
                    network.embed(input, 14, golden.manager()).squeeze(0),
                    CLOSE);
            int last = network.config().layers() - 1;
            network.forward(input, 14, new java.util.HashSet<>(List.of(facetBlock, last)), true, (block, found) -> {
                if (block == facetBlock) {
                    String[] facets = {"token", "query", "key", "value"};
                    for (int k = 0; k < facets.length; k++) {
                        check(golden, name + "block" + block + "." + facets[k], found[k], leading, rows, columns);
                    }
                }
                if (block == last) {
                    NDArray normed = network.finalNorm(found[0]);
                    for (String stage : new String[] {"block" + block, "final"}) {
                        NDArray tokens = stage.equals("final") ? normed : found[0];
                        check(golden, name + stage + ".token", tokens, leading, rows, columns);
                        check(golden, name + stage + ".class", tokens.get(new NDIndex("0, 0")));
                        if (leading > 1) {
                            check(golden, name + stage + ".registers", tokens.get(new NDIndex("0, 1:" + leading)));
                        }
                    }
                }
            });
            if (width == 70 && !variant.equals("swiglu")) {
                golden.assertClose(
                        variant + ".56x28.position",
                        network.positions(28, 56, 14, golden.manager()).squeeze(0),
                        CLOSE);
            }
        }
    }

    private static void check(Golden golden, String name, NDArray tokens, int leading, int rows, int columns) {
        check(
                golden,
                name,
                VisionTransformerExtractor.map(tokens, leading, rows, columns).squeeze(0));
    }

    private static void check(Golden golden, String name, NDArray actual) {
        check(golden, name, actual, CLOSE);
    }

    private static void check(Golden golden, String name, NDArray actual, double tolerance) {
        try {
            golden.assertClose(name, actual, tolerance);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
