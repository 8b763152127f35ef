package io.github.dhf4j.diffusion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.dhf4j.feature.ExtractionSettings;
import io.github.dhf4j.io.Json;
import io.github.dhf4j.io.SafeTensors;
import io.github.dhf4j.io.SafeTensorsWriter;
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
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Folders as they are published, and folders that are not as they should be. */
class CheckpointTest {
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

    private void set(String file, String key, String json) throws IOException {
        JsonObject object = Json.readObject(folder.resolve(file));
        JsonElement value = JsonParser.parseString(json);
        object.add(key, value);
        Files.writeString(folder.resolve(file), object.toString());
    }

    private float[] output() throws IOException {
        try (StableDiffusion checkpoint = StableDiffusion.open(folder, TorchRuntime.cpu());
                var text = checkpoint.condition("a cat");
                NDArray latents = manager.ones(new Shape(1, 4, 16, 16));
                NDArray output = checkpoint
                        .unet()
                        .forward(latents, 20, text, io.github.dhf4j.diffusion.model.FeatureTaps.NONE, true);
                NDArray moments = checkpoint.vae().encode(manager.ones(new Shape(1, 3, 32, 32)))) {
            assertThat(output).isNotNull();
            float[] a = Objects.requireNonNull(output).toFloatArray();
            float[] b = moments.toFloatArray();
            float[] both = java.util.Arrays.copyOf(a, a.length + b.length);
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

    @Test
    void formsOfOneCheckpointAreEqual() throws IOException {
        float[] expected = output();
        // as published: parts that are passed over, another scheduler class, the older text buffer, a file of names
        set("model_index.json", "safety_checker", "[\"stable_diffusion\", \"StableDiffusionSafetyChecker\"]");
        set("model_index.json", "feature_extractor", "[\"transformers\", \"CLIPImageProcessor\"]");
        set("model_index.json", "scheduler", "[\"diffusers\", \"PNDMScheduler\"]");
        set("scheduler/scheduler_config.json", "_class_name", "\"PNDMScheduler\"");
        set("scheduler/scheduler_config.json", "skip_prk_steps", "true");
        Map<String, NDArray> text = read("text_encoder/model.safetensors");
        text.put(
                "text_model.embeddings.position_ids",
                manager.arange(77).toType(DataType.INT64, true).expandDims(0));
        write("text_encoder/model.safetensors", text);
        assertThat(output()).isEqualTo(expected);
        // only the half-precision variants
        for (String part : new String[] {"unet", "vae"}) {
            Files.move(
                    folder.resolve(part + "/diffusion_pytorch_model.safetensors"),
                    folder.resolve(part + "/diffusion_pytorch_model.fp16.safetensors"));
        }
        Files.move(
                folder.resolve("text_encoder/model.safetensors"),
                folder.resolve("text_encoder/model.fp16.safetensors"));
        assertThat(output()).isEqualTo(expected);
    }

    @Test
    void shardsAndFloat32AreEqual() throws IOException {
        float[] expected = output();
        Map<String, NDArray> all = read(UNET);
        Map<String, NDArray> first = new LinkedHashMap<>();
        Map<String, NDArray> second = new LinkedHashMap<>();
        JsonObject map = new JsonObject();
        for (Map.Entry<String, NDArray> entry : all.entrySet()) {
            boolean even = first.size() <= second.size();
            (even ? first : second).put(entry.getKey(), entry.getValue().toType(DataType.FLOAT32, true));
            map.addProperty(
                    entry.getKey(), even ? "model-00001-of-00002.safetensors" : "model-00002-of-00002.safetensors");
        }
        JsonObject index = new JsonObject();
        index.add("weight_map", map);
        write("unet/model-00001-of-00002.safetensors", first);
        write("unet/model-00002-of-00002.safetensors", second);
        Files.writeString(folder.resolve(UNET + ".index.json"), index.toString());
        Files.delete(folder.resolve(UNET));
        assertThat(output()).isEqualTo(expected);
    }

    @Test
    void oldNamesOfTheAutoencodersAttention() throws IOException {
        float[] expected = output();
        Map<String, NDArray> renamed = new LinkedHashMap<>();
        read(VAE)
                .forEach((name, tensor) -> renamed.put(
                        name.replace(".to_q.", ".query.")
                                .replace(".to_k.", ".key.")
                                .replace(".to_v.", ".value.")
                                .replace(".to_out.0.", ".proj_attn."),
                        tensor));
        assertThat(renamed.keySet()).anyMatch(name -> name.contains(".query."));
        write(VAE, renamed);
        assertThat(output()).isEqualTo(expected);
    }

    @Test
    void tokenizerJsonEqualsVocabularyAndMerges() throws IOException {
        long[] expected;
        Path tokenizer = folder.resolve("tokenizer");
        try (ClipTokenizer built = ClipTokenizer.open(tokenizer, 77)) {
            expected = built.encode("A photo of a CAT, isn't it?");
            assertThat(expected).hasSize(77);
        }
        // what the library itself would write for the same vocabulary
        JsonObject json = ClipTokenizer.build(
                tokenizer, Json.readObject(tokenizer.resolve("tokenizer_config.json")), new JsonObject());
        Files.writeString(tokenizer.resolve("tokenizer.json"), json.toString());
        Files.delete(tokenizer.resolve("vocab.json"));
        Files.delete(tokenizer.resolve("merges.txt"));
        try (ClipTokenizer whole = ClipTokenizer.open(tokenizer, 77)) {
            assertThat(whole.encode("A photo of a CAT, isn't it?")).isEqualTo(expected);
            assertThat(whole.encode("word ".repeat(500))).hasSize(77).endsWith(expected[76]);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "unet/config.json | act_fn | \"gelu\" | 'act_fn' must be silu",
                "unet/config.json | down_block_types | [\"AttnDownBlock2D\",\"DownBlock2D\",\"DownBlock2D\",\"DownBlock2D\"] | AttnDownBlock2D",
                "unet/config.json | addition_embed_type | \"text_time\" | 'addition_embed_type'",
                "unet/config.json | class_embed_type | \"timestep\" | 'class_embed_type'",
                "unet/config.json | center_input_sample | true | 'center_input_sample'",
                "unet/config.json | something_new | 3 | 'something_new'",
                "unet/config.json | block_out_channels | [32, 33, 64, 64] | divisible by norm_num_groups",
                "unet/config.json | block_out_channels | \"many\" | 'block_out_channels'",
                "unet/config.json | cross_attention_dim | 64 | attn2.to_k",
                "unet/config.json | in_channels | 9 | inpainting, depth and editing checkpoints are not supported",
                "unet/config.json | layers_per_block | 3 | must have every key",
                "unet/config.json | layers_per_block | 1 | must have no key",
                "unet/config.json | _class_name | \"UNet3DConditionModel\" | '_class_name'",
                "vae/config.json | latents_mean | [1, 2] | 'latents_mean'",
                "vae/config.json | down_block_types | [\"A\",\"B\",\"C\",\"D\"] | DownEncoderBlock2D",
                "text_encoder/config.json | hidden_act | \"relu\" | 'hidden_act' must be one of [quick_gelu, gelu]",
                "scheduler/scheduler_config.json | beta_schedule | \"squaredcos_cap_v2\" | 'beta_schedule' must be one of [scaled_linear, linear]",
                "scheduler/scheduler_config.json | prediction_type | \"sample\" | 'prediction_type'",
                "scheduler/scheduler_config.json | trained_betas | [0.1] | 'trained_betas'",
                "model_index.json | unet | [\"diffusers\", \"FluxTransformer\"] | UNet2DConditionModel",
                "model_index.json | text_encoder_2 | [\"transformers\", \"CLIPTextModelWithProjection\"] | 'tokenizer_2' must be CLIPTokenizer, got none",
                "model_index.json | text_encoder_3 | [\"transformers\", \"T5EncoderModel\"] | 'text_encoder_3' must be absent",
                "model_index.json | requires_aesthetics_score | true | it is a refiner",
                "model_index.json | vae | [null, null] | 'vae' must be AutoencoderKL"
            })
    void whatIsNotSupportedIsRefusedByName(String file, String key, String value, String message) throws IOException {
        set(file, key, value);
        refused(message);
    }

    @Test
    void missingAndForeignFilesAreNamed() throws IOException {
        Files.move(folder.resolve(UNET), folder.resolve("unet/diffusion_pytorch_model.bin"));
        refused("weights of 'unet'", "diffusion_pytorch_model.bin", "instead of .bin");
        Files.delete(folder.resolve("unet/config.json"));
        refused("unet");
        Files.delete(folder.resolve("model_index.json"));
        refused("model_index.json", "a folder without one");
        assertThatThrownBy(() -> StableDiffusion.open(folder.resolve("none"), TorchRuntime.cpu()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("no such folder");
        assertThatThrownBy(() -> StableDiffusion.open(Golden.fixtures().resolve("images/a.png"), TorchRuntime.cpu()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("a file");
    }

    @Test
    void aGitLfsPointerInPlaceOfAFileIsCalledOne() throws IOException {
        String pointer =
                "version https://git-lfs.github.com/spec/v1\noid sha256:" + "ab".repeat(32) + "\nsize 3438167540\n";
        for (String file : List.of("tokenizer/vocab.json", "unet/config.json", VAE, UNET, "model_index.json")) {
            Files.writeString(folder.resolve(file), pointer);
            refused(
                    "a git-lfs pointer to 3.4 GB",
                    "git lfs pull",
                    folder.resolve(file).toString());
        }
    }

    @Test
    void otherPipelinesAreToldByTheirClass() throws IOException {
        set("model_index.json", "_class_name", "\"StableDiffusionXLPipeline\"");
        refused(
                "'text_encoder_2' must be CLIPTextModelWithProjection, got none",
                "of class \"StableDiffusionXLPipeline\"");
        Files.writeString(folder.resolve("model_index.json"), "{\"_class_name\": \"FluxPipeline\"}");
        refused("of class \"FluxPipeline\"");
    }

    @Test
    void aUNetOfAnotherFamilyIsRefused() throws IOException {
        Path xl = Golden.fixtures().resolve("sdxl/pipeline/unet");
        Files.write(folder.resolve(UNET), Files.readAllBytes(xl.resolve("diffusion_pytorch_model.safetensors")));
        Files.write(folder.resolve("unet/config.json"), Files.readAllBytes(xl.resolve("config.json")));
        refused("addition_embed_type of the UNet must be absent where there is no text_encoder_2, got text_time");
    }

    @Test
    void weightsThatDoNotFitAreNamed() throws IOException {
        Map<String, NDArray> tensors = read(UNET);
        NDArray convIn = tensors.remove("conv_in.weight");
        write(UNET, tensors);
        refused("got none for conv_in.weight");
        tensors.put("conv_in.weight", manager.zeros(new Shape(32, 5, 3, 3)));
        write(UNET, tensors);
        refused("'conv_in.weight' must be of floats [32, 4, 3, 3]", "[32, 5, 3, 3]");
        tensors.put("conv_in.weight", convIn);
        tensors.put("extra.weight", convIn);
        write(UNET, tensors);
        refused("got extra.weight");
        tensors.remove("extra.weight");
        float[] values = Objects.requireNonNull(tensors.get("mid_block.resnets.0.norm1.bias"))
                .toType(DataType.FLOAT32, true)
                .toFloatArray();
        values[3] = Float.NaN;
        tensors.put("mid_block.resnets.0.norm1.bias", manager.create(values));
        write(UNET, tensors);
        refused("NaN or infinity in 'mid_block.resnets.0.norm1.bias'");
    }

    @Test
    void aTornTokenizerIsNamed() throws IOException {
        Files.writeString(folder.resolve("tokenizer/merges.txt"), "#version: 0.2\nzz qq\n");
        refused("tokenizer");
        Files.writeString(folder.resolve("tokenizer/vocab.json"), "{\"a\": 0}");
        refused("<|startoftext|>");
        Files.delete(folder.resolve("tokenizer/vocab.json"));
        refused("vocab.json");
    }

    @Test
    void reportsNameEveryProblem() throws IOException {
        CheckpointReport good = CheckpointReport.of(folder);
        assertThat(good.problems()).isEmpty();
        assertThat(String.join("\n", good.lines()))
                .contains("12 decoder layers", "quick_gelu", "predicts noise", "factor 8");
        set("unet/config.json", "act_fn", "\"gelu\"");
        Files.delete(folder.resolve(VAE));
        CheckpointReport bad = CheckpointReport.of(folder);
        assertThat(bad.problems()).hasSize(2);
        assertThat(bad.lines()).hasSize(3);
    }

    @Test
    void aSchedulerOfAnotherFamilyIsAProblem() throws IOException {
        Files.writeString(
                folder.resolve("scheduler/scheduler_config.json"),
                "{\"_class_name\": \"FlowMatchEulerDiscreteScheduler\", \"num_train_timesteps\": 1000, \"shift\": 3.0}");
        refused("'_class_name'", "FlowMatchEulerDiscreteScheduler");
        CheckpointReport report = CheckpointReport.of(folder);
        assertThat(report.problems()).hasSize(1);
        assertThat(report.problems().get(0)).contains("FlowMatchEulerDiscreteScheduler");
    }

    @Test
    void timestepsThatTheScheduleDoesNotHaveAreRefusedBeforeTheNetworkRuns() throws IOException {
        set("scheduler/scheduler_config.json", "rescale_betas_zero_snr", "true");
        assertThat(String.join("\n", CheckpointReport.of(folder).lines())).contains("rescaled to end in noise alone");
        ExtractionSettings settings = ExtractionSettings.generation("a cat");
        try (StableDiffusion checkpoint = StableDiffusion.open(folder, TorchRuntime.cpu())) {
            assertThat(checkpoint.schedule().alphaCumprod(999)).isZero();
            assertThatThrownBy(
                            () -> new DiffusionFeatureExtractor(checkpoint, settings.withTimesteps(1000, List.of(0))))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("must pass over 999");
        }
    }

    @Test
    void theBundledCheckpointIsWhole() throws IOException {
        String before = System.getProperty("dhf.cache");
        System.setProperty("dhf.cache", folder.resolve("cache").toString());
        try {
            Path unpacked = BundledCheckpoint.unpack();
            assertThat(unpacked.getParent()).isEqualTo(folder.resolve("cache"));
            assertThat(CheckpointReport.of(unpacked).problems()).isEmpty();
            Files.delete(unpacked.resolve(UNET));
            assertThat(BundledCheckpoint.unpack()).isEqualTo(unpacked);
            assertThat(unpacked.resolve(UNET)).exists();
            byte[] whole = Files.readAllBytes(unpacked.resolve(UNET));
            Files.write(unpacked.resolve(UNET), Arrays.copyOf(whole, whole.length / 2));
            assertThat(BundledCheckpoint.unpack()).isEqualTo(unpacked);
            assertThat(unpacked.resolve(UNET)).hasBinaryContent(whole);
            try (Stream<Path> files = Files.list(folder.resolve("cache"))) {
                assertThat(files).containsExactly(unpacked);
            }
        } finally {
            restore(before);
        }
    }

    @Test
    void theBundledCheckpointIsWholeForAllWhoComeAtOnce() throws Exception {
        String before = System.getProperty("dhf.cache");
        System.setProperty("dhf.cache", folder.resolve("cache").toString());
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            CountDownLatch together = new CountDownLatch(8);
            List<Future<List<String>>> all = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                all.add(threads.submit(() -> {
                    together.countDown();
                    together.await();
                    return CheckpointReport.of(BundledCheckpoint.unpack()).problems();
                }));
            }
            for (Future<List<String>> problems : all) {
                assertThat(problems.get()).isEmpty();
            }
        } finally {
            threads.shutdownNow();
            restore(before);
        }
    }

    private static void restore(@Nullable String cache) {
        if (cache == null) {
            System.clearProperty("dhf.cache");
        } else {
            System.setProperty("dhf.cache", cache);
        }
    }

    @Test
    void jsonThatIsNoObjectIsNamed() throws IOException {
        Files.writeString(folder.resolve("unet/config.json"), new JsonArray().toString());
        refused("config.json", "must be a JSON object");
    }
}
