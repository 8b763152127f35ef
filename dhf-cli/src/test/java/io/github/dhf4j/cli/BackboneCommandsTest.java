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
import io.github.dhf4j.eval.annotation.Labels;
import io.github.dhf4j.feature.DescriptorMap;
import io.github.dhf4j.io.Json;
import io.github.dhf4j.io.SafeTensors;
import io.github.dhf4j.matching.Point;
import io.github.dhf4j.testing.Golden;
import java.io.IOException;
import java.nio.file.Files;
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
    private static final Path A = Golden.fixtures().resolve("images/a.png");
    private static final Path B = Golden.fixtures().resolve("images/b.png");

    @TempDir
    static Path folder;

    private static Path world = Path.of("");
    private static Path dino = Path.of("");
    private static Path dinov2 = Path.of("");
    private static Path resnet = Path.of("");

    @BeforeAll
    static void make() throws IOException {
        dino = Golden.fixtures().resolve("baselines/dino");
        dinov2 = Golden.fixtures().resolve("baselines/dinov2/registers");
        resnet = folder.resolve("resnet.safetensors");
        try (NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch")) {
            RandomResNet101.write(resnet, "module.", manager);
        }
        world = CommandLineTest.world(folder.resolve("world"));
    }

    @Test
    void extractIsTheReference() throws IOException {
        Path out = folder.resolve("keys.safetensors");
        works(
                "extract",
                A,
                "--model",
                dino,
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
        works("extract", A, "--model", dinov2, "--layers", 12, "--load-size", 70, "--out", out, "--store", "float16");
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
        Path model = backbone.equals("dino") ? dino : backbone.equals("dinov2") ? dinov2 : resnet;
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
                dinov2,
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
                "eval", "--data", world, "--model", dinov2, "--weights", weights, "--cache", cache, "--out", scores);
        assertThat(result.out()).contains("PCK@0.1 img");
        assertThat(scores.resolve("report.html")).isNotEmptyFile();
        works("describe", A, B, "--model", dinov2, "--weights", weights, "--out", folder.resolve("two.safetensors"));
        works("eval", "--data", world, "--model", dino, "--load-size", 96, "--cache", cache, "--out", scores);
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
                dinov2,
                "--weights",
                BundledCheckpoint.unpack().resolve("aggregator.safetensors"),
                "--out",
                picture);
    }

    @Test
    void marcosAdaptersAreWeightsOfADinov2() throws IOException {
        Path marco = Golden.fixtures().resolve("baselines/marco");
        Object[] network = {"--model", marco.resolve("dinov2"), "--weights", marco.resolve("marco.pth")};
        Path picture = folder.resolve("marco.png");
        Path page = folder.resolve("marco.html");
        Path json = folder.resolve("marco.json");
        CommandLineTest.Result result = works(with(
                network,
                "match",
                A,
                B,
                "--load-size",
                98,
                "--points",
                "30,39",
                "--out",
                picture,
                "--html",
                page,
                "--json",
                json,
                "--heat-map",
                folder.resolve("marco-heat.png")));
        assertThat(result.out()).contains("(30.0, 39.0) -> (");
        assertThat(page).isNotEmptyFile();
        assertThat(Files.readString(json))
                .contains("\"localizer\": \"kernel:7.0,10.0\"", "dinov2 adapted by marco.pth");
        Path described = folder.resolve("marco.safetensors");
        works(with(network, "describe", A, "--load-size", 98, "--padded", "--out", described));
        DescriptorMap padded = DescriptorMap.load(described);
        assertThat(padded.products()).isNotNull();
        assertThat(padded.size().width()).isNotEqualTo(padded.size().height());
        Path scored = folder.resolve("marco-eval");
        CommandLineTest.Result eval = works(with(
                network,
                "eval",
                "--data",
                world,
                "--load-size",
                98,
                "--per-category",
                1,
                "--only",
                "car",
                "--localizer",
                "kernel:5,20",
                "--cache",
                folder.resolve("marco-cache"),
                "--out",
                scored));
        assertThat(eval.out()).contains("PCK@0.1 img");
        assertThat(Files.readString(scored.resolve("evaluation.json"))).contains("kernel:5.0,20.0");
        Path labels = folder.resolve("marco-labels.json");
        CommandLineTest.Result carried = works(with(
                network,
                "transfer",
                "--from",
                world.resolve("test-labels.jsonl"),
                "--exemplars",
                1,
                "--to",
                B,
                "--load-size",
                98,
                "--min-confidence",
                0,
                "--out",
                labels));
        assertThat(carried.out()).contains("1 pictures labelled in " + labels);
        assertThat(Labels.read(labels, B.getParent()).images())
                .singleElement()
                .satisfies(image -> assertThat(image.annotations()).isNotEmpty());
        fails(
                1,
                "--padded is of MARCO's adapters, got backbone dinov2 without",
                "describe",
                A,
                "--model",
                dinov2,
                "--padded",
                "--out",
                described);
        fails(
                1,
                "must have registers",
                "describe",
                A,
                "--model",
                Golden.fixtures().resolve("baselines/dinov2/plain"),
                "--weights",
                marco.resolve("marco.pth"),
                "--out",
                described);
    }

    private static Object[] with(Object[] network, Object... arguments) {
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
        assertThat(works("inspect", dino).out())
                .contains(
                        "backbone      dino\n",
                        "load size     64 x 64, finest map 8 x 8",
                        "layers [10]",
                        "no problems");
        assertThat(works("inspect", dinov2).out()).contains("backbone      dinov2\n");
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
                dino,
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
        works("match", A, B, "--model", dino, "--load-size", 64, "--json", json, "--out", picture);
        Path centred = folder.resolve("centred.json");
        works("match", A, B, "--model", dino, "--load-size", 64, "--cell-centres", "--json", centred, "--out", picture);
        assertThat(centred).content().isNotEqualTo(java.nio.file.Files.readString(json));
        Path less = folder.resolve("less.json");
        works("match", A, B, "--model", dino, "--load-size", 64, "--foreground", "--json", less, "--out", picture);
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
                dinov2,
                "--load-size",
                70,
                "--foreground",
                "--out",
                folder.resolve("no.png"));
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
                dino,
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
                dinov2,
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
                dino.resolve("model.safetensors"),
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
        fails(1, "multiple of the patch's side 8", "match", A, B, "--model", dino, "--load-size", 100, "--out", out);
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
                "--raw-save-index is of diffusion",
                "match",
                A,
                B,
                "--model",
                dino,
                "--raw-save-index",
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
                dino,
                "--raw-layer",
                13,
                "--load-size",
                64,
                "--out",
                out);
        fails(2, "--mode is of diffusion", "extract", A, "--model", dino, "--mode", "noised", "--out", out);
        fails(2, "facet must be query, key", "match", A, B, "--model", dino, "--facet", "tail", "--out", out);
        assertThat(Files.exists(out)).isFalse();
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
            dino,
            "--dinov2",
            dinov2,
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

    @Test
    void inspectReadsHeadersOnly() throws IOException {
        // weights that are no numbers cannot be loaded, and are not looked at
        for (Path model : List.of(dino.resolve("model.safetensors"), resnet)) {
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
                Files.copy(dino.resolve("config.json"), copy.resolve("config.json"));
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
}
