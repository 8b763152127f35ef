package io.github.dhf4j.eval.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dhf4j.data.Box;
import io.github.dhf4j.data.KeypointPair;
import io.github.dhf4j.matching.Point;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import us.hebi.matlab.mat.format.Mat5;
import us.hebi.matlab.mat.types.Matrix;

/** Every data set on a miniature tree of its official layout. */
class PairDatasetsTest {
    @TempDir
    Path root;

    private PairDataset read(Split split, int count) throws IOException {
        return PairDatasets.read(root, null, new PairDatasets.Selection(split, count, 5));
    }

    private void image(String path) throws IOException {
        Path file = root.resolve(path);
        Files.createDirectories(file.getParent());
        ImageIO.write(
                new BufferedImage(100, 80, BufferedImage.TYPE_INT_RGB),
                path.endsWith("jpg") ? "jpg" : "png",
                file.toFile());
    }

    private void text(String path, String... lines) throws IOException {
        Path file = root.resolve(path);
        Files.createDirectories(file.getParent());
        Files.write(file, List.of(lines));
    }

    private static String spair(String name, String source, String target, String points) {
        return "{\"filename\": \"" + name + "\", \"src_imname\": \"" + source + "\", \"trg_imname\": \"" + target
                + "\", \"src_kps\": " + points + ", \"trg_kps\": " + points
                + ", \"kps_ids\": [\"3\", \"7\"], \"category\": \"cat\", \"src_bndbox\": [1, 2, 50, 60],"
                + " \"trg_bndbox\": [0, 0, 90, 70], \"mirror\": 0, \"viewpoint_variation\": 1}";
    }

    @Test
    void spair71kInTheOrderOfItsLayoutAndWithAnAccountOfWhatIsAmiss() throws IOException {
        image("JPEGImages/cat/a.jpg");
        image("JPEGImages/cat/b.jpg");
        text(
                "Layout/large/test.txt",
                "000002-b-a:cat",
                "000001-a-b:cat",
                "000003-a-c:cat",
                "000004-a-b:cat",
                "000009:cat",
                "000005:cat");
        text(
                "PairAnnotation/test/000001-a-b:cat.json",
                spair("000001-a-b:cat", "a.jpg", "b.jpg", "[[10, 20], [30, 40]]"));
        text(
                "PairAnnotation/test/000002-b-a:cat.json",
                spair("000002-b-a:cat", "b.jpg", "a.jpg", "[[10, 20], [130, 40]]"));
        text(
                "PairAnnotation/test/000003-a-c:cat.json",
                spair("000003-a-c:cat", "a.jpg", "c.jpg", "[[10, 20], [30, 40]]"));
        text(
                "PairAnnotation/test/000004-a-b:cat.json",
                spair("000004-a-b:cat", "a.jpg", "b.jpg", "[]").replace("\"3\", \"7\"", ""));
        text(
                "PairAnnotation/test/000005:cat.json",
                spair("000005:cat", "a.jpg", "b.jpg", "[[1, 1]]").replace("[1, 2, 50, 60]", "[9, 9, 9, 9]"));
        PairDataset set = read(Split.TEST, 0);
        assertThat(set.pairs())
                .extracting(KeypointPair::id)
                .containsExactly("000002-b-a:cat", "000001-a-b:cat", "000005:cat");
        KeypointPair pair = set.pairs().get(1);
        assertThat(pair.source()).isEqualTo(root.resolve("JPEGImages/cat/a.jpg"));
        assertThat(pair.sourcePoints()).containsExactly(new Point(10, 20), new Point(30, 40));
        assertThat(pair.keypoints()).containsExactly("3", "7");
        assertThat(pair.targetBox()).isEqualTo(new Box(0, 0, 90, 70));
        assertThat(set.pairs().get(2).sourceBox()).isNull();
        assertThat(set.remarks()).hasSize(5);
        assertThat(String.join("\n", set.remarks()))
                .contains("1 pairs with a missing image left out", "c.jpg")
                .contains("1 pairs without common points left out", "000004-a-b:cat")
                .contains("1 pairs with points outside their image", "000002-b-a:cat")
                .contains("1 annotations that the layout names are missing", "000009:cat")
                .contains("1 boxes without area");
    }

    @Test
    void malformedAnnotationsAreNamedWithTheirFile() throws IOException {
        image("JPEGImages/cat/a.jpg");
        text("PairAnnotation/test/x:cat.json", spair("x", "a.jpg", "a.jpg", "[[1]]"));
        assertThatThrownBy(() -> read(Split.TEST, 0))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("src_kps")
                .hasMessageContaining("x:cat.json");
        text("PairAnnotation/test/x:cat.json", "{\"filename\"");
        assertThatThrownBy(() -> read(Split.TEST, 0)).hasMessageContaining("x:cat.json");
        Files.write(root.resolve("PairAnnotation/test/x:cat.json"), new byte[0]);
        assertThatThrownBy(() -> read(Split.TEST, 0)).hasMessageContaining("empty");
        assertThatThrownBy(() -> read(Split.TRAIN, 0)).hasMessageContaining("PairAnnotation/trn");
    }

    @Test
    void theAuthorsListFindsImagesByPathOrByName() throws IOException {
        image("images/b.png");
        image("images/cat/a.png");
        text(
                "list.json",
                "[{\"source_path\": \"cat/a.png\", \"target_path\": \"elsewhere/b.png\", \"source_points\": [[1, 2]],"
                        + " \"target_points\": [[3, 4.5]], \"category\": \"cat\", \"target_bounding_box\": [0, 1, 20, 30],"
                        + " \"source_bounding_box\": [1, 2, 3, 4]}]");
        PairDataset set =
                PairDatasets.read(root.resolve("list.json"), null, new PairDatasets.Selection(Split.TEST, 0, 0));
        assertThat(set.pairs()).hasSize(1);
        assertThat(set.pairs().get(0).target()).isEqualTo(root.resolve("images/b.png"));
        assertThat(set.pairs().get(0).targetPoints()).containsExactly(new Point(3, 4.5));
        text("list.json", "[]");
        assertThatThrownBy(() -> PairLists.read(root.resolve("list.json"), root))
                .hasMessageContaining("no pairs at all");
        text("list.json", "[3]");
        assertThatThrownBy(() -> PairLists.read(root.resolve("list.json"), root))
                .hasMessageContaining("pair 1");
    }

    @Test
    void jsonLinesComeBackAsTheyWereWritten() throws IOException {
        image("images/a.png");
        image("images/b.png");
        KeypointPair pair = new KeypointPair(
                "one",
                root.resolve("images/a.png"),
                root.resolve("images/b.png"),
                List.of(new Point(1.5, 2)),
                List.of(new Point(3, 4)),
                List.of("nose"),
                "cat",
                null,
                new Box(0, 0, 5, 6));
        PairLists.write(List.of(pair), root.resolve("test.jsonl"));
        assertThat(read(Split.TEST, 0).pairs()).containsExactly(pair);
        String whole = Files.readString(root.resolve("test.jsonl"));
        Files.writeString(root.resolve("test.jsonl"), whole + "\n{\"source_path\": 3");
        assertThatThrownBy(() -> read(Split.TEST, 0))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("test.jsonl line 3");
        Files.writeString(root.resolve("test.jsonl"), "{\"source_path\": \"images/a.png\"}\n");
        assertThatThrownBy(() -> read(Split.TEST, 0))
                .hasMessageContaining("source_points")
                .hasMessageContaining("line 1");
    }

    @Test
    void cubDrawsPairsOfOneSpeciesWithCommonVisibleParts() throws IOException {
        for (int i = 1; i <= 4; i++) {
            image("images/00" + (i < 4 ? 1 : 2) + ".Bird/p" + i + ".jpg");
        }
        text("images.txt", "1 001.Bird/p1.jpg", "2 001.Bird/p2.jpg", "3 001.Bird/p3.jpg", "4 002.Bird/p4.jpg");
        text("train_test_split.txt", "1 0", "2 0", "3 1", "4 0");
        text("bounding_boxes.txt", "1 10.0 5.0 40.0 30.0", "2 0.0 0.0 50.0 50.0", "3 0 0 9 9", "4 0 0 9 9");
        text("parts/parts.txt", "1 back", "2 left eye");
        text(
                "parts/part_locs.txt",
                "1 1 10.0 20.0 1",
                "1 2 30.0 40.0 1",
                "2 1 11.0 21.0 0",
                "2 2 31.0 41.0 1",
                "3 1 1 1 1",
                "4 1 1 1 1");
        PairDataset set = read(Split.TEST, 10);
        assertThat(set.pairs()).hasSize(2);
        KeypointPair pair = set.pairs().get(0);
        assertThat(pair.keypoints()).containsExactly("left eye");
        assertThat(pair.category()).isEqualTo("001.Bird");
        assertThat(List.of(pair.sourceBox(), pair.targetBox()))
                .containsExactlyInAnyOrder(new Box(10, 5, 50, 35), new Box(0, 0, 50, 50));
        assertThat(String.join("\n", set.remarks()))
                .contains("categories with one image", "002.Bird")
                .contains("2 exist");
        assertThat(read(Split.TEST, 10)).isEqualTo(set);
        text("parts/part_locs.txt", "1 1 ten 20.0 1");
        assertThatThrownBy(() -> read(Split.TEST, 10))
                .hasMessageContaining("part_locs.txt line 1")
                .hasMessageContaining("ten");
    }

    @Test
    void pfPascalAndPfWillowReadMatFiles() throws IOException {
        for (String name : List.of("a", "b")) {
            image("JPEGImages/" + name + ".jpg");
            Matrix kps = Mat5.newMatrix(3, 2);
            double[][] points = {{10, 20}, {Double.NaN, Double.NaN}, {30, name.equals("a") ? 40 : 50}};
            for (int i = 0; i < 3; i++) {
                kps.setDouble(i, 0, points[i][0]);
                kps.setDouble(i, 1, points[i][1]);
            }
            Matrix box = Mat5.newMatrix(1, 4);
            for (int k = 0; k < 4; k++) {
                box.setDouble(0, k, new double[] {1, 2, 60, 70}[k]);
            }
            Path path = root.resolve("Annotations/cat/" + name + ".mat");
            Files.createDirectories(path.getParent());
            Mat5.writeToFile(Mat5.newMatFile().addArray("kps", kps).addArray("bbox", box), path.toFile());
        }
        PairDataset set = read(Split.TEST, 5);
        assertThat(set.name()).contains("PF-PASCAL");
        assertThat(set.pairs()).hasSize(2);
        assertThat(set.pairs().get(0).keypoints()).containsExactly("1", "3");
        assertThat(set.pairs().get(0).targetBox()).isEqualTo(new Box(1, 2, 60, 70));
        Files.writeString(root.resolve("Annotations/cat/b.mat"), "not a MAT file");
        assertThatThrownBy(() -> read(Split.TEST, 5)).hasMessageContaining("b.mat");

        Path willow = root.resolve("willow");
        for (String name : List.of("a", "b")) {
            image("willow/car(G)/" + name + ".png");
            Matrix points = Mat5.newMatrix(2, 10);
            for (int i = 0; i < 10; i++) {
                points.setDouble(0, i, 5 * i + 1);
                points.setDouble(1, i, 3 * i + 2);
            }
            Mat5.writeToFile(
                    Mat5.newMatFile().addArray("pts_coord", points),
                    willow.resolve("car(G)/" + name + ".mat").toFile());
        }
        PairDataset pairs = PairDatasets.read(willow, null, new PairDatasets.Selection(Split.TEST, 5, 0));
        assertThat(pairs.name()).contains("PF-WILLOW");
        assertThat(pairs.pairs().get(0).sourcePoints()).hasSize(10).contains(new Point(6, 5));
        assertThat(pairs.pairs().get(0).targetBox()).isEqualTo(new Box(1, 2, 46, 29));
    }

    @Test
    void selectionTakesAsManyOfEachCategoryBySeed() throws IOException {
        image("a.png");
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < 40; i++) {
            lines.append("{\"id\": \"p" + i + "\", \"source_path\": \"a.png\", \"target_path\": \"a.png\","
                    + " \"source_points\": [[1, 2]], \"target_points\": [[1, 2]], \"category\": \""
                    + (i < 30 ? "cat" : "dog")
                    + "\"}\n");
        }
        Files.writeString(root.resolve("test.jsonl"), lines);
        PairDataset set = read(Split.TEST, 0);
        assertThat(set.sample(20, 1).byCategory().get("cat")).hasSize(20);
        assertThat(set.sample(20, 1).byCategory().get("dog")).hasSize(10);
        assertThat(String.join(" ", set.sample(20, 1).remarks())).contains("dog has 10 of 20");
        assertThat(set.sample(5, 1)).isEqualTo(set.sample(5, 1)).isNotEqualTo(set.sample(5, 2));
        assertThat(set.categories(List.of("dog"), true).pairs()).hasSize(10);
        assertThatThrownBy(() -> set.categories(List.of("bird"), true)).hasMessageContaining("[cat, dog]");
    }

    @Test
    void aReaderOfOnesOwnStandsBesideTheOthers() throws IOException {
        image("a.png");
        text("pairs.csv", "a.png,1,2,a.png,3,4\n");
        PairReader own = new PairReader() {
            @Override
            public String name() {
                return "pairs.csv";
            }

            @Override
            public boolean recognises(Path data, Split split) {
                return Files.isRegularFile(data.resolve(name()));
            }

            @Override
            public PairDataset read(Path data, @Nullable Path images, PairDatasets.Selection selection)
                    throws IOException {
                String[] words = Files.readString(data.resolve(name())).strip().split(",", -1);
                KeypointPair pair = new KeypointPair(
                        "1",
                        data.resolve(words[0]),
                        data.resolve(words[3]),
                        List.of(new Point(Double.parseDouble(words[1]), Double.parseDouble(words[2]))),
                        List.of(new Point(Double.parseDouble(words[4]), Double.parseDouble(words[5]))),
                        List.of(),
                        "thing",
                        null,
                        null);
                return new PairDataset(name() + " " + selection.split(), List.of(pair), List.of());
            }
        };
        List<PairReader> readers =
                Stream.concat(Stream.of(own), PairDatasets.READERS.stream()).toList();
        PairDatasets.Selection selection = new PairDatasets.Selection(Split.TEST, 0, 0);
        PairDataset set = PairDatasets.read(root, null, selection, readers);
        assertThat(set.name()).isEqualTo("pairs.csv test");
        assertThat(set.pairs().get(0).targetPoints()).containsExactly(new Point(3, 4));
        assertThatThrownBy(() -> PairDatasets.read(root, null, selection))
                .as("without it, all the forms that are known")
                .hasMessageContaining("got none of them")
                .hasMessageContainingAll(
                        PairDatasets.READERS.stream().map(PairReader::name).toArray(String[]::new));
    }

    @Test
    void whatIsNoDataSetIsSaidSo() {
        assertThatThrownBy(() -> read(Split.TEST, 0))
                .hasMessageContaining("SPair-71k")
                .hasMessageContaining(root.toString());
        assertThatThrownBy(
                        () -> PairDatasets.read(root.resolve("no"), null, new PairDatasets.Selection(Split.TEST, 0, 0)))
                .hasMessageContaining("must exist")
                .isInstanceOf(IOException.class);
    }
}
