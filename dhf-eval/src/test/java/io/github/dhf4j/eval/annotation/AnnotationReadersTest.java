package io.github.dhf4j.eval.annotation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dhf4j.data.Box;
import io.github.dhf4j.image.PictureFiles;
import io.github.dhf4j.image.Size;
import io.github.dhf4j.matching.Point;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Annotations as others write them, whole and broken: one line a kind of trouble, and the rest is read. */
class AnnotationReadersTest {
    @TempDir
    Path folder;

    @BeforeEach
    void pictures() throws IOException {
        Files.createDirectories(folder.resolve("images"));
        for (String name : List.of("a.png", "b.png")) {
            PictureFiles.write(
                    new BufferedImage(4, 3, BufferedImage.TYPE_INT_RGB),
                    folder.resolve("images").resolve(name));
        }
        Files.writeString(folder.resolve("images/broken.png"), "<html>");
    }

    private Labels read(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        return Labels.read(file, null);
    }

    private static String coco(String annotations) {
        return """
                {"images": [{"id": 1, "file_name": "a.png", "width": 4, "height": 3},
                            {"id": 2, "file_name": "gone.png", "width": 4, "height": 3},
                            {"id": 3, "file_name": "deep/b.png", "width": 3, "height": 4},
                            {"id": 4, "file_name": "broken.png"}],
                 "categories": [{"id": 7, "name": "cat", "keypoints": ["nose", "tail", "paw"]}, {"id": 8, "name": "dog"}],
                 "annotations": [%s]}""".formatted(annotations);
    }

    @Test
    void cocoHasPointsBoxesPolygonsAndRunLengthsOfBothKinds() throws IOException {
        Labels labels = read("coco.json", coco("""
                        {"id": 1, "image_id": 1, "category_id": 7, "bbox": [0, 1, 2, 2], "iscrowd": 0,
                         "keypoints": [1, 2, 2, 3, 1, 1, 0, 0, 0], "segmentation": [[0, 0, 4, 0, 4, 3]]},
                        {"id": 2, "image_id": 1, "category_id": 8, "segmentation": {"size": [3, 4], "counts": [4, 2, 1, 2, 3]}},
                        {"id": 3, "image_id": 1, "category_id": 8, "iscrowd": 1,
                         "segmentation": {"size": [3, 4], "counts": "42102"}}"""));
        assertThat(labels.images()).hasSize(1);
        List<Annotation> of = labels.images().get(0).annotations();
        assertThat(of.get(0).points()).containsOnlyKeys("nose");
        assertThat(of.get(0).box()).isEqualTo(new Box(0, 1, 2, 3));
        assertThat(of.get(0).polygons()).containsExactly(List.of(new Point(0, 0), new Point(4, 0), new Point(4, 3)));
        assertThat(of.get(1).mask()).isEqualTo(of.get(2).mask());
        assertThat(of.get(1).mask()).isEqualTo(Mask.ofBox(new Size(4, 3), new Box(1, 1, 3, 3)));
        assertThat(of.get(2).crowd()).isTrue();
        assertThat(labels.remarks())
                .containsExactly(
                        "1 annotations of a missing picture left out, such as gone.png",
                        "1 annotations made for a picture of another size left out, such as b.png is 4 x 3, annotated as 3 x 4",
                        labels.remarks().get(2),
                        "1 hidden key points left out, such as tail of annotation id 1",
                        "1 crowds, which are read and never carried over, such as annotation id 3");
        assertThat(labels.remarks().get(2))
                .startsWith("1 annotations of a broken picture")
                .contains("broken.png");
    }

    @Test
    void brokenCocoAnnotationsAreNamedAndTheRestIsRead() throws IOException {
        Labels labels = read("coco.json", coco("""
                        {"id": 1, "image_id": 1, "category_id": 7, "bbox": [50, 50, 9, 9]},
                        {"id": 2, "image_id": 1, "category_id": 99, "bbox": [0, 0, 2, 2]},
                        {"id": 3, "image_id": 77, "category_id": 7, "bbox": [0, 0, 2, 2]},
                        {"id": 4, "image_id": 1, "category_id": 7, "bbox": [0, 0, 2]},
                        {"id": 5, "image_id": 1, "category_id": 7, "bbox": [0, 0, -2, 2]},
                        {"id": 6, "image_id": 1, "category_id": 7, "keypoints": [1, 2]},
                        {"id": 7, "image_id": 1, "category_id": 7, "keypoints": [90, 2, 2, 1, 1, 2, 0, 0, 0]},
                        {"id": 8, "image_id": 1, "category_id": 7, "segmentation": {"size": [3, 4], "counts": [1, 2]}},
                        {"id": 9, "image_id": 1, "category_id": 7, "segmentation": {"size": [2, 2], "counts": [1, 3]}},
                        {"id": 10, "image_id": 1, "category_id": 7, "segmentation": [[1, "x", 2, 2, 3, 3]]},
                        {"id": 11, "image_id": 1, "category_id": 7},
                        17,
                        {"id": 12, "image_id": 1, "category_id": 8, "bbox": [-1, 1, 3, 9]}"""));
        List<Annotation> of = labels.images().get(0).annotations();
        assertThat(of).hasSize(2);
        assertThat(of.get(0).points()).containsOnlyKeys("tail");
        assertThat(of.get(1).box()).isEqualTo(new Box(0, 1, 2, 3));
        assertThat(labels.remarks())
                .anyMatch(line ->
                        line.startsWith("6 damaged annotations left out, such as annotation id 4: 'bbox' must be"))
                .contains("1 annotations of an unknown category left out, such as annotation id 2 of category 99")
                .contains("1 annotations of an image that is not in the list left out, such as annotation id 3")
                .contains("1 masks of another size than their picture left out, such as annotation id 9")
                .anyMatch(line -> line.startsWith("1 annotations with points outside their picture"))
                .anyMatch(line -> line.startsWith("3 annotations without anything in their picture left out"))
                .allMatch(line -> line.length() < 400);
    }

    @Test
    void labelMesShapesAreThingsByTheirGroups() throws IOException {
        Labels labels = read("labels/a.json", """
                {"version": "5.4.1", "flags": {}, "imagePath": "..\\\\images\\\\a.png", "imageData": null,
                 "imageHeight": 3, "imageWidth": 4, "shapes": [
                 {"label": "cat", "points": [[3, 2], [1, 0.5]], "group_id": 1, "shape_type": "rectangle", "flags": {}},
                 {"label": "nose", "points": [[1, 2]], "group_id": 1, "shape_type": "point"},
                 {"label": "dog", "points": [[0, 0], [4, 0], [4, 3]], "group_id": null, "shape_type": "polygon"},
                 {"label": "sun", "points": [[2, 1], [3, 1]], "shape_type": "circle"},
                 {"label": "way", "points": [[2, 1], [3, 1]], "shape_type": "linestrip"},
                 {"label": "cut", "points": [[2, 1]], "shape_type": "mask", "mask": "AAAA"},
                 {"label": "tail", "points": [[2, 1]], "shape_type": "point"}]}""");
        List<Annotation> of = labels.images().get(0).annotations();
        assertThat(of).map(Annotation::category).containsExactly("cat", "dog", "sun", "object");
        assertThat(of.get(0).box()).isEqualTo(new Box(1, 0.5, 3, 2));
        assertThat(of.get(0).points()).containsOnlyKeys("nose");
        assertThat(of.get(2).polygons().get(0)).hasSize(64);
        assertThat(labels.remarks())
                .singleElement()
                .asString()
                .startsWith("2 damaged shapes left out, such as shape 5 of a.json: 'shape_type' must be point");
    }

    @Test
    void listsOfPairsAreReadAsTheirPictures() throws IOException {
        Labels labels = read("pairs.jsonl", """
                {"source_path": "a.png", "target_path": "b.png", "source_points": [[1, 2]], "target_points": [[3, 1]], "keypoints": ["nose"], "category": "cat", "source_bounding_box": [0, 0, 2, 3]}
                {"source_path": "b.png", "target_path": "a.png", "source_points": [[2, 2]], "target_points": [[0, 0]], "keypoints": ["tail"], "category": "cat"}
                {"source_path": "b.png", "target_path": "a.png", "source_points": 3, "target_points": []}
                """);
        assertThat(labels.images())
                .map(image -> image.annotations().get(0).points().keySet().toString())
                .containsExactly("[tail, nose]", "[tail, nose]");
        assertThat(labels.images().get(0).annotations().get(0).box()).isEqualTo(new Box(0, 0, 2, 3));
        assertThat(labels.remarks()).singleElement().asString().contains("line 3: 'source_points' must be a list");
    }

    @Test
    void whatIsNoAnnotationsAtAllIsRefusedInASentence() throws IOException {
        assertThatThrownBy(() -> read("x.json", "{\"a\": 1}")).hasMessageContaining("COCO's ('images', 'annotations')");
        assertThatThrownBy(() -> read("x.json", "[]")).hasMessageContaining("must be a JSON object");
        assertThatThrownBy(() -> read("x.json", coco("").replace("\"id\": 7", "\"id\": \"x\"")))
                .hasMessageContaining("'id' must be a number");
        assertThatThrownBy(() -> Labels.read(Files.createDirectories(folder.resolve("empty")), null))
                .hasMessageContaining("got neither");
        assertThatThrownBy(() -> Labels.read(folder.resolve("none.json"), null)).isInstanceOf(IOException.class);
        assertThat(Labels.read(folder.resolve("images/a.png"), folder.resolve("empty"))
                        .remarks())
                .containsExactly("1 masks without a picture of their name left out, such as a.png");
    }
}
