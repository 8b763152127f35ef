package io.github.dhf4j.cli;

import static io.github.dhf4j.cli.CommandLineTest.fails;
import static io.github.dhf4j.cli.CommandLineTest.works;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.dhf4j.diffusion.BundledCheckpoint;
import io.github.dhf4j.io.SafeTensors;
import io.github.dhf4j.testing.Golden;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two networks that see each image together, through the commands: the bundled one and a DINOv2 of random weights. */
class JointCommandsTest {
    private static final Path A = Golden.fixtures().resolve("images/a.png");
    private static final Path B = Golden.fixtures().resolve("images/b.png");

    @TempDir
    static Path folder;

    private static Object[] words(Object... parts) {
        List<Object> words = new ArrayList<>();
        for (Object part : parts) {
            words.addAll(part instanceof Object[] several ? List.of(several) : List.of(part));
        }
        return words.toArray();
    }

    @Test
    void weightsAreTrainedOverBothAndNeedBoth() throws IOException {
        Path bundled = BundledCheckpoint.unpack();
        String name = bundled.getFileName().toString();
        Path dinov2 = Golden.fixtures().resolve("baselines/dinov2/registers");
        Object[] both = {"--model", bundled, "--model", dinov2};
        Path world = CommandLineTest.world(folder.resolve("world"));
        Path cache = folder.resolve("cache");
        Path run = folder.resolve("run");
        Object[] small = {"--steps", 2, "--projection", 128, "--validate-every", 0, "--cache", cache, "--out", run};
        works(words(
                "train",
                "--data",
                world,
                both,
                "--timesteps",
                2,
                "--layers",
                "4,7",
                "--layers",
                "12",
                "--load-size",
                96,
                "--load-size",
                56,
                small));
        assertThat(run.resolve("mixing.png")).isNotEmptyFile();
        Path weights = run.resolve("aggregator.safetensors");
        try (SafeTensors file = SafeTensors.open(weights)) {
            assertThat(file.metadata().get("config"))
                    .contains("\"networks\":[{\"model_id\":\"" + name + "\",\"fingerprint\":\"")
                    .contains("{\"model_id\":\"registers\",\"fingerprint\":\"")
                    .contains("\"load_resolution\":56");
        }
        assertThat(works("inspect", weights).out())
                .contains("made for      " + name + ", load size 96", "made for      registers, load size 56")
                .contains("layers        [4, 7]", "layers        [12]")
                .containsPattern("fingerprint   [0-9a-f]{64}");
        Object[] using = words(both, "--weights", weights);
        Path scores = folder.resolve("scores");
        assertThat(works(words("eval", "--data", world, using, "--cache", cache, "--out", scores))
                        .out())
                .contains("PCK@0.1 img");
        assertThat(Files.readString(scores.resolve("evaluation.json")))
                .contains(name + " + registers with weights")
                .contains("\"layers 1\"", "\"layers 2\"", "\"tokens 2\"");
        Path picture = folder.resolve("a.png");
        Path page = folder.resolve("page.html");
        works(words("match", A, B, using, "--out", picture, "--html", page, "--html-maps", 5));
        assertThat(Files.readString(page)).contains("layer 12 at save index 0 of registers");
        Path pruned = folder.resolve("pruned.safetensors");
        assertThat(works("prune", "--weights", weights, "--keep", 4, "--out", pruned)
                        .out())
                .contains("4 of 5 maps left");
        works(words("describe", A, both, "--weights", pruned, "--out", folder.resolve("a.safetensors")));

        Object[] match = {"match", A, B, "--out", picture, "--weights", weights};
        fails(
                1,
                "made for, " + name + " (inversion) and registers (forward), got " + name
                        + " (diffusion) and no registers (forward); give each checkpoint in this order (--model DIR --model DIR",
                words(match, "--model", bundled));
        fails(1, "and no " + name + " (inversion)", words(match, "--model", dinov2));
        fails(
                1,
                "checkpoints must come in the order of the weights' networks",
                words(match, "--model", dinov2, "--model", bundled));
        fails(1, "leave the others out", words(match, both, "--model", dinov2));
        fails(
                1,
                "checkpoints must be those that the weights were made for",
                words("match", A, B, "--out", picture, both, "--weights", bundled.resolve("aggregator.safetensors")));
        fails(
                1,
                "networks are joined by weights that were trained over all of them, got none",
                words("match", A, B, both, "--out", picture));
        fails(
                1,
                "several models are joined by --weights",
                words("match", A, B, both, "--raw-layer", 4, "--out", picture));
        fails(
                1,
                "--layers must be given once for each of 2 models, got it 1 time",
                words("train", "--data", world, both, "--layers", 4, small));
        fails(1, "are of one model, got 2", words("train", "--data", world, both, "--facet", "key", small));
        fails(1, "features are kept of one model at a time, got 2", words("extract", A, both, "--out", picture));
        fails(
                1,
                "weights must be made for one network here",
                words("calls", "--data", world, using, "--cache", cache, "--out", scores));
    }
}
