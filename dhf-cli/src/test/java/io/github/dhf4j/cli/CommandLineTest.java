package io.github.dhf4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import com.google.gson.JsonObject;
import io.github.dhf4j.feature.DescriptorMap;
import io.github.dhf4j.io.Json;
import io.github.dhf4j.io.SafeTensors;
import io.github.dhf4j.spi.FeatureExtractorProvider;
import io.github.dhf4j.spi.Providers;
import io.github.dhf4j.testing.Golden;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every command as a user types it. */
class CommandLineTest {
    private static final Path A = Golden.fixtures().resolve("images/a.png");
    private static final Path B = Golden.fixtures().resolve("images/b.png");

    @TempDir
    Path folder;

    private Path sd15;

    @BeforeEach
    void folders() {
        sd15 = Golden.fixtures().resolve("sd15/pipeline");
    }

    record Result(int code, String out, String err) {}

    static Result dhf(Object... words) {
        PrintStream out = System.out;
        PrintStream err = System.err;
        ByteArrayOutputStream outBytes = new ByteArrayOutputStream();
        ByteArrayOutputStream errBytes = new ByteArrayOutputStream();
        System.setOut(new PrintStream(outBytes, true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(errBytes, true, StandardCharsets.UTF_8));
        try {
            String[] arguments =
                    java.util.Arrays.stream(words).map(String::valueOf).toArray(String[]::new);
            int code = Dhf.run(arguments);
            return new Result(
                    code, outBytes.toString(StandardCharsets.UTF_8), errBytes.toString(StandardCharsets.UTF_8));
        } finally {
            System.setOut(out);
            System.setErr(err);
        }
    }

    static Result works(Object... words) {
        Result result = dhf(words);
        assertThat(result.code()).as(result.err()).isZero();
        return result;
    }

    /** Two rendered pictures a category and split, a pair each. */
    static Path world(Path folder) {
        for (String split : List.of("train", "validation", "test")) {
            int pairs = split.equals("test") ? 15 : 12;
            works("render", "--pairs", pairs, "--split", split, "--images", 2, "--out", folder, "--size", 96);
        }
        return folder;
    }

    static void fails(int code, String part, Object... words) {
        Result result = dhf(words);
        assertThat(result.code()).as(result.err()).isEqualTo(code);
        assertThat(result.err().lines().filter(line -> !line.startsWith("[INFO]")))
                .as("one line")
                .hasSize(1);
        assertThat(result.err()).contains("error: ").contains(part);
    }

    @ParameterizedTest
    @ValueSource(strings = {"sd15", "sd21"})
    void extractIsTheReference(String name) throws IOException {
        Path out = folder.resolve("features.safetensors");
        try (Golden golden = new Golden(name)) {
            Result result = dhf(
                    "extract",
                    "--latents",
                    golden.folder().resolve("golden.safetensors") + ":latents",
                    "--model",
                    golden.pipeline(),
                    "--out",
                    out,
                    "--save-indices",
                    "49,25,0",
                    "--layers",
                    "1-3,12");
            assertThat(result.code()).as(result.err()).isZero();
            try (SafeTensors file = SafeTensors.open(out)) {
                assertThat(file.tensors()).hasSize(13).containsKeys("s49.layer1", "s25.layer12", "latents.final");
                for (String tensor : file.tensors().keySet()) {
                    if (!tensor.startsWith("latents")) {
                        golden.assertClose(
                                "inversion." + tensor, file.read(tensor, golden.manager(), DataType.FLOAT32), 5e-3);
                    }
                }
                try (NDArray trajectory = golden.tensor("inversion.trajectory")) {
                    Golden.assertClose(
                            "final latents",
                            file.read("latents.final", golden.manager(), DataType.FLOAT32),
                            trajectory.get(3),
                            1e-4);
                }
            }
            String prompt = golden.json()
                    .getAsJsonArray("prompts")
                    .get(1)
                    .getAsJsonObject()
                    .get("prompt")
                    .getAsString();
            result = dhf(
                    "extract",
                    "--latents",
                    golden.folder().resolve("golden.safetensors") + ":generation.noise",
                    "--model",
                    golden.pipeline(),
                    "--out",
                    out,
                    "--mode",
                    "generation",
                    "--prompt",
                    prompt,
                    "--save-indices",
                    "25",
                    "--layers",
                    "5");
            assertThat(result.code()).as(result.err()).isZero();
            try (SafeTensors file = SafeTensors.open(out)) {
                golden.assertClose(
                        "generation.s25.layer5", file.read("s25.layer5", golden.manager(), DataType.FLOAT32), 1e-4);
            }
        }
    }

    @Test
    void placesWithASayOfOthersArePrintedDrawnAndCounted() {
        Path field = folder.resolve("field.png");
        Path warp = folder.resolve("warp.jpg");
        Path swap = folder.resolve("swap.png");
        Result result = dhf(
                "match",
                "--mirror",
                "--smooth",
                "--fit",
                "HOMOGRAPHY",
                "--inliers",
                "--field",
                field,
                "--warp",
                warp,
                "--swap",
                swap,
                "--out",
                folder.resolve("m.png"));
        assertThat(result.code()).isZero();
        assertThat(result.out())
                .containsPattern("homography fit: \\d+ of \\d+ sure matches agree")
                .contains("where each place goes, drawn in " + field);
        assertThat(field).isNotEmptyFile();
        assertThat(warp).isNotEmptyFile();
        assertThat(swap).isNotEmptyFile();
        Result alone = dhf("match", "--inliers", "--out", folder.resolve("m.png"));
        assertThat(alone.code()).isEqualTo(2);
        assertThat(alone.err()).contains("--inliers are those of a fit; give --fit");
    }

    @Test
    void encodedImagesAreTheReference() throws IOException {
        Path out = folder.resolve("features.safetensors");
        try (Golden golden = new Golden("sd15")) {
            Result result = dhf(
                    "extract", A, B, "--model", sd15, "--out", out, "--mode", "noised", "--at", "0", "--layers", "1");
            assertThat(result.code()).as(result.err()).isZero();
            try (SafeTensors file = SafeTensors.open(out);
                    NDArray mean = golden.tensor("vae.mean")) {
                Golden.assertClose(
                        "mean latents",
                        file.read("latents.final", golden.manager(), DataType.FLOAT32),
                        mean.mul(0.18215f),
                        1e-4);
                assertThat(file.tensors()).containsOnlyKeys("s999.layer1", "latents.final");
            }
            result = dhf(
                    "extract",
                    A,
                    B,
                    "--model",
                    sd15,
                    "--out",
                    out,
                    "--mode",
                    "noised",
                    "--at",
                    "261",
                    "--layers",
                    "1",
                    "--latent",
                    "sample",
                    "--noise",
                    golden.folder().resolve("golden.safetensors") + ":vae.noise",
                    "--store",
                    "float16");
            assertThat(result.code()).as(result.err()).isZero();
            try (SafeTensors file = SafeTensors.open(out);
                    NDArray scaled = golden.tensor("latents")) {
                float[] ours = file.read("latents.final", golden.manager(), DataType.FLOAT32)
                        .toFloatArray();
                float[] theirs = scaled.toFloatArray();
                double ratio = ours[0] / theirs[0];
                for (int i = 0; i < ours.length; i += 37) {
                    assertThat(ours[i] / ratio).isCloseTo(theirs[i], org.assertj.core.data.Offset.offset(1e-3));
                }
                assertThat(file.require("s738.layer1").type().name()).isEqualTo("F16");
            }
        }
    }

    @Test
    void describeIsTheReferenceFromEitherFormOfWeights() throws IOException {
        try (Golden golden = new Golden("sd15")) {
            Path converted = folder.resolve("weights.safetensors");
            assertThat(dhf("convert-weights", golden.folder().resolve("aggregation_network.pt"), converted)
                            .code())
                    .isZero();
            for (Path weights : List.of(golden.folder().resolve("aggregation_network.pt"), converted)) {
                Path out = folder.resolve("map.safetensors");
                Result result = dhf(
                        "describe",
                        "--latents",
                        golden.folder().resolve("golden.safetensors") + ":latents",
                        "--calls",
                        "paper",
                        "--dtype",
                        "float32",
                        "--model",
                        sd15,
                        "--weights",
                        weights,
                        "--out",
                        out);
                assertThat(result.code()).as(result.err()).isZero();
                try (SafeTensors file = SafeTensors.open(out)) {
                    golden.assertClose(
                            "hyperfeatures", file.read("hyperfeatures", golden.manager(), DataType.FLOAT32), 3e-3);
                }
            }
        }
    }

    @Test
    void callsAreTakenSaidAndRecorded() throws IOException {
        Path out = folder.resolve("two.safetensors");
        Path json = folder.resolve("match.json");
        Path picture = folder.resolve("match.png");
        Result two = dhf("describe", A, "--calls", 2, "--out", out);
        assertThat(two.out()).as(two.err()).contains("2 of 50 calls an image");
        assertThat(Objects.requireNonNull(DescriptorMap.load(out).origin())
                        .descriptors()
                        .name())
                .isEqualTo("weights aggregator.safetensors, 2 of 50 calls");
        Result match = dhf("match", A, B, "--json", json, "--out", picture);
        assertThat(match.out())
                .as(match.err())
                .contains("3 of 50 calls an image (--calls paper for the walk of the training)");
        JsonObject written = Json.readObject(json);
        assertThat(written.getAsJsonObject("settings").get("calls").getAsString())
                .isEqualTo("[49, 30, 10]");
        assertThat(written.get("pipeline").getAsString())
                .isEqualTo("bundled pipeline with weights aggregator.safetensors, 3 of 50 calls");
        fails(1, "calls must be 1 to 3", "match", A, B, "--calls", 4, "--out", picture);
        fails(1, "got 3 with raw maps", "match", A, B, "--raw-layer", 4, "--calls", 3, "--out", picture);
        fails(2, "calls must be 1 or more, or paper, got 'few'", "match", A, B, "--calls", "few", "--out", picture);
    }

    @Test
    void aBatchInIsABatchOut() throws IOException {
        Path both = folder.resolve("both.safetensors");
        Path pca = folder.resolve("pca.png");
        assertThat(dhf("describe", A, B, "--out", both, "--pca", pca).code()).isZero();
        List<DescriptorMap> maps = DescriptorMap.loadAll(both);
        assertThat(maps).hasSize(2);
        assertThat(maps.get(0).channels()).isEqualTo(128);
        assertThat(maps.get(0).imageSize())
                .isEqualTo(io.github.dhf4j.image.RgbImage.read(A).size());
        assertThat(ImageIO.read(pca.toFile()).getWidth()).isGreaterThan(500);
        Path single = folder.resolve("single.safetensors");
        assertThat(dhf("describe", B, "--out", single).code()).isZero();
        float[] expected = DescriptorMap.load(single).values();
        float[] actual = maps.get(1).values();
        for (int i = 0; i < expected.length; i += 101) {
            assertThat(actual[i]).isCloseTo(expected[i], org.assertj.core.data.Offset.offset(1e-3f));
        }
    }

    @Test
    void matchWritesPictureAndJson() throws IOException {
        Path picture = folder.resolve("picture.png");
        Path heat = folder.resolve("heat.png");
        Path json = folder.resolve("matches.json");
        Result result = dhf("match", "--out", picture, "--json", json, "--heat-map", heat);
        assertThat(result.code()).as(result.err()).isZero();
        assertThat(result.out()).contains("8 correspondences");
        assertThat(ImageIO.read(picture.toFile()).getWidth()).isGreaterThan(700);
        assertThat(ImageIO.read(heat.toFile()).getWidth()).isGreaterThan(700);
        JsonObject root = Json.readObject(json);
        assertThat(root.getAsJsonArray("correspondences")).hasSize(8);
        assertThat(root.getAsJsonObject("source").get("width").getAsInt()).isEqualTo(128);

        result = dhf(
                "match",
                A,
                B,
                "--model",
                sd15,
                "--raw-layer",
                "12",
                "--raw-save-index",
                "49",
                "--points",
                "10,20",
                "30.5,4",
                "--sub-pixel",
                "--out",
                picture,
                "--json",
                json);
        assertThat(result.code()).as(result.err()).isZero();
        assertThat(Json.readObject(json).getAsJsonArray("correspondences")).hasSize(2);
        result = dhf("match", A, A, "--model", sd15, "--raw-layer", "12", "--raw-save-index", "49", "--out", picture);
        assertThat(result.out()).contains("256 correspondences").contains("and 236 more");
    }

    @Test
    void inspectSaysWhatAFileIs() {
        assertThat(dhf("inspect", sd15).out()).contains("12 decoder layers").contains("no problems");
        assertThat(dhf("inspect", Golden.fixtures().resolve("sd15/aggregation_network.pt"))
                        .out())
                .contains("aggregation weights")
                .contains("tiny-sd15")
                .contains("[49, 45, 40, 35, 30, 25, 20, 15, 10, 5, 0]");
        assertThat(dhf("inspect", Golden.fixtures().resolve("sd15/golden.safetensors"))
                        .out())
                .contains("169 tensors");
        Result bad = dhf("inspect", folder);
        assertThat(bad.code()).isEqualTo(1);
        assertThat(bad.out()).contains("PROBLEM").contains("model_index.json");
    }

    @Test
    void wrongUsageIsTwo() {
        fails(2, "two images are needed", "match", A);
        fails(2, "point must be x,y", "match", A, B, "--points", "12");
        fails(2, "Unknown option", "match", "--nonsense");
        fails(2, "--out", "extract", A);
        fails(2, "neither", "extract", "--out", "x");
        fails(2, "got both", "extract", A, "--latents", "y", "--out", "x");
        fails(2, "'1-'", "extract", A, "--out", "x", "--layers", "1-");
        fails(2, "generation starts from noise", "extract", A, "--mode", "generation", "--out", "x");
        fails(2, "nonsense", "nonsense");
        assertThat(dhf().out()).contains("match").contains("convert-weights");
        for (String command : List.of("match", "extract", "describe", "inspect", "convert-weights")) {
            Result help = dhf(command, "--help");
            assertThat(help.code()).isZero();
            assertThat(help.out()).contains("Usage: dhf " + command);
        }
    }

    @Test
    void helpNamesEveryBackboneThereIs() {
        // lines may break inside of "2.x"
        String help = dhf("match", "--help").out().replaceAll("\\s+", "");
        assertThat(Providers.extractors())
                .extracting(FeatureExtractorProvider::backbone)
                .containsExactly("diffusion", "dino", "dinov2", "dinov3", "resnet101");
        for (FeatureExtractorProvider provider : Providers.extractors()) {
            assertThat(help)
                    .contains(provider.backbone(), provider.checkpoints().replaceAll("\\s+", ""));
        }
    }

    @Test
    void failuresAreOneAndOneLine() throws IOException {
        Path out = folder.resolve("x.png");
        fails(1, "no such file", "match", "none.png", B, "--out", out);
        fails(
                1,
                "must lie in the source image",
                "match",
                A,
                B,
                "--model",
                sd15,
                "--raw-layer",
                "1",
                "--raw-save-index",
                "49",
                "--points",
                "10000,3",
                "--out",
                out);
        fails(1, "--raw-layer 4", "match", A, B, "--model", sd15, "--out", out);
        fails(1, "layers must be 1 to 12", "match", A, B, "--model", sd15, "--raw-layer", "29", "--out", out);
        fails(1, "0 to 49", "match", A, B, "--model", sd15, "--raw-layer", "1", "--raw-save-index", "50", "--out", out);
        fails(
                1,
                "weights must fit the extractor's layers",
                "match",
                A,
                B,
                "--model",
                sd15,
                "--weights",
                Golden.fixtures().resolve("sd21/aggregation_network.pt"),
                "--out",
                out);
        fails(1, "got both", "match", A, B, "--raw-layer", "4", "--weights", "w", "--out", out);
        fails(1, "model_index.json", "match", A, B, "--model", folder, "--raw-layer", "4", "--out", out);
        fails(1, "folder of the output file must exist", "match", "--out", folder.resolve("no/x.png"));
        fails(1, "divisible", "extract", A, "--load-size", "97", "--out", out);
        fails(
                1,
                "latents must be",
                "extract",
                "--model",
                sd15,
                "--latents",
                Golden.fixtures().resolve("sd15/golden.safetensors") + ":vae.decoded",
                "--out",
                out);
        fails(
                1,
                "'nothing'",
                "extract",
                "--model",
                sd15,
                "--latents",
                Golden.fixtures().resolve("sd15/golden.safetensors") + ":nothing",
                "--out",
                out);
        fails(
                1,
                "aggregation weights must",
                "convert-weights",
                Golden.fixtures().resolve("sd15/golden.safetensors"),
                out);
        try (var files = Files.list(folder)) {
            assertThat(files).as("nothing half-written").isEmpty();
        }
        assertThat(dhf("match", "none.png", B, "--debug").err()).contains("at io.github.dhf4j");
    }
}
