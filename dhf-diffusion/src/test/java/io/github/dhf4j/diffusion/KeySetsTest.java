package io.github.dhf4j.diffusion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.dhf4j.io.Json;
import io.github.dhf4j.io.SafeTensors;
import io.github.dhf4j.io.SafeTensorsWriter;
import io.github.dhf4j.tensor.TorchRuntime;
import io.github.dhf4j.testing.Golden;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The same weights under other names, beside other tensors and in files of other names. */
class KeySetsTest {
    private static final String TEXT = "text_encoder/model.safetensors";
    private static final String UNET = "unet/diffusion_pytorch_model.safetensors";
    private static final String VAE = "vae/diffusion_pytorch_model.safetensors";

    @TempDir
    Path folder;

    private NDManager manager;

    @BeforeEach
    void copy() throws IOException {
        manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");
        Path from = Golden.fixtures().resolve("sd15/pipeline");
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Path to = folder.resolve(from.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(to);
                } else {
                    Files.write(to, Files.readAllBytes(file));
                }
            }
        }
    }

    @AfterEach
    void close() {
        manager.close();
    }

    private Map<String, NDArray> read(String file) throws IOException {
        Map<String, NDArray> tensors = new LinkedHashMap<>();
        try (SafeTensors source = SafeTensors.open(folder.resolve(file))) {
            for (String name : source.tensors().keySet()) {
                tensors.put(name, source.read(name, manager, DataType.FLOAT16));
            }
        }
        return tensors;
    }

    private void write(String file, Map<String, NDArray> tensors) throws IOException {
        SafeTensorsWriter writer = new SafeTensorsWriter();
        tensors.forEach(writer::tensor);
        writer.write(folder.resolve(file));
    }

    private void rename(String file, UnaryOperator<String> renamed) throws IOException {
        Map<String, NDArray> tensors = new LinkedHashMap<>();
        read(file).forEach((name, tensor) -> tensors.put(renamed.apply(name), tensor));
        write(file, tensors);
    }

    private void set(String file, String key, String json) throws IOException {
        JsonObject object = Json.readObject(folder.resolve(file));
        object.add(key, JsonParser.parseString(json));
        Files.writeString(folder.resolve(file), object.toString());
    }

    private float[] embedding() throws IOException {
        try (StableDiffusion checkpoint = StableDiffusion.open(folder, TorchRuntime.cpu())) {
            return checkpoint.embed("a cat", manager).toFloatArray();
        }
    }

    private float[] output() throws IOException {
        try (StableDiffusion checkpoint = StableDiffusion.open(folder, TorchRuntime.cpu());
                var text = checkpoint.condition("a cat");
                NDArray output = checkpoint
                        .unet()
                        .forward(
                                manager.ones(new Shape(1, 4, 16, 16)),
                                20,
                                text,
                                io.github.dhf4j.diffusion.model.FeatureTaps.NONE,
                                true);
                NDArray moments = checkpoint.vae().encode(manager.ones(new Shape(1, 3, 32, 32)))) {
            float[] a = Objects.requireNonNull(output).toFloatArray();
            float[] b = moments.toFloatArray();
            float[] both = Arrays.copyOf(a, a.length + b.length);
            System.arraycopy(b, 0, both, a.length, b.length);
            return both;
        }
    }

    private void refused(String... parts) {
        var assertion = assertThatThrownBy(
                        () -> StableDiffusion.open(folder, TorchRuntime.cpu()).close())
                .isInstanceOf(IOException.class);
        for (String part : parts) {
            assertion.hasMessageContaining(part);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"embeddings.", "module.text_model.", "module.embeddings.", "model.text_encoder.text_model."})
    void aTextEncoderHasTheSameValuesUnderEveryPrefix(String form) throws IOException {
        float[] expected = embedding();
        String prefix = form.replace("embeddings.", "");
        rename(TEXT, name -> prefix + name.replace("text_model.", ""));
        assertThat(embedding()).isEqualTo(expected);
        assertThat(CheckpointReport.of(folder).problems()).isEmpty();
    }

    @Test
    void wrappersOfEveryPartAreTakenOff() throws IOException {
        float[] expected = output();
        rename(UNET, name -> "module." + name);
        rename(
                VAE,
                name -> "_orig_mod.vae."
                        + name.replace(".to_q.", ".query.")
                                .replace(".to_k.", ".key.")
                                .replace(".to_v.", ".value.")
                                .replace(".to_out.0.", ".proj_attn."));
        assertThat(output()).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "module."})
    void whatCLIPHasBesideTheTextIsPassedOver(String wrapper) throws IOException {
        float[] expected = embedding();
        Map<String, NDArray> tensors = new LinkedHashMap<>();
        read(TEXT).forEach((name, tensor) -> tensors.put(wrapper + name, tensor));
        NDArray square = manager.zeros(new Shape(32, 32)).toType(DataType.FLOAT16, false);
        NDArray ids = manager.arange(77).toType(DataType.INT64, true).expandDims(0);
        tensors.put(wrapper + "text_projection.weight", square);
        tensors.put(wrapper + "visual_projection.weight", square);
        tensors.put(wrapper + "logit_scale", manager.create(4.6f));
        tensors.put(wrapper + "text_model.embeddings.position_ids", ids);
        tensors.put(wrapper + "vision_model.embeddings.position_ids", ids);
        tensors.put(wrapper + "vision_model.encoder.layers.0.layer_norm1.weight", square);
        write(TEXT, tensors);
        JsonObject whole = new JsonObject();
        whole.addProperty("model_type", "clip");
        whole.add("text_config", Json.readObject(folder.resolve("text_encoder/config.json")));
        whole.add("vision_config", new JsonObject());
        Files.writeString(folder.resolve("text_encoder/config.json"), whole.toString());
        set("model_index.json", "text_encoder", "[\"transformers\", \"CLIPModel\"]");
        assertThat(embedding()).isEqualTo(expected);
        tensors.put(wrapper + "text_model.adapter.weight", square);
        write(TEXT, tensors);
        refused("must have no key the network does not know", "text_model.adapter.weight");
    }

    @Test
    void aProjectionWithoutThePrefixIsPassedOver() throws IOException {
        float[] expected = embedding();
        rename(TEXT, name -> name.replace("text_model.", ""));
        Map<String, NDArray> tensors = read(TEXT);
        tensors.put("text_projection.weight", manager.zeros(new Shape(32, 32)));
        write(TEXT, tensors);
        set("model_index.json", "text_encoder", "[\"transformers\", \"CLIPTextModelWithProjection\"]");
        assertThat(embedding()).isEqualTo(expected);
    }

    @Test
    void whatIsMissingBehindAWrapperIsNamedAlone() throws IOException {
        rename(UNET, name -> "module." + name);
        Map<String, NDArray> tensors = read(UNET);
        tensors.remove("module.conv_in.weight");
        write(UNET, tensors);
        refused("got none for conv_in.weight (");
        tensors.put("module.conv_in.weight", manager.zeros(new Shape(32, 4, 3, 3)));
        tensors.put("ema.conv_in.weight", manager.zeros(new Shape(32, 4, 3, 3)));
        write(UNET, tensors);
        refused("must have no key the network does not know, got ema.conv_in.weight");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "unet/config.json | attention_head_dim | [4, 4, 4, 4]",
                "unet/config.json | layers_per_block | [2, 2, 2, 2]",
                "unet/config.json | transformer_layers_per_block | [1, 1, 1, 1]",
                "unet/config.json | transformer_layers_per_block | [[1, 1], [1, 1], [1, 1], [1, 1]]",
                "unet/config.json | num_attention_heads | [4, 4, 4, 4]",
                "unet/config.json | cross_attention_dim | [32, 32, 32, 32]",
                "unet/config.json | only_cross_attention | [false, false, false, false]",
                "unet/config.json | sample_size | [16, 16]",
                "unet/config.json | mid_block_only_cross_attention | [null]",
                "vae/config.json | sample_size | [128, 128]",
                "vae/config.json | layers_per_block | [1, 1, 1, 1]"
            })
    void aListOfEqualValuesMeansTheValue(String file, String key, String value) throws IOException {
        List<String> expected = CheckpointReport.of(folder).lines();
        set(file, key, value);
        CheckpointReport report = CheckpointReport.of(folder);
        assertThat(report.problems()).isEmpty();
        assertThat(report.lines()).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "layers_per_block | [2, 2, 2, 1]",
                "cross_attention_dim | [32, 64, 32, 32]",
                "only_cross_attention | [false, true, false, false]",
                "attention_head_dim | [4, 4]",
                "transformer_layers_per_block | [[1, 2], [1, 1], [1, 1], [1, 1]]",
                "sample_size | [16, 24]",
                "reverse_transformer_layers_per_block | [1, 1]"
            })
    void aListOfOtherValuesIsRefusedByName(String key, String value) throws IOException {
        set("unet/config.json", key, value);
        refused("'" + key + "'");
    }

    @Test
    void theFileOfFullPrecisionIsTakenBeforeVariants() throws IOException {
        float[] expected = output();
        Map<String, NDArray> wrong = new LinkedHashMap<>();
        read(UNET).forEach((name, tensor) -> wrong.put(name, tensor.zerosLike()));
        Path unet = folder.resolve("unet");
        Path right = folder.resolve(UNET);
        for (String variant : List.of("bf16", "fp16", "fp32")) {
            Path file = unet.resolve("diffusion_pytorch_model." + variant + ".safetensors");
            Files.move(right, file);
            assertThat(output()).as(variant).isEqualTo(expected);
            right = file;
            // what comes later in the order does not matter
            write("unet/diffusion_pytorch_model.zz.safetensors", wrong);
            if (!variant.equals("bf16")) {
                write("unet/diffusion_pytorch_model.bf16.safetensors", wrong);
                assertThat(output()).as(variant).isEqualTo(expected);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "model.safetensors.index.bf16.json",
                "model.bf16.safetensors.index.json",
                "model.safetensors.index.fp16.json"
            })
    void shardsOfAVariantAreFound(String index) throws IOException {
        float[] expected = embedding();
        Map<String, NDArray> tensors = read(TEXT);
        JsonObject map = new JsonObject();
        tensors.keySet().forEach(name -> map.addProperty(name, "model.variant-00001-of-00001.safetensors"));
        JsonObject whole = new JsonObject();
        whole.add("weight_map", map);
        Files.move(folder.resolve(TEXT), folder.resolve("text_encoder/model.variant-00001-of-00001.safetensors"));
        Files.writeString(folder.resolve("text_encoder").resolve(index), whole.toString());
        assertThat(embedding()).isEqualTo(expected);
    }

    @Test
    void hiddenFilesAreNoPartOfACheckpoint() throws IOException {
        String fingerprint;
        try (StableDiffusion checkpoint = StableDiffusion.open(folder, TorchRuntime.cpu())) {
            fingerprint = checkpoint.fingerprint();
        }
        for (String name : List.of("._diffusion_pytorch_model.safetensors", "._config.json", ".DS_Store")) {
            Files.write(folder.resolve("unet").resolve(name), new byte[] {0, 5, 22, 7});
        }
        try (StableDiffusion checkpoint = StableDiffusion.open(folder, TorchRuntime.cpu())) {
            assertThat(checkpoint.fingerprint()).isEqualTo(fingerprint);
        }
        Files.delete(folder.resolve(UNET));
        refused("weights of 'unet'", "got config.json (");
    }
}
