package io.github.dhf4j.eval.annotation;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.github.dhf4j.data.Box;
import io.github.dhf4j.image.PictureFiles;
import io.github.dhf4j.image.RgbImage;
import io.github.dhf4j.image.Size;
import io.github.dhf4j.io.Json;
import io.github.dhf4j.matching.Point;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is written in a form is read again from it, and is what the form's own tools want. */
class AnnotationFormatsTest {
    private static final Size SIZE = new Size(40, 30);

    @TempDir
    Path folder;

    private Path pictures;
    private LabelledSource source;
    private Vocabulary words;
    private LabelledImage first;
    private Mask mask;

    @BeforeEach
    void pictures() throws IOException {
        pictures = Files.createDirectories(folder.resolve("pictures"));
        for (String name : List.of("a.png", "sub/b.png", "c.png")) {
            Files.createDirectories(pictures.resolve(name).getParent());
            PictureFiles.write(
                    new BufferedImage(SIZE.width(), SIZE.height(), BufferedImage.TYPE_INT_RGB), pictures.resolve(name));
        }
        Map<String, Annotation.Keypoint> points = new LinkedHashMap<>();
        points.put("nose", new Annotation.Keypoint(new Point(3.25, 4.5), 0.75));
        points.put("tail & \"tip\"", new Annotation.Keypoint(new Point(30, 20), 0.5));
        List<Point> triangle = List.of(new Point(5, 5), new Point(20, 6.5), new Point(11, 25));
        mask = Mask.ofPolygons(SIZE, List.of(List.of(new Point(1, 1), new Point(39, 8), new Point(20, 29))));
        first = new LabelledImage(
                pictures.resolve("a.png"),
                SIZE,
                List.of(
                        new Annotation("cat", points, new Box(2, 3, 31.5, 26), List.of(), null, false, 0.25),
                        new Annotation("dog <x>", Map.of(), null, List.of(triangle), null, false, 0.625)));
        LabelledImage second = new LabelledImage(
                pictures.resolve("sub/b.png"),
                SIZE,
                List.of(new Annotation("cat", Map.of(), null, List.of(), mask, false, 1)));
        LabelledImage third = new LabelledImage(pictures.resolve("c.png"), SIZE, List.of());
        source = LabelledSource.of(List.of(first, second, third));
        words = Vocabulary.of(source);
    }

    private List<LabelledImage> readAgain(Path file) throws IOException {
        Labels labels = Labels.read(file, pictures);
        assertThat(labels.remarks()).isEmpty();
        return labels.images();
    }

    private List<LabelledImage> all() throws IOException {
        List<LabelledImage> images = new java.util.ArrayList<>();
        source.forEach(images::add);
        return images;
    }

    @Test
    void linesAreReadAgainAsTheyWere() throws IOException {
        Path file = folder.resolve("labels.jsonl");
        AnnotationFormat.LINES.write(source, words, pictures, file);
        assertThat(Files.readString(file)).contains("\"path\":\"pictures/sub/b.png\"");
        List<LabelledImage> read = Labels.read(file, null).images();
        assertThat(read)
                .map(LabelledImage::annotations)
                .isEqualTo(all().stream().map(LabelledImage::annotations).toList());
    }

    @Test
    void cocoIsReadAgainWithItsScores() throws IOException {
        Path file = folder.resolve("coco.json");
        AnnotationFormat.COCO.write(source, words, pictures, file);
        List<LabelledImage> read = readAgain(file);
        assertThat(read)
                .map(LabelledImage::path)
                .containsExactlyElementsOf(
                        all().stream().map(LabelledImage::path).toList());
        Annotation cat = read.get(0).annotations().get(0);
        assertThat(cat.points()).isEqualTo(first.annotations().get(0).points());
        assertThat(cat.box()).isEqualTo(first.annotations().get(0).box());
        assertThat(cat.confidence()).isEqualTo(0.5); // of points and box together
        assertThat(read.get(0).annotations().get(1).polygons())
                .isEqualTo(first.annotations().get(1).polygons());
        assertThat(read.get(1).annotations().get(0).mask()).isEqualTo(mask);
        assertThat(read.get(2).annotations()).isEmpty();
        JsonObject root = Json.readObject(file);
        assertThat(root.getAsJsonArray("categories").toString())
                .contains("\"id\":1,\"name\":\"cat\"")
                .contains("\"keypoints\":[\"nose\",\"tail & \\\"tip\\\"\"]");
        JsonObject annotation = root.getAsJsonArray("annotations").get(0).getAsJsonObject();
        assertThat(annotation.get("bbox").toString()).isEqualTo("[2.0,3.0,29.5,23.0]");
        assertThat(annotation.get("num_keypoints").getAsInt()).isEqualTo(2);
        assertThat(root.getAsJsonArray("images")
                        .get(1)
                        .getAsJsonObject()
                        .get("file_name")
                        .getAsString())
                .isEqualTo("sub/b.png");
    }

    @Test
    void labelMeIsReadAgainFromAFileAPicture() throws IOException {
        Path out = folder.resolve("labelme");
        AnnotationFormat.LABELME.write(source, words, pictures, out);
        assertThat(out.resolve("sub/b.json")).exists();
        JsonObject a = Json.readObject(out.resolve("a.json"));
        assertThat(a.get("imagePath").getAsString()).isEqualTo("../pictures/a.png");
        assertThat(a.get("imageData").isJsonNull()).isTrue();
        List<LabelledImage> read = Labels.read(out.resolve("a.json"), null).images();
        assertThat(read.get(0).annotations()).isEqualTo(first.annotations());
        assertThat(Labels.read(out.resolve("sub/b.json"), null)
                        .images()
                        .get(0)
                        .annotations()
                        .get(0)
                        .mask())
                .isEqualTo(mask);
        assertThat(Labels.read(out, null).images()).hasSize(2); // right in the folder
    }

    @Test
    void masksAreReadAgainByTheirColours() throws IOException {
        Path out = folder.resolve("masks");
        AnnotationFormat.MASKS.write(source, words, pictures, out);
        List<LabelledImage> read = readAgain(out);
        assertThat(read).map(image -> image.path().getFileName().toString()).containsExactly("a.png", "c.png");
        Annotation dog = read.get(0).annotations().get(0);
        assertThat(dog.category()).isEqualTo("dog <x>");
        assertThat(dog.mask()).isEqualTo(first.annotations().get(1).area(SIZE));
        assertThat(Labels.read(out.resolve("sub/b.png"), pictures.resolve("sub"))
                        .images()
                        .get(0)
                        .annotations())
                .map(Annotation::category, Annotation::mask)
                .containsExactly(org.assertj.core.groups.Tuple.tuple(LabelMe.UNNAMED, mask)); // no labels.json there
        assertThat(RgbImage.read(out.resolve("sub/b.png")).samples()).contains((byte) 128, (byte) 0);
        assertThat(Json.readObject(out.resolve("labels.json")).toString())
                .isEqualTo("{\"cat\":\"#800000\",\"dog <x>\":\"#008000\"}");
    }

    @Test
    void cvatHasEveryShapeWithItsConfidence() throws IOException {
        Path file = folder.resolve("cvat.xml");
        AnnotationFormat.CVAT.write(source, words, pictures, file);
        assertThat(Files.readString(file))
                .contains("<version>1.1</version>")
                .contains("<image id=\"1\" name=\"sub/b.png\" width=\"40\" height=\"30\">")
                .contains("xtl=\"2.00\" ytl=\"3.00\" xbr=\"31.50\" ybr=\"26.00\"")
                .contains("<polygon label=\"dog &lt;x&gt;\"")
                .contains("points=\"5.00,5.00;20.00,6.50;11.00,25.00\"")
                .contains("<attribute name=\"keypoint\">tail &amp; \"tip\"</attribute>")
                .contains("<attribute name=\"confidence\">0.25</attribute>")
                .contains("<mask label=\"cat\" source=\"auto\" occluded=\"0\" rle=\"")
                .contains("left=\"1\" top=\"1\"");
    }

    @Test
    void labelStudioHasPlacesInPercentAndItsConfigurationBeside() throws IOException {
        Path file = folder.resolve("tasks.json");
        AnnotationFormat.LABEL_STUDIO.write(source, words, pictures, file);
        JsonArray tasks = Json.readArray(file);
        assertThat(tasks).hasSize(3);
        assertThat(tasks.get(1).toString()).contains("/data/local-files/?d=sub/b.png");
        JsonArray result = tasks.get(0)
                .getAsJsonObject()
                .getAsJsonArray("predictions")
                .get(0)
                .getAsJsonObject()
                .getAsJsonArray("result");
        assertThat(result).hasSize(4);
        assertThat(result.get(0).toString())
                .contains("\"type\":\"rectanglelabels\"", "\"score\":0.25", "\"x\":5.0,\"y\":10.0,\"width\":73.75");
        assertThat(result.get(1).toString()).contains("\"parentID\":\"r1\"", "\"keypointlabels\":[\"nose\"]");
        assertThat(Files.readString(folder.resolve("tasks.config.xml")))
                .contains("<Label value=\"dog &lt;x>\"/>")
                .contains("<Label value=\"tail &amp; &quot;tip&quot;\"/>");
    }

    @Test
    void aReviewSheetHasTheLeastSureFirstAndNeedsNothingElse() throws IOException {
        Path page = folder.resolve("review.html");
        Files.delete(pictures.resolve("sub/b.png"));
        ReviewSheet.write(source, "Look <here>", "for trying only", pictures, page);
        String html = Files.readString(page);
        assertThat(html.indexOf("c.png")).isPositive().isLessThan(html.indexOf("<figcaption>a.png"));
        assertThat(html.indexOf("<figcaption>a.png")).isLessThan(html.indexOf("<figcaption>sub/b.png"));
        assertThat(html)
                .contains(
                        "nothing found",
                        "nose 75%",
                        "dog &lt;x&gt; 63%",
                        "Look &lt;here&gt;",
                        "first. For trying only.")
                .contains("src=\"data:image/jpeg;base64,")
                .doesNotContain("http")
                .contains("no such file");
    }
}
