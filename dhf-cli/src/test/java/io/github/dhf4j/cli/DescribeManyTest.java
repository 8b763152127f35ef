package io.github.dhf4j.cli;

import static io.github.dhf4j.cli.CommandLineTest.dhf;
import static io.github.dhf4j.cli.CommandLineTest.fails;
import static io.github.dhf4j.cli.CommandLineTest.works;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.dhf4j.feature.DescriptorMap;
import io.github.dhf4j.testing.Golden;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code dhf describe} of folders and patterns, a file an image. */
class DescribeManyTest {
    private static final Path A = Golden.fixtures().resolve("images/a.png");
    private static final Path B = Golden.fixtures().resolve("images/b.png");
    private static final Path DINO = Golden.fixtures().resolve("baselines/dino");

    @TempDir
    Path folder;

    private Path pictures;
    private Path out;

    @BeforeEach
    void pictures() throws IOException {
        pictures = Files.createDirectories(folder.resolve("pictures"));
        out = folder.resolve("maps/of all");
        Files.copy(A, pictures.resolve("a.png"));
        Files.copy(B, pictures.resolve("b.PNG"));
        Files.writeString(pictures.resolve("notes.txt"), "no image");
        for (String cats : List.of("cats", "more/cats")) {
            Files.createDirectories(pictures.resolve(cats));
            Files.copy(A, pictures.resolve(cats).resolve("cat.png"));
        }
        Files.copy(B, pictures.resolve("cats/cat.jpg"));
    }

    private Object[] words(Object... images) {
        List<Object> words = new ArrayList<>(List.of("describe"));
        words.addAll(List.of(images));
        words.addAll(List.of("--model", DINO, "--load-size", 64, "--out-dir", out));
        return words.toArray();
    }

    private List<String> written() throws IOException {
        try (Stream<Path> files = Files.list(out)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void aFolderIsItsImagesAndEachHasTheMapThatItHasAlone() throws IOException {
        String said = works(words(pictures)).out();
        assertThat(said).contains("2 written to " + out);
        assertThat(written()).containsExactly("a.safetensors", "b.safetensors");
        Path alone = folder.resolve("alone.safetensors");
        works("describe", A, "--model", DINO, "--load-size", 64, "--out", alone);
        assertThat(DescriptorMap.load(out.resolve("a.safetensors"))).isEqualTo(DescriptorMap.load(alone));
    }

    @Test
    void resizingAheadChangesNoMapOfADiffusionCheckpointEither() throws IOException {
        works("describe", A, "--out-dir", out);
        Path alone = folder.resolve("alone.safetensors");
        works("describe", A, "--out", alone);
        DescriptorMap map = DescriptorMap.load(alone);
        assertThat(map.loadSize()).isNotEqualTo(map.imageSize());
        assertThat(DescriptorMap.load(out.resolve("a.safetensors"))).isEqualTo(map);
    }

    @Test
    void aPatternGoesDownAndNamesThatClashGetTheirFolders() throws IOException {
        works(words(pictures + "/**/*.{png,jpg}", pictures.resolve("b.PNG")));
        assertThat(written())
                .containsExactly(
                        "a.safetensors",
                        "b.safetensors",
                        "cats_cat.jpg.safetensors",
                        "more_cats_cat.png.safetensors",
                        "pictures_cats_cat.png.safetensors");
        Files.delete(pictures.resolve("cats/cat.jpg"));
        out = folder.resolve("others");
        works(words(pictures + "/**", pictures.resolve("a.png")));
        assertThat(written()).hasSize(4).contains("a.safetensors", "b.safetensors");
    }

    @Test
    void whatIsThereAndMadeAlikeIsLeftAndTheRestIsMade() throws IOException {
        works(words(pictures));
        Path a = out.resolve("a.safetensors");
        Path b = out.resolve("b.safetensors");
        FileTime old = FileTime.fromMillis(1_000_000_000_000L);
        Files.setLastModifiedTime(a, old);
        Files.delete(b);
        assertThat(works(words(pictures)).out())
                .contains("1 of 2 are there already")
                .contains("1 written");
        assertThat(Files.getLastModifiedTime(a)).isEqualTo(old);
        assertThat(b).exists();

        // another image under the name, other settings, and a file that is torn
        Files.copy(B, pictures.resolve("a.png"), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        assertThat(works(words(pictures)).out()).contains("1 of 2 are there already");
        assertThat(DescriptorMap.load(a).values())
                .isEqualTo(DescriptorMap.load(b).values());
        assertThat(works(words(pictures, "--stride", 8)).out())
                .doesNotContain("already")
                .contains("2 written");
        Files.write(a, new byte[] {1, 2, 3});
        assertThat(works(words(pictures, "--stride", 8)).out()).contains("1 of 2 are there already");
        assertThat(DescriptorMap.load(a)).isEqualTo(DescriptorMap.load(b));
    }

    @Test
    void badImagesAreNamedAndTheOthersGoOn() throws IOException {
        Files.writeString(pictures.resolve("aa.jpg"), "<html>");
        Path none = pictures.resolve("none.png");
        CommandLineTest.Result result = dhf(words(pictures, none, "--batch", 2));
        assertThat(result.code()).isEqualTo(1);
        assertThat(result.err().lines().filter(line -> line.startsWith("error: ")))
                .hasSize(3)
                .satisfiesOnlyOnce(
                        line -> assertThat(line).contains("a web page").contains("aa.jpg"))
                .satisfiesOnlyOnce(line -> assertThat(line).contains(none.toString()))
                .satisfiesOnlyOnce(line -> assertThat(line).isEqualTo("error: 2 of 4 images could not be read"));
        assertThat(written()).containsExactly("a.safetensors", "b.safetensors");
    }

    @Test
    void aFolderIsAlsoOneFile() throws IOException {
        Path one = folder.resolve("one.safetensors");
        works("describe", pictures, "--model", DINO, "--load-size", 64, "--out", one);
        assertThat(DescriptorMap.loadAll(one)).hasSize(2);
    }

    @Test
    void whatCannotBeMeantIsRefused() throws IOException {
        fails(2, "one of --out and --out-dir must be given, got neither", "describe", A);
        fails(2, "got both", words(A, "--out", folder.resolve("x")));
        fails(2, "--pca goes with --out", words(A, "--pca", folder.resolve("x.png")));
        fails(2, "--batch must be 1 or more", words(A, "--batch", 0));
        fails(2, "goes with --out-dir", "describe", A, "--out", folder.resolve("x"), "--batch", 2);
        fails(1, "pattern must match images, got none", words(pictures + "/*.gif"));
        fails(1, "folder of a pattern must exist", words(folder + "/nowhere/*.png"));
        fails(1, "pattern must be one of files", words(pictures + "/[a"));
        fails(1, "got none right in it", words(Files.createDirectories(folder.resolve("empty"))));
        fails(1, "must name a folder, got", "describe", A, "--out-dir", pictures.resolve("a.png"));
        assertThat(out).doesNotExist();
        Path many = Files.createDirectories(folder.resolve("many"));
        for (int i = 0; i < 65; i++) {
            Files.copy(A, many.resolve(i + ".png"));
        }
        fails(1, "at most, got 65", "describe", many, "--model", DINO, "--out", folder.resolve("x"));
    }

    @Test
    void progressTellsThePaceAndTheTimeLeft() {
        long[] now = {0};
        List<String> lines = new ArrayList<>();
        ImagesProgress progress =
                new ImagesProgress(new ProgressLines(new ProgressLines.Pace(() -> now[0], lines::add)), () -> now[0]);
        progress.begin(4);
        progress.reset("inverting", 50, null);
        now[0] = 12_000_000_000L;
        progress.update(9, null);
        now[0] = 60_000_000_000L;
        progress.done();
        assertThat(lines)
                .containsExactly(
                        "describing images: 0% (0 of 4), time left not known yet, call 10 of 50",
                        "describing images: 25% (1 of 4), about 3 min 0 s left, 1.0 images a minute");
    }
}
