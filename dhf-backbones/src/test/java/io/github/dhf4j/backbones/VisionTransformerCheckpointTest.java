package io.github.dhf4j.backbones;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import com.google.gson.JsonObject;
import io.github.dhf4j.feature.ExtractionSettings;
import io.github.dhf4j.feature.Facet;
import io.github.dhf4j.feature.FeatureStack;
import io.github.dhf4j.feature.RunMonitor;
import io.github.dhf4j.feature.TokenTaps;
import io.github.dhf4j.image.RgbImage;
import io.github.dhf4j.io.SafeTensorsWriter;
import io.github.dhf4j.io.TensorFile;
import io.github.dhf4j.spi.Checkpoint;
import io.github.dhf4j.spi.Providers;
import io.github.dhf4j.tensor.TorchRuntime;
import io.github.dhf4j.testing.Golden;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Checkpoints as they are found: transformers' folders, the authors' single files, wrappers' prefixes, wrong ones. */
class VisionTransformerCheckpointTest {
    private static final int WIDTH = 384;
    private static final int PATCH = 14;
    private static final int BLOCKS = 2;

    @TempDir
    private Path folder;

    /** A small network of one of the forms, in both layouts. */
    private record Made(Path transformers, Path authors) {}

    private Made make(String form, String prefix, NDManager manager) throws IOException {
        boolean second = !form.equals("vit");
        boolean gated = form.equals("swiglu");
        int registers = form.equals("registers") ? 4 : 0;
        Map<String, NDArray> ours = new LinkedHashMap<>();
        Map<String, NDArray> theirs = new LinkedHashMap<>();
        both(ours, theirs, "embeddings.cls_token", "cls_token", manager, 1, 1, WIDTH);
        both(ours, theirs, "embeddings.position_embeddings", "pos_embed", manager, 1, 5, WIDTH);
        if (registers > 0) {
            both(ours, theirs, "embeddings.register_tokens", "register_tokens", manager, 1, registers, WIDTH);
        }
        String patches = "embeddings.patch_embeddings.projection.";
        both(ours, theirs, patches + "weight", "patch_embed.proj.weight", manager, WIDTH, 3, PATCH, PATCH);
        both(ours, theirs, patches + "bias", "patch_embed.proj.bias", manager, WIDTH);
        for (int i = 0; i < BLOCKS; i++) {
            String now = "encoder.layer." + i + ".";
            String old = "blocks." + i + ".";
            layer(ours, theirs, now + (second ? "norm1" : "layernorm_before"), old + "norm1", manager, WIDTH);
            layer(ours, theirs, now + (second ? "norm2" : "layernorm_after"), old + "norm2", manager, WIDTH);
            layer(ours, theirs, now + "attention.output.dense", old + "attn.proj", manager, WIDTH, WIDTH);
            if (gated) {
                layer(ours, theirs, now + "mlp.weights_in", old + "mlp.w12", manager, 2 * 1024, WIDTH);
                layer(ours, theirs, now + "mlp.weights_out", old + "mlp.w3", manager, WIDTH, 1024);
            } else {
                layer(
                        ours,
                        theirs,
                        now + (second ? "mlp.fc1" : "intermediate.dense"),
                        old + "mlp.fc1",
                        manager,
                        1536,
                        WIDTH);
                layer(ours, theirs, now + (second ? "mlp.fc2" : "output.dense"), old + "mlp.fc2", manager, WIDTH, 1536);
            }
            if (second) {
                both(ours, theirs, now + "layer_scale1.lambda1", old + "ls1.gamma", manager, WIDTH);
                both(ours, theirs, now + "layer_scale2.lambda1", old + "ls2.gamma", manager, WIDTH);
            }
            for (String kind : List.of("weight", "bias")) {
                NDList stacked = new NDList();
                for (String name : List.of("query", "key", "value")) {
                    NDArray part = kind.equals("bias") ? draw(manager, WIDTH) : draw(manager, WIDTH, WIDTH);
                    ours.put(now + "attention.attention." + name + "." + kind, part);
                    stacked.add(part);
                }
                theirs.put(old + "attn.qkv." + kind, NDArrays.concat(stacked, 0));
            }
        }
        layer(ours, theirs, "layernorm", "norm", manager, WIDTH);
        Path transformers = Files.createDirectories(folder.resolve(form + "-folder"));
        write(ours, "", transformers.resolve("model.safetensors"));
        JsonObject config = new JsonObject();
        config.addProperty(
                "model_type", form.equals("registers") ? "dinov2_with_registers" : second ? "dinov2" : "vit");
        config.addProperty("hidden_size", WIDTH);
        config.addProperty("num_hidden_layers", BLOCKS);
        config.addProperty("num_attention_heads", 6);
        config.addProperty("intermediate_size", 1536);
        config.addProperty("patch_size", PATCH);
        config.addProperty("image_size", 2 * PATCH);
        config.addProperty("layer_norm_eps", 1e-6);
        config.addProperty("use_swiglu_ffn", gated);
        Files.writeString(transformers.resolve("config.json"), config.toString());
        Path authors = folder.resolve(form + ".safetensors");
        write(theirs, prefix, authors);
        return new Made(transformers, authors);
    }

    private static void layer(
            Map<String, NDArray> ours,
            Map<String, NDArray> theirs,
            String now,
            String old,
            NDManager manager,
            long... shape) {
        both(ours, theirs, now + ".weight", old + ".weight", manager, shape);
        both(ours, theirs, now + ".bias", old + ".bias", manager, shape[0]);
    }

    private static void both(
            Map<String, NDArray> ours,
            Map<String, NDArray> theirs,
            String now,
            String old,
            NDManager manager,
            long... shape) {
        NDArray array = draw(manager, shape);
        ours.put(now, array);
        theirs.put(old, array);
    }

    private static NDArray draw(NDManager manager, long... shape) {
        return manager.randomNormal(0, 0.05f, new Shape(shape), DataType.FLOAT32);
    }

    private static void write(Map<String, NDArray> tensors, String prefix, Path path) throws IOException {
        SafeTensorsWriter writer = new SafeTensorsWriter();
        tensors.forEach((name, array) -> writer.tensor(prefix + name, array));
        writer.write(path);
    }

    @ParameterizedTest
    @CsvSource({"vit, ''", "vit, module.", "vit, teacher.backbone.", "dinov2, module.", "registers, ''", "swiglu, ''"})
    void theAuthorsFileIsTheSameNetworkAsTransformersFolder(String form, String prefix) throws IOException {
        try (NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch")) {
            Made made = make(form, prefix, manager);
            ExtractionSettings settings = ExtractionSettings.forward()
                    .withLoadSize(4 * PATCH)
                    .withTaps(new TokenTaps(List.of(), Facet.VALUE, PATCH / 2, false, false));
            try (FeatureStack ours = extract(made.transformers(), settings, manager);
                    FeatureStack theirs = extract(made.authors(), settings, manager)) {
                for (int layer = 1; layer <= BLOCKS; layer++) {
                    assertThat(theirs.get(0, layer).toFloatArray())
                            .hasSize(WIDTH * 7 * 7)
                            .isEqualTo(ours.get(0, layer).toFloatArray());
                }
            }
        }
    }

    private static FeatureStack extract(Path checkpoint, ExtractionSettings settings, NDManager manager)
            throws IOException {
        FeatureStack stack = FeatureStack.create(manager.newSubManager(), DataType.FLOAT32);
        try (var extractor = Providers.checkpoint(null, checkpoint).open(settings, TorchRuntime.cpu())) {
            RgbImage image = RgbImage.read(Golden.fixtures().resolve("images").resolve("a.png"));
            extractor.extract(List.of(image), stack, RunMonitor.NONE);
        }
        return stack;
    }

    @ParameterizedTest
    @CsvSource({
        "vit, teacher.backbone., teacher.head.mlp.0.weight teacher.head.last_layer.weight_g dino_loss.center",
        "vit, teacher.backbone., student.module.backbone.pos_embed student.module.head.mlp.0.weight optimizer.state.0.exp_avg",
        "dinov2, model., model.linear_head.weight mask_token",
        "registers, teacher.backbone., teacher.dino_head.mlp.0.bias teacher.ibot_head.mlp.0.bias teacher.backbone.mask_token",
        "dinov2, encoder., decoder.0.weight projector.0.num_batches_tracked"
    })
    void whatTrainingLeavesBesideABackboneIsPassedOver(String form, String prefix, String others) throws IOException {
        try (NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch")) {
            Made made = make(form, prefix, manager);
            add(made.authors(), manager, others.split(" "));
            assertThat(features(made.authors(), manager)).isEqualTo(features(made.transformers(), manager));
            add(made.authors(), manager, "mystery.weight");
            refusedToOpen(made.authors(), "no key the network does not know", "got mystery.weight");
        }
    }

    @Test
    void ofAStudentAndItsTeacherTheTeacherIsRead() throws IOException {
        try (NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch")) {
            Path student = make("vit", "student.module.backbone.", manager).authors();
            Map<String, NDArray> both = read(student, manager);
            Made teacher = make("vit", "teacher.backbone.", manager);
            both.putAll(read(teacher.authors(), manager));
            write(both, "", teacher.authors());
            assertThat(features(teacher.authors(), manager)).isEqualTo(features(teacher.transformers(), manager));
            Map<String, NDArray> twice = new LinkedHashMap<>();
            read(student, manager).forEach((name, array) -> {
                twice.put("a." + name, array);
                twice.put("b." + name, array);
            });
            write(twice, "", student);
            refusedToOpen(student, "got several under", "a.student.module.backbone.", "b.student");
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "1, 0"})
    void blocksInChunksAreCountedThrough(int chunk, int index) throws IOException {
        try (NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch")) {
            Made made = make("dinov2", "", manager);
            Map<String, NDArray> chunked = new LinkedHashMap<>();
            read(made.authors(), manager)
                    .forEach((name, array) -> chunked.put(
                            name.replace("blocks.0.", "blocks.0.0.")
                                    .replace("blocks.1.", "blocks." + chunk + "." + index + "."),
                            array));
            write(chunked, "", made.authors());
            assertThat(features(made.authors(), manager)).isEqualTo(features(made.transformers(), manager));
        }
    }

    @Test
    void aFolderSavedWithAClassifierLoadsItsBackbone() throws IOException {
        try (NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch")) {
            Made made = make("dinov2", "", manager);
            Path weights = made.transformers().resolve("model.safetensors");
            float[] plain = features(made.transformers(), manager);
            Map<String, NDArray> saved = new LinkedHashMap<>();
            read(weights, manager).forEach((name, array) -> saved.put("dinov2." + name, array));
            write(saved, "", weights);
            add(weights, manager, "classifier.weight", "classifier.bias", "dinov2.embeddings.mask_token");
            assertThat(features(made.transformers(), manager)).isEqualTo(plain);
            add(weights, manager, "dinov2.adapter.weight");
            refusedToOpen(made.transformers(), "no key the network does not know", "adapter.weight");
        }
    }

    @Test
    void aListOfEqualValuesMeansTheValue() throws IOException {
        try (NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch")) {
            Made made = make("dinov2", "", manager);
            float[] plain = features(made.transformers(), manager);
            Path config = made.transformers().resolve("config.json");
            String text = Files.readString(config).replace("\"image_size\":28", "\"image_size\":[28, 28]");
            Files.writeString(config, text.replace("\"patch_size\":14", "\"patch_size\":[14, 14]"));
            assertThat(features(made.transformers(), manager)).isEqualTo(plain);
            Files.writeString(config, text.replace("[28, 28]", "[28, 42]"));
            refusedToOpen(made.transformers(), "'image_size' must be a whole number", "[28");
        }
    }

    private static void refusedToOpen(Path path, String... parts) {
        assertThatThrownBy(() -> Providers.checkpoint(null, path)
                        .open(ExtractionSettings.forward(), TorchRuntime.cpu())
                        .close())
                .isInstanceOf(IOException.class)
                .hasMessageContainingAll(parts);
    }

    private static float[] features(Path checkpoint, NDManager manager) throws IOException {
        ExtractionSettings settings = ExtractionSettings.forward().withLoadSize(2 * PATCH);
        try (FeatureStack stack = extract(checkpoint, settings, manager)) {
            return stack.get(0, BLOCKS).toFloatArray();
        }
    }

    private static Map<String, NDArray> read(Path path, NDManager manager) throws IOException {
        Map<String, NDArray> tensors = new LinkedHashMap<>();
        try (TensorFile file = TensorFile.open(path)) {
            for (String name : file.tensors().keySet()) {
                tensors.put(name, file.read(name, manager, DataType.FLOAT32));
            }
        }
        return tensors;
    }

    private static void add(Path path, NDManager manager, String... names) throws IOException {
        Map<String, NDArray> tensors = read(path, manager);
        for (String name : names) {
            tensors.put(name, manager.ones(new Shape(3)));
        }
        write(tensors, "", path);
    }

    @Test
    void theCheckpointTellsItsKind() throws IOException {
        try (NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch")) {
            Made first = make("vit", "", manager);
            Made second = make("registers", "", manager);
            for (Path path : List.of(first.transformers(), first.authors())) {
                assertThat(Providers.checkpoint(null, path).backbone()).isEqualTo("dino");
            }
            for (Path path : List.of(second.transformers(), second.authors())) {
                assertThat(Providers.checkpoint(null, path).backbone()).isEqualTo("dinov2");
            }
            assertThatThrownBy(() -> Providers.checkpoint("dino", second.authors()))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("checkpoint must be of backbone dino, got one of dinov2")
                    .hasMessageContaining("registers.safetensors");
            assertThatThrownBy(() -> Providers.checkpoint("resnet101", first.authors()))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("checkpoint must be of backbone resnet101, got one of dino");
            assertThatThrownBy(() ->
                            ResNet101Extractor.open(first.authors(), ExtractionSettings.forward(), TorchRuntime.cpu()))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("must hold torchvision's ResNet-101")
                    .hasMessageContaining("blocks.0.");
        }
    }

    @Test
    void aCheckpointTellsWhatItAccepts() throws IOException {
        try (NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch")) {
            Checkpoint checkpoint =
                    Providers.checkpoint(null, make("vit", "", manager).authors());
            assertThat(checkpoint.rawSettings()).isEqualTo(Dino.paper());
            assertThat(checkpoint.accepts(Dino.paper())).isTrue();
            assertThat(checkpoint.accepts(ExtractionSettings.forward())).isTrue();
            assertThat(checkpoint.accepts(ExtractionSettings.inversion())).isFalse();
        }
        assertThat(ResNet101Extractor.accepts(Hyperpixels.paper())).isTrue();
        assertThat(ResNet101Extractor.accepts(
                        Dinov2.paper().withTaps(new TokenTaps(List.of(3), Facet.TOKEN, 0, false, false))))
                .isTrue();
        assertThat(ResNet101Extractor.accepts(Dino.paper())).isFalse();
        assertThat(ResNet101Extractor.accepts(ExtractionSettings.inversion())).isFalse();
    }

    @Test
    void settingsThatCannotBeAreRefused() throws IOException {
        try (NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch")) {
            Path path = make("dinov2", "", manager).transformers();
            ExtractionSettings forward = ExtractionSettings.forward();
            refused(path, forward.withLoadSize(100), "multiple of the patch's side 14", "got 100 x 100", "98 and 112");
            refused(path, forward.withLayers(List.of(3)), "layers must be 1 to 2, got [3]");
            refused(
                    path,
                    forward.withTaps(new TokenTaps(List.of(), Facet.KEY, 4, false, false)),
                    "stride must divide",
                    "got 4");
            refused(
                    path,
                    forward.withTaps(new TokenTaps(List.of(), Facet.NORMED_TOKEN, 0, false, false)),
                    "last layer 2");
            refused(path, ExtractionSettings.inversion(), "got those of a diffusion process", path.toString());
        }
    }

    private static void refused(Path path, ExtractionSettings settings, String... parts) {
        assertThatThrownBy(() -> VisionTransformerExtractor.open(path, settings, TorchRuntime.cpu()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll(parts);
    }

    @Test
    void damagedCheckpointsAreNamed() throws IOException {
        try (NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch")) {
            Path path = make("vit", "", manager).transformers();
            Path config = path.resolve("config.json");
            String whole = Files.readString(config);
            Files.writeString(config, whole.replace("\"vit\"", "\"clip_vision_model\""));
            unreadable(path, "clip_vision_model", "config.json", "another family");
            Files.writeString(config, whole.replace("\"num_hidden_layers\":2", "\"num_hidden_layers\":3"));
            unreadable(path, "encoder.layer.2.", "model.safetensors");
            Files.writeString(config, whole.replace("\"image_size\":28", "\"image_size\":42"));
            unreadable(path, "position_embeddings", "[1, 10, 384]", "[1, 5, 384]");
            Files.writeString(config, whole);
            Files.delete(path.resolve("model.safetensors"));
            unreadable(path, "model.safetensors or pytorch_model.bin", "got neither");
            Files.delete(config);
            unreadable(path, "got a folder without config.json");
            unreadable(folder.resolve("nowhere"), "nowhere");
        }
    }

    private static void unreadable(Path path, String... parts) {
        assertThatThrownBy(
                        () -> VisionTransformerExtractor.open(path, ExtractionSettings.forward(), TorchRuntime.cpu()))
                .isInstanceOf(IOException.class)
                .hasMessageContainingAll(parts);
    }
}
