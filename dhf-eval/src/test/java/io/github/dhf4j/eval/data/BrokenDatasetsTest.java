package io.github.dhf4j.eval.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dhf4j.data.KeypointPair;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import javax.imageio.ImageIO;
import org.assertj.core.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import us.hebi.matlab.mat.format.Mat5;
import us.hebi.matlab.mat.types.Matrix;

/** What people have on their disks beside whole data sets; every image lies there before a network runs. */
class BrokenDatasetsTest {
    @TempDir
    Path root;

    private PairDataset read(int count) throws IOException {
        return PairDatasets.read(root, null, new PairDatasets.Selection(Split.TEST, count, 5));
    }

    private Path file(String path, byte[] content) throws IOException {
        Path file = root.resolve(path);
        Files.createDirectories(file.getParent());
        return Files.write(file, content);
    }

    private Path text(String path, String content) throws IOException {
        return file(path, content.getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] image(String format) throws IOException {
        BufferedImage image = new BufferedImage(100, 80, BufferedImage.TYPE_INT_RGB);
        Random random = new Random(3);
        for (int i = 0; i < 8000; i++) {
            image.setRGB(i % 100, i / 100, random.nextInt());
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ImageIO.write(image, format, out);
        return out.toByteArray();
    }

    private static byte[] half(byte[] whole) {
        return Arrays.copyOf(whole, whole.length / 2);
    }

    private static String spair(int number, String source, String target) {
        return "{\"filename\": \"%06d:cat\", \"src_imname\": \"%s\", \"trg_imname\": \"%s\","
                        .formatted(number, source, target)
                + " \"src_kps\": [[10, 20]], \"trg_kps\": [[30, 40]], \"kps_ids\": [\"3\"], \"category\": \"cat\","
                + " \"src_bndbox\": [1, 2, 50, 60], \"trg_bndbox\": [0, 0, 90, 70], \"src_imsize\": [100, 80, 3],"
                + " \"trg_imsize\": [100, 80, 3]}";
    }

    /** Five images; pairs of each with the next one. */
    private void spair() throws IOException {
        for (int i = 0; i < 5; i++) {
            file("JPEGImages/cat/img" + i + ".jpg", image("jpg"));
        }
        for (int i = 0; i < 4; i++) {
            text(
                    "PairAnnotation/test/%06d:cat.json".formatted(i),
                    spair(i, "img" + i + ".jpg", "img" + (i + 1) + ".jpg"));
        }
    }

    private static List<String> ids(PairDataset set) {
        return set.pairs().stream().map(KeypointPair::id).toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a hundred bytes", "half a JPEG", "half a PNG", "WebP", "empty", "no last marker", "text"})
    void aBrokenImageIsLeftOutAndNamedBeforeAnythingRuns(String kind) throws IOException {
        spair();
        byte[] jpeg = image("jpg");
        file(
                "JPEGImages/cat/img2.jpg",
                switch (kind) {
                    case "a hundred bytes" -> Arrays.copyOf(jpeg, 100);
                    case "half a JPEG" -> half(jpeg);
                    case "half a PNG" -> half(image("png"));
                    case "WebP" -> "RIFF....WEBPVP8 ".getBytes(StandardCharsets.US_ASCII);
                    case "no last marker" -> Arrays.copyOf(jpeg, jpeg.length - 2);
                    case "text" -> "version https://git-lfs.github.com/spec/v1".getBytes(StandardCharsets.US_ASCII);
                    default -> new byte[0];
                });
        PairDataset set = read(0);
        assertThat(ids(set)).containsExactly("000000:cat", "000003:cat");
        assertThat(set.remarks())
                .singleElement()
                .asString()
                .startsWith("2 pairs with a broken image left out, such as JPEGImages")
                .contains("img2.jpg: ")
                .hasSizeLessThan(400);
    }

    @Test
    void severalBrokenImagesAreAllNamed() throws IOException {
        spair();
        file("JPEGImages/cat/img0.jpg", half(image("jpg")));
        file("JPEGImages/cat/img4.jpg", new byte[0]);
        PairDataset set = read(0);
        assertThat(ids(set)).containsExactly("000001:cat", "000002:cat");
        assertThat(set.remarks())
                .singleElement()
                .asString()
                .contains("img0.jpg")
                .contains("img4.jpg");
    }

    @Test
    void nothingButBrokenImagesIsOneShortSentence() throws IOException {
        spair();
        for (int i = 0; i < 5; i++) {
            file("JPEGImages/cat/img" + i + ".jpg", half(image("jpg")));
        }
        assertThatThrownBy(() -> read(0))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("4 pairs with a broken image left out")
                .hasMessageContaining("img0.jpg")
                .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(400));
    }

    @Test
    void brokenAnnotationsAreLeftOutAndNamed() throws IOException {
        spair();
        text("PairAnnotation/test/000001:cat.json", "{\"filename\": \"0000");
        file("PairAnnotation/test/000002:cat.json", new byte[0]);
        PairDataset set = read(0);
        assertThat(ids(set)).containsExactly("000000:cat", "000003:cat");
        assertThat(set.remarks())
                .singleElement()
                .asString()
                .startsWith("2 broken annotations left out, such as PairAnnotation")
                .contains("000001:cat.json: ")
                .contains("000002:cat.json: file must not be empty");
    }

    @Test
    void aPairThatIsAnnotatedForAnotherSizeIsLeftOut() throws IOException {
        spair();
        String other = spair(1, "img1.jpg", "img2.jpg");
        text(
                "PairAnnotation/test/000001:cat.json",
                other.replace("\"trg_imsize\": [100, 80, 3]", "\"trg_imsize\": [500, 400, 3]"));
        text(
                "PairAnnotation/test/000002:cat.json",
                other.replace("000001", "000002").replace("[100, 80, 3]", "[80, 100, 3]"));
        PairDataset set = read(0);
        assertThat(ids(set)).containsExactly("000000:cat", "000002:cat", "000003:cat");
        assertThat(set.remarks())
                .singleElement()
                .asString()
                .contains("1 pairs annotated for images of another size left out")
                .contains("img2.jpg is 100 x 80, annotated as 500 x 400");
    }

    @Test
    void filesOfTheSystemBesideAnnotationsArePassedOver() throws IOException {
        spair();
        PairDataset plain = read(0);
        byte[] attributes = {0, 5, 22, 7, 0, 2, 0, 0};
        for (int i = 0; i < 4; i++) {
            file("PairAnnotation/test/._%06d:cat.json".formatted(i), attributes);
        }
        file("PairAnnotation/test/.DS_Store", attributes);
        file("PairAnnotation/test/.ipynb_checkpoints/000001:cat.json", attributes);
        file("PairAnnotation/test/__MACOSX/._000001:cat.json", attributes);
        assertThat(read(0)).isEqualTo(plain);
    }

    @ParameterizedTest
    @ValueSource(strings = {"_", "\uf03a"})
    void annotationsWithAnotherSignForTheColonAreFound(String sign) throws IOException {
        Assumptions.assumeThat(System.getProperty("sun.jnu.encoding")).isEqualTo("UTF-8");
        spair();
        PairDataset plain = read(0);
        text("Layout/large/test.txt", "000000:cat\n000001:cat\n000002:cat\n000003:cat\n");
        for (int i = 0; i < 4; i++) {
            Path annotation = root.resolve("PairAnnotation/test/%06d:cat.json".formatted(i));
            Files.move(annotation, annotation.resolveSibling("%06d%scat.json".formatted(i, sign)));
        }
        assertThat(read(0)).isEqualTo(plain);
    }

    @Test
    void aLayoutWithAMarkAndOtherLineEndsIsTheSame() throws IOException {
        spair();
        text("Layout/large/test.txt", "000001:cat\n000003:cat\n");
        PairDataset plain = read(0);
        assertThat(ids(plain)).containsExactly("000001:cat", "000003:cat");
        text("Layout/large/test.txt", "\uFEFF000001:cat  \r\n000003:cat\r\n\r\n");
        assertThat(read(0)).isEqualTo(plain);
    }

    private static byte[] annotation(boolean willow, int shift) throws IOException {
        Matrix points = willow ? Mat5.newMatrix(2, 3) : Mat5.newMatrix(3, 2);
        for (int i = 0; i < 3; i++) {
            for (int k = 0; k < 2; k++) {
                points.setDouble(willow ? k : i, willow ? i : k, 10 * i + 5 * k + shift);
            }
        }
        Path file = Files.createTempFile("annotation", ".mat");
        try {
            Mat5.writeToFile(Mat5.newMatFile().addArray(willow ? "pts_coord" : "kps", points), file.toFile());
            return Files.readAllBytes(file);
        } finally {
            Files.delete(file);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void matlabAnnotationsLikewise(boolean willow) throws IOException {
        String images = willow ? "car/" : "JPEGImages/";
        String annotations = willow ? "car/" : "Annotations/car/";
        String ending = willow ? ".png" : ".jpg";
        for (int i = 0; i < 4; i++) {
            file(images + "n" + i + ending, image(ending.substring(1)));
            file(annotations + "n" + i + ".mat", annotation(willow, i));
        }
        PairDataset plain = read(100);
        assertThat(plain.pairs()).hasSize(12);
        for (int i = 0; i < 4; i++) {
            file(annotations + "._n" + i + ".mat", new byte[] {0, 5, 22, 7});
            file(images + "._n" + i + ending, new byte[] {0, 5, 22, 7});
        }
        file(annotations + ".DS_Store", new byte[] {1});
        file(annotations + ".ipynb_checkpoints/n0.mat", annotation(willow, 0));
        file("__MACOSX/n0.mat", annotation(willow, 0));
        file("__MACOSX/n0.png", image("png"));
        assertThat(read(100)).isEqualTo(plain);

        file(annotations + "n3.mat", half(annotation(willow, 3)));
        file(images + "n2" + ending, half(image(ending.substring(1))));
        PairDataset rest = read(100);
        assertThat(rest.pairs()).hasSize(2);
        assertThat(String.join("\n", rest.remarks()))
                .contains("1 broken annotations left out")
                .contains("n3.mat: ")
                .contains("4 pairs with a broken image left out")
                .contains("n2" + ending);
    }

    private void cub(String mark, String end) throws IOException {
        for (int i = 1; i <= 4; i++) {
            file("images/001.Black footed  bird/p " + i + ".jpg", image("jpg"));
        }
        String[][] texts = {
            {
                "images.txt",
                "1 001.Black footed  bird/p 1.jpg",
                "2 001.Black footed  bird/p 2.jpg",
                "3 001.Black footed  bird/p 3.jpg",
                "4 001.Black footed  bird/p 4.jpg"
            },
            {"train_test_split.txt", "1 0", "2 0", "3 0", "4 0"},
            {"bounding_boxes.txt", "1 10.0 5.0 40.0 30.0", "2 0.0 0.0 50.0 50.0", "3 0 0 9 9", "4 0 0 9 9"},
            {"parts/parts.txt", "1 back", "2 left eye"},
            {"parts/part_locs.txt", "1 1 10 20 1", "1 2 30 40 1", "2 1 11 21 1", "2 2 31 41 1", "3 1 1 1 1", "4 1 2 2 1"
            }
        };
        for (String[] text : texts) {
            text(text[0], mark + String.join(end, Arrays.asList(text).subList(1, text.length)) + end);
        }
    }

    @Test
    void cubWithMarksOtherLineEndsAndBlanksIsTheSame() throws IOException {
        cub("", "\n");
        PairDataset plain = read(100);
        assertThat(plain.pairs()).hasSize(12);
        assertThat(plain.remarks()).containsExactly("100 pairs were asked for, 12 exist");
        assertThat(plain.byCategory()).containsOnlyKeys("001.Black footed  bird");
        cub("\uFEFF", "\n");
        assertThat(read(100)).isEqualTo(plain);
        cub("\uFEFF", " \r\n");
        assertThat(read(100)).isEqualTo(plain);
        cub("", "\n\n");
        assertThat(read(100)).isEqualTo(plain);
    }

    @Test
    void aListInAnotherEncodingIsRefusedWithFileAndLine() throws IOException {
        file("käfer.jpg".replace("ä", "ae"), image("jpg"));
        String line = "{\"source_path\": \"kaefer.jpg\", \"target_path\": \"kaefer.jpg\", \"source_points\": [[1, 2]],"
                + " \"target_points\": [[1, 2]], \"category\": \"Käfer\"}\n";
        Path list = text("test.jsonl", "\uFEFF" + line + "\r\n" + line);
        assertThat(read(0).pairs()).hasSize(2).allMatch(pair -> pair.category().equals("Käfer"));
        Files.write(list, (line.replace("Käfer", "cat") + line).getBytes(StandardCharsets.ISO_8859_1));
        assertThatThrownBy(() -> read(0))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("must be UTF-8")
                .hasMessageContaining("line 2 (" + list + ")");
        Path array = text("list.json", "\uFEFF[" + line + "]");
        assertThat(PairLists.read(array, root).pairs()).hasSize(1);
    }

    @Test
    void namesThatNoFileCanHaveAreRefusedInOneSentence() throws IOException {
        Path list = text(
                "test.jsonl",
                "{\"source_path\": \"a\\u0000b\", \"target_path\": \"/\", \"source_points\": [[1, 2]],"
                        + " \"target_points\": [[1, 2]], \"category\": \"cat\"}\n");
        assertThatThrownBy(() -> read(0))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("'source_path' must be the name of a file")
                .hasMessageContaining(list + " line 1");
        text("test.jsonl", Files.readString(list).replace("a\\u0000b", "/"));
        assertThatThrownBy(() -> read(0)).isInstanceOf(IOException.class).hasMessageContaining("'source_path'");
    }

    @Test
    void anInterruptedThreadReadsDataSets() throws IOException {
        spair();
        PairDataset plain = read(0);
        Thread.currentThread().interrupt();
        try {
            assertThat(read(0)).isEqualTo(plain);
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
    }
}
