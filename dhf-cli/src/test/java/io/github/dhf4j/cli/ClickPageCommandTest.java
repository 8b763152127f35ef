package io.github.dhf4j.cli;

import static io.github.dhf4j.cli.CommandLineTest.fails;
import static io.github.dhf4j.cli.CommandLineTest.works;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.dhf4j.testing.Golden;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code dhf match --html}; what the page does is tested where it is made. */
class ClickPageCommandTest {
    private static final Path A = Golden.fixtures().resolve("images/a.png");
    private static final Path B = Golden.fixtures().resolve("images/b.png");

    @TempDir
    private Path folder;

    private static JsonObject data(Path page) throws IOException {
        String html = Files.readString(page);
        int from = html.indexOf("id=\"data\">") + "id=\"data\">".length();
        return JsonParser.parseString(html.substring(from, html.indexOf("</script>", from)))
                .getAsJsonObject();
    }

    @Test
    void aPageHoldsAllImagesTheirMapsAndThePoints() throws IOException {
        Path page = folder.resolve("page.html");
        Path sd15 = Golden.fixtures().resolve("sd15");
        Object[] words = {
            "match",
            A,
            B,
            A,
            "--points",
            "3,4",
            "--model",
            sd15.resolve("pipeline"),
            "--weights",
            sd15.resolve("aggregation_network.pt"),
            "--calls",
            "1",
            "--html",
            page,
            "--html-maps",
            "2",
            "--out",
            folder.resolve("m.png")
        };
        assertThat(works(words).out()).contains("page to point at, written to " + page);
        JsonObject data = data(page);
        assertThat(data.getAsJsonArray("pictures")).hasSize(3);
        JsonArray maps = data.getAsJsonArray("maps");
        assertThat(maps).hasSize(3);
        assertThat(maps.get(0).getAsJsonObject().get("name").getAsString()).isEqualTo("all maps together");
        assertThat(maps.get(1).getAsJsonObject().get("name").getAsString())
                .matches("layer \\d+ at save index 49, \\d+\\.\\d% of the sum");
        assertThat(maps.get(1).getAsJsonObject().getAsJsonArray("of")).hasSize(3);
        assertThat(data.getAsJsonArray("pinned")).hasSize(1);
    }

    @Test
    void whatCannotBeAPageIsSaidBeforeAnythingRuns() {
        fails(2, "two images are matched, got 3; more go into a page, which --html names", "match", A, B, A);
        fails(2, "--html-maps is of a page", "match", A, B, "--html-maps", 2);
        fails(1, "folder of the output file must exist", "match", A, B, "--html", folder.resolve("no/page.html"));
        Path page = folder.resolve("page.html");
        Path dino = Golden.fixtures().resolve("baselines/dino");
        fails(
                1,
                "single maps are of aggregation weights",
                "match",
                A,
                B,
                "--model",
                dino,
                "--html-maps",
                1,
                "--html",
                page);
        assertThat(page).doesNotExist();
    }
}
