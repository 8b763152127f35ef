package io.github.dhf4j.cli;

import static io.github.dhf4j.cli.CommandLineTest.works;
import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import com.google.gson.JsonObject;
import io.github.dhf4j.eval.data.PairLists;
import io.github.dhf4j.eval.world.Category;
import io.github.dhf4j.eval.world.Scene;
import io.github.dhf4j.io.Digests;
import io.github.dhf4j.io.Json;
import io.github.dhf4j.io.TensorFile;
import io.github.dhf4j.testing.Golden;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** render, train, eval, table1, synthesize and cache, as a user types them. */
class TrainingCommandsTest {
    @TempDir
    static Path folder;

    private static Path world = Path.of("");

    @BeforeAll
    static void draw() {
        world = CommandLineTest.world(folder.resolve("world"));
    }

    @Test
    void picturesAreTheSameEverywhere() {
        // of seed 1, drawn once on Linux x86-64
        assertThat(Digests.of(Scene.draw(Category.CAR, 64, 1).image().samples()))
                .startsWith("2adb31eab9093c94");
        assertThat(Digests.of(Scene.draw(Category.PERSON, 64, 1).image().samples()))
                .startsWith("9f00f33ff267c0e1");
    }

    @Test
    void everyCategoryShowsItsPointsInsideItsBox() {
        for (Category category : Category.values()) {
            TreeSet<String> names = new TreeSet<>();
            for (int seed = 0; seed < 12; seed++) {
                Scene scene = Scene.draw(category, 48, seed);
                names.addAll(scene.points().keySet());
                scene.points().values().forEach(point -> {
                    assertThat(point.x())
                            .as("%s", category)
                            .isBetween(scene.box().left() - 4, scene.box().right() + 4);
                    assertThat(point.y())
                            .isBetween(scene.box().top() - 4, scene.box().bottom() + 4);
                });
            }
            assertThat(names.size()).as("%s %s", category, names).isBetween(6, 10);
        }
        assertThat(Stream.of(Category.values()).filter(Category::heldOut)).hasSize(3);
    }

    @Test
    void splitsShareNoPictureAndHeldOutCategoriesAreNotTrainedOn() throws IOException {
        Map<String, String> digests = new TreeMap<>();
        try (Stream<Path> files = Files.list(world.resolve("images"))) {
            for (Path file : files.toList()) {
                assertThat(digests.put(Digests.ofFile(file), file.toString())).isNull();
            }
        }
        assertThat(digests).hasSize(2 * (12 + 12 + 15));
        assertThat(PairLists.read(world.resolve("train.jsonl"), world).byCategory())
                .hasSize(12)
                .doesNotContainKeys("bird", "bus", "lamp");
        assertThat(PairLists.read(world.resolve("test.jsonl"), world).byCategory())
                .containsKeys("bird", "bus", "lamp");
    }

    private static List<String> trainWords(Path run) {
        return List.of(
                "train",
                "--data",
                world.toString(),
                "--out",
                run.toString(),
                "--projection",
                "128",
                "--steps",
                "60",
                "--timesteps",
                "1",
                "--save-indices",
                "0",
                "--only",
                "car,horse",
                "--validate-every",
                "20",
                "--checkpoint-every",
                "5",
                "--flip",
                "0.5",
                "--cache",
                folder.resolve("cache").toString());
    }

    @Test
    void picturesAloneAreTrainedOn() throws IOException {
        Path pictures = folder.resolve("photos");
        for (String category : List.of("car", "horse")) {
            Files.createDirectories(pictures.resolve(category));
            for (int i = 1; i <= 2; i++) {
                String name = "train-" + category + "-" + i + ".png";
                Files.copy(
                        world.resolve("images").resolve(name),
                        pictures.resolve(category).resolve(name));
            }
        }
        Files.writeString(pictures.resolve("car/broken.png"), "no picture");
        Path run = folder.resolve("unlabelled");
        List<Object> words = new ArrayList<>(List.of("train", "--pictures", pictures, "--out", run));
        words.addAll(List.of("--projection", 128, "--steps", 3, "--calls", 1));
        words.addAll(List.of("--cache", folder.resolve("cache")));
        String out = works(words.toArray()).out();
        assertThat(out)
                .contains("4 pictures of 2 categories", "car/broken.png left out: ", " warps")
                .containsPattern("\\d aligned pairs with \\d+ matches")
                .contains("weights after step 3 written to ");
        assertThat(run.resolve("aggregator.safetensors")).isNotEmptyFile();
        assertThat(run.resolve("mixing.png")).isNotEmptyFile();
        assertThat(run.resolve("matches.jsonl")).isNotEmptyFile();
        CommandLineTest.fails(2, "one of --data and --pictures must be given, got none", "train", "--out", run);
        words.addAll(List.of("--data", world));
        CommandLineTest.fails(2, "one of --data and --pictures must be given, got both", words.toArray());
    }

    @Test
    void aRunThatIsKilledEndsWithTheSameWeights() throws Exception {
        Path whole = folder.resolve("whole");
        Path killed = folder.resolve("killed");
        works(trainWords(whole).toArray());
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-DOPT_OUT_TRACKING=true",
                "-Dai.djl.offline=true",
                "-cp",
                System.getProperty("java.class.path"),
                "io.github.dhf4j.cli.Dhf"));
        command.addAll(trainWords(killed));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("killed.log").toFile())
                .start();
        Path metrics = killed.resolve("metrics.csv");
        long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(3);
        while (process.isAlive() && System.nanoTime() < deadline && lines(metrics) < 14) {
            Thread.sleep(5);
        }
        boolean alive = process.isAlive();
        process.destroyForcibly().waitFor();
        assertThat(alive).as(Files.readString(folder.resolve("killed.log"))).isTrue();
        assertThat(lines(metrics)).isBetween(14L, 60L);
        works(trainWords(killed).toArray());
        assertThat(weights(killed.resolve("checkpoint.safetensors")))
                .isEqualTo(weights(whole.resolve("checkpoint.safetensors")));
        assertThat(weights(killed.resolve("aggregator.safetensors")))
                .isEqualTo(weights(whole.resolve("aggregator.safetensors")));
        assertThat(lines(metrics)).isEqualTo(61);
        for (String picture : List.of("curves.png", "mixing.png")) {
            assertThat(ImageIO.read(killed.resolve(picture).toFile()).getWidth())
                    .isGreaterThan(300);
        }
        // what was trained scores, and converts to the authors' form
        Path out = folder.resolve("evaluation");
        String printed = works(
                        "eval",
                        "--data",
                        world,
                        "--only",
                        "car,horse",
                        "--weights",
                        whole.resolve("aggregator.safetensors"),
                        "--cache",
                        folder.resolve("cache"),
                        "--out",
                        out)
                .out();
        assertThat(printed).contains("PCK@0.1 img").contains("PCK@0.05 bbox");
        assertThat(out.resolve("report.html"))
                .content()
                .contains("data:image/png;base64,")
                .doesNotContain("src=\"http");
        JsonObject json = Json.readObject(out.resolve("evaluation.json"));
        assertThat(json.get("pairs").getAsInt()).isEqualTo(2);
        assertThat(lines(out.resolve("points.csv")))
                .isEqualTo(json.get("points").getAsInt() + 1L);
        assertThat(works(
                                "eval",
                                "--data",
                                world,
                                "--only",
                                "car,horse",
                                "--raw-layer",
                                8,
                                "--match-size",
                                64,
                                "--cache",
                                folder.resolve("cache"),
                                "--out",
                                folder.resolve("raw"),
                                "--compare",
                                out)
                        .out())
                .contains("against", "over 2 pairs");
        works("convert-weights", whole.resolve("aggregator.safetensors"), folder.resolve("weights.pt"));
    }

    private static long lines(Path file) throws IOException {
        return Files.exists(file) ? Files.readAllLines(file).size() : 0;
    }

    private static Map<String, List<Float>> weights(Path path) throws IOException {
        Map<String, List<Float>> weights = new TreeMap<>();
        try (TensorFile file = TensorFile.open(path);
                NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch")) {
            for (String name : file.tensors().keySet()) {
                List<Float> values = new ArrayList<>();
                for (float value : file.read(name, manager, DataType.FLOAT32).toFloatArray()) {
                    values.add(value);
                }
                weights.put(name, values);
            }
        }
        return weights;
    }

    @Test
    void theTableIsLaidOutAndFinishedRowsAreNotRunAgain() throws IOException {
        Path out = folder.resolve("table");
        Object[] again = {
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
            4,
            "--projection",
            128,
            "--validate-every",
            0,
            "--seeds",
            2,
            "--floors",
            "--unlabelled",
            "--no-costs",
            "--cache",
            folder.resolve("table-cache")
        };
        String first = works(again).out();
        for (String row : List.of(
                "SD-Layer-4",
                "SD-Concat-All",
                "Ours",
                "Ours, no key points",
                "Ours-One-Step",
                "SD-Layer-Pruned",
                "Ours-Pruned",
                "random UNet, trained aggregator (floor)",
                "Ours, untrained (floor)")) {
            assertThat(first).contains("| " + row + " |").contains(row + ", test: PCK");
        }
        assertThat(first)
                .contains("Skipped, Ours-SDv2-1: no --second-model was given.")
                .contains("Skipped, DINO: no --dino was given.", "Skipped, CATs++: no --catspp was given.")
                .contains("img by training seed")
                .contains("Ours, test, seed 2: PCK");
        assertThat(first).doesNotContain("72.56");
        String second = works(again).out();
        assertThat(second).doesNotContain(", test: PCK").contains("| SD-Concat-All |");
        assertThat(out.resolve("table1.csv")).content().contains("Ours-Pruned");
        assertThat(works("cache", "--cache", folder.resolve("table-cache")).out())
                .contains("images");
        assertThat(works("cache", "--cache", folder.resolve("table-cache"), "--clear")
                        .out())
                .contains("freed");
        assertThat(works("cache", "--cache", folder.resolve("table-cache")).out())
                .contains("0 images");
    }

    @Test
    void aPipelineIsTrainedFromCaptionedPictures() throws IOException {
        Path pictures = folder.resolve("pictures");
        assertThat(works("render", "--pictures", 30, "--split", "train", "--out", pictures)
                        .out())
                .contains("30 pictures with captions");
        List<String> lines = Files.readAllLines(pictures.resolve("train").resolve("metadata.jsonl"));
        assertThat(lines).hasSize(30).first().asString().contains("horse-1.png", " horse on plain ");
        Path out = folder.resolve("pipeline-run");
        Object[] words = {
            "train-pipeline",
            "--pictures",
            pictures.resolve("train"),
            "--out",
            out,
            "--vae-steps",
            3,
            "--steps",
            3,
            "--batch",
            2
        };
        assertThat(works(words).out()).contains("30 pictures, trained pipeline written to");
        assertThat(lines(out.resolve("denoiser").resolve("metrics.csv"))).isEqualTo(4);
        Path pipeline = out.resolve("pipeline");
        assertThat(works("inspect", pipeline).out()).contains("12 decoder layers");
        // what is finished is not trained again
        assertThat(works(words).out()).contains("written to " + pipeline);
        Path picture = pictures.resolve("train").resolve("car-2.png");
        assertThat(works("match", picture, picture, "--model", pipeline, "--raw-layer", 8, "--points", "64,64")
                        .out())
                .contains("1 correspondences");
        assertThat(works(
                                "synthesize",
                                "--model",
                                pipeline,
                                "--prompt",
                                "a red car",
                                "--count",
                                1,
                                "--out",
                                folder.resolve("drawn"))
                        .out())
                .contains("images only");
        assertThat(ImageIO.read(folder.resolve("drawn").resolve("image-1.png").toFile())
                        .getWidth())
                .isEqualTo(96);
        CommandLineTest.fails(
                1, "metadata.jsonl", "train-pipeline", "--pictures", pictures, "--out", folder.resolve("x"));
        CommandLineTest.fails(2, "--pictures", "render", "--split", "train", "--out", folder);
    }

    @Test
    void aBackboneIsTrainedFromPicturesAlone() throws IOException {
        Path out = folder.resolve("backbone-run");
        Object[] words = {
            "train-backbone",
            "--pictures",
            world.resolve("images") + "/train-*.png",
            "--out",
            out,
            "--side",
            32,
            "--width",
            16,
            "--blocks",
            2,
            "--heads",
            2,
            "--steps",
            3,
            "--batch",
            2
        };
        assertThat(works(words).out()).contains("pictures, trained backbone written to");
        assertThat(lines(out.resolve("metrics.csv"))).isEqualTo(4);
        Path backbone = out.resolve("backbone");
        assertThat(works("inspect", backbone).out()).contains("dinov2");
        // what is finished is not trained again
        assertThat(works(words).out()).contains("written to " + backbone);
        Path picture = Golden.fixtures().resolve("images/a.png");
        assertThat(works("match", picture, picture, "--model", backbone, "--raw-layer", 2, "--points", "8,8")
                        .out())
                .contains("1 correspondences");
        CommandLineTest.fails(
                1, "pattern must match images", "train-backbone", "--pictures", out + "/*.png", "--out", out);
        CommandLineTest.fails(1, "patches of 7", "train-backbone", "--pictures", world, "--patch", 7, "--out", out);
    }

    @Test
    void generatedImagesAreMatched() throws IOException {
        Path out = folder.resolve("made");
        assertThat(works("synthesize", "--prompt", "a horse", "--out", out, "--keep-features")
                        .out())
                .contains("correspondences");
        assertThat(ImageIO.read(out.resolve("image-2.png").toFile()).getWidth()).isEqualTo(96);
        assertThat(ImageIO.read(out.resolve("match.png").toFile())).isNotNull();
        assertThat(ImageIO.read(out.resolve("images.png").toFile()).getWidth()).isEqualTo(488);
        try (TensorFile file = TensorFile.open(out.resolve("image-1.features.safetensors"))) {
            assertThat(file.tensors()).hasSize(3 * 12);
        }
    }

    @Test
    void mistakesAreOneLine() throws IOException {
        CommandLineTest.fails(1, "data set must exist", "eval", "--data", "nowhere", "--out", folder.resolve("x"));
        CommandLineTest.fails(2, "--data", "train", "--out", folder.resolve("x"));
        CommandLineTest.fails(
                1, "multiple of 128", "train", "--data", world, "--out", folder.resolve("x"), "--projection", 100);
        CommandLineTest.fails(2, "split must be one of", "render", "--pairs", 1, "--split", "tst", "--out", folder);
        CommandLineTest.fails(
                1, "category must be one of", "eval", "--data", world, "--only", "cow", "--out", folder.resolve("x"));
        Path empty = folder.resolve("empty.jsonl");
        Files.write(empty, new byte[0]);
        CommandLineTest.fails(1, "empty", "eval", "--data", empty, "--out", folder.resolve("x"));
        CommandLineTest.fails(
                1,
                "weights",
                "eval",
                "--data",
                world,
                "--only",
                "car",
                "--model",
                io.github.dhf4j.testing.Golden.fixtures().resolve("sd15/pipeline"),
                "--out",
                folder.resolve("x"));
    }
}
