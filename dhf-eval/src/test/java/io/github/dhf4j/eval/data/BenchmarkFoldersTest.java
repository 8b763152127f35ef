package io.github.dhf4j.eval.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dhf4j.data.Box;
import io.github.dhf4j.data.KeypointPair;
import io.github.dhf4j.matching.Point;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import us.hebi.matlab.mat.format.Mat5;
import us.hebi.matlab.mat.types.Matrix;
import us.hebi.matlab.mat.types.Sinks;

/** Miniature trees of the layouts in which benchmarks are published or prepared, with what goes wrong in them. */
class BenchmarkFoldersTest {
    @TempDir
    Path root;

    private static PairDataset read(Path data) throws IOException {
        return PairDatasets.read(data, null, new PairDatasets.Selection(Split.TEST, 10, 0));
    }

    private Path text(String path, String content) throws IOException {
        Path file = root.resolve(path);
        Files.createDirectories(file.getParent());
        return Files.write(file, content.getBytes(StandardCharsets.UTF_8));
    }

    private void image(String path) throws IOException {
        Path file = root.resolve(path);
        Files.createDirectories(file.getParent());
        ImageIO.write(new BufferedImage(100, 80, BufferedImage.TYPE_INT_RGB), "jpg", file.toFile());
    }

    private static List<String> ids(PairDataset set) {
        return set.pairs().stream().map(KeypointPair::id).toList();
    }

    @Test
    void spairUNamesMorePairsThanAreAnnotated() throws IOException {
        for (String name : List.of("a", "b")) {
            image("SPair-U/JPEGImages/cat/" + name + ".jpg");
        }
        text("SPair-U/Layout/large/test.txt", "000001-a-b:cat\n000002-b-a:cat\n000003-a-a:cat\n");
        text("SPair-U/PairAnnotation/test/000001-a-b:cat.json", """
                {"filename": "000001-a-b:cat", "src_imname": "a.jpg", "trg_imname": "b.jpg", "category": "cat",
                 "src_kps": [[10, 20], [11, 21]], "trg_kps": [[30, 40], [31, 41]], "kps_ids": ["0", "1"],
                 "src_bndbox": [1, 2, 50, 60], "trg_bndbox": [0, 0, 90, 70], "src_imsize": [100, 80, 3],
                 "trg_imsize": [100, 80, 3]}""");
        PairDataset set = read(root.resolve("SPair-U"));
        assertThat(set.name()).isEqualTo("SPair-U test");
        assertThat(ids(set)).containsExactly("000001-a-b:cat");
        assertThat(set.pairs().get(0).mirroredKeypoints())
                .as("numbers mean other parts than SPair-71k's")
                .containsExactly("0", "1");
        assertThat(set.remarks())
                .singleElement()
                .asString()
                .startsWith("2 pairs of SPair-71k's layout are not annotated and left out, such as 000002-b-a:cat");
    }

    /** Seventeen points of which the given ones can be seen, the i-th at (i, 2 i). */
    private static String animal(int... visible) {
        List<Integer> seen = IntStream.of(visible).boxed().toList();
        String points = IntStream.range(0, 17)
                .mapToObj(i -> seen.contains(i) ? i + ", " + 2 * i + ", 2" : "0, 0, 0")
                .collect(Collectors.joining(", "));
        return "{\"keypoints\": [" + points + "], \"num_keypoints\": " + visible.length
                + ", \"bbox\": [10, 20, 30, 40], \"width\": 100, \"height\": 80, \"image_id\": 1}";
    }

    private void ap10k() throws IOException {
        String[] species = {
            "Felidae/cat/000000000001",
            "Felidae/cat/000000000002",
            "Felidae/lion/000000000003",
            "Canidae/dog/000000000004"
        };
        for (String each : species) {
            image("ap-10k/JPEGImages/" + each + ".jpg");
        }
        text("ap-10k/ImageAnnotation/" + species[0] + ".json", animal(0, 1, 2, 5));
        text("ap-10k/ImageAnnotation/" + species[1] + ".json", animal(1, 2, 5, 8));
        text("ap-10k/ImageAnnotation/" + species[2] + ".json", animal(2, 5));
        text("ap-10k/ImageAnnotation/" + species[3] + ".json", animal(2));
        text("ap-10k/ImageAnnotation/Felidae/cat/test_filtered.txt", "a list that is not read\n");
        pair("test", species[0], species[1], "cat");
        pair("test_cross_species", species[0], species[2], "Felidae");
        pair("test_cross_family", species[3], species[0], "all");
    }

    private void pair(String list, String from, String to, String category) throws IOException {
        String name = from.substring(from.length() - 12) + "-" + to.substring(to.length() - 12) + ":" + category;
        text(
                "ap-10k/PairAnnotation/" + list + "/" + name + ".json",
                "{\"src_json_path\": \"/home/someone/data/ap-10k/ImageAnnotation/" + from
                        + ".json\", \"trg_json_path\": \"data\\\\ap-10k\\\\ImageAnnotation\\\\"
                        + to.replace("/", "\\\\") + ".json\"}");
    }

    @Test
    void ap10kHasThreeListsOfPairs() throws IOException {
        ap10k();
        PairDataset within = read(root.resolve("ap-10k"));
        assertThat(within.name()).isEqualTo("AP-10K test");
        KeypointPair pair = within.pairs().get(0);
        assertThat(pair.id()).isEqualTo("000000000001-000000000002:cat");
        assertThat(pair.category()).isEqualTo("cat");
        assertThat(pair.keypoints()).containsExactly("right eye", "nose", "left shoulder");
        assertThat(pair.mirroredKeypoints()).containsExactly("left eye", "nose", "right shoulder");
        assertThat(pair.targetPoints()).containsExactly(new Point(1, 2), new Point(2, 4), new Point(5, 10));
        assertThat(pair.targetBox()).isEqualTo(new Box(10, 20, 40, 60));
        assertThat(within.remarks()).isEmpty();
        PairDataset species = read(root.resolve("ap-10k/PairAnnotation/test_cross_species"));
        assertThat(species.name()).isEqualTo("AP-10K test_cross_species");
        assertThat(species.byCategory()).containsOnlyKeys("Felidae");
        PairDataset families = read(root.resolve("ap-10k/PairAnnotation/test_cross_family"));
        assertThat(families.byCategory()).containsOnlyKeys("all");
        assertThat(families.pairs().get(0).keypoints()).containsExactly("nose");
    }

    @Test
    void ap10ksBrokenPairsAreNamed() throws IOException {
        ap10k();
        pair("test", "Felidae/cat/000000000001", "Felidae/cat/000000000009", "cat");
        text("ap-10k/PairAnnotation/test/outside:cat.json", """
                {"src_json_path": "/etc/passwd", "trg_json_path": "ImageAnnotation/../../secret/a/b.json"}""");
        text("ap-10k/ImageAnnotation/Felidae/cat/000000000005.json", "{\"keypoints\": [1, 2, 2], \"width\": 1}");
        pair("test", "Felidae/cat/000000000001", "Felidae/cat/000000000005", "cat");
        Files.delete(root.resolve("ap-10k/JPEGImages/Felidae/lion/000000000003.jpg"));
        PairDataset set = read(root.resolve("ap-10k"));
        assertThat(set.pairs()).hasSize(1);
        assertThat(set.remarks())
                .singleElement()
                .asString()
                .startsWith("3 broken annotations left out")
                .contains("x, y, v of 17 points")
                .contains("a path to ImageAnnotation/FAMILY/SPECIES/NAME.json");
        assertThatThrownBy(() -> read(root.resolve("ap-10k/PairAnnotation/test_cross_species")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("1 pairs with a missing image left out");
    }

    private static String coco(String images, String annotations) {
        return "{\"categories\": [{\"id\": 7, \"name\": \"sofa\"}], \"images\": [" + images + "], \"annotations\": ["
                + annotations + "]}";
    }

    private static String cocoImage(int id, String file) {
        return "{\"id\": " + id + ", \"file_name\": \"" + file + "\", \"width\": 100, \"height\": 80}";
    }

    private static String cocoPoints(int image, String points, String box) {
        return "{\"image_id\": " + image + ", \"num_keypoints\": 1, \"keypoints\": " + points + ", \"bbox\": " + box
                + "}";
    }

    private void mp100() throws IOException {
        for (String name : List.of("sofa/a", "sofa/b", "sofa/c")) {
            image("mp100_all/mp100/" + name + ".jpg");
        }
        // the second image shows two, of which the second is larger; one more file of annotations, and one of training
        text(
                "mp100_all/annotations/mp100_split1_test.json",
                coco(
                        cocoImage(1, "sofa/a.jpg") + ", " + cocoImage(2, "sofa/b.jpg"),
                        cocoPoints(1, "[1, 2, 2, 0, 0, 0, 3, 4, 1]", "[0, 0, 10, 20]") + ", "
                                + cocoPoints(2, "[5, 6, 2]", "[0, 0, 10, 20]") + ", "
                                + cocoPoints(2, "[7, 8, 2]", "[5, 5, 60, 20]")));
        text(
                "mp100_all/annotations/mp100_split2_test.json",
                coco(cocoImage(1, "sofa/c.jpg"), cocoPoints(1, "[9, 9, 2]", "[0, 0, 10, 20]")));
        text("mp100_all/annotations/mp100_split1_train.json", "not read");
        text("mp100_all/pairs/pairs_furniture.json", """
                [{"src_file": "sofa/a.jpg", "trg_file": "sofa/b.jpg", "category_id": 7},
                 {"src_file": "sofa/a.jpg", "trg_file": "sofa/c.jpg", "category_id": 7},
                 {"src_file": "sofa/a.jpg", "trg_file": "sofa/d.jpg", "category_id": 7}]""");
        text("mp100_all/pairs/pairs_clothing.json", """
                [{"src_file": "sofa/c.jpg", "trg_file": "sofa/c.jpg", "category_id": 8}]""");
    }

    @Test
    void mp100PairsPointsOfAllAnnotationsInOrder() throws IOException {
        mp100();
        PairDataset furniture = read(root.resolve("mp100_all/pairs/pairs_furniture.json"));
        assertThat(furniture.name()).isEqualTo("MP-100 pairs_furniture.json");
        assertThat(ids(furniture)).containsExactly("1, sofa/a.jpg to sofa/b.jpg", "2, sofa/a.jpg to sofa/c.jpg");
        KeypointPair pair = furniture.pairs().get(0);
        assertThat(pair.sourcePoints()).containsExactly(new Point(1, 2), new Point(3, 4));
        assertThat(pair.targetPoints()).containsExactly(new Point(5, 6), new Point(7, 8));
        assertThat(pair.targetBox()).isEqualTo(new Box(5, 5, 65, 25));
        assertThat(pair.category()).isEqualTo("sofa");
        assertThat(furniture.pairs().get(1).sourcePoints()).containsExactly(new Point(1, 2));
        assertThat(furniture.remarks())
                .containsExactlyInAnyOrder(
                        "1 pairs whose images have not as many points, of which the first go together, such as"
                                + " sofa/a.jpg to sofa/c.jpg",
                        "1 pairs with an image that is not annotated left out, such as sofa/d.jpg");
        PairDataset all = read(root.resolve("mp100_all"));
        assertThat(all.name()).isEqualTo("MP-100");
        assertThat(all.byCategory()).containsOnlyKeys("sofa", "category 8");
    }

    @Test
    void mp100sBrokenFilesAreNamed() throws IOException {
        mp100();
        text("mp100_all/annotations/mp100_split3_test.json", "{\"images\": [}");
        text("mp100_all/pairs/pairs_human_face.json", "[{\"src_file\": 3}, 4]");
        PairDataset set = read(root.resolve("mp100_all"));
        assertThat(set.pairs()).hasSize(3);
        assertThat(set.remarks())
                .anySatisfy(remark -> assertThat(remark)
                        .startsWith("3 broken annotations left out")
                        .contains("mp100_split3_test.json")
                        .contains("pairs_human_face.json"));
        Files.delete(root.resolve("mp100_all/pairs/pairs_furniture.json"));
        Files.delete(root.resolve("mp100_all/pairs/pairs_clothing.json"));
        assertThatThrownBy(() -> read(root.resolve("mp100_all"))).hasMessageContaining("broken annotations left out");
    }

    private void mat(String path, double[][] points) throws IOException {
        Path file = root.resolve(path);
        Files.createDirectories(file.getParent());
        Matrix kps = Mat5.newMatrix(points.length, 2);
        for (int i = 0; i < points.length; i++) {
            kps.setDouble(i, 0, points[i][0]);
            kps.setDouble(i, 1, points[i][1]);
        }
        Matrix box = Mat5.newMatrix(1, 4);
        double[] corners = {1, 2, 51, 42};
        for (int i = 0; i < 4; i++) {
            box.setDouble(0, i, corners[i]);
        }
        try (var sink = Sinks.newStreamingFile(file.toFile())) {
            Mat5.newMatFile().addArray("kps", kps).addArray("bbox", box).writeTo(sink);
        }
    }

    @Test
    void pfPascalsListsOfPairs() throws IOException {
        String inside = "pf-pascal/PF-dataset-PASCAL/";
        for (String name : List.of("2008_1", "2008_2")) {
            image(inside + "JPEGImages/" + name + ".jpg");
        }
        mat(inside + "Annotations/bird/2008_1.mat", new double[][] {{1, 2}, {Double.NaN, Double.NaN}, {5, 6}});
        mat(inside + "Annotations/bird/2008_2.mat", new double[][] {{10, 20}, {30, 40}, {50, 60}});
        text("pf-pascal/test_pairs.csv", """
                source_image,target_image,class
                PF-dataset-PASCAL/JPEGImages/2008_1.jpg,PF-dataset-PASCAL/JPEGImages/2008_2.jpg,3
                PF-dataset-PASCAL/JPEGImages/2008_1.jpg,PF-dataset-PASCAL/JPEGImages/2008_9.jpg,3
                PF-dataset-PASCAL/JPEGImages/2008_1.jpg,PF-dataset-PASCAL/JPEGImages/2008_2.jpg,21
                """);
        text("pf-pascal/trn_pairs.csv", """
                source_image,target_image,class,flip
                PF-dataset-PASCAL/JPEGImages/2008_2.jpg,PF-dataset-PASCAL/JPEGImages/2008_1.jpg,3,0
                PF-dataset-PASCAL/JPEGImages/2008_2.jpg,PF-dataset-PASCAL/JPEGImages/2008_1.jpg,3,1
                """);
        PairDataset test = read(root.resolve("pf-pascal"));
        assertThat(test.name()).isEqualTo("PF-PASCAL test_pairs.csv");
        KeypointPair pair = test.pairs().get(0);
        assertThat(pair.category()).isEqualTo("bird");
        assertThat(pair.sourcePoints()).containsExactly(new Point(1, 2), new Point(5, 6));
        assertThat(pair.targetPoints()).containsExactly(new Point(10, 20), new Point(50, 60));
        assertThat(pair.targetBox()).isEqualTo(new Box(1, 2, 51, 42));
        assertThat(test.pairs()).hasSize(1);
        assertThat(test.remarks())
                .singleElement()
                .asString()
                .startsWith("2 broken annotations left out, such as test_pairs.csv line 3")
                .contains("line 4: line must be a source image, a target image and a class of 1 to 20");
        PairDataset training =
                PairDatasets.read(root.resolve("pf-pascal"), null, new PairDatasets.Selection(Split.TRAIN, 10, 0));
        assertThat(training.pairs()).hasSize(1);
        assertThat(training.remarks()).containsExactly("1 mirrored copies of training pairs left out, such as line 3");
        text(inside + "test_pairs_pf_pascal.csv", """
                source_image,target_image,class,XA,YA,XB,YB
                PF-dataset-PASCAL/JPEGImages/2008_1.jpg,PF-dataset-PASCAL/JPEGImages/2008_2.jpg,3,1;5,2;6,10;50,20;60
                """);
        assertThat(read(root.resolve("pf-pascal/PF-dataset-PASCAL"))
                        .pairs()
                        .get(0)
                        .sourcePoints())
                .isEqualTo(pair.sourcePoints());
        Files.delete(root.resolve(inside + "test_pairs_pf_pascal.csv"));
        assertThat(read(root.resolve("pf-pascal/PF-dataset-PASCAL")).name())
                .as("without a list pairs are drawn")
                .startsWith("PF-PASCAL, 10 pairs by seed 0");
    }

    /** A folder without its pictures, as when only the annotations were fetched. */
    @Test
    void listsWithoutPicturesAreOneSentence() throws IOException {
        ap10k();
        mp100();
        List<Path> pictures = new ArrayList<>();
        try (var files = Files.walk(root)) {
            files.filter(file -> file.toString().endsWith(".jpg")).forEach(pictures::add);
        }
        for (Path picture : pictures) {
            Files.delete(picture);
        }
        for (String data : List.of("ap-10k", "mp100_all")) {
            assertThatThrownBy(() -> read(root.resolve(data)))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("data set must have a pair that can be used, got none")
                    .hasMessageContaining("pairs with a missing image left out");
        }
    }

    @Test
    void everyPublishedDataSetSaysWhereItComesFrom() {
        for (PairReader reader : PairDatasets.READERS) {
            assertThat(reader.about().layout()).isNotBlank();
            if (!(reader instanceof PairLists)) {
                assertThat(reader.about().from()).startsWith("https://");
                assertThat(reader.about().licence()).isNotBlank();
                assertThat(reader.about().what()).isNotBlank();
            }
        }
    }

    /** A flow of three pixels to the right and one up where there is a thing, which is the left half. */
    private void flow(String path, int width, int height) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(12 + 8 * width * height).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putFloat(202021.25f).putInt(width).putInt(height);
        for (int i = 0; i < width * height; i++) {
            boolean known = i % width < width / 2;
            bytes.putFloat(known ? 3 : 1e10f).putFloat(known ? -1 : 1e10f);
        }
        Path file = root.resolve(path);
        Files.createDirectories(file.getParent());
        Files.write(file, bytes.array());
    }

    @Test
    void flowsOfTssArePointsOfBothWays() throws IOException {
        for (String folder : List.of("FG3DCar/001_005", "PASCAL/bike_01_02")) {
            for (int i = 1; i <= 2; i++) {
                image("TSS_CVPR2016/" + folder + "/image" + i + ".png");
                flow("TSS_CVPR2016/" + folder + "/flow" + i + ".flo", 100, 80);
            }
        }
        text("TSS_CVPR2016/PASCAL/bike_01_02/flip_gt.txt", "1\n");
        text("TSS_CVPR2016/PASCAL/bike_01_02/flow2.flo", "PIEH");
        text("TSS_CVPR2016/JODS/readme/notes.txt", "beside");
        PairDataset set = read(root);
        assertThat(set.name()).isEqualTo("TSS, 500 pixels a pair by seed 0");
        assertThat(ids(set))
                .containsExactly("FG3DCar/001_005 1 to 2", "FG3DCar/001_005 2 to 1", "PASCAL/bike_01_02 1 to 2");
        assertThat(set.byCategory().keySet()).containsExactly("FG3DCar", "PASCAL");
        KeypointPair pair = set.pairs().get(1);
        assertThat(pair.source()).hasFileName("image2.png");
        assertThat(pair.sourcePoints()).hasSize(500).doesNotHaveDuplicates().allMatch(point -> point.x() < 50);
        for (int i = 0; i < 500; i++) {
            assertThat(pair.targetPoints().get(i))
                    .isEqualTo(new Point(
                            pair.sourcePoints().get(i).x() + 3,
                            pair.sourcePoints().get(i).y() - 1));
        }
        assertThat(set.remarks().get(0)).startsWith("1 of 2 pairs show their things mirrored");
        assertThat(set.remarks()).anyMatch(remark -> remark.contains("got 4 bytes of something else"));
        Path flipped = root.resolve("TSS_CVPR2016/PASCAL/bike_01_02");
        Files.delete(flipped.resolve("flip_gt.txt"));
        Files.delete(flipped.resolve("flow2.flo"));
        for (Path folder : List.of(Path.of("FG3DCar/001_005"), Path.of("PASCAL/bike_01_02"))) {
            Files.delete(root.resolve("TSS_CVPR2016").resolve(folder).resolve("image1.png"));
        }
        assertThatThrownBy(() -> read(root)).hasMessageContaining("3 pairs with a missing image left out");
    }
}
