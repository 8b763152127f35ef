package io.github.dhf4j.eval;

import io.github.dhf4j.eval.annotation.Labels;
import io.github.dhf4j.eval.data.PairDatasets;
import io.github.dhf4j.eval.data.Split;
import io.github.dhf4j.eval.pck.Evaluation;
import io.github.dhf4j.eval.pck.EvaluationFiles;
import io.github.dhf4j.eval.pck.PairCost;
import io.github.dhf4j.eval.pck.PointScore;
import io.github.dhf4j.eval.pck.Threshold;
import io.github.dhf4j.matching.Point;
import io.github.dhf4j.testing.ReaderFuzz;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import us.hebi.matlab.mat.format.Mat5;
import us.hebi.matlab.mat.types.Matrix;

/** Data sets in small trees of their layouts, and evaluations. */
class EvalReadersFuzzTest {
    @TempDir
    Path temporary;

    private Path root;

    @BeforeEach
    void makeFolder() throws IOException {
        root = ReaderFuzz.folder(temporary);
    }

    private Path text(String path, String... lines) throws IOException {
        Path file = root.resolve(path);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, String.join("\n", lines) + "\n");
    }

    private void image(String path) throws IOException {
        Path file = root.resolve(path);
        Files.createDirectories(file.getParent());
        ImageIO.write(new BufferedImage(100, 80, BufferedImage.TYPE_INT_RGB), "png", file.toFile());
    }

    private void readRoot(Path file) throws IOException {
        PairDatasets.read(root, null, new PairDatasets.Selection(Split.TEST, 5, 1));
    }

    private static void readList(Path file) throws IOException {
        PairDatasets.read(file, null, new PairDatasets.Selection(Split.TEST, 5, 1));
    }

    private static final String PAIR =
            "{\"id\": \"1\", \"source_path\": \"a.png\", \"target_path\": \"b.png\", \"source_points\": [[1, 2], [3.5, 4]],"
                    + " \"target_points\": [[5, 6], [7, 8]], \"category\": \"cat\", \"keypoints\": [\"ear\", \"n\u00f8se\"],"
                    + " \"source_bounding_box\": [1, 2, 30, 40], \"target_bounding_box\": null}";

    @Test
    void listsOfPairs() throws Exception {
        image("a.png");
        image("b.png");
        ReaderFuzz.of("list of pairs", text("list.json", "[" + PAIR + ", " + PAIR + "]"))
                .check(EvalReadersFuzzTest::readList);
        ReaderFuzz.of("lines of pairs", text("list.jsonl", PAIR, PAIR)).check(EvalReadersFuzzTest::readList);
    }

    @Test
    void spair71k() throws Exception {
        image("JPEGImages/cat/a.png");
        image("JPEGImages/cat/b.png");
        Path layout = text("Layout/large/test.txt", "1-a-b:cat");
        Path annotation = text(
                "PairAnnotation/test/1-a-b:cat.json",
                "{\"filename\": \"1-a-b:cat\", \"src_imname\": \"a.png\", \"trg_imname\": \"b.png\", \"src_kps\": [[1, 2]],"
                        + " \"trg_kps\": [[3, 4]], \"kps_ids\": [\"3\"], \"category\": \"cat\","
                        + " \"src_bndbox\": [1, 2, 50, 60], \"trg_bndbox\": [0, 0, 90, 70],"
                        + " \"src_imsize\": [100, 80, 3], \"trg_imsize\": [100, 80, 3], \"mirror\": 0}");
        ReaderFuzz.of("SPair annotation", annotation).check(this::readRoot);
        ReaderFuzz.of("SPair layout", layout).check(this::readRoot);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "images.txt",
                "train_test_split.txt",
                "bounding_boxes.txt",
                "parts/parts.txt",
                "parts/part_locs.txt"
            })
    void cub200(String damaged) throws Exception {
        image("images/001.Bird/a.png");
        image("images/001.Bird/b.png");
        text("images.txt", "1 001.Bird/a.png", "2 001.Bird/b.png");
        text("train_test_split.txt", "1 0", "2 0");
        text("bounding_boxes.txt", "1 10.0 5.0 40.0 30.0", "2 0.0 0.0 50.0 50.0");
        text("parts/parts.txt", "1 back", "2 left eye");
        text("parts/part_locs.txt", "1 1 10.0 20.0 1", "1 2 30.0 40.0 1", "2 1 11.0 21.0 1", "2 2 31.0 41.0 1");
        ReaderFuzz.of("CUB " + damaged.replace('/', ' '), root.resolve(damaged)).check(this::readRoot);
    }

    private static Matrix matrix(int rows, int columns) {
        Matrix matrix = Mat5.newMatrix(rows, columns);
        for (int i = 0; i < rows; i++) {
            for (int k = 0; k < columns; k++) {
                matrix.setDouble(i, k, 3 * i + 5 * k + 1);
            }
        }
        return matrix;
    }

    @Test
    void pfPascal() throws Exception {
        for (String name : List.of("a", "b")) {
            image("JPEGImages/" + name + ".jpg");
            Path path = root.resolve("Annotations/cat/" + name + ".mat");
            Files.createDirectories(path.getParent());
            Mat5.writeToFile(
                    Mat5.newMatFile().addArray("kps", matrix(3, 2)).addArray("bbox", matrix(1, 4)), path.toFile());
        }
        Path plain = root.resolve("plain.mat");
        try (var sink = us.hebi.matlab.mat.types.Sinks.newStreamingFile(plain.toFile())) {
            Mat5.newWriter(sink)
                    .setDeflateLevel(0)
                    .writeMat(Mat5.newMatFile()
                            .addArray(
                                    "all",
                                    Mat5.newStruct().set("kps", matrix(3, 2)).set("bbox", matrix(1, 4))));
        }
        ReaderFuzz.of("PF-PASCAL", root.resolve("Annotations/cat/a.mat"), Files.readAllBytes(plain))
                .check(this::readRoot);
    }

    @Test
    void pfWillow() throws Exception {
        for (String name : List.of("a", "b")) {
            image("car/" + name + ".png");
            Mat5.writeToFile(
                    Mat5.newMatFile().addArray("pts_coord", matrix(2, 10)),
                    root.resolve("car/" + name + ".mat").toFile());
        }
        ReaderFuzz.of("PF-WILLOW", root.resolve("car/b.mat")).check(this::readRoot);
    }

    @Test
    void ap10kAndMp100() throws Exception {
        for (String name : List.of("1", "2")) {
            image("JPEGImages/cats/cat/" + name + ".jpg");
            text(
                    "ImageAnnotation/cats/cat/" + name + ".json",
                    "{\"keypoints\": [" + "1, 2, 2, ".repeat(16) + "3, 4, 1], \"bbox\": [1, 2, 30, 40], \"width\": 100,"
                            + " \"height\": 80}");
        }
        Path pair = text(
                "PairAnnotation/test/1-2:cat.json",
                "{\"src_json_path\": \"ImageAnnotation/cats/cat/1.json\", \"trg_json_path\":"
                        + " \"ImageAnnotation/cats/cat/2.json\"}");
        ReaderFuzz.of("AP-10K pair", pair).check(this::readRoot);
        ReaderFuzz.of("AP-10K image", root.resolve("ImageAnnotation/cats/cat/1.json"))
                .check(this::readRoot);
        image("mp100/a.jpg");
        Path coco = text(
                "annotations/mp100_split1_test.json",
                "{\"categories\": [{\"id\": 7, \"name\": \"bed\"}], \"images\": [{\"id\": 1, \"file_name\": \"a.jpg\","
                        + " \"width\": 100, \"height\": 80}], \"annotations\": [{\"image_id\": 1, \"keypoints\": [1, 2, 2],"
                        + " \"bbox\": [1, 2, 3, 4]}]}");
        Path list = text(
                "pairs/pairs_bed.json", "[{\"src_file\": \"a.jpg\", \"trg_file\": \"a.jpg\", \"category_id\": 7}]");
        ReaderFuzz.of("MP-100 annotations", coco).check(this::readRoot);
        ReaderFuzz.of("MP-100 pairs", list).check(this::readRoot);
    }

    @Test
    void evaluations() throws Exception {
        PointScore score = new PointScore(
                "a to b", "cat", "left, \"eye\"", new Point(1, 2), new Point(3, 4), new Point(5, 6), 2.8, 100, 30);
        EvaluationFiles.write(
                new Evaluation("method", "data", 64, List.of(score, score)),
                List.of(new Threshold(0.1, Threshold.Of.IMG)),
                List.of("a remark"),
                root);
        for (String name : List.of("evaluation.json", "points.csv")) {
            ReaderFuzz.of("evaluation " + name, root.resolve(name)).check(file -> EvaluationFiles.read(root));
        }
        ReaderFuzz.of("pair cost", text("cost.txt", "1.25 310.5")).check(PairCost::read);
    }

    @Test
    void annotations() throws Exception {
        image("a.png");
        Path coco = text(
                "coco.json",
                "{\"images\": [{\"id\": 1, \"file_name\": \"a.png\", \"width\": 100, \"height\": 80}],"
                        + " \"categories\": [{\"id\": 7, \"name\": \"cat\", \"keypoints\": [\"nose\"]}], \"annotations\": ["
                        + "{\"id\": 1, \"image_id\": 1, \"category_id\": 7, \"bbox\": [1, 2, 30, 40], \"keypoints\": [5, 6, 2],"
                        + " \"segmentation\": [[1, 2, 30, 4, 5, 60]]},"
                        + "{\"id\": 2, \"image_id\": 1, \"category_id\": 7, \"iscrowd\": 1, \"segmentation\":"
                        + " {\"size\": [80, 100], \"counts\": [3000, 100, 4900]}}]}");
        ReaderFuzz.of("COCO", coco).check(file -> Labels.read(file, null));
        Path labelMe = text(
                "a.json",
                "{\"imagePath\": \"a.png\", \"imageWidth\": 100, \"imageHeight\": 80, \"shapes\": ["
                        + "{\"label\": \"cat\", \"points\": [[1, 2], [30, 40]], \"shape_type\": \"rectangle\", \"group_id\": 1},"
                        + "{\"label\": \"nose\", \"points\": [[3, 4]], \"shape_type\": \"point\", \"group_id\": 1}]}");
        ReaderFuzz.of("LabelMe", labelMe).check(file -> Labels.read(file, null));
        Path lines = text(
                "labels.jsonl",
                "{\"path\": \"a.png\", \"width\": 100, \"height\": 80, \"annotations\": [{\"category\": \"cat\","
                        + " \"keypoints\": [\"nose\"], \"points\": [[1, 2]], \"bounding_box\": [1, 2, 3, 4],"
                        + " \"polygons\": [[[1, 2], [3, 4], [5, 0]]], \"mask\": \"hm2T3Xl4mL\"}]}");
        ReaderFuzz.of("lines of annotations", lines).check(file -> Labels.read(file, null));
    }
}
