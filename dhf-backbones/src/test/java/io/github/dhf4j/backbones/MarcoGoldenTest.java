package io.github.dhf4j.backbones;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import com.google.gson.JsonObject;
import io.github.dhf4j.feature.DescriptorMap;
import io.github.dhf4j.feature.ExtractionSettings;
import io.github.dhf4j.feature.Forward;
import io.github.dhf4j.feature.RunMonitor;
import io.github.dhf4j.image.PillowResize;
import io.github.dhf4j.image.RgbImage;
import io.github.dhf4j.image.Size;
import io.github.dhf4j.io.SafeTensorsWriter;
import io.github.dhf4j.io.TensorFile;
import io.github.dhf4j.matching.Correspondence;
import io.github.dhf4j.matching.Placement;
import io.github.dhf4j.matching.Point;
import io.github.dhf4j.spi.Checkpoint;
import io.github.dhf4j.spi.CheckpointPath;
import io.github.dhf4j.spi.CheckpointSummary;
import io.github.dhf4j.spi.Providers;
import io.github.dhf4j.tensor.TorchRuntime;
import io.github.dhf4j.testing.Golden;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** MARCO's network stage by stage, and its descriptors of images; what is matched with them is in {@code MarcoMatchingGoldenTest}. */
class MarcoGoldenTest {
    private static final double CLOSE = 1e-5;
    private static final double PIXELS = 1e-2;
    private static final int SIDE = 98;

    private final Golden golden = new Golden("baselines/marco");
    private final Path dinov2 = golden.folder().resolve("dinov2");
    private final Path file = golden.folder().resolve("marco.pth");

    private static RgbImage image(String name) throws IOException {
        return RgbImage.read(Golden.fixtures().resolve("images").resolve(name));
    }

    private Checkpoint adapted() throws IOException {
        return Providers.checkpoint(null, dinov2).adapted(file);
    }

    private static List<DescriptorMap> maps(Checkpoint checkpoint, ExtractionSettings settings) throws IOException {
        List<RgbImage> images = List.of(image("a.png"), image("b.png"));
        List<Size> sizes = images.stream().map(RgbImage::size).toList();
        List<DescriptorMap> maps = new ArrayList<>();
        try (MarcoExtractor extractor = (MarcoExtractor) checkpoint.open(settings, TorchRuntime.cpu())) {
            extractor.extract(
                    images,
                    (key, map) -> DescriptorMap.of(map, sizes, extractor.loadSize())
                            .forEach(each -> maps.add(extractor.placed(each))),
                    RunMonitor.NONE);
        }
        return maps;
    }

    private static void assertPoints(List<Correspondence> found, List<Point> expected) {
        assertThat(found).hasSameSizeAs(expected);
        for (int i = 0; i < found.size(); i++) {
            Point at = found.get(i).target();
            assertThat(at.x()).as("x of point %d", i).isCloseTo(expected.get(i).x(), within(PIXELS));
            assertThat(at.y()).as("y of point %d", i).isCloseTo(expected.get(i).y(), within(PIXELS));
            assertThat(found.get(i).similarity()).as("a cosine").isBetween(-1.0, 1.0);
        }
    }

    @ParameterizedTest
    @CsvSource({"squashed, false", "padded, false", "squashed, true"})
    void stages(String name, boolean packed) throws IOException {
        try (golden;
                NDManager work = golden.manager().newSubManager();
                MarcoNetwork network = MarcoNetwork.open(dinov2, file, work, DataType.FLOAT32)) {
            if (packed) {
                network.pack(work, DataType.FLOAT32, SIDE);
            }
            NDArray last = network.last(golden.tensor(name + ".input"), work);
            golden.assertClose(name + ".last", last, CLOSE);
            golden.assertClose(name + ".descriptors", network.upscaled(last, work), CLOSE);
        }
    }

    @ParameterizedTest
    @CsvSource({"squashed, false", "padded, true"})
    void picturesAreWhatTheAuthorsMakeOfImages(String name, boolean padded) throws IOException {
        List<RgbImage> images = List.of(image("a.png"), image("b.png"));
        try (golden;
                NDManager work = golden.manager().newSubManager()) {
            NDArray pixels = ImageNetPixels.of(
                    images, Size.square(SIDE), new Forward(padded), PillowResize.Kernel.BILINEAR, work);
            golden.assertClose(name + ".input", pixels, CLOSE);
        }
    }

    @Test
    void squashedImagesLeadToTheGoldenPoints() throws IOException {
        try (golden) {
            List<DescriptorMap> maps = maps(adapted(), Marco.paper().withLoadSize(SIDE));
            JsonObject points = golden.json().getAsJsonObject("points");
            Size b = maps.get(1).imageSize();
            List<Point> expected = GoldenPoints.of(points, "predicted_" + SIDE + "_xy").stream()
                    .map(point -> point.scaled(Size.square(SIDE), b))
                    .toList();
            assertPoints(
                    Placement.USUAL.place(maps.get(0), maps.get(1), GoldenPoints.of(points, "source_a_xy")), expected);
        }
    }

    @Test
    void paddedImagesLeadToTheGoldenPointsAndNeverToThePadding() throws IOException {
        try (golden) {
            List<DescriptorMap> maps = maps(adapted(), Marco.padded().withLoadSize(SIDE));
            JsonObject points = golden.json().getAsJsonObject("padded_points");
            assertPoints(
                    Placement.USUAL.place(maps.get(0), maps.get(1), GoldenPoints.of(points, "source_a_xy")),
                    GoldenPoints.of(points, "predicted_b_xy"));
            DescriptorMap map = maps.get(1);
            assertThat(map.size()).as("the image is no square").isNotEqualTo(Size.square(28));
            assertThat(map.matchSize()).isEqualTo(map.size());
            double last =
                    Objects.requireNonNull(map.products()).stepY() * (map.size().height() - 1);
            assertThat(last * map.imageSize().height())
                    .as("the last row of cells lies on the image")
                    .isLessThan(map.imageSize().height());
        }
    }

    @Test
    void eachPreparationAndEachAdapterIsAFingerprintOfItsOwn() throws IOException {
        try (golden;
                MarcoExtractor squashed =
                        (MarcoExtractor) adapted().open(Marco.paper().withLoadSize(SIDE), TorchRuntime.cpu());
                MarcoExtractor padded = squashed.withSettings(Marco.padded().withLoadSize(SIDE));
                VisionTransformerExtractor plain = VisionTransformerExtractor.open(
                        dinov2, Dinov2.paper().withLayers(List.of(4)), TorchRuntime.cpu())) {
            assertThat(squashed.fingerprint()).isNotEqualTo(padded.fingerprint());
            assertThat(squashed.origin()).isSameAs(padded.origin());
            assertThat(squashed.origin().digest()).isNotEqualTo(plain.origin().digest());
            assertThat(squashed.name()).isEqualTo("checkpoint " + dinov2 + " adapted by marco.pth");
            assertThat(squashed.mapSize()).isEqualTo(Size.square(28));
        }
    }

    @Test
    void headersTellWhatItIs() throws IOException {
        try (golden) {
            assertThat(Providers.areAdapters(file)).isTrue();
            assertThat(Providers.areAdapters(dinov2.resolve("model.safetensors")))
                    .isFalse();
            CheckpointSummary summary = adapted().inspect();
            assertThat(summary.loadSize()).isEqualTo(Size.square(770));
            assertThat(summary.mapSize()).isEqualTo(Size.square(220));
            assertThat(summary.parameters())
                    .isGreaterThan(Providers.checkpoint(null, dinov2).inspect().parameters());
        }
    }

    @Test
    void theAuthorsFormOfDinov2IsTheSameOnceItsHeadsAreKnown(@TempDir Path folder) throws IOException {
        Path single = folder.resolve("dinov2_tiny_reg.safetensors");
        try (golden;
                NDManager work = golden.manager().newSubManager()) {
            writeAsAuthors(dinov2.resolve("model.safetensors"), single, work);
            assertThatThrownBy(() -> open(single, file))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("width 48 (")
                    .hasMessageContaining("config.json with 'num_attention_heads'");
            Path config = folder.resolve("config.json");
            Files.writeString(config, "{\"num_attention_heads\": 5}");
            assertThatThrownBy(() -> open(single, file)).hasMessageContaining("width 48 in 5 heads");
            Files.writeString(config, "{\"num_attention_heads\": 3}");
            try (MarcoNetwork network = MarcoNetwork.open(single, file, work, DataType.FLOAT32)) {
                golden.assertClose("squashed.last", network.last(golden.tensor("squashed.input"), work), CLOSE);
            }
        }
    }

    /** A checkpoint in transformers' form under its authors' names, queries, keys and values in one. */
    private static void writeAsAuthors(Path from, Path to, NDManager work) throws IOException {
        Map<String, NDArray> tensors = new LinkedHashMap<>();
        Map<String, NDList> stacked = new TreeMap<>();
        try (TensorFile read = TensorFile.open(from)) {
            for (String name : read.tensors().keySet()) {
                NDArray tensor = read.read(name, work, DataType.FLOAT32);
                String theirs = name.replace("encoder.layer.", "blocks.")
                        .replaceAll("embeddings.position_embeddings", "pos_embed")
                        .replace("embeddings.patch_embeddings.projection", "patch_embed.proj")
                        .replace("embeddings.", "")
                        .replace("attention.output.dense", "attn.proj")
                        .replaceAll("layer_scale(\\d).lambda1", "ls$1.gamma")
                        .replaceAll("^layernorm", "norm");
                int attention = theirs.indexOf("attention.attention.");
                if (attention >= 0) {
                    String kind = theirs.substring(theirs.lastIndexOf('.'));
                    stacked.computeIfAbsent(theirs.substring(0, attention) + "attn.qkv" + kind, key -> new NDList())
                            .add(tensor);
                    assertThat(theirs).containsPattern("(query|key|value)" + kind);
                } else {
                    tensors.put(theirs, tensor);
                }
            }
        }
        // by their names: key, query, value
        stacked.forEach((name, kqv) ->
                tensors.put(name, NDArrays.concat(new NDList(kqv.get(1), kqv.get(0), kqv.get(2)), 0)));
        SafeTensorsWriter writer = new SafeTensorsWriter();
        tensors.forEach(writer::tensor);
        writer.write(to);
    }

    @Test
    void whatDoesNotFitIsSaid(@TempDir Path folder) throws IOException {
        try (golden) {
            assertThatThrownBy(() -> open(dinov2, dinov2.resolve("model.safetensors")))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("MARCO's adapters")
                    .hasMessageContaining("marco_release.pth");
            Path plain = Golden.fixtures().resolve("baselines/dinov2/plain");
            assertThatThrownBy(() -> open(plain, file)).hasMessageContaining("must have registers");
            Path other = adapters(folder.resolve("other.safetensors"), 9, 48);
            assertThatThrownBy(() -> open(dinov2, other))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("below 4")
                    .hasMessageContaining("[9]");
            Path wide = adapters(folder.resolve("wide.safetensors"), 3, 1024);
            assertThatThrownBy(() -> open(dinov2, wide))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("width 48")
                    .hasMessageContaining("[24, 1024]");
            Path cut = folder.resolve("marco.pth");
            byte[] whole = Files.readAllBytes(file);
            Files.write(cut, Arrays.copyOf(whole, whole.length / 2));
            assertThatThrownBy(() -> open(dinov2, cut))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining(cut.toString());
            Path dino = Golden.fixtures().resolve("baselines/dino");
            assertThatThrownBy(() -> Providers.checkpoint(null, dino).adapted(file))
                    .hasMessageContaining("backbone dino (")
                    .hasMessageContaining("trained on");
            assertThatThrownBy(() -> maps(adapted(), Marco.paper().withLoadSize(100)))
                    .hasMessageContaining("multiple of the patch's side 14");
            assertThatThrownBy(() -> Providers.checkpoint(null, dinov2).open(Marco.padded(), TorchRuntime.cpu()))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("knows no padding");
        }
    }

    private static void open(Path checkpoint, Path adapters) throws IOException {
        MarcoExtractor.open(checkpoint, adapters, Marco.paper().withLoadSize(SIDE), TorchRuntime.cpu())
                .close();
    }

    private Path adapters(Path path, int block, int width) throws IOException {
        try (NDArray down = golden.manager().zeros(new Shape(24, width))) {
            new SafeTensorsWriter()
                    .tensor("dino.blocks." + block + ".adapter.down_proj.weight", down)
                    .write(path);
        }
        assertThat(new Dinov2Provider().adapts(new CheckpointPath(path))).isTrue();
        return path;
    }
}
