package io.github.dhf4j.backbones;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import io.github.dhf4j.feature.ExtractionSettings;
import io.github.dhf4j.feature.Facet;
import io.github.dhf4j.feature.FeatureStack;
import io.github.dhf4j.feature.RunMonitor;
import io.github.dhf4j.feature.TokenTaps;
import io.github.dhf4j.image.PillowResize;
import io.github.dhf4j.image.RgbImage;
import io.github.dhf4j.image.Size;
import io.github.dhf4j.tensor.TorchRuntime;
import io.github.dhf4j.testing.Golden;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** DINOv3 stage by stage against transformers. */
class Dinov3GoldenTest {
    private static final double CLOSE = 5e-5;
    private static final String[] STAGES = {"token", "query", "key", "value", "query.rotated", "key.rotated"};

    @ParameterizedTest
    @CsvSource({"64,64", "112,80"})
    void pixels(int width, int height) throws IOException {
        try (Golden golden = new Golden("baselines/dinov3")) {
            String size = width + "x" + height;
            RgbImage image = RgbImage.read(Golden.fixtures().resolve("images").resolve("a.png"));
            Size load = new Size(width, height);
            NDManager manager = golden.manager();
            byte[] planes = golden.bytes(size + ".pixels").toByteArray();
            byte[] samples = PillowResize.resize(image, load, PillowResize.Kernel.BILINEAR)
                    .samples();
            for (int i = 0; i < planes.length; i++) {
                int place = i % (width * height);
                assertThat(samples[3 * place + i / (width * height)])
                        .as("byte %d", i)
                        .isEqualTo(planes[i]);
            }
            NDArray input = ImageNetPixels.of(List.of(image), load, PillowResize.Kernel.BILINEAR, manager);
            golden.assertClose(size + ".input", input.squeeze(0), CLOSE);
        }
    }

    @ParameterizedTest
    @CsvSource({"plain,64,64", "plain,112,80", "gated,64,64", "gated,112,80"})
    void stages(String form, int width, int height) throws IOException {
        String size = width + "x" + height;
        String name = form + "." + size + ".";
        try (Golden golden = new Golden("baselines/dinov3");
                VisionTransformerCheckpoint checkpoint =
                        VisionTransformerCheckpoint.open(golden.folder().resolve(form));
                VisionTransformer network = new VisionTransformer(checkpoint.config(), checkpoint.tensors())) {
            NDManager manager = golden.manager();
            network.load(checkpoint.tensors(), manager, DataType.FLOAT32);
            VisionTransformerConfig config = network.config();
            NDArray input = golden.tensor(size + ".input").expandDims(0);
            RotaryPositions rotary = Objects.requireNonNull(network.rotary(input, 16, manager));
            golden.assertClose(name + "rope.cos", rotary.cos(), CLOSE);
            golden.assertClose(name + "rope.sin", rotary.sin(), CLOSE);
            golden.assertClose(
                    name + "embedded", network.embed(input, 16, manager).squeeze(0), CLOSE);
            int last = config.layers() - 1;
            Set<Integer> all = IntStream.rangeClosed(0, last).boxed().collect(Collectors.toSet());
            network.forward(input, 16, all, true, (block, found) -> {
                assertThat(found).hasSize(STAGES.length);
                for (int k = 0; k < found.length; k++) {
                    String stage = name + "block" + block + "." + STAGES[k];
                    // rotation leaves class and registers: they are compared with those before it
                    check(golden, stage, stage.replace(".rotated", ""), found[k], new Size(width / 16, height / 16));
                }
                if (block == last) {
                    check(
                            golden,
                            name + "final.token",
                            name + "final",
                            network.finalNorm(found[0]),
                            new Size(width / 16, height / 16));
                    attention(golden, name, found, config.heads(), new Size(width / 16, height / 16));
                }
            });
        }
    }

    private static void check(Golden golden, String map, String others, NDArray tokens, Size grid) {
        NDArray found = VisionTransformerExtractor.map(tokens, 5, grid.height(), grid.width());
        close(golden, map, found.squeeze(0));
        close(golden, others + ".class", tokens.get(new NDIndex("0, 0")));
        close(golden, others + ".registers", tokens.get(new NDIndex("0, 1:5")));
    }

    private static void attention(Golden golden, String name, NDArray[] found, int heads, Size grid) {
        NDArray all = VisionTransformer.SCRIPT
                .run(golden.manager(), "class_attention", found[4], found[5], heads, 0)
                .squeeze(0);
        close(golden, name + "class_attention.prefix", all.get(new NDIndex(":, :5")));
        close(
                golden,
                name + "class_attention",
                all.get(new NDIndex(":, 5:")).reshape(heads, grid.height(), grid.width()));
    }

    private static void close(Golden golden, String name, NDArray actual) {
        try {
            golden.assertClose(name, actual, CLOSE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void theExtractorLeadsAnImageToTheGoldenMap() throws IOException {
        try (Golden golden = new Golden("baselines/dinov3");
                VisionTransformerExtractor extractor = VisionTransformerExtractor.open(
                        golden.folder().resolve("gated"), Dinov3.last(2), new Size(112, 80), TorchRuntime.cpu());
                FeatureStack stack = FeatureStack.create(golden.manager().newSubManager(), DataType.FLOAT32)) {
            RgbImage image = RgbImage.read(Golden.fixtures().resolve("images").resolve("a.png"));
            extractor.extract(List.of(image), stack, RunMonitor.NONE);
            assertThat(extractor.mapSize()).isEqualTo(new Size(7, 5));
            assertThat(extractor.layout().channels()).containsOnlyKeys(2).containsValue(48);
            golden.assertClose("gated.112x80.final.token", stack.get(0, 2).squeeze(0), CLOSE);
            assertThat(extractor.fingerprint()).hasSize(64).isEqualTo(extractor.fingerprint());
        }
    }

    @Test
    void aBatchIsItsImages() throws IOException {
        ExtractionSettings settings = ExtractionSettings.forward()
                .withLoadSize(64)
                .withTaps(new TokenTaps(List.of(4), Facet.TOKEN, 8, false, false));
        try (Golden golden = new Golden("baselines/dinov3");
                VisionTransformerExtractor extractor = VisionTransformerExtractor.open(
                        golden.folder().resolve("plain"), settings, TorchRuntime.cpu());
                FeatureStack both = FeatureStack.create(golden.manager().newSubManager(), DataType.FLOAT32)) {
            List<RgbImage> images = List.of(
                    RgbImage.read(Golden.fixtures().resolve("images/a.png")),
                    RgbImage.read(Golden.fixtures().resolve("images/b.png")));
            extractor.extract(images, both, RunMonitor.NONE);
            assertThat(extractor.mapSize()).isEqualTo(new Size(7, 7));
            for (int i = 0; i < 2; i++) {
                try (FeatureStack one = FeatureStack.create(golden.manager().newSubManager(), DataType.FLOAT32)) {
                    extractor.extract(List.of(images.get(i)), one, RunMonitor.NONE);
                    NDArray expected = one.get(0, 4).squeeze(0);
                    Golden.assertClose("image " + i, both.get(0, 4).get(i), expected, CLOSE);
                }
            }
        }
    }

    @Test
    void anglesArePlacesInThePictureWhateverTheStride() {
        try (NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch")) {
            RotaryPositions plain = RotaryPositions.of(64, 96, 16, 16, 12, 100, manager);
            RotaryPositions dense = RotaryPositions.of(64, 96, 16, 8, 12, 100, manager);
            NDArray grid =
                    dense.sin().reshape(7, 11, 12).get(new NDIndex("::2, ::2")).reshape(4 * 6, 12);
            assertThat(grid.toFloatArray()).isEqualTo(plain.sin().toFloatArray());
        }
    }

    /** As torch's functions are defined. */
    @Test
    void activations() {
        double[] at = {-3, -0.7, 0, 0.4, 2.5};
        try (NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch")) {
            float[] floats = new float[at.length];
            for (int i = 0; i < at.length; i++) {
                floats[i] = (float) at[i];
            }
            for (int kind = 1; kind <= 4; kind++) {
                float[] found = VisionTransformer.SCRIPT
                        .run(manager, "activate", manager.create(floats), kind)
                        .toFloatArray();
                for (int i = 0; i < at.length; i++) {
                    double x = at[i];
                    double expected = switch (kind) {
                        case 1 -> x / 2 * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)));
                        case 2 -> x / (1 + Math.exp(-1.702 * x));
                        case 3 -> Math.max(0, x);
                        default -> x / (1 + Math.exp(-x));
                    };
                    assertThat((double) found[i])
                            .as("kind %d at %s", kind, x)
                            .isCloseTo(expected, org.assertj.core.api.Assertions.within(1e-6));
                }
            }
        }
    }
}
