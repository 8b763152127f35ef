package io.github.dhf4j.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What {@code {@snippet}} names is there: JDK 17's javadoc, which runs in the build, does not look. */
class SnippetRegionsTest {
    @Test
    void everySnippetOfTheJavadocIsThere() throws IOException {
        Pattern tag = Pattern.compile("\\{@snippet file=\"(\\w+\\.java)\" region=\"(\\w+)\"}");
        int count = 0;
        try (Stream<Path> files = Files.walk(Path.of(".."))) {
            for (Path source : files.filter(file -> file.toString().matches(".*src.main.java.*\\.java"))
                    .toList()) {
                String text = Files.readString(source);
                List<MatchResult> shown = tag.matcher(text).results().toList();
                assertThat(text.split("\\{@snippet", -1)).as("%s", source).hasSize(shown.size() + 1);
                for (MatchResult each : shown) {
                    assertThat(region(each.group(1), each.group(2)))
                            .as("%s", source)
                            .isNotBlank();
                    count++;
                }
            }
        }
        assertThat(count).isGreaterThanOrEqualTo(6);
    }

    private static String region(String file, String name) throws IOException {
        for (String kind : List.of("main", "test")) {
            Path path = Path.of("src", kind, "java/io/github/dhf4j/examples", file);
            if (Files.exists(path)) {
                String text = Files.readString(path);
                int start = text.indexOf("// @start region=\"" + name + "\"\n");
                int end = text.indexOf("// @end\n", start);
                return start < 0 || end < 0 ? "" : text.substring(start, end);
            }
        }
        return "";
    }
}
