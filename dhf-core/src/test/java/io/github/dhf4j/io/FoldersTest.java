package io.github.dhf4j.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FoldersTest {
    @TempDir
    Path folder;

    private void file(String path) throws IOException {
        Path file = folder.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, "x");
    }

    @Test
    void namesThatBeginWithADotArePassedOverAtEveryDepth() throws IOException {
        for (String path : new String[] {
            "b/2.mat",
            "b/1.mat",
            "a/3.mat",
            "c.mat",
            "._c.mat",
            ".DS_Store",
            "a/._3.mat",
            ".ipynb_checkpoints/c.mat",
            "__MACOSX/a/3.mat",
            "__MACOSX/4.mat",
            "b/.git/5.mat",
            "d/e/6.mat"
        }) {
            file(path);
        }
        assertThat(Folders.list(folder).stream().map(folder::relativize).map(Path::toString))
                .containsExactly("a", "b", "c.mat", "d");
        assertThat(Folders.below(folder, 2).stream()
                        .map(path -> folder.relativize(path).toString().replace('\\', '/')))
                .containsExactly("a", "a/3.mat", "b", "b/1.mat", "b/2.mat", "c.mat", "d", "d/e");
    }

    @Test
    void aFolderWhoseOwnNameBeginsWithADotIsListed() throws IOException {
        file(".data/set/a.json");
        assertThat(Folders.list(folder.resolve(".data/set"))).containsExactly(folder.resolve(".data/set/a.json"));
    }

    @Test
    void aFolderThatIsNotThereIsAnIoException() {
        assertThatThrownBy(() -> Folders.list(folder.resolve("none"))).isInstanceOf(IOException.class);
    }
}
