package io.github.dhf4j.cli;

import static io.github.dhf4j.cli.CommandLineTest.fails;
import static io.github.dhf4j.cli.CommandLineTest.works;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import io.github.dhf4j.image.IndexedImage;
import io.github.dhf4j.io.Json;
import io.github.dhf4j.testing.Golden;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every benchmark, in its published layout, scored by a command with a tiny network. */
class BenchmarkCommandsTest {
    private static final Path DINO = Golden.fixtures().resolve("baselines/dino");

    @TempDir
    Path folder;

    private BenchmarkFolders folders;

    @BeforeEach
    void make() {
        folders = new BenchmarkFolders(folder.resolve("data"));
    }

    private List<Object> words(String command, Path data, Object... more) {
        List<Object> words = new ArrayList<>(List.of(command, "--data", data));
        words.addAll(List.of("--model", DINO, "--raw-layer", 10, "--load-size", 64));
        words.addAll(List.of("--out", folder.resolve("out")));
        words.addAll(List.of(more));
        return words;
    }

    private Object[] eval(Path data) {
        return words("eval", data, "--cache", folder.resolve("cache"), "--pairs", 2)
                .toArray();
    }

    @Test
    void benchmarksOfPointsAreScored() throws IOException {
        Path ap10k = folders.ap10k();
        Path mp100 = folders.mp100();
        for (Path data : List.of(
                folders.spair("SPair-71k"),
                folders.spair("SPair-U"),
                ap10k,
                ap10k.resolve("PairAnnotation/test_cross_species"),
                ap10k.resolve("PairAnnotation/test_cross_family"),
                mp100,
                mp100.resolve("pairs/pairs_furniture.json"),
                folders.pfPascal(true),
                folders.pfPascal(false),
                folders.pfWillow(),
                folders.cub(),
                folders.tss())) {
            String said = works(eval(data)).out();
            assertThat(said).as("%s", data).contains("PCK@0.01 img", "PCK@0.05 img", "PCK@0.1 img", "PCK@0.15 img");
            JsonObject json = Json.readObject(folder.resolve("out/evaluation.json"));
            assertThat(json.get("pairs").getAsInt()).as("%s", data).isBetween(1, 2);
            JsonObject score = json.getAsJsonArray("scores").get(0).getAsJsonObject();
            assertThat(score.has("mean_of_categories")).isTrue();
        }
    }

    @Test
    void withoutTheirPicturesTheyAreRefusedInOneSentence() throws IOException {
        List<Path> all = List.of(
                folders.spair("SPair-71k"),
                folders.spair("SPair-U"),
                folders.ap10k(),
                folders.mp100(),
                folders.pfPascal(true),
                folders.pfPascal(false),
                folders.cub(),
                folders.tss());
        Path davis = folders.davis();
        Path hpatches = folders.hpatches();
        List<Path> pictures;
        try (Stream<Path> files = Files.walk(folder.resolve("data"))) {
            pictures = files.filter(file -> file.toString().matches(".*\\.(jpg|ppm)|.*image[12]\\.png"))
                    .toList();
        }
        for (Path picture : pictures) {
            Files.delete(picture);
        }
        for (Path data : all) {
            fails(1, "must have a pair that can be used, got none", eval(data));
        }
        fails(1, "2 videos without frames left out", words("track", davis).toArray());
        fails(
                1,
                "10 pairs left out, such as i_same 2",
                words("homography", hpatches).toArray());
        fails(1, "score it with 'dhf track'", eval(davis));
        fails(1, "score it with 'dhf homography'", eval(hpatches));
    }

    @Test
    void videosAreFollowedAndScored() throws IOException {
        Path davis = folders.davis();
        String said = works(words("track", davis, "--frames", 2, "--nearest", 1).toArray())
                .out();
        assertThat(said).contains("4 frames of 1 videos", "1 videos without frames left out, such as gone", "J&F mean");
        Path out = folder.resolve("out");
        assertThat(out.resolve("masks/still/00003.png")).exists();
        JsonObject json = Json.readObject(out.resolve("tracking.json"));
        assertThat(json.get("j_and_f").getAsDouble()).as("nothing moves").isGreaterThan(0.6);
        assertThat(Files.readAllLines(out.resolve("objects.csv"))).hasSize(2);
        fails(
                1,
                "got those of other weights or settings",
                words("track", davis, "--frames", 3, "--nearest", 1).toArray());
        fails(
                1,
                "video must be one of still",
                words("track", davis, "--only", "other").toArray());
        fails(
                2,
                "one of --dift-features and --raw-layer",
                words("track", davis, "--dift-features").toArray());
        Path own = folder.resolve("own");
        List<Object> words = words(
                "track",
                davis.resolve("JPEGImages/480p/still"),
                "--mask",
                davis.resolve("Annotations/480p/still/00000.png"));
        words.set(words.indexOf(out), own);
        assertThat(works(words.toArray()).out())
                .contains("video still: 4 frames of 1 videos")
                .doesNotContain("J&F");
        assertThat(IndexedImage.read(own.resolve("masks/still/00001.png"))
                        .size()
                        .width())
                .isGreaterThan(1);
        assertThat(Json.readObject(own.resolve("tracking.json")).has("j_and_f")).isFalse();
    }

    @Test
    void homographiesAreScored() throws IOException {
        Path hpatches = folders.hpatches();
        String said =
                works(words("homography", hpatches, "--corners", 100).toArray()).out();
        assertThat(said).contains("HPatches: 4 pairs of 2 sequences", "6 pairs left out", "within 3 px");
        JsonObject json = Json.readObject(folder.resolve("out/homography.json"));
        json.getAsJsonArray("scores")
                .forEach(score -> assertThat(
                                score.getAsJsonObject().get("accuracy").getAsDouble())
                        .as("the same picture")
                        .isEqualTo(1));
        Path points = Files.createDirectories(folder.resolve("superpoint"));
        fails(
                1,
                "key points must be there for each picture",
                words("homography", hpatches, "--key-points", points).toArray());
        for (String name : List.of("i_same", "v_same")) {
            for (int i = 1; i <= 3; i++) {
                Files.writeString(points.resolve(name + "-" + i + ".kp"), "1 2\n20 3\n2 40\n30 31\n");
            }
        }
        works(words("homography", hpatches, "--key-points", points).toArray());
        assertThat(Files.readAllLines(folder.resolve("out/pairs.csv")).get(1)).startsWith("i_same,2,4,4,");
    }

    @Test
    void theListNamesEveryBenchmarkWithItsLicence() {
        String said = works("eval", "--list").out();
        assertThat(said)
                .contains("SPair-71k", "SPair-U", "AP-10K", "MP-100", "PF-PASCAL", "PF-WILLOW", "CUB", "TSS")
                .contains("DAVIS 2017, by 'dhf track'", "HPatches, by 'dhf homography'")
                .doesNotContain("see there");
        assertThat(said.lines().filter(line -> line.startsWith("  licence"))).hasSize(11);
    }
}
