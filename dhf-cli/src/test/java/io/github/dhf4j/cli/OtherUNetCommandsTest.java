package io.github.dhf4j.cli;

import static io.github.dhf4j.cli.CommandLineTest.dhf;
import static io.github.dhf4j.cli.CommandLineTest.fails;
import static io.github.dhf4j.cli.CommandLineTest.works;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.dhf4j.diffusion.train.RandomPipeline;
import io.github.dhf4j.testing.Golden;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A UNet of another file in a checkpoint's folder, in each command that runs diffusion. */
class OtherUNetCommandsTest {
    private static final Path A = Golden.fixtures().resolve("images/a.png");
    private static final Path SD15 = Golden.fixtures().resolve("sd15/pipeline");
    private static final String UNET = "unet/diffusion_pytorch_model.safetensors";
    private static final Path FOREIGN =
            Golden.fixtures().resolve("sd21/pipeline").resolve(UNET);

    @TempDir
    private Path folder;

    @Test
    void cleanDiftIsOneCallOfAnotherUNet() {
        Path picture = folder.resolve("clean.png");
        Path unet = SD15.resolve(UNET);
        BackboneCommandsTest.findsItself(SD15, picture, "--unet", unet, "--cleandift", "a photo of a cat");
        fails(
                1,
                "a UNet can be put into diffusion checkpoints only, got backbone dino",
                "match",
                A,
                A,
                "--model",
                Golden.fixtures().resolve("baselines/dino"),
                "--unet",
                unet);
        fails(
                1,
                FOREIGN.toString(),
                "match",
                A,
                A,
                "--model",
                SD15,
                "--unet",
                FOREIGN,
                "--cleandift",
                "",
                "--out",
                picture);
        fails(1, "one of --dift, --cleandift and", "match", A, A, "--model", SD15, "--dift", "", "--cleandift", "");
        Path features = folder.resolve("clean.safetensors");
        assertThat(works(
                                "extract",
                                A,
                                "--model",
                                SD15,
                                "--unet",
                                unet,
                                "--mode",
                                "clean",
                                "--at",
                                261,
                                "--layers",
                                3,
                                "--load-size",
                                128,
                                "--no-final-latents",
                                "--out",
                                features)
                        .out())
                .contains("1 feature maps of 1 image, layers [3], save indices [738]");
    }

    @Test
    void whetherAUNetFitsIsToldBefore() {
        assertThat(works("inspect", SD15, "--unet", SD15.resolve(UNET)).out())
                .contains("with UNet " + SD15.resolve(UNET), "no problems");
        assertThat(dhf("inspect", SD15, "--unet", FOREIGN).out())
                .containsPattern("PROBLEM .*" + FOREIGN)
                .contains("1 problem(s)");
        fails(1, "got backbone dino", "inspect", Golden.fixtures().resolve("baselines/dino"), "--unet", FOREIGN);
        Path none = folder.resolve("none.safetensors");
        assertThat(dhf("inspect", SD15, "--unet", none).out()).contains("PROBLEM", none.toString());
    }

    @Test
    void picturesAreDrawnByTheOtherUNet() throws IOException {
        Path random = folder.resolve("random");
        RandomPipeline.write(SD15, 7, random);
        Path own = draw("own", List.of());
        assertThat(draw("same", List.of("--unet", SD15.resolve(UNET)))).hasSameBinaryContentAs(own);
        assertThat(Files.mismatch(draw("other", List.of("--unet", random.resolve(UNET))), own))
                .isNotNegative();
        fails(
                1,
                FOREIGN.toString(),
                "synthesize",
                "--model",
                SD15,
                "--unet",
                FOREIGN,
                "--prompt",
                "a car",
                "--out",
                folder.resolve("x"));
    }

    private Path draw(String name, List<Object> more) {
        Path out = folder.resolve(name);
        List<Object> words = new ArrayList<>(
                List.of("synthesize", "--model", SD15, "--prompt", "a car", "--count", 1, "--out", out));
        words.addAll(more);
        works(words.toArray());
        return out.resolve("image-1.png");
    }

    @Test
    void theTableIsOfTheOtherUNet() throws IOException {
        Path world = CommandLineTest.world(folder.resolve("world"));
        Path random = folder.resolve("random");
        RandomPipeline.write(SD15, 7, random);
        String own = layer4(world, "own", List.of());
        assertThat(layer4(world, "other", List.of("--unet", random.resolve(UNET))))
                .isNotEqualTo(own);
        fails(1, FOREIGN.toString(), tableOf(world, "foreign", List.of("--unet", FOREIGN)));
    }

    private String layer4(Path world, String name, List<Object> more) {
        return works(tableOf(world, name, more))
                .out()
                .lines()
                .filter(line -> line.startsWith("| SD-Layer-4"))
                .findFirst()
                .orElseThrow();
    }

    private Object[] tableOf(Path world, String name, List<Object> more) {
        List<Object> words = new ArrayList<>(List.of("table1", "--data", world, "--only", "car", "--model", SD15));
        words.addAll(List.of("--steps", 1, "--projection", 128, "--validate-every", 0, "--no-costs"));
        words.addAll(List.of("--cache", folder.resolve("cache"), "--out", folder.resolve(name)));
        words.addAll(more);
        return words.toArray();
    }
}
