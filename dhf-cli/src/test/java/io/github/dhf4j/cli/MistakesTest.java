package io.github.dhf4j.cli;

import static io.github.dhf4j.cli.CommandLineTest.dhf;
import static io.github.dhf4j.cli.CommandLineTest.fails;
import static io.github.dhf4j.cli.CommandLineTest.works;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.dhf4j.eval.data.PairDataset;
import io.github.dhf4j.eval.data.PairLists;
import io.github.dhf4j.eval.pck.Evaluation;
import io.github.dhf4j.eval.pck.EvaluationFiles;
import io.github.dhf4j.eval.pck.PointScore;
import io.github.dhf4j.testing.Golden;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a user gets wrong, answered before a network runs. */
@Timeout(120)
class MistakesTest {
    private static final Path A = Golden.fixtures().resolve("images/a.png");
    private static final Path B = Golden.fixtures().resolve("images/b.png");
    private static final Path SD = Golden.fixtures().resolve("sd15/pipeline");
    private static final Path DINO = Golden.fixtures().resolve("baselines/dino");

    @TempDir
    static Path folder;

    private static Path world = Path.of("");

    @BeforeAll
    static void draw() {
        world = folder.resolve("world");
        works("render", "--pairs", 15, "--split", "test", "--images", 2, "--out", world, "--size", 32);
    }

    @Test
    void outputsThatCannotBeWritten() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "a file");
        Path no = folder.resolve("no/x.png");
        fails(1, "folder of the output file must exist", "match", A, B, "--out", no);
        fails(1, "folder of the output file must exist", "match", A, B, "--json", no);
        fails(1, "folder of the output file must exist", "match", A, B, "--points", "1,1", "--heat-map", no);
        fails(1, "folder of the output file must exist", "describe", A, "--out", no);
        fails(1, "folder of the output file must exist", "describe", A, "--out", "x", "--pca", no);
        fails(1, "folder of the output file must exist", "extract", A, "--out", "x", "--pca-grid", no);
        fails(1, "folder of the output file must exist", "convert-weights", file, no);
        fails(1, "must not be a folder", "describe", A, "--out", folder);
        fails(1, "must not be a folder", "match", A, B, "--json", folder);
        for (String command : List.of("train", "eval", "table1")) {
            fails(1, "--out must name a folder", command, "--data", world, "--out", file.resolve("run"));
        }
        fails(1, "--out must name a folder", "render", "--pictures", 1, "--split", "test", "--out", file);
        fails(1, "--out must name a folder", "synthesize", "--prompt", "a car", "--out", file);
        fails(1, "--out must name a folder", "train-pipeline", "--pictures", world, "--out", file);
        fails(1, "--out must name a folder", "train-backbone", "--pictures", world, "--out", file);
        fails(1, "--cache must name a folder", "eval", "--data", world, "--out", folder.resolve("e"), "--cache", file);
        Path scores = folder.resolve("scores");
        Files.createDirectories(scores.resolve("report.html"));
        fails(1, "must not be a folder", "eval", "--data", world, "--out", scores);
        assertThat(file).hasContent("a file");
    }

    @Test
    void aFolderWithoutPermission() throws IOException {
        Path closed = Files.createDirectory(folder.resolve("closed"));
        assumeTrue(
                closed.toFile().setWritable(false) && !Files.isWritable(closed),
                "this user may write into every folder");
        fails(1, "must be writable", "match", A, B, "--out", closed.resolve("x.png"));
        fails(1, "that can be written", "eval", "--data", world, "--out", closed.resolve("e"));
    }

    @Test
    void twoOutputsInOneFileAndOutputsOverInputs() throws IOException {
        Path x = folder.resolve("x.png");
        fails(1, "different files", "match", A, B, "--points", "1,1", "--out", x, "--heat-map", x);
        fails(1, "different files", "describe", A, "--out", x, "--pca", folder.resolve("./world/../x.png"));
        Path image = Files.copy(A, folder.resolve("image.png"));
        byte[] before = Files.readAllBytes(image);
        fails(1, "must not replace what is read", "match", A, image, "--out", image);
        fails(1, "must not replace what is read", "describe", image, "--out", x, "--pca", image);
        fails(1, "must not replace what is read", "extract", image, "--out", image);
        Path weights = Files.copy(
                Golden.fixtures().resolve("sd15/aggregation_network.pt"), folder.resolve("weights.safetensors"));
        fails(1, "must not replace what is read", "convert-weights", weights, weights);
        fails(1, "must not replace what is read", "match", A, B, "--weights", weights, "--json", weights);
        assertThat(image).hasBinaryContent(before);
    }

    @Test
    void localizersThatThereAreNot() {
        for (String command : List.of("match", "eval", "table1")) {
            fails(2, "kernel or kernel:SIGMA,TEMPERATURE, got 'best'", command, "--localizer", "best");
            fails(2, "got 'nearest:1,2'", command, "--localizer", "nearest:1,2");
            fails(2, "share of the grid above 0", command, "--localizer", "geo-aware:2,0.02");
            fails(2, "got 'window:1'", command, "--localizer", "window:1");
            fails(2, "radius above 0", command, "--localizer", "window:0,1");
        }
    }

    @Test
    void pointsOutsideTheImage() {
        Path out = folder.resolve("p.png");
        fails(1, "must lie in the source image", "match", A, B, "--points", "3,3", "10000,3", "--out", out);
        fails(1, "must lie in the source image", "match", A, B, "--points=-1,3", "--out", out);
        fails(1, "must lie in the source image", "match", "--points", "3,129", "--out", out);
    }

    @Test
    void optionsThatTheBackboneDoesNotHave() {
        Path out = folder.resolve("o.png");
        for (Object[] option :
                new Object[][] {{"--facet", "key"}, {"--stride", 4}, {"--log-bins"}, {"--cell-centres"}}) {
            List<Object> words = new ArrayList<>(List.of("match", A, B, "--model", SD, "--out", out));
            words.addAll(List.of(option));
            fails(1, "are of vision transformers, got backbone diffusion", words.toArray());
        }
        fails(1, "--foreground needs DINO's ViT-S", "match", A, B, "--model", SD, "--foreground", "--out", out);
        fails(1, "got those of a diffusion process", "match", A, B, "--model", DINO, "--dift", "a cat", "--out", out);
        fails(
                1,
                "--raw-save-index is of diffusion",
                "match",
                A,
                B,
                "--model",
                DINO,
                "--raw-save-index",
                3,
                "--out",
                out);
        fails(2, "--prompt is of diffusion", "extract", A, "--model", DINO, "--prompt", "a cat", "--out", out);
        fails(2, "--mode is of diffusion", "extract", A, "--model", DINO, "--mode", "noised", "--out", out);
        fails(1, "--latents is of diffusion", "describe", "--latents", "x", "--model", DINO, "--out", out);
        Path run = folder.resolve("run");
        for (String option : List.of("--timesteps", "--save-indices")) {
            fails(1, option + " is of diff", "train", "--data", world, "--model", DINO, option, 1, "--out", run);
        }
        assertThat(run).doesNotExist();
    }

    @Test
    void anEvaluationOfOtherPairsIsNoComparison() throws IOException {
        PairDataset set = PairLists.read(world.resolve("test.jsonl"), world);
        List<PointScore> others = set.pairs().stream()
                .map(pair -> new PointScore(
                        "other " + pair.id(),
                        "car",
                        "1",
                        pair.sourcePoints().get(0),
                        pair.targetPoints().get(0),
                        pair.targetPoints().get(0),
                        0,
                        32,
                        Double.NaN))
                .toList();
        Path other = folder.resolve("other");
        EvaluationFiles.write(new Evaluation("m", "d", 32, others), List.of(), List.of(), other);
        Path out = folder.resolve("compared");
        fails(1, "pairs in common", "eval", "--data", world, "--compare", other, "--out", out);
        fails(1, "another folder than --out", "eval", "--data", world, "--compare", other, "--out", other);
        assertThat(out).doesNotExist();
    }

    @Test
    void anAddressIsCalledOne() throws IOException {
        for (String address : List.of("https://example.org/a.png", "http://example.org/a.png", "s3://bucket/a.png")) {
            fails(2, "got an address, '" + address + "'", "match", address, B);
            fails(2, "got an address", "match", A, address);
            fails(2, "got an address", "describe", address, "--out", "x");
            fails(2, "got an address", "match", A, B, "--model", address);
        }
        assertThat(PathConverter.path(A.toUri().toString())).isEqualTo(A);
    }

    @Test
    void aSlipIsAnsweredWithWhatWasMeant() {
        fails(2, "did you mean match?", "mach", A, B);
        fails(2, "did you mean eval?", "evaluate");
        fails(2, "did you mean describe?", "descibe");
        fails(2, "did you mean --points?", "match", A, B, "--poits", "1,1");
        fails(2, "did you mean --pictures?", "render", "--picture", 3, "--split", "test", "--out", "x");
        assertThat(dhf("quite-something-else").err()).doesNotContain("did you mean");
    }

    @Test
    void asManyPicturesAsAskedFor() throws IOException {
        for (int count : new int[] {1, 12, 17}) {
            Path out = folder.resolve("pictures" + count);
            works("render", "--pictures", count, "--split", "train", "--out", out, "--size", 16);
            assertThat(Files.readAllLines(out.resolve("train/metadata.jsonl"))).hasSize(count);
            try (Stream<Path> files = Files.list(out.resolve("train"))) {
                assertThat(files.filter(file -> file.toString().endsWith(".png")))
                        .hasSize(count);
            }
        }
        fails(1, "pictures must be 1 or more", "render", "--pictures", 0, "--split", "train", "--out", folder);
    }

    @Test
    void aPictureThatNothingHereWritesIsRefused() {
        fails(1, "must end in .png", "match", A, B, "--out", folder.resolve("x.webp"));
        fails(1, "must end in .png", "describe", A, "--out", "x", "--pca", folder.resolve("x.svg"));
        fails(1, "got '-'", "match", A, B, "--out", "-");
        fails(1, "got '-'", "describe", A, "--out", "-");
    }

    @Test
    void numbersAreTheSameUnderEveryLocale() {
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
            Path out = folder.resolve("arabic");
            assertThat(works("render", "--pictures", 12, "--split", "train", "--out", out, "--size", 16)
                            .out())
                    .contains("12 pictures");
            assertThat(works("cache", "--cache", out, "--cache-budget", "1.5").out())
                    .contains("0 images")
                    .contains("1.5 GB");
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void namesThatTheLocaleCannotHoldAreAnsweredWithTheCure() throws Exception {
        assumeTrue(System.getProperty("os.name").equals("Linux"), "only Linux has such a locale");
        Path script = folder.resolve("run.sh");
        Path errors = folder.resolve("errors.txt");
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        // the name is in the script, whose bytes no character set of this JVM changes
        Files.writeString(
                script,
                "LC_ALL=C exec '" + java + "' -cp '" + System.getProperty("java.class.path") + "' "
                        + Dhf.class.getName() + " match café.png '" + A + "' 2> '" + errors + "'",
                StandardCharsets.UTF_8);
        Process process = new ProcessBuilder("sh", script.toString())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(2);
        assertThat(Files.readString(errors))
                .contains("set LC_ALL=C.UTF-8")
                .contains("caf??.png")
                .doesNotContain("Unmatched", "Malformed");
    }

    @Test
    void dataSetsAreListedWithoutAnythingElse() {
        String known = works("eval", "--list").out();
        assertThat(known)
                .contains("SPair-71k\n  holds    70,958 pairs")
                .contains("AP-10K\n")
                .contains("  licence  CC BY 4.0\n")
                .contains("MP-100 as MARCO pairs it\n", "SPair-U\n", "  layout   {trn,val,test}_pairs.csv beside");
    }
}
