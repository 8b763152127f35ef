package io.github.dhf4j.cli;

import static io.github.dhf4j.cli.CommandLineTest.fails;
import static io.github.dhf4j.cli.CommandLineTest.works;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import io.github.dhf4j.DescriptorPipeline;
import io.github.dhf4j.Hyperfeatures;
import io.github.dhf4j.diffusion.BundledCheckpoint;
import io.github.dhf4j.feature.DescriptorMap;
import io.github.dhf4j.io.Json;
import io.github.dhf4j.io.SafeTensors;
import io.github.dhf4j.matching.Point;
import io.github.dhf4j.testing.Golden;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Other networks than diffusion's through the same commands, on rendered pictures; their weights are random. */
class BackboneCommandsTest {
    static final Path A = Golden.fixtures().resolve("images/a.png");
    static final Path B = Golden.fixtures().resolve("images/b.png");
    static final Path DINO = Golden.fixtures().resolve("baselines/dino");
    static final Path DINOV2 = Golden.fixtures().resolve("baselines/dinov2/registers");

    @TempDir
    static Path folder;

    private static Path world = Path.of("");
    private static Path resnet = Path.of("");

    @BeforeAll
    static void make() throws IOException {
        resnet = resnet(folder);
        world = CommandLineTest.world(folder.resolve("world"));
    }

    /** A ResNet-101 of random weights, written there. */
    static Path resnet(Path folder) throws IOException {
        Path file = folder.resolve("resnet.safetensors");
        try (NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch")) {
            RandomResNet101.write(file, "module.", manager);
        }
        return file;
    }

    @Test
    void extractIsTheReference() throws IOException {
        Path out = folder.resolve("keys.safetensors");
        works(
                "extract",
                A,
                "--model",
                DINO,
                "--layers",
                10,
                "--facet",
                "key",
                "--stride",
                4,
                "--load-size",
                64,
                "--out",
                out);
        try (Golden golden = new Golden("baselines/dino");
                SafeTensors file = SafeTensors.open(out)) {
            assertThat(file.tensors()).containsOnlyKeys("s0.layer10");
            golden.assertClose(
                    "64x64.stride4.key",
                    file.read("s0.layer10", golden.manager(), DataType.FLOAT32).squeeze(0),
                    2e-5);
        }
        works("extract", A, "--model", DINOV2, "--layers", 12, "--load-size", 70, "--out", out, "--store", "float16");
        try (Golden golden = new Golden("baselines/dinov2");
                SafeTensors file = SafeTensors.open(out)) {
            golden.assertClose(
                    "registers.70x70.block11.token",
                    file.read("s0.layer12", golden.manager(), DataType.FLOAT32).squeeze(0),
                    5e-3);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"dino", "dinov2", "resnet101"})
    void anImageMatchesItselfPointByPoint(String backbone) throws IOException {
        Path model = backbone.equals("dino") ? DINO : backbone.equals("dinov2") ? DINOV2 : resnet;
        Path image = world.resolve("images/test-car-1.png");
        Path picture = folder.resolve(backbone + ".png");
        CommandLineTest.Result result = works(
                "match", image, image, "--model", model, "--backbone", backbone, "--points", "40,50", "--out", picture);
        // the grid of 224 or 240 that is matched on does not hold the picture's pixels exactly
        assertThat(result.out()).containsPattern("\\(40.0, 50.0\\) -> \\((39.9|40.0|40.1), (49.9|50.0|50.1)\\) 1.000");
        assertThat(picture).isNotEmptyFile();
        CommandLineTest.Result told =
                works("match", image, world.resolve("images/test-car-2.png"), "--model", model, "--out", picture);
        assertThat(told.out()).contains("correspondences, drawn in");
        Path described = folder.resolve(backbone + ".safetensors");
        works("describe", image, "--model", model, "--out", described);
        try (DescriptorPipeline pipeline =
                DescriptorPipeline.builder().model(model).build()) {
            DescriptorMap kept = DescriptorMap.load(described);
            var images = Hyperfeatures.with(pipeline);
            Point found = images.of(kept)
                    .match(images.of(image), List.of(new Point(10, 20)))
                    .get(0)
                    .target();
            assertThat(found.x()).isCloseTo(10, within(0.25));
            assertThat(found.y()).isCloseTo(20, within(0.25));
        }
    }

    @Test
    void anAggregatorIsTrainedAndUsedOverOtherLayers() throws IOException {
        Path run = folder.resolve("run");
        Path cache = folder.resolve("cache");
        works(
                "train",
                "--data",
                world,
                "--model",
                DINOV2,
                "--layers",
                "3,12",
                "--load-size",
                56,
                "--facet",
                "value",
                "--stride",
                7,
                "--steps",
                3,
                "--projection",
                128,
                "--validate-every",
                0,
                "--cache",
                cache,
                "--out",
                run);
        Path weights = run.resolve("aggregator.safetensors");
        try (SafeTensors file = SafeTensors.open(weights)) {
            assertThat(file.metadata().get("config"))
                    .contains("\"diffusion_mode\":\"forward\"", "\"facet\":\"value\"", "\"stride\":7")
                    .contains("\"layers\":[3,12]", "\"load_resolution\":56", "\"output_resolution\":7");
        }
        assertThat(works("inspect", weights).out())
                .contains("process       forward, T = 1", "tokens        value, stride 7");
        Path scores = folder.resolve("scores");
        CommandLineTest.Result result = works(
                "eval", "--data", world, "--model", DINOV2, "--weights", weights, "--cache", cache, "--out", scores);
        assertThat(result.out()).contains("PCK@0.1 img");
        assertThat(scores.resolve("report.html")).isNotEmptyFile();
        works("describe", A, B, "--model", DINOV2, "--weights", weights, "--out", folder.resolve("two.safetensors"));
        works("eval", "--data", world, "--model", DINO, "--load-size", 96, "--cache", cache, "--out", scores);
        works(
                "eval",
                "--data",
                world,
                "--only",
                "car",
                "--model",
                resnet,
                "--raw-layer",
                "9,27",
                "--load-size",
                96,
                "--cache",
                cache,
                "--out",
                scores);
        Path picture = folder.resolve("no.png");
        fails(1, "got those of a network without timesteps", "match", A, B, "--weights", weights, "--out", picture);
        fails(
                1,
                "got those of a diffusion process",
                "match",
                A,
                B,
                "--model",
                DINOV2,
                "--weights",
                BundledCheckpoint.unpack().resolve("aggregator.safetensors"),
                "--out",
                picture);
    }

    static Object[] with(Object[] network, Object... arguments) {
        return Stream.concat(Stream.of(arguments), Stream.of(network)).toArray();
    }

    @Test
    void dinov3MatchesWithItsLastLayer() {
        Path dinov3 = Golden.fixtures().resolve("baselines/dinov3/gated");
        assertThat(works("inspect", dinov3).out())
                .contains("backbone      dinov3\n", "finest map 4 x 4", "matches with layers [2]", "no problems");
        Path picture = folder.resolve("dinov3.png");
        CommandLineTest.Result result = works("match", A, A, "--model", dinov3, "--points", "40,50", "--out", picture);
        // within the rounding to a pixel of the grid of 256
        assertThat(result.out()).containsPattern("-> \\((39\\.[5-9]|40\\.[0-5]), (49\\.[5-9]|50\\.[0-5])\\) 1.000");
        assertThat(picture).isNotEmptyFile();
        fails(1, "facet token is of any layer", "match", A, A, "--model", dinov3, "--raw-layer", 1, "--out", picture);
        fails(1, "--foreground needs DINO's ViT-S", "match", A, A, "--model", dinov3, "--foreground", "--out", picture);
    }

    @Test
    void inspectSaysWhatTheyAre() {
        assertThat(works("inspect", DINO).out())
                .contains(
                        "backbone      dino\n",
                        "load size     64 x 64, finest map 8 x 8",
                        "layers [10]",
                        "no problems");
        assertThat(works("inspect", DINOV2).out()).contains("backbone      dinov2\n");
        assertThat(works("inspect", resnet).out()).contains("backbone      resnet101\n", "finest map 60 x 60");
    }

    /** A point of a picture in itself, by the second up block at timestep 261, as DIFT and CleanDIFT have it. */
    static void findsItself(Path model, Path picture, Object... more) {
        CommandLineTest.Result result = works(
                with(more, "match", A, A, "--model", model, "--load-size", 128, "--points", "20,30", "--out", picture));
        assertThat(result.out()).contains("(20.0, 30.0) -> (").contains(" 1.000");
        assertThat(result.err()).contains("raw layer 14 at save index 738");
    }

    @Test
    void diftIsAPresetOfTheNoisedProcess() {
        Path picture = folder.resolve("dift.png");
        Path sd15 = Golden.fixtures().resolve("sd15/pipeline");
        findsItself(sd15, picture, "--dift", "a photo of a cat");
        fails(
                1,
                "got those of a diffusion process",
                "match",
                A,
                A,
                "--model",
                DINO,
                "--dift",
                "a cat",
                "--out",
                picture);
        fails(
                1,
                "one of --dift, --cleandift and --raw-layer",
                "match",
                A,
                A,
                "--model",
                sd15,
                "--dift",
                "a cat",
                "--raw-layer",
                3);
    }

    @Test
    void whatStandsOutIsKept() throws IOException {
        Path json = folder.resolve("all.json");
        Path picture = folder.resolve("all.png");
        works("match", A, B, "--model", DINO, "--load-size", 64, "--json", json, "--out", picture);
        Path centred = folder.resolve("centred.json");
        works("match", A, B, "--model", DINO, "--load-size", 64, "--cell-centres", "--json", centred, "--out", picture);
        assertThat(centred).content().isNotEqualTo(java.nio.file.Files.readString(json));
        Path less = folder.resolve("less.json");
        works("match", A, B, "--model", DINO, "--load-size", 64, "--foreground", "--json", less, "--out", picture);
        assertThat(Json.readObject(less).getAsJsonArray("correspondences").size())
                .isBetween(
                        1,
                        Json.readObject(json).getAsJsonArray("correspondences").size());
        fails(1, "--foreground needs DINO's ViT-S", "match", A, B, "--model", resnet, "--foreground", "--out", picture);
        fails(
                1,
                "a network with 6 heads",
                "match",
                A,
                B,
                "--model",
                DINOV2,
                "--load-size",
                70,
                "--foreground",
                "--out",
                folder.resolve("no.png"));
    }

    @Test
    void theTableHasARowForEachCheckpointThatIsGiven() throws IOException {
        Path out = folder.resolve("table");
        Object[] words = {
            "table1",
            "--data",
            world,
            "--only",
            "car,bird",
            "--held-out",
            "bird",
            "--model",
            Golden.fixtures().resolve("sd15/pipeline"),
            "--out",
            out,
            "--steps",
            2,
            "--projection",
            128,
            "--validate-every",
            0,
            "--cache",
            folder.resolve("table-cache"),
            "--sd-dino",
            "--dino",
            DINO,
            "--dinov2",
            DINOV2,
            "--resnet",
            resnet,
            "--dhpf",
            resnet,
            "--dift"
        };
        fails(1, "must have every key of the network, got none for reduction_ffns", words);
        words[words.length - 3] = "--dhpf-torch-1.7";
        words[words.length - 2] = "--dift";
        words = java.util.Arrays.copyOf(words, words.length - 1);
        String first = works(words).out();
        for (String row : List.of(
                "DINO",
                "DINOv2",
                "ResNet-101 hyperpixels",
                "DIFT",
                "SD-Layer-4 + DINOv2",
                "SD components (SD + DINO's half)",
                "SD + DINO",
                "Ours over DINOv2")) {
            assertThat(first).contains("| " + row + " |").contains(row + ", test: PCK", row + ", transfer: PCK");
        }
        assertThat(first)
                .contains("| s a pair | peak MiB |")
                .contains("Skipped, DHPF: no --dhpf was given.", "Skipped, CATs++: no --catspp was given.")
                .doesNotContain("Skipped, DINO");
        assertThat(out.resolve("dift/test/cost.txt")).content().matches("[0-9.E-]+ [0-9.]+\\s*");
        String second = works(words).out();
        assertThat(second).doesNotContain(", test: PCK").contains("| DIFT |");
        assertThat(out.resolve("table1.csv"))
                .content()
                .startsWith("row,img,img_low")
                .contains("\nDIFT,");
    }
}
