package io.github.dhf4j.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JsonLinesTest {
    @TempDir
    Path folder;

    private Path file(String text) throws IOException {
        return Files.writeString(folder.resolve("a.jsonl"), text);
    }

    @Test
    void aMarkOtherLineEndsAndEmptyLinesChangeNothing() throws IOException {
        String plain = "{\"a\": 1}\n{\"a\": 2}\n";
        for (String text : new String[] {plain, "\uFEFF" + plain, plain.replace("\n", "\r\n"), plain + "\r\n \n"}) {
            assertThat(JsonLines.read(file(text)).stream()
                            .map(line -> line.number() + " " + line.object().get("a")))
                    .containsExactly("1 1", "2 2");
        }
    }

    @Test
    void whatCannotBeReadIsNamedByFileAndLine() throws IOException {
        Path broken = file("{\"a\": 1}\n\n{\"a\": \n");
        assertThatThrownBy(() -> JsonLines.read(broken))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(broken + " line 3");
        Path array = file("[1, 2]\n");
        assertThatThrownBy(() -> JsonLines.read(array)).hasMessageContaining(array + " line 1");
        Path latin = Files.write(
                folder.resolve("a.jsonl"), "{}\n{\"a\": \"k\u00e4fer\"}\n".getBytes(StandardCharsets.ISO_8859_1));
        assertThatThrownBy(() -> JsonLines.read(latin))
                .hasMessageContaining("must be UTF-8")
                .hasMessageContaining("line 2 (" + latin + ")");
        assertThatThrownBy(() -> JsonLines.read(file(""))).hasMessageContaining("must not be empty");
    }
}
