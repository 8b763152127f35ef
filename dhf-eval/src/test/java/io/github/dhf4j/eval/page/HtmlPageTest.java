package io.github.dhf4j.eval.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.dhf4j.feature.ConfidenceModel;
import io.github.dhf4j.feature.DescriptorMap;
import io.github.dhf4j.feature.MapExtent;
import io.github.dhf4j.image.RgbImage;
import io.github.dhf4j.image.Size;
import io.github.dhf4j.matching.Correspondence;
import io.github.dhf4j.matching.CosineMatcher;
import io.github.dhf4j.matching.MatchOptions;
import io.github.dhf4j.matching.Point;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mozilla.javascript.Context;
import org.mozilla.javascript.ContextFactory;
import org.mozilla.javascript.NativeObject;
import org.mozilla.javascript.Scriptable;

/** The page's script, run without a browser, matches as Java does; dhf-testing/browser/run clicks in a real one. */
class HtmlPageTest {
    private static final Size A = new Size(120, 90);
    private static final Size B = new Size(77, 140);

    private static final ContextFactory AS_BROWSERS = new ContextFactory() {
        @Override
        protected boolean hasFeature(Context context, int feature) {
            return feature == Context.FEATURE_LITTLE_ENDIAN || super.hasFeature(context, feature);
        }
    };

    @TempDir
    private Path folder;

    private List<DescriptorMap> maps = List.of();
    private List<HtmlPage.Picture> pictures = List.of();

    @BeforeEach
    void draw() {
        maps = List.of(
                smooth(1, A, new Size(12, 12), new Size(96, 96)).withExtent(new MapExtent(0.05, 0, 0.95, 0.9)),
                smooth(2, B, new Size(16, 9), new Size(64, 48)));
        pictures = List.of(
                new HtmlPage.Picture("a <one>.png", picture(A)), new HtmlPage.Picture("b \"two\".png", picture(B)));
    }

    private static RgbImage picture(Size size) {
        return RgbImage.of(new BufferedImage(size.width(), size.height(), BufferedImage.TYPE_INT_RGB));
    }

    /** Neighbouring cells are alike, as in maps of a network. */
    private static DescriptorMap smooth(int seed, Size image, Size cells, Size grid) {
        Random random = new Random(seed);
        int channels = 40;
        float[] values = new float[channels * cells.width() * cells.height()];
        for (int c = 0, i = 0; c < channels; c++) {
            double fx = 0.5 * random.nextGaussian();
            double fy = 0.5 * random.nextGaussian();
            double phase = 6.28 * random.nextDouble();
            for (int y = 0; y < cells.height(); y++) {
                for (int x = 0; x < cells.width(); x++) {
                    values[i++] = (float) (3 * Math.sin(fx * x + fy * y + phase) + 0.3 * random.nextGaussian());
                }
            }
        }
        return new DescriptorMap(channels, cells, values, image, grid);
    }

    private static JsonObject data(Path page) throws IOException {
        String html = Files.readString(page);
        String begin = "<script type=\"application/json\" id=\"data\">";
        int from = html.indexOf(begin) + begin.length();
        return JsonParser.parseString(html.substring(from, html.indexOf("</script>", from)))
                .getAsJsonObject();
    }

    /** Rhino gives a constant inside a loop its first value for good; browsers do not. */
    private static String script() throws IOException {
        return new String(
                        Objects.requireNonNull(HtmlPage.class.getResourceAsStream("matching.js"))
                                .readAllBytes(),
                        StandardCharsets.UTF_8)
                .replace("const ", "let ");
    }

    /** Matches points of the first picture by the page's own data and script. */
    private static List<Correspondence> byThePage(JsonObject data, List<Point> points) throws IOException {
        try (Context context = AS_BROWSERS.enterContext()) {
            context.setLanguageVersion(Context.VERSION_ES6);
            Scriptable scope = context.initStandardObjects();
            context.evaluateString(scope, script(), "matching.js", 1, null);
            context.evaluateString(scope, """
                            function bytes(text) {
                              let raw = java.util.Base64.getDecoder().decode(text);
                              let result = new Int8Array(raw.length);
                              for (let i = 0; i < raw.length; i++) {
                                result[i] = raw[i];
                              }
                              return result;
                            }
                            function ready(data, i) {
                              let packed = data.maps[0].of[i];
                              let picture = data.pictures[i];
                              return searchable({columns: packed.columns, rows: packed.rows,
                                channels: data.maps[0].channels, gridWidth: packed.grid[0], gridHeight: packed.grid[1],
                                extent: packed.extent, imageWidth: picture.width, imageHeight: picture.height,
                                cells: bytes(packed.cells), scales: new Float32Array(bytes(packed.scales).buffer)});
                            }
                            """, "test.js", 1, null);
            context.evaluateString(
                    scope, "var data = " + data + "; var a = ready(data, 0); var b = ready(data, 1);", "data", 1, null);
            List<Correspondence> found = new ArrayList<>();
            for (Point point : points) {
                NativeObject result = (NativeObject) context.evaluateString(
                        scope, "match(a, b, " + point.x() + ", " + point.y() + ")", "match", 1, null);
                Object sure = context.evaluateString(
                        scope,
                        "confidence(data.maps[0].confidence, a, b, " + point.x() + ", " + point.y() + ", match(a, b, "
                                + point.x() + ", " + point.y() + "))",
                        "confidence",
                        1,
                        null);
                found.add(new Correspondence(
                        point,
                        new Point(Context.toNumber(result.get("x")), Context.toNumber(result.get("y"))),
                        Context.toNumber(result.get("cosine")),
                        Context.toNumber(sure),
                        Double.NaN));
            }
            return found;
        }
    }

    private static List<Point> points() {
        List<Point> points = new ArrayList<>(List.of(new Point(0, 0), new Point(119.9, 89.9), new Point(60.625, 45)));
        Random random = new Random(7);
        while (points.size() < 200) {
            points.add(new Point(random.nextDouble() * A.width(), random.nextDouble() * A.height()));
        }
        return points;
    }

    @Test
    void thePageFindsThePointsThatJavaFinds() throws IOException {
        Path page = folder.resolve("page.html");
        HtmlPage.write("two", pictures, maps, page);
        List<Point> points = points();
        List<Correspondence> clicked = byThePage(data(page), points);
        CosineMatcher matcher = new CosineMatcher();
        List<Correspondence> packed = matcher.match(
                PackedMap.of(maps.get(0)).unpacked(),
                PackedMap.of(maps.get(1)).unpacked(),
                points,
                MatchOptions.NEAREST);
        for (int i = 0; i < points.size(); i++) {
            assertThat(clicked.get(i).target())
                    .as(points.get(i).toString())
                    .isEqualTo(packed.get(i).target());
            assertThat(clicked.get(i).similarity()).isCloseTo(packed.get(i).similarity(), within(1e-5));
        }
        List<Correspondence> exact = matcher.match(maps.get(0), maps.get(1), points, MatchOptions.NEAREST);
        long same = 0;
        for (int i = 0; i < points.size(); i++) {
            assertThat(clicked.get(i).similarity()).isCloseTo(exact.get(i).similarity(), within(2e-3));
            same += clicked.get(i).target().equals(exact.get(i).target()) ? 1 : 0;
        }
        assertThat(same)
                .as("of 200 at the very same pixel in spite of a byte a number")
                .isGreaterThan(170);
    }

    @Test
    void thePageIsAsSureAsJava() throws IOException {
        ConfidenceModel fitted = new ConfidenceModel(
                List.of(-3.0, 4.0, 0.25, 2.0, 1.5, -0.7),
                ConfidenceModel.DEFAULT.absent(),
                ConfidenceModel.DEFAULT.absentTogether());
        Path page = folder.resolve("page.html");
        List<DescriptorMap> calibrated =
                maps.stream().map(map -> map.withConfidence(fitted)).toList();
        HtmlPage.write("two", pictures, calibrated, page);
        List<Point> points = points();
        List<Correspondence> clicked = byThePage(data(page), points);
        List<Correspondence> packed = new CosineMatcher()
                .match(
                        PackedMap.of(calibrated.get(0)).unpacked(),
                        PackedMap.of(calibrated.get(1)).unpacked(),
                        points,
                        MatchOptions.NEAREST.trusted());
        for (int i = 0; i < points.size(); i++) {
            assertThat(clicked.get(i).confidence())
                    .as(points.get(i).toString())
                    .isCloseTo(packed.get(i).confidence(), within(1e-3));
        }
        assertThat(clicked.stream().mapToDouble(Correspondence::confidence).summaryStatistics())
                .as("sure of some, of others not")
                .satisfies(all -> assertThat(all.getMax() - all.getMin()).isGreaterThan(0.2));
    }

    @Test
    void aPageOfMapsWithoutACalibrationHasTheDefault() throws IOException {
        Path page = folder.resolve("page.html");
        HtmlPage.write("two", pictures, maps, page);
        JsonArray coefficients =
                data(page).getAsJsonArray("maps").get(0).getAsJsonObject().getAsJsonArray("confidence");
        assertThat(coefficients).isEqualTo(ConfidenceModel.DEFAULT.toJson().getAsJsonArray("right"));
    }

    @Test
    void aPageStandsAloneAndIsSmall() throws IOException {
        Path page = folder.resolve("page.html");
        HtmlPage.write("</script><b>hostile</b> & more", pictures, maps, page);
        String html = Files.readString(page);
        assertThat(html)
                .contains("&lt;/script&gt;&lt;b&gt;hostile")
                .doesNotContain("<b>hostile")
                .doesNotContainPattern("(?i)(src|href)=\"(?!data:)")
                .doesNotContain("http:", "https:", "@import", "fetch(", "${");
        assertThat(html.split("</script>", -1)).as("scripts").hasSize(3);
        JsonObject data = data(page);
        assertThat(data.getAsJsonArray("pictures")
                        .get(0)
                        .getAsJsonObject()
                        .get("name")
                        .getAsString())
                .isEqualTo("a <one>.png");

        DescriptorMap large = new DescriptorMap(384, new Size(64, 64), new float[384 * 64 * 64], A, new Size(512, 512));
        Random random = new Random(1);
        for (int i = 0; i < large.values().length; i++) {
            large.values()[i] = (float) random.nextGaussian();
        }
        HtmlPage.write("large", List.of(pictures.get(0), pictures.get(0)), List.of(large, large), page);
        assertThat(Files.size(page)).isLessThan(2 * 3_000_000L);
    }

    @Test
    void severalKindsOfMapsAndPinsAreKept() throws IOException {
        Path page = folder.resolve("page.html");
        new HtmlPage(
                        "t",
                        "for trying only",
                        pictures,
                        List.of(new HtmlPage.Maps("all", maps), new HtmlPage.Maps("layer 5", maps)),
                        List.of(new HtmlPage.Pin(1, new Point(3, 4.5))))
                .write(page);
        JsonObject data = data(page);
        JsonArray pinned = data.getAsJsonArray("pinned").get(0).getAsJsonArray();
        assertThat(List.of(
                        pinned.get(0).getAsInt(),
                        pinned.get(1).getAsDouble(),
                        pinned.get(2).getAsDouble()))
                .containsExactly(1, 3.0, 4.5);
        assertThat(data.getAsJsonArray("maps")
                        .get(1)
                        .getAsJsonObject()
                        .get("name")
                        .getAsString())
                .isEqualTo("layer 5");
        assertThat(Files.readString(page)).contains("for trying only");
    }

    @Test
    void whatDoesNotFitIsRefused() {
        HtmlPage.Maps all = new HtmlPage.Maps("all", maps);
        assertThatThrownBy(() -> new HtmlPage("", "", pictures.subList(0, 1), List.of(all), List.of()))
                .hasMessageContaining("two pictures or more");
        assertThatThrownBy(() -> new HtmlPage(
                        "", "", pictures, List.of(new HtmlPage.Maps("all", maps.subList(0, 1))), List.of()))
                .hasMessageContaining("one a picture, got 1 of 'all' for 2");
        assertThatThrownBy(
                        () -> new HtmlPage("", "", List.of(pictures.get(1), pictures.get(0)), List.of(all), List.of()))
                .hasMessageContaining("descriptors must be of the picture beside them");
        assertThatThrownBy(() ->
                        new HtmlPage("", "", pictures, List.of(all), List.of(new HtmlPage.Pin(0, new Point(500, 0)))))
                .hasMessageContaining("500");
    }
}
