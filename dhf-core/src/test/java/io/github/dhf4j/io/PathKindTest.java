package io.github.dhf4j.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is told of paths that people give where a checkpoint is expected. */
class PathKindTest {
    private static final String POINTER =
            "version https://git-lfs.github.com/spec/v1\noid sha256:" + "ab".repeat(32) + "\nsize 3438167540\n";

    @TempDir
    private Path folder;

    private void tells(Path path, String... parts) {
        PathKind kind = PathKind.of(path);
        String message = kind.refused("checkpoint must be one", path).getMessage();
        assertThat(message)
                .contains(parts)
                .hasSizeLessThan(400 + path.toString().length());
        assertThat(kind.isKnown()).as(message).isTrue();
    }

    private Path file(String name, String text) throws IOException {
        Path path = folder.resolve(name);
        Files.createDirectories(path.getParent());
        return Files.write(path, text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private Path tensors(String name, String... keys) throws IOException {
        StringBuilder header = new StringBuilder("{");
        for (int i = 0; i < keys.length; i++) {
            header.append(i > 0 ? "," : "")
                    .append("\"" + keys[i] + "\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[" + 4 * i + ","
                            + 4 * (i + 1) + "]}");
        }
        header.append("}");
        String length = new String(new char[] {(char) (header.length() & 0xff), (char) (header.length() >> 8)});
        return file(name, length + "\0\0\0\0\0\0" + header + "\0\0\0\0".repeat(keys.length));
    }

    @Test
    void aFolderOfTransformersIsToldByItsModelType() throws IOException {
        file("m/config.json", "{\"model_type\": \"dinov3_vit\"}");
        tensors("m/model.safetensors", "embeddings.cls_token");
        tells(folder.resolve("m"), "got a model of type dinov3_vit");
        file("t/config.json", "{\"architecture\": \"vit_small_patch14_dinov2\"}");
        tells(folder.resolve("t"), "vit_small_patch14_dinov2");
        file("n/config.json", "{}");
        tells(folder.resolve("n"), "config.json names no 'model_type'");
        file("l/config.json", POINTER);
        tells(folder.resolve("l"), "config.json cannot be read", "git-lfs pointer");
    }

    @Test
    void aHubsCacheRootPointsIntoItsSnapshot() throws IOException {
        Path root = folder.resolve("models--owner--name");
        file("models--owner--name/snapshots/aaaa/model_index.json", "{}");
        tells(root, "the root of a model in a hub's cache", "give " + root.resolve("snapshots/aaaa"));
        file("models--owner--name/snapshots/bbbb/model_index.json", "{}");
        tells(root, "give one of aaaa, bbbb");
        file("models--owner--name/refs/main", "bbbb");
        tells(root, "give " + root.resolve("snapshots/bbbb"));
        tells(root.resolve("snapshots"), "the snapshots of a model", "aaaa");
        tells(folder, "a hub's cache of models--owner--name");
    }

    @Test
    void pipelinesAndTheirPartsAreToldByTheirClass() throws IOException {
        file("flux/model_index.json", "{\"_class_name\": \"FluxPipeline\"}");
        tells(folder.resolve("flux"), "a pipeline of class FluxPipeline");
        file("flux/vae/config.json", "{\"_class_name\": \"AutoencoderKL\"}");
        tells(
                folder.resolve("flux/vae"),
                "one part of a pipeline",
                "give the folder above it, " + folder.resolve("flux"));
        file("alone/config.json", "{\"_class_name\": \"UNet2DConditionModel\"}");
        tells(folder.resolve("alone"), "one part of a pipeline, of class UNet2DConditionModel");
        file("around/pipeline/model_index.json", "{}");
        tells(folder.resolve("around"), "a folder around a checkpoint", "give " + folder.resolve("around/pipeline"));
    }

    @ParameterizedTest
    @CsvSource({
        "unet.down_blocks.0.attentions.0.to_q.lora_A.weight, a LoRA",
        "lora_unet_down_blocks_0_attentions_0_proj_in.lora_up.weight, a LoRA",
        "unet.up_blocks.1.attn1.processor.to_q_lora.down.weight, a LoRA",
        "model.diffusion_model.input_blocks.0.0.weight, single-file Stable Diffusion",
        "first_stage_model.decoder.conv_in.weight, single-file Stable Diffusion",
        "conditioner.embedders.0.transformer.text_model.final_layer_norm.bias, SDXL",
        "double_blocks.0.img_attn.qkv.weight, Flux",
        "controlnet_cond_embedding.conv_in.weight, a ControlNet",
        "mixing_weights, aggregation weights",
        "s49.layer5, kept feature maps",
        "down_blocks.0.resnets.0.conv1.weight, a UNet",
        "encoder.down_blocks.0.resnets.0.conv1.weight, an autoencoder",
        "text_model.encoder.layers.0.mlp.fc1.weight, a text encoder",
        "vision_model.embeddings.class_embedding, a CLIP",
        "rope_embed.periods, DINOv3",
        "blocks.0.attn.qkv.weight patch_embed.proj.weight, a vision transformer",
        "layer4.2.conv3.weight, a ResNet other than",
        "string_to_param.*, a textual inversion"
    })
    void aFileOfTensorsIsToldByItsNames(String names, String kind) throws IOException {
        tells(tensors("weights.safetensors", names.split(" ")), kind);
        // alone in a folder too
        tells(folder, "around weights.safetensors", kind);
    }

    @Test
    void otherTensorsAreShown() throws IOException {
        PathKind kind = PathKind.of(tensors("x.safetensors", "alpha", "beta"));
        assertThat(kind.isKnown()).isFalse();
        assertThat(kind.what()).contains("alpha, beta");
    }

    @Test
    void aFolderWithAnAdapterIsALoRA() throws IOException {
        file("a/adapter_config.json", "{}");
        tells(folder.resolve("a"), "a LoRA");
        tensors("b/pytorch_lora_weights.safetensors", "x");
        tells(folder.resolve("b"), "a LoRA");
    }

    @Test
    void filesOfOtherKindsAreToldByTheirFirstBytes() throws IOException {
        tells(file("a.safetensors", POINTER), "a git-lfs pointer to 3.4 GB", "git lfs pull");
        tells(file("b.safetensors", "\n<!DOCTYPE html><html>not found</html>"), "an HTML page");
        tells(file("c.pt", "\u0089PNG\r\n\u001a\n\0\0"), "a PNG image");
        tells(file("d.pt", "\u00ff\u00d8\u00ff\u00e0\0\u0010JFIF"), "a JPEG image");
        tells(file("e.gguf", "GGUF\3\0\0\0"), "a GGUF file");
        tells(file("f.onnx", "\b\7\u0012\7pytorch"), "an ONNX model");
        tells(file("g.json", "{\"model_type\": \"vit\"}"), "a JSON text");
        tells(file("h.ckpt", "\u0080\2cpytorch_lightning"), "a single-file Stable Diffusion checkpoint");
        tells(file("i.tgz", "\u001f\u008b\b\0"), "a gzip archive");
        tells(file("j.bin", ""), "an empty file");
        for (String name : new String[] {"a.safetensors", "b.safetensors", "c.pt", "d.pt", "e.gguf", "f.onnx"}) {
            assertThatThrownBy(() -> TensorFile.open(folder.resolve(name)))
                    .isInstanceOf(IOException.class)
                    .hasMessage(PathKind.of(folder.resolve(name))
                            .refused("file must be safetensors or a torch checkpoint", folder.resolve(name))
                            .getMessage());
        }
        assertThatThrownBy(() -> TorchCheckpoint.open(folder.resolve("a.safetensors")))
                .hasMessageContaining("git-lfs pointer");
        assertThatThrownBy(() -> TextFiles.lines(folder.resolve("a.safetensors")))
                .hasMessageContaining("git-lfs pointer");
        assertThatThrownBy(() -> Json.readObject(folder.resolve("a.safetensors")))
                .hasMessageContaining("git-lfs pointer");
    }

    @Test
    void aHeaderOfAnyLengthIsNoOtherKindOfFile() throws IOException {
        // 0x4d42 bytes of header begin as a BMP file does
        String name = "k".repeat(0x4d42 - "{\"\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}".length());
        try (TensorFile file = TensorFile.open(tensors("bm.safetensors", name))) {
            assertThat(file.tensors()).containsOnlyKeys(name);
        }
    }

    @Test
    void aModelIdIsNoPathAndAMissingPathIsMissing() throws IOException {
        tells(
                Path.of("runwayml", "stable-diffusion-v1-5"),
                "a model id",
                "never fetched",
                "hf:runwayml/stable-diffusion-v1-5");
        tells(Path.of("https://huggingface.co/facebook/dinov2-base"), "an address");
        for (Path path : new Path[] {
            folder.resolve("none"), Path.of("none"), Path.of("src/none"), Path.of("no/file.pt"), Path.of("a/b/c")
        }) {
            PathKind kind = PathKind.of(path);
            assertThat(kind.what()).isEqualTo("no such file or folder");
            assertThat(kind.isKnown()).isFalse();
        }
        Path link = Files.createSymbolicLink(folder.resolve("link"), folder.resolve("gone"));
        tells(link, "a link to nothing");
        assertThatThrownBy(() -> TensorFile.open(link)).hasMessageContaining("a link to nothing");
    }

    @Test
    void foldersOfNothingKnownAreShown() throws IOException {
        String empty = "an empty folder, without model_index.json or config.json";
        Files.createDirectory(folder.resolve("empty"));
        assertThat(PathKind.of(folder.resolve("empty")).what()).isEqualTo(empty);
        file("some/._config.json", "{}");
        assertThat(PathKind.of(folder.resolve("some")).what()).isEqualTo(empty);
        file("some/readme.md", "text");
        assertThat(PathKind.of(folder.resolve("some")).what())
                .isEqualTo("a folder, without model_index.json or config.json, which holds readme.md");
    }
}
