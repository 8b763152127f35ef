package io.github.dhf4j.diffusion.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dhf4j.feature.RunMonitor;
import io.github.dhf4j.image.PictureFiles;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CaptionedPicturesTest {
    @TempDir
    Path folder;

    @BeforeEach
    void drawPictures() throws IOException {
        for (int i = 0; i < 3; i++) {
            BufferedImage image = new BufferedImage(40, 30, BufferedImage.TYPE_INT_RGB);
            image.setRGB(i, i, 0xffffff);
            PictureFiles.write(image, folder.resolve(i + ".png"));
        }
    }

    private static String line(String file, String text) {
        return "{\"file_name\": \"" + file + "\", \"text\": \"" + text + "\"}\n";
    }

    private CaptionedPictures read(String list) throws IOException {
        Files.writeString(folder.resolve("metadata.jsonl"), list);
        return CaptionedPictures.read(folder, 32, RunMonitor.NONE);
    }

    @Test
    void picturesThatCannotBeReadAreLeftOutAndNamed() throws IOException {
        byte[] whole = Files.readAllBytes(folder.resolve("0.png"));
        Files.write(folder.resolve("half.png"), Arrays.copyOf(whole, whole.length / 2));
        Files.write(folder.resolve("empty.png"), new byte[0]);
        Files.writeString(folder.resolve("web.jpg"), "RIFF....WEBPVP8 ");
        CaptionedPictures pictures = read(line("0.png", "a")
                + line("half.png", "b")
                + line("empty.png", "c")
                + line("web.jpg", "d")
                + line("gone.png", "e")
                + line("a\\u0000b", "f")
                + line("1.png", "g"));
        assertThat(pictures.captions()).containsExactly("a", "g");
        assertThat(pictures.leftOut())
                .hasSize(5)
                .contains("half.png (line 2)", "empty.png (line 3)", "web.jpg (line 4)", "gone.png (line 5)");
        assertThat(pictures.fingerprint())
                .isEqualTo(read(line("0.png", "a") + line("1.png", "g")).fingerprint());
        assertThatThrownBy(() -> read(line("half.png", "b") + line("gone.png", "e")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("2 broken ones")
                .hasMessageContaining("half.png");
    }

    @Test
    void aMarkAndOtherLineEndsChangeNothing() throws IOException {
        String list = line("0.png", "a") + line("1.png", "käfer");
        CaptionedPictures plain = read(list);
        CaptionedPictures other = read("\uFEFF" + list.replace("\n", "\r\n") + "\r\n");
        assertThat(other.captions()).isEqualTo(plain.captions());
        assertThat(other.fingerprint()).isEqualTo(plain.fingerprint());
        assertThat(other.leftOut()).isEmpty();
        Files.write(folder.resolve("metadata.jsonl"), list.getBytes(StandardCharsets.ISO_8859_1));
        assertThatThrownBy(() -> CaptionedPictures.read(folder, 32, RunMonitor.NONE))
                .hasMessageContaining("must be UTF-8")
                .hasMessageContaining("line 2");
    }
}
