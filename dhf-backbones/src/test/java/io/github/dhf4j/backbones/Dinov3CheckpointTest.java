package io.github.dhf4j.backbones;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.github.dhf4j.feature.ExtractionSettings;
import io.github.dhf4j.feature.Facet;
import io.github.dhf4j.feature.TokenTaps;
import io.github.dhf4j.io.SafeTensorsWriter;
import io.github.dhf4j.io.TensorFile;
import io.github.dhf4j.spi.Checkpoint;
import io.github.dhf4j.spi.CheckpointSummary;
import io.github.dhf4j.spi.Providers;
import io.github.dhf4j.tensor.TorchRuntime;
import io.github.dhf4j.testing.Golden;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** DINOv3 folders that open, and those that are refused. */
class Dinov3CheckpointTest {
    @TempDir
    Path folder;

    private Path plain = Path.of("");

    @BeforeEach
    void copy() throws IOException {
        plain = Golden.fixtures().resolve("baselines/dinov3/plain");
        for (String name : List.of("config.json", "model.safetensors")) {
            Files.copy(plain.resolve(name), folder.resolve(name));
        }
    }

    private void change(String from, String to) throws IOException {
        Path config = folder.resolve("config.json");
        String text = Files.readString(config);
        assertThat(text).contains(from);
        Files.writeString(config, text.replace(from, to));
    }

    private void refused(String... parts) {
        assertThatThrownBy(() -> Providers.checkpoint("dinov3", folder)
                        .open(ExtractionSettings.forward(), TorchRuntime.cpu())
                        .close())
                .isInstanceOf(IOException.class)
                .hasMessageContainingAll(parts)
                .hasMessageContaining(folder.toString());
    }

    private void tensors(String without, String... more) throws IOException {
        Path path = folder.resolve("model.safetensors");
        Map<String, NDArray> kept = new LinkedHashMap<>();
        try (NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch")) {
            try (TensorFile file = TensorFile.open(path)) {
                for (String name : file.tensors().keySet()) {
                    if (!name.equals(without)) {
                        kept.put(name, file.read(name, manager, DataType.FLOAT32));
                    }
                }
            }
            for (String name : more) {
                kept.put(name, manager.ones(new Shape(3)));
            }
            SafeTensorsWriter writer = new SafeTensorsWriter();
            kept.forEach(writer::tensor);
            writer.write(path);
        }
    }

    @Test
    void theConfigurationTellsTheKind() throws IOException {
        Checkpoint checkpoint = Providers.checkpoint(null, folder);
        assertThat(checkpoint.backbone()).isEqualTo("dinov3");
        assertThat(checkpoint.rawSettings()).isEqualTo(Dinov3.last(4));
        CheckpointSummary summary = checkpoint.inspect();
        assertThat(summary.loadSize().width()).isEqualTo(64);
        assertThat(summary.mapSize().width()).isEqualTo(4);
        assertThat(summary.layout().layers()).containsExactly(1, 2, 3, 4);
        long numbers = 0;
        try (TensorFile file = TensorFile.open(folder.resolve("model.safetensors"))) {
            for (var info : file.tensors().values()) {
                long count = 1;
                for (long side : info.dimensions()) {
                    count *= side;
                }
                numbers += count;
            }
        }
        // the mask token is not used
        assertThat(summary.parameters()).isEqualTo(numbers - 48);
        assertThatThrownBy(() -> Providers.checkpoint("dinov2", folder))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("must be of backbone dinov2, got one of dinov3")
                .hasMessageContaining("choose that backbone");
        change("dinov3_vit", "dinov2");
        refused("must be of backbone dinov3, got one of dinov2");
        change("\"dinov2\"", "\"dinov3_convnext\"");
        assertThat(Providers.recognise(folder)).isEmpty();
        refused("'model_type' must be vit, dinov2, dinov2_with_registers or dinov3_vit, got", "dinov3_convnext");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "gelu | laplace | 'hidden_act' must be one of",
                "gelu | `` | 'hidden_act' must be one of",
                "\"rope_theta\": 100.0 | \"rope_theta\": 0.5 | 'rope_theta' must be 1 or more",
                "\"use_gated_mlp\": false | \"use_gated_mlp\": 1 | 'use_gated_mlp' must be true or false",
                "\"num_channels\": 3 | \"num_channels\": 4 | 'num_channels' must be 3",
                "\"num_attention_heads\": 4 | \"num_attention_heads\": 8 | heads whose width 4 divides",
                "\"num_attention_heads\": 4 | \"num_attention_heads\": 5 | heads must divide the width",
                "\"patch_size\": 16 | \"patch_size\": 0 | heads must divide the width and patches",
                "\"value_bias\" | \"use_cls\": true, \"value_bias\" | 'use_cls' must be absent",
                "\"value_bias\" | \"rope_parameters\": {}, \"value_bias\" | 'rope_parameters' must be absent",
                "\"value_bias\" | \"quantization_config\": {}, \"value_bias\" | 'quantization_config' must be absent",
                "\"value_bias\": true | \"value_bias\": false | no key the network does not know",
                "\"key_bias\": false | \"key_bias\": true | got none for layer.0.attention.k_proj.bias",
                "\"use_gated_mlp\": false | \"use_gated_mlp\": true | got none for layer.0.mlp.gate_proj.weight",
                "\"intermediate_size\": 192 | \"intermediate_size\": 96 | must be of floats"
            })
    void aConfigurationThatIsOfAnotherNetworkIsRefused(String from, String to, String why) throws IOException {
        change(from, to);
        refused(why);
    }

    @Test
    void whatDoesNotChangeTheNetworkIsPassedOver() throws IOException {
        change("\"image_size\": 64", "\"image_size\": 70");
        change("\"pos_embed_rescale\": 2.0", "\"out_features\": [\"stage4\"], \"return_dict\": true");
        tensors("embeddings.mask_token", "classifier.weight");
        try (var extractor =
                Providers.checkpoint("dinov3", folder).open(ExtractionSettings.forward(), TorchRuntime.cpu())) {
            assertThat(extractor.loadSize().width()).isEqualTo(64);
        }
    }

    @Test
    void missingAndUnknownKeysAreNamed() throws IOException {
        tensors("layer.3.attention.o_proj.weight");
        refused("weights must have every key", "layer.3.attention.o_proj.weight");
        Files.delete(folder.resolve("model.safetensors"));
        Files.copy(plain.resolve("model.safetensors"), folder.resolve("model.safetensors"));
        tensors("", "layer.3.adapter.weight");
        refused("no key the network does not know, got layer.3.adapter.weight");
        Files.delete(folder.resolve("model.safetensors"));
        refused("weights must be in model.safetensors or pytorch_model.bin, got neither");
    }

    @ParameterizedTest
    @CsvSource({
        "100, 4, TOKEN, 0, 'side 16 and at most 8192, got 100 x 100'",
        "64, 4, KEY, 5, 'side 16, got 5'",
        "64, 5, KEY, 0, layers must be 1 to 4",
        "64, 3, NORMED_TOKEN, 0, facet token is of any layer"
    })
    void settingsThatCannotBeAreRefused(int side, int layer, Facet facet, int stride, String why) {
        ExtractionSettings settings = ExtractionSettings.forward()
                .withLoadSize(side)
                .withTaps(new TokenTaps(List.of(layer), facet, stride, false, false));
        assertThatThrownBy(() -> Providers.checkpoint("dinov3", folder).open(settings, TorchRuntime.cpu()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(why);
    }
}
