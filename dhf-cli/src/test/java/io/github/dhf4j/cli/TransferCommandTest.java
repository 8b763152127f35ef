package io.github.dhf4j.cli;

import static io.github.dhf4j.cli.CommandLineTest.dhf;
import static io.github.dhf4j.cli.CommandLineTest.fails;
import static io.github.dhf4j.cli.CommandLineTest.works;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import io.github.dhf4j.eval.annotation.Labels;
import io.github.dhf4j.io.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code dhf transfer} of drawn pictures' labels. */
class TransferCommandTest {
    @TempDir
    Path folder;

    private Path world;
    private Path targets;

    @BeforeEach
    void draw() throws IOException {
        world = folder.resolve("world");
        works("render", "--pairs", 15, "--split", "test", "--images", 2, "--size", 64, "--out", world);
        targets = folder.resolve("targets");
        Files.createDirectories(targets.resolve("deep"));
        Files.copy(world.resolve("images/test-horse-2.png"), targets.resolve("horse.png"));
        Files.copy(world.resolve("images/test-car-2.png"), targets.resolve("deep/car.png"));
    }

    private Object[] words(Object... more) {
        List<Object> words = new ArrayList<>(List.of(
                "transfer", "--from", world.resolve("test-labels.jsonl"), "--calls", 1, "--exemplars", 1, "--to"));
        words.addAll(Arrays.asList(more));
        return words.toArray();
    }

    @Test
    void oneFileOfCocoAndAPageToLookThrough() throws IOException {
        Path out = folder.resolve("labels.json");
        Path page = folder.resolve("review.html");
        String said =
                works(words(targets + "/**", "--out", out, "--review", page)).out();
        assertThat(said)
                .contains("labels of 15 of 30 annotated pictures are used")
                .contains("2 pictures labelled in " + out)
                .contains("less sure than 0.3");
        JsonObject root = Json.readObject(out);
        assertThat(root.getAsJsonArray("images").toString()).contains("\"horse.png\"", "\"deep/car.png\"");
        assertThat(root.getAsJsonArray("categories")).hasSize(15);
        assertThat(root.toString()).doesNotContain(folder.toString());
        assertThat(Labels.read(out, targets).images()).hasSize(2);
        assertThat(Files.readString(page)).contains("horse.png", "for trying");
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("world", "targets", "labels.json", "review.html");
        }
    }

    @Test
    void foldersOfFilesAndOtherForms() throws IOException {
        Path labelMe = folder.resolve("labelme");
        works(words(targets, "--format", "labelme", "--out", labelMe));
        assertThat(labelMe.resolve("horse.json")).exists();
        works(words(targets, "--format", "labelme", "--out", labelMe)); // again, over it
        works(words(targets, "--format", "label-studio", "--out", folder.resolve("tasks.json")));
        assertThat(folder.resolve("tasks.config.xml")).exists();
        works(words(targets, "--out", folder.resolve("cvat.xml")));
        works(words(targets, "--format", "masks", "--out", folder.resolve("masks")));
        assertThat(folder.resolve("masks/horse.png")).exists();
        works(words(targets, "--out", folder.resolve("labels.jsonl")));
        assertThat(Labels.read(folder.resolve("labels.jsonl"), null).images()).hasSize(1);
    }

    @Test
    void brokenPicturesAreNamedAndTheOthersAreLabelled() throws IOException {
        Files.writeString(targets.resolve("broken.png"), "<html>");
        Path out = folder.resolve("labels.json");
        CommandLineTest.Result result = dhf(words(targets, "--out", out));
        assertThat(result.code()).isEqualTo(1);
        assertThat(result.err().lines().filter(line -> line.startsWith("error: ")))
                .hasSize(2)
                .anyMatch(line -> line.contains("broken.png"))
                .contains("error: 1 of 2 images could not be read");
        assertThat(Json.readObject(out).getAsJsonArray("images")).hasSize(1);
    }

    @Test
    void whatIsWrongWithAnnotationsIsALineAndTheRestGoesOn() throws IOException {
        List<String> lines = Files.readAllLines(world.resolve("test-labels.jsonl"));
        Files.write(
                world.resolve("some.jsonl"),
                List.of(lines.get(0), "{\"path\": \"gone.png\", \"annotations\": []}", "{\"annotations\": 3}"));
        CommandLineTest.Result result = works(
                "transfer",
                "--from",
                world.resolve("some.jsonl"),
                "--calls",
                1,
                "--to",
                targets,
                "--out",
                folder.resolve("labels.json"));
        assertThat(result.err().lines().filter(line -> line.startsWith("note: ")))
                .containsExactly(
                        "note: some.jsonl: 1 annotations of a missing picture left out, such as gone.png",
                        "note: some.jsonl: 1 damaged lines left out, such as line 3: 'path' must be a text, got nothing");
    }

    @Test
    void whatCannotBeMeantIsRefusedBeforeAnythingRuns() throws IOException {
        fails(2, "--format must be given where the name does not end in", words(targets, "--out", folder.resolve("x")));
        fails(2, "format must be coco", words(targets, "--out", folder.resolve("x"), "--format", "yolo"));
        fails(2, "--min-confidence 0 to 1", words(targets, "--out", folder.resolve("x.json"), "--min-confidence", 2));
        fails(1, "folder of the output file must exist", words(targets, "--out", folder.resolve("no/x.json")));
        fails(1, "must name a folder", words(targets, "--format", "masks", "--out", world.resolve("test.jsonl")));
        Path empty = Files.createDirectories(folder.resolve("empty"));
        Path none = Files.writeString(empty.resolve("none.jsonl"), "{\"path\": \"gone.png\", \"annotations\": []}\n");
        CommandLineTest.Result result =
                dhf("transfer", "--from", none, "--to", targets, "--out", folder.resolve("x.json"));
        assertThat(result.code()).isEqualTo(1);
        assertThat(result.err()).contains("must have a picture that can be used, got none");
    }
}
