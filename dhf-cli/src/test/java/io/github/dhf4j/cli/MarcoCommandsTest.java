package io.github.dhf4j.cli;

import static io.github.dhf4j.cli.BackboneCommandsTest.A;
import static io.github.dhf4j.cli.BackboneCommandsTest.B;
import static io.github.dhf4j.cli.BackboneCommandsTest.DINOV2;
import static io.github.dhf4j.cli.BackboneCommandsTest.with;
import static io.github.dhf4j.cli.CommandLineTest.fails;
import static io.github.dhf4j.cli.CommandLineTest.works;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.dhf4j.eval.annotation.Labels;
import io.github.dhf4j.feature.DescriptorMap;
import io.github.dhf4j.testing.Golden;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** MARCO's adapters through the commands, on rendered pictures; weights are random. */
class MarcoCommandsTest {
    @TempDir
    static Path folder;

    @Test
    void marcosAdaptersAreWeightsOfADinov2() throws IOException {
        Path world = CommandLineTest.world(folder.resolve("world"));
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
                DINOV2,
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
}
