package io.github.dhf4j.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TextFilesTest {
    @TempDir
    Path folder;

    @Test
    void aByteOrderMarkIsNoPartOfTheText() throws IOException {
        assertThat(TextFiles.lines(file("\uFEFF1 a.jpg\r\n2 b.jpg\n".getBytes(StandardCharsets.UTF_8))))
                .containsExactly("1 a.jpg", "2 b.jpg");
    }

    @Test
    void charactersOutsideAsciiArriveWhole() throws IOException {
        assertThat(TextFiles.read(file("猫 😀 é".getBytes(StandardCharsets.UTF_8))))
                .isEqualTo("猫 😀 é");
    }

    @Test
    void anEmptyFileIsAnEmptyText() throws IOException {
        assertThat(TextFiles.read(file(new byte[0]))).isEmpty();
        assertThat(TextFiles.lines(file(new byte[] {(byte) 0xef, (byte) 0xbb, (byte) 0xbf})))
                .isEmpty();
    }

    @Test
    void anotherEncodingIsRefusedWithFileAndLine() throws IOException {
        Path path = file("eins\nzwei\ncaf\u00e9\n".getBytes(StandardCharsets.ISO_8859_1));
        assertThatThrownBy(() -> TextFiles.lines(path))
                .isInstanceOf(IOException.class)
                .hasMessage("text must be UTF-8, got the byte 0xe9 in line 3 (" + path + "); save the file as UTF-8");
    }

    @Test
    void aCharacterThatIsCutAtTheEndIsRefused() throws IOException {
        Path path = file(new byte[] {'a', (byte) 0xc3});
        assertThatThrownBy(() -> TextFiles.read(path)).hasMessageContaining("line 1");
    }

    @Test
    void anInterruptedThreadReadsTextsAndStaysInterrupted() throws IOException {
        Path path = file("a".getBytes(StandardCharsets.UTF_8));
        Thread.currentThread().interrupt();
        try {
            assertThat(TextFiles.read(path)).isEqualTo("a");
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    private Path file(byte[] bytes) throws IOException {
        return Files.write(folder.resolve("text.txt"), bytes);
    }
}
