package io.github.dhf4j.cli;

import static io.github.dhf4j.cli.BackboneCommandsTest.A;
import static io.github.dhf4j.cli.BackboneCommandsTest.B;
import static io.github.dhf4j.cli.BackboneCommandsTest.DINO;
import static io.github.dhf4j.cli.BackboneCommandsTest.DINOV2;
import static io.github.dhf4j.cli.CommandLineTest.fails;
import static io.github.dhf4j.cli.CommandLineTest.works;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.dhf4j.testing.Golden;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Networks that are not what was said, or that nobody knows, are named before anything runs. */
class BackboneRefusalsTest {
    @TempDir
    static Path folder;

    private static Path resnet = Path.of("");

    @BeforeAll
    static void make() throws IOException {
        resnet = BackboneCommandsTest.resnet(folder);
    }

    @Test
    void wrongOnesAreNamed() throws IOException {
        Path out = folder.resolve("no.png");
        fails(
                1,
                "must be of backbone dinov2, got one of dino (",
                "match",
                A,
                B,
                "--model",
                DINO,
                "--backbone",
                "dinov2",
                "--out",
                out);
        fails(
                1,
                "must be of backbone dino, got one of dinov2",
                "match",
                A,
                B,
                "--model",
                DINOV2,
                "--backbone",
                "dino",
                "--out",
                out);
        fails(
                1,
                "torchvision's ResNet-101",
                "match",
                A,
                B,
                "--backbone",
                "resnet101",
                "--model",
                DINO.resolve("model.safetensors"),
                "--out",
                out);
        fails(1, "config.json", "match", A, B, "--backbone", "dino", "--model", folder, "--out", out);
        fails(
                1,
                "must be one of diffusion, dino, dinov2, dinov3, resnet101",
                "match",
                A,
                B,
                "--backbone",
                "vgg",
                "--out",
                out);
        fails(1, "a checkpoint must be given for backbone dino", "match", A, B, "--backbone", "dino", "--out", out);
        fails(1, "multiple of the patch's side 8", "match", A, B, "--model", DINO, "--load-size", 100, "--out", out);
        fails(
                1,
                "--facet, --stride, --cell-centres and --log-bins",
                "match",
                A,
                B,
                "--model",
                resnet,
                "--stride",
                4,
                "--out",
                out);
        fails(
                1,
                "layers must be 1 to 12",
                "match",
                A,
                B,
                "--model",
                DINO,
                "--raw-layer",
                13,
                "--load-size",
                64,
                "--out",
                out);
        fails(2, "facet must be query, key", "match", A, B, "--model", DINO, "--facet", "tail", "--out", out);
        assertThat(Files.exists(out)).isFalse();
    }

    @Test
    void whatNobodyRecognisesIsToldInEveryCommand() throws IOException {
        Path convnext = Files.createDirectories(folder.resolve("convnext"));
        Files.writeString(convnext.resolve("config.json"), "{\"model_type\": \"dinov3_convnext\"}");
        Path out = folder.resolve("none.png");
        String told = "got a model of type dinov3_convnext";
        fails(1, told, "match", A, B, "--model", convnext, "--out", out);
        fails(1, told, "match", A, B, "--model", convnext, "--raw-layer", 4, "--out", out);
        fails(1, told, "extract", A, "--model", convnext, "--out", out);
        fails(1, told, "describe", A, "--model", convnext, "--out", out);
        Path prior = Files.createDirectories(folder.resolve("prior"));
        Files.createDirectories(prior.resolve("unet"));
        Files.writeString(
                prior.resolve("model_index.json"),
                "{\"_class_name\": \"StableUnCLIPPipeline\", \"unet\": [\"diffusers\", \"UNet2DConditionModel\"],"
                        + " \"prior\": [\"diffusers\", \"PriorTransformer\"]}");
        // before it is asked for weights
        fails(1, "got a pipeline of class StableUnCLIPPipeline", "match", A, B, "--model", prior, "--out", out);
        fails(1, "'nobody/nothing' must be in the cache", "match", A, B, "--model", "nobody/nothing", "--out", out);
        fails(1, "no such file or folder", "match", A, B, "--model", folder.resolve("nowhere"), "--out", out);
        fails(1, "a PNG image", "match", A, B, "--weights", A, "--out", out);
        Path unet = Golden.fixtures().resolve("sd15/pipeline/unet");
        fails(
                1,
                "a UNet",
                "match",
                A,
                B,
                "--weights",
                unet.resolve("diffusion_pytorch_model.safetensors"),
                "--out",
                out);
        fails(1, "give the folder above it, " + unet.getParent(), "match", A, B, "--model", unet, "--out", out);
        assertThat(CommandLineTest.dhf("inspect", convnext).out())
                .contains("PROBLEM       a model of type dinov3_convnext");
    }

    @Test
    void inspectReadsHeadersOnly() throws IOException {
        // weights that are no numbers cannot be loaded, and are not looked at
        for (Path model : List.of(DINO.resolve("model.safetensors"), resnet)) {
            Path copy = Files.createDirectories(folder.resolve("nan-" + model.getFileName()));
            Path file = copy.resolve("model.safetensors");
            byte[] bytes = Files.readAllBytes(model);
            int header = 8
                    + (int) java.nio.ByteBuffer.wrap(bytes)
                            .order(java.nio.ByteOrder.LITTLE_ENDIAN)
                            .getLong();
            java.util.Arrays.fill(bytes, header, bytes.length, (byte) 0xff);
            Files.write(file, bytes);
            Path given = file;
            if (!model.equals(resnet)) {
                Files.copy(DINO.resolve("config.json"), copy.resolve("config.json"));
                given = copy;
            }
            assertThat(works("inspect", given).out())
                    .contains(
                            "backbone      " + (model.equals(resnet) ? "resnet101" : "dino"),
                            "parameters",
                            "no problems");
            fails(1, "NaN", "match", A, B, "--model", given, "--out", folder.resolve("nan.png"));
        }
    }
}
