package io.github.dhf4j.cli;

import static io.github.dhf4j.cli.CommandLineTest.fails;
import static io.github.dhf4j.cli.CommandLineTest.works;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.dhf4j.testing.Golden;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Stable Diffusion XL from the command line. */
class SdxlCommandsTest {
    private static final Path A = Golden.fixtures().resolve("images/a.png");
    private static final Path B = Golden.fixtures().resolve("images/b.png");

    @TempDir
    Path folder;

    @Test
    void itsFeaturesMatchAndItsPartsAreNamed() throws IOException {
        Path model = Golden.fixtures().resolve("sdxl/pipeline");
        Path out = folder.resolve("match.png");
        works("match", A, B, "--model", model, "--raw-layer", 4, "--out", out);
        assertThat(Files.size(out)).isPositive();
        assertThat(works("inspect", model).out())
                .contains(
                        "9 decoder layers",
                        "text_encoder_2 ",
                        "tokenizer_2   77 tokens a prompt, padded with '!'",
                        "no problems");
        fails(1, "layers must be 1 to 9", "match", A, B, "--model", model, "--raw-layer", 22, "--out", out);
    }
}
