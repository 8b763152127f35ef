package io.github.dhf4j.cli;

import static io.github.dhf4j.cli.CommandLineTest.works;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.github.dhf4j.io.Json;
import io.github.dhf4j.testing.Golden;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What commands write for other programs is what {@code docs/outputs.md} says. */
class DescribedOutputsTest {
    private static final Path A = Golden.fixtures().resolve("images/a.png");
    private static final Path DINO = Golden.fixtures().resolve("baselines/dino");

    @TempDir
    Path folder;

    /** The names in the first column of a section's table. */
    private static Set<String> documented(String section) throws IOException {
        Path docs = Golden.fixtures().resolve("../../docs/outputs.md").normalize();
        Set<String> names = new TreeSet<>();
        boolean inside = false;
        for (String line : Files.readAllLines(docs)) {
            inside = line.startsWith("## ") ? line.startsWith("## " + section) : inside;
            if (inside && line.startsWith("| `")) {
                Matcher name = Pattern.compile("`([^`]+)`").matcher(line.substring(0, line.indexOf(" | ")));
                while (name.find()) {
                    names.add(name.group(1));
                }
            }
        }
        assertThat(names).as(section).isNotEmpty();
        return names;
    }

    /** Keys with the keys above them; settings and categories are maps, whose keys are no part of the form. */
    private static void collect(String prefix, JsonElement element, Set<String> keys) {
        if (element.isJsonArray()) {
            element.getAsJsonArray().forEach(item -> collect(prefix, item, keys));
        } else if (element.isJsonObject() && !prefix.matches("settings|scores\\.categories")) {
            element.getAsJsonObject().asMap().forEach((key, value) -> {
                String name = prefix.isEmpty() ? key : prefix + "." + key;
                boolean group = value.isJsonObject() && !name.matches("settings|scores\\.categories");
                if (!group) {
                    keys.add(name);
                }
                collect(name, value, keys);
            });
        }
    }

    private void check(JsonObject json, String section) throws IOException {
        Set<String> keys = new TreeSet<>();
        collect("", json, keys);
        assertThat(keys).isEqualTo(documented(section));
        assertThat(documented("Settings"))
                .containsAll(json.getAsJsonObject("settings").keySet());
        assertThat(json.toString())
                .doesNotContain(
                        folder.toString(), "\"/", " /", Golden.fixtures().toString())
                .doesNotContain(System.getProperty("user.home") + "/");
        assertThat(section).contains(json.get("schema").getAsString());
    }

    @Test
    void matchesAreAsDescribedAndAloneOnStandardOutput() throws IOException {
        Object[] words = {
            "match",
            A,
            A, // on which one transform agrees
            "--model",
            DINO,
            "--load-size",
            64,
            "--points",
            "3,4",
            "--mirror",
            "--fit",
            "AFFINE",
            "--out",
            folder.resolve("m.jpg")
        };
        Object[] toFile = java.util.Arrays.copyOf(words, words.length + 2);
        toFile[words.length] = "--json";
        toFile[words.length + 1] = folder.resolve("m.json");
        works(toFile);
        JsonObject json = Json.readObject(folder.resolve("m.json"));
        check(json, "`match --json` (`dhf.match/1`)");
        assertThat(json.getAsJsonObject("source").get("path").getAsString()).isEqualTo("a.png");
        assertThat(json.get("bundled").getAsBoolean()).isFalse();
        assertThat(json.getAsJsonObject("settings").get("placement").getAsString())
                .isEqualTo("mirrored, affine fit");
        toFile[words.length + 1] = "-";
        CommandLineTest.Result result = works(toFile);
        JsonObject printed = Json.parseObject(result.out());
        assertThat(printed.get("correspondences")).isEqualTo(json.get("correspondences"));
        assertThat(result.err()).contains("1 correspondences, drawn in").contains("standard output");
        assertThat(Path.of("-")).doesNotExist();
    }

    @Test
    void evaluationsAreAsDescribedAndSayWhatWasRun() throws IOException {
        Path world = folder.resolve("world");
        works("render", "--pairs", 15, "--split", "test", "--images", 2, "--out", world, "--size", 64);
        Files.delete(world.resolve("images/test-car-1.png"));
        Path out = folder.resolve("scores");
        Object[] words = {
            "eval",
            "--data",
            world,
            "--model",
            DINO,
            "--raw-layer",
            10,
            "--load-size",
            64,
            "--localizer",
            "window:2,0.05",
            "--smooth",
            "--out",
            out,
            "--cache",
            folder.resolve("cache")
        };
        CommandLineTest.Result first = works(words);
        assertThat(first.err()).as("said once").contains("features of images are kept in");
        JsonObject json = Json.readObject(out.resolve("evaluation.json"));
        check(json, "`evaluation.json` of `eval` and of each row of `table1` (`dhf.evaluation/1`)");
        assertThat(json.get("method").getAsString()).startsWith("dino with raw layer 10");
        assertThat(json.get("remarks").toString()).contains("images/test-car-1.png");
        assertThat(json.getAsJsonObject("settings").get("data").getAsString()).isEqualTo("world");
        assertThat(json.getAsJsonObject("settings").get("localizer").getAsString())
                .isEqualTo("window:2.0,0.05");
        assertThat(Files.readAllLines(out.resolve("points.csv")).get(0).split(","))
                .containsExactlyInAnyOrderElementsOf(documented("`points.csv`"));
        for (String file : new String[] {"report.html", "evaluation.md", "points.csv"}) {
            assertThat(Files.readString(out.resolve(file))).doesNotContain(folder.toString());
        }
        assertThat(Files.readString(out.resolve("report.html")))
                .contains("<title>dino with raw layer 10 at save index 0</title>")
                .contains("<td>load_size</td><td>64 x 64</td>");
        CommandLineTest.Result second = works(
                "eval",
                "--data",
                world,
                "--model",
                DINO,
                "--raw-layer",
                10,
                "--load-size",
                64,
                "--out",
                folder.resolve("again"),
                "--cache",
                folder.resolve("cache"),
                "--compare",
                out);
        assertThat(second.err()).doesNotContain("features of images are kept in");
        assertThat(second.out()).contains("may be chance");
    }

    @Test
    void curvesOfCallsAreAsDescribedAndNameTheirChoice() throws IOException {
        Path world = folder.resolve("world");
        works("render", "--pairs", 15, "--split", "validation", "--images", 2, "--out", world, "--size", 48);
        Path sd15 = Golden.fixtures().resolve("sd15");
        Path out = folder.resolve("curve");
        Object[] words = {
            "calls",
            "--data",
            world,
            "--only",
            "car",
            "--model",
            sd15.resolve("pipeline"),
            "--weights",
            sd15.resolve("aggregation_network.pt"),
            "--budgets",
            "4,1",
            "--cache",
            folder.resolve("cache"),
            "--out",
            out
        };
        CommandLineTest.Result result = works(words);
        assertThat(result.out())
                .contains("| paper | 50 | 49 45 40 35 30 25 20 15 10 5 0 |", "| 4 | 4 | 49 35 20 5 |", "| 1 | 1 | 49 |")
                .contains("choice: --calls ", "one weights file holds at the budgets paper");
        List<String> lines = Files.readAllLines(out.resolve("calls.csv"));
        assertThat(lines.get(0).split(",")).containsExactlyInAnyOrderElementsOf(documented("`calls.csv` of `calls`"));
        assertThat(lines).hasSize(4);
        assertThat(Files.readString(out.resolve("calls.md")))
                .contains("pipeline with weights aggregation_network.pt")
                .doesNotContain(folder.toString());
        assertThat(out.resolve("calls.png")).isNotEmptyFile();
        words[words.length - 1] = folder.resolve("again");
        works(words);
        assertThat(folder.resolve("again/calls.csv")).hasSameTextualContentAs(out.resolve("calls.csv"));
        words[10] = "12";
        CommandLineTest.Result refused = CommandLineTest.dhf(words);
        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.err()).contains("calls must be 1 to 11");
    }

    private static Set<String> columns(Path csv) throws IOException {
        return new TreeSet<>(List.of(Files.readAllLines(csv).get(0).split(",")));
    }

    /** A command over raw maps of a small network. */
    private static void raw(String command, Path data, Path out) {
        works(command, "--data", data, "--model", DINO, "--raw-layer", 10, "--load-size", 64, "--out", out);
    }

    @Test
    void trackedVideosAndHomographiesAreAsDescribed() throws IOException {
        BenchmarkFolders folders = new BenchmarkFolders(folder.resolve("data"));
        Path tracked = folder.resolve("tracked");
        Path fitted = folder.resolve("fitted");
        raw("track", folders.davis(), tracked);
        raw("homography", folders.hpatches(), fitted);
        check(Json.readObject(tracked.resolve("tracking.json")), "`tracking.json` of `track` (`dhf.tracking/1`)");
        check(
                Json.readObject(fitted.resolve("homography.json")),
                "`homography.json` of `homography` (`dhf.homography/1`)");
        assertThat(columns(tracked.resolve("objects.csv"))).isEqualTo(documented("`objects.csv` of `track`"));
        assertThat(columns(fitted.resolve("pairs.csv"))).isEqualTo(documented("`pairs.csv` of `homography`"));
    }
}
