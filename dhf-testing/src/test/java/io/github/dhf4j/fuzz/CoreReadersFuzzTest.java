package io.github.dhf4j.fuzz;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import com.google.gson.JsonObject;
import io.github.dhf4j.feature.DescriptorMap;
import io.github.dhf4j.feature.DescriptorOrigin;
import io.github.dhf4j.feature.FeatureKey;
import io.github.dhf4j.feature.FeatureStack;
import io.github.dhf4j.feature.OriginPart;
import io.github.dhf4j.image.RgbImage;
import io.github.dhf4j.image.Size;
import io.github.dhf4j.io.Json;
import io.github.dhf4j.io.JsonConfig;
import io.github.dhf4j.io.SafeTensors;
import io.github.dhf4j.io.SafeTensorsWriter;
import io.github.dhf4j.io.ShardedTensors;
import io.github.dhf4j.io.StoredZip;
import io.github.dhf4j.io.TensorFile;
import io.github.dhf4j.io.TextFiles;
import io.github.dhf4j.io.TorchCheckpoint;
import io.github.dhf4j.io.TorchCheckpointWriter;
import io.github.dhf4j.testing.Golden;
import io.github.dhf4j.testing.ReaderFuzz;
import io.github.dhf4j.train.RunProgress;
import io.github.dhf4j.train.RunState;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CoreReadersFuzzTest {
    private final NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");

    @TempDir
    Path temporary;

    private Path folder;

    @BeforeEach
    void makeFolder() throws IOException {
        folder = ReaderFuzz.folder(temporary);
    }

    @AfterEach
    void close() {
        manager.close();
    }

    private Path safetensors(String name) throws IOException {
        Path path = folder.resolve(name);
        NDArray floats = manager.create(new float[] {1, -2, 3.5f, 4, 5, 6}, new Shape(2, 3));
        new SafeTensorsWriter()
                .tensor("a.weight", floats)
                .tensor("b.weight", floats.toType(DataType.FLOAT16, true))
                .tensor("many", manager.zeros(new Shape(1, 4, 32, 32)))
                .tensor("ids", manager.create(new long[] {7, 8}))
                .metadata("config", "{\"x\": 1}")
                .write(path);
        return path;
    }

    private void readAll(TensorFile file) throws IOException {
        try (file;
                NDManager reading = manager.newSubManager()) {
            for (String name : file.tensors().keySet()) {
                file.read(name, reading, DataType.FLOAT32).close();
            }
        }
    }

    @Test
    void safetensors() throws Exception {
        ReaderFuzz.of("safetensors", safetensors("a.safetensors")).check(path -> readAll(SafeTensors.open(path)));
    }

    @Test
    void shards() throws Exception {
        Path index = folder.resolve("m.safetensors.index.json");
        Path first = safetensors("m-1.safetensors");
        Path second = folder.resolve("m-2.safetensors");
        new SafeTensorsWriter().tensor("c", manager.create(new float[] {1, 2})).write(second);
        Files.writeString(
                index,
                "{\"metadata\": {\"total_size\": 1}, \"weight_map\": {\"a.weight\": \"m-1.safetensors\","
                        + " \"b.weight\": \"m-1.safetensors\", \"many\": \"m-1.safetensors\","
                        + " \"ids\": \"m-1.safetensors\", \"c\": \"m-2.safetensors\"}}");
        ReaderFuzz.of("shard index", index).check(path -> readAll(ShardedTensors.open(path)));
        ReaderFuzz.of("shard", first, Files.readAllBytes(second)).check(path -> readAll(ShardedTensors.open(index)));
    }

    @Test
    void torchCheckpoints() throws Exception {
        Path path = folder.resolve("a.pt");
        NDArray weight = manager.create(new float[] {1, -2, 3.5f, 4, 5, 6}, new Shape(2, 3));
        TorchCheckpointWriter.write(
                Map.of(
                        "config", Map.of("layers", List.of(1, 2, 3L << 40), "name", "x", "rate", 0.5, "flag", true),
                        "network", Map.of("a.weight", weight, "many", manager.zeros(new Shape(4, 32, 32)))),
                path);
        Path other = Golden.fixtures().resolve("baselines/catspp/checkpoint-form.pth");
        ReaderFuzz.of("torch zip", path, Files.readAllBytes(other)).check(file -> readAll(TorchCheckpoint.open(file)));
    }

    @Test
    void picklesInASoundZip() throws Exception {
        Path written = temporary.resolve("a.pt");
        NDArray weight = manager.create(new float[] {1, -2});
        TorchCheckpointWriter.write(Map.of("n", List.of(1, 2), "w", weight, "x", Map.of("w", weight)), written);
        Path pickle = folder.resolve("data.pkl");
        try (ZipFile zip = new ZipFile(written.toFile());
                InputStream in = zip.getInputStream(zip.getEntry("archive/data.pkl"))) {
            Files.copy(in, pickle);
        }
        Path checkpoint = folder.resolve("b.pt");
        ReaderFuzz.of("pickle", pickle).check(file -> {
            try (OutputStream out = Files.newOutputStream(checkpoint);
                    ZipOutputStream zip = new ZipOutputStream(out)) {
                StoredZip.add(zip, "archive/data.pkl", Files.readAllBytes(file));
                StoredZip.add(zip, "archive/data/0", new byte[8]);
                StoredZip.add(zip, "archive/data/1", new byte[8]);
            }
            readAll(TorchCheckpoint.open(checkpoint));
        });
    }

    @Test
    void torchCheckpointsOfTheOlderForm() throws Exception {
        Path whole = Golden.fixtures().resolve("baselines/dhpf/checkpoint-form.pt");
        ReaderFuzz.of("torch legacy", Files.copy(whole, folder.resolve("old.pt")))
                .check(file -> readAll(TorchCheckpoint.open(file)));
    }

    @Test
    void json() throws Exception {
        Path path = folder.resolve("config.json");
        Files.writeString(
                path,
                "{\"whole\": 3, \"number\": 0.5, \"flag\": true, \"text\": \"caf\u00e9\", \"one\": \"b\","
                        + " \"list\": [1, 2], \"per\": [3, 4], \"texts\": [\"a\", \"b\"], \"fixed\": 1}");
        ReaderFuzz.of("json config", path).check(file -> {
            JsonConfig config = new JsonConfig(Json.readObject(file), file.toString());
            config.integer("whole", 1);
            config.number("number", 1);
            config.flag("flag", true);
            config.text("text", "");
            config.oneOf("one", "a", "a", "b");
            config.integers("list");
            config.integerPerBlock("per", 1, 2);
            config.texts("texts");
            config.expect("fixed", 1).finish();
        });
        Path list = Files.writeString(folder.resolve("list.json"), "[{\"a\": [1, 2, {\"b\": null}]}, \"x\", -1.5e3]");
        ReaderFuzz.of("json list", list).check(Json::readArray);
    }

    @Test
    void texts() throws Exception {
        ReaderFuzz.of("text", Files.writeString(folder.resolve("a.txt"), "1 caf\u00e9\r\n2 \u732b\n\n"))
                .check(TextFiles::lines);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "photo.jpg",
                "progressive.jpg",
                "cmyk.jpg",
                "grey.jpg",
                "palette.png",
                "grey-alpha.png",
                "animated.gif",
                "small.bmp",
                "small.png",
                "binary.ppm"
            })
    void images(String name) throws Exception {
        Path path = folder.resolve(name);
        if (name.endsWith(".ppm")) {
            Files.writeString(path, "P6 # seen\n13 7\n255\n" + "pixels".repeat(46), StandardCharsets.US_ASCII);
        } else if (name.startsWith("small")) {
            BufferedImage image = new BufferedImage(13, 7, BufferedImage.TYPE_INT_RGB);
            ImageIO.write(image, name.substring(6), path.toFile());
        } else {
            Files.copy(Golden.fixtures().resolve("odd").resolve(name), path);
        }
        ReaderFuzz.of("image " + name, path).check(RgbImage::read);
    }

    @Test
    void descriptorMaps() throws Exception {
        Path path = folder.resolve("map.safetensors");
        NDArray values = manager.ones(new Shape(2, 4, 8, 8));
        DescriptorOrigin origin = new DescriptorOrigin(
                OriginPart.of("checkpoint a", () -> "12ab"), OriginPart.of("weights w", () -> "34cd"));
        DescriptorMap.saveAll(
                DescriptorMap.of(values, List.of(new Size(40, 30), new Size(32, 32)), new Size(32, 32)).stream()
                        .map(map -> map.withOrigin(origin))
                        .toList(),
                path);
        ReaderFuzz.of("descriptor maps", path).check(DescriptorMap::loadAll);
    }

    @Test
    void featureStacks() throws Exception {
        Path path = folder.resolve("stack.safetensors");
        try (FeatureStack stack = FeatureStack.create(manager, DataType.FLOAT32)) {
            stack.accept(new FeatureKey(0, 1), manager.ones(new Shape(1, 4, 8, 8)));
            stack.accept(new FeatureKey(1, 2), manager.ones(new Shape(1, 8, 16, 16)));
            stack.save(path);
        }
        ReaderFuzz.of("feature stack", path).check(file -> {
            try (FeatureStack stack = FeatureStack.open(file, manager)) {
                stack.forEach((key, map) -> {});
            } catch (UncheckedIOException e) {
                throw e.getCause();
            }
        });
    }

    @Test
    void statesOfRuns() throws Exception {
        Path path = folder.resolve("state.safetensors");
        Map<String, NDArray> tensors = Map.of("w", manager.ones(new Shape(2, 3)), "v", manager.ones(new Shape(64, 64)));
        JsonObject run = Json.parseObject("{\"seed\": 1, \"rate\": 1.0E-5, \"data\": \"abc\"}");
        RunState.write(path, tensors, new RunProgress(4, 1.5, 0.3, 2, 1), run);
        ReaderFuzz.of("run state", path)
                .check(file -> RunState.read(file, tensors, run, RunState.Form.AS_NOW, manager));
    }
}
