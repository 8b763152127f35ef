package io.github.dhf4j.io.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is a name of the hub, and what is a path. */
class HubIdTest {
    @Test
    void aNameHasAPathAndARevisionIfItSaysSo() {
        assertThat(HubId.parse("owner/name")).isEqualTo(new HubId("owner", "name", "", "main"));
        assertThat(HubId.parse("hf:o-1/n.2_x@refs/pr/1")).isEqualTo(new HubId("o-1", "n.2_x", "", "refs/pr/1"));
        assertThat(HubId.parse("g/h/weights/a b.pt@v1")).isEqualTo(new HubId("g", "h", "weights/a b.pt", "v1"));
        for (String text : new String[] {"owner/name", "owner/name/a/b.pt", "owner/name/b.pt@v1.0"}) {
            assertThat(HubId.parse(text)).hasToString(text);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "name",
                "",
                "/name",
                "owner/",
                "owner/na me",
                "owner/../x",
                "../owner",
                "a--b/c",
                "a/b..c",
                "a/b/../c",
                "a/b//c",
                "a/b/c\\d",
                "a/b@",
                "a/b@../x",
                "a/b@/x",
                "a/b/",
                "a/b.git",
                "ä/b",
                "a/b/c\n",
                "-a/b",
                ".a/b"
            })
    void whatLeadsElsewhereIsNoName(String text) {
        assertThatThrownBy(() -> HubId.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("name of a model must be owner/name");
        assertThatThrownBy(() -> ModelPath.of("hf:" + text)).isInstanceOf(IllegalArgumentException.class);
        assertThat(ModelPath.of(text.replace("\n", "")).id()).isEmpty();
    }

    @Test
    void aFolderOrFileOfThatNameWins(@TempDir Path folder) throws IOException {
        assertThat(ModelPath.of("owner/name").id()).contains(HubId.parse("owner/name"));
        assertThat(ModelPath.of("owner/name/w/a.pt@v1").id()).isPresent();
        assertThat(ModelPath.of("hf:owner/name/any").id()).isPresent();
        // slips of the pen: nobody is asked
        for (String path : new String[] {"src/none", "no/file.pt", "a/b/c", "none", folder + "/a/b"}) {
            assertThat(ModelPath.of(path).local()).as(path).contains(Path.of(path));
        }
        assertThat(Files.isDirectory(Path.of("src/main"))).isTrue();
        assertThat(ModelPath.of("src/main").local()).contains(Path.of("src/main"));
        assertThat(ModelPath.of(Path.of("owner", "name")).id()).isEmpty();
        assertThat(ModelPath.of("hf:src/main").id()).as("said so").isPresent();
    }
}
