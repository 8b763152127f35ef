package io.github.dhf4j.cli;

import io.github.dhf4j.image.IndexedImage;
import io.github.dhf4j.image.RgbImage;
import io.github.dhf4j.image.Size;
import io.github.dhf4j.testing.Golden;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import us.hebi.matlab.mat.format.Mat5;
import us.hebi.matlab.mat.types.Matrix;

/** Miniature trees of the layouts in which benchmarks are published, of the same two pictures, with a file beside in each. */
final class BenchmarkFolders {
    private static final Path A = Golden.fixtures().resolve("images/a.png");
    private static final Path B = Golden.fixtures().resolve("images/b.png");
    private static final String SPAIR = """
            {"filename": "000001-a-b:cat", "src_imname": "a.jpg", "trg_imname": "b.jpg", "category": "cat",
             "src_kps": [[10, 20], [11, 21]], "trg_kps": [[30, 40], [31, 41]], "kps_ids": ["0", "1"],
             "src_bndbox": [1, 2, 50, 60], "trg_bndbox": [0, 0, 60, 60], "src_imsize": [%s, 3], "trg_imsize": [%s, 3]}""";

    private final Path root;

    BenchmarkFolders(Path root) {
        this.root = root;
    }

    private Path file(String path) throws IOException {
        Path file = root.resolve(path);
        Files.createDirectories(file.getParent());
        return file;
    }

    private void text(String path, String... lines) throws IOException {
        Files.writeString(file(path), String.join("\n", lines) + "\n");
    }

    private void pictures(String pattern) throws IOException {
        Files.copy(A, file(pattern.replace('*', 'a')));
        Files.copy(B, file(pattern.replace('*', 'b')));
    }

    private static String size(Path image) throws IOException {
        Size size = RgbImage.sizeOf(image);
        return size.width() + ", " + size.height();
    }

    /** The same as a JSON object's {@code width} goes on. */
    private static String sides(Path image) throws IOException {
        return size(image).replace(", ", ", \"height\": ");
    }

    Path spair(String name) throws IOException {
        pictures(name + "/JPEGImages/cat/*.jpg");
        text(name + "/Layout/large/test.txt", "000001-a-b:cat", "000002-b-a:cat");
        text(name + "/PairAnnotation/test/000001-a-b:cat.json", SPAIR.formatted(size(A), size(B)));
        text(name + "/README", "beside");
        return root.resolve(name);
    }

    Path ap10k() throws IOException {
        pictures("ap-10k/JPEGImages/Felidae/cat/*.jpg");
        for (String name : new String[] {"a", "b"}) {
            String points = IntStream.range(0, 17)
                    .mapToObj(i -> i == 3 ? "0, 0, 0" : i + 5 + ", " + 2 * i + ", 2")
                    .collect(Collectors.joining(", "));
            text(
                    "ap-10k/ImageAnnotation/Felidae/cat/" + name + ".json",
                    "{\"keypoints\": [" + points
                            + "], \"num_keypoints\": 16, \"bbox\": [1, 2, 30, 40], \"image_id\": 1, \"width\": "
                            + sides(name.equals("a") ? A : B) + "}");
        }
        for (String list : new String[] {"test", "test_cross_species", "test_cross_family"}) {
            text("ap-10k/PairAnnotation/" + list + "/a-b:cat.json", """
                    {"src_json_path": "data/ap-10k/ImageAnnotation/Felidae/cat/a.json",
                     "trg_json_path": "data/ap-10k/ImageAnnotation/Felidae/cat/b.json"}""");
        }
        text("ap-10k/annotations/notes.txt", "beside");
        return root.resolve("ap-10k");
    }

    Path mp100() throws IOException {
        pictures("mp100_all/mp100/sofa/*.jpg");
        String image = "{\"id\": %d, \"file_name\": \"sofa/%s.jpg\", \"width\": %s}";
        String points =
                "{\"image_id\": %d, \"keypoints\": [5, 6, 2, 0, 0, 0], \"num_keypoints\": 1, \"bbox\": [0, 0, %d, 20]}";
        text(
                "mp100_all/annotations/mp100_split1_test.json",
                "{\"categories\": [{\"id\": 7, \"name\": \"sofa\"}], \"images\": [" + image.formatted(1, "a", sides(A))
                        + ", "
                        + image.formatted(2, "b", sides(B)) + "], \"annotations\": [" + points.formatted(1, 10) + ", "
                        + points.formatted(1, 30) + ", " + points.formatted(2, 10) + ", " + points.formatted(2, 50)
                        + "]}");
        text(
                "mp100_all/pairs/pairs_furniture.json",
                "[{\"src_file\": \"sofa/a.jpg\", \"trg_file\": \"sofa/b.jpg\", \"category_id\": 7}]");
        text("mp100_all/annotations/mp100_split1_train.json", "beside");
        return root.resolve("mp100_all");
    }

    private static Matrix matrix(double[][] rows) {
        Matrix matrix = Mat5.newMatrix(rows.length, rows[0].length);
        for (int i = 0; i < rows.length; i++) {
            for (int j = 0; j < rows[0].length; j++) {
                matrix.setDouble(i, j, rows[i][j]);
            }
        }
        return matrix;
    }

    Path pfPascal(boolean lists) throws IOException {
        String name = lists ? "pf-pascal" : "drawn";
        pictures(name + "/PF-dataset-PASCAL/JPEGImages/*.jpg");
        for (String image : new String[] {"a", "b"}) {
            double[][] points = {{10, 20}, {Double.NaN, Double.NaN}, {30, 40}};
            Mat5.writeToFile(
                    Mat5.newMatFile().addArray("kps", matrix(points)).addArray("bbox", matrix(new double[][] {
                        {1, 2, 60, 50}
                    })),
                    file(name + "/PF-dataset-PASCAL/Annotations/bird/" + image + ".mat")
                            .toFile());
        }
        if (lists) {
            text(
                    name + "/test_pairs.csv",
                    "source_image,target_image,class",
                    "PF-dataset-PASCAL/JPEGImages/a.jpg,PF-dataset-PASCAL/JPEGImages/b.jpg,3");
        }
        return lists ? root.resolve(name) : root.resolve(name).resolve("PF-dataset-PASCAL");
    }

    Path pfWillow() throws IOException {
        pictures("PF-dataset/car(G)/*.png");
        for (String image : new String[] {"a", "b"}) {
            double[][] points = {{1, 6, 11, 16, 21, 26, 31, 36, 41, 46}, {2, 5, 8, 11, 14, 17, 20, 23, 26, 29}};
            Mat5.writeToFile(
                    Mat5.newMatFile().addArray("pts_coord", matrix(points)),
                    file("PF-dataset/car(G)/" + image + ".mat").toFile());
        }
        text("PF-dataset/notes.txt", "beside");
        return root.resolve("PF-dataset");
    }

    Path cub() throws IOException {
        pictures("CUB_200_2011/images/001.Bird/*.jpg");
        text("CUB_200_2011/images.txt", "1 001.Bird/a.jpg", "2 001.Bird/b.jpg");
        text("CUB_200_2011/train_test_split.txt", "1 0", "2 0");
        text("CUB_200_2011/bounding_boxes.txt", "1 10.0 5.0 40.0 30.0", "2 0.0 0.0 50.0 50.0");
        text("CUB_200_2011/parts/parts.txt", "1 back", "2 left eye");
        text("CUB_200_2011/parts/part_locs.txt", "1 1 10.0 20.0 1", "1 2 0 0 0", "2 1 30 4 1", "2 2 9 9 1");
        text("CUB_200_2011/README", "beside");
        return root.resolve("CUB_200_2011");
    }

    Path tss() throws IOException {
        String folder = "TSS_CVPR2016/JODS/car_01_02/";
        Files.copy(A, file(folder + "image1.png"));
        Files.copy(B, file(folder + "image2.png"));
        for (int i = 1; i <= 2; i++) {
            Size size = RgbImage.sizeOf(i == 1 ? A : B);
            ByteBuffer bytes =
                    ByteBuffer.allocate(12 + 8 * size.width() * size.height()).order(ByteOrder.LITTLE_ENDIAN);
            bytes.putFloat(202021.25f).putInt(size.width()).putInt(size.height());
            for (int pixel = 0; pixel < size.width() * size.height(); pixel++) {
                float flow = pixel % 97 == 0 ? 1 : 1e10f;
                bytes.putFloat(flow).putFloat(flow);
            }
            Files.write(file(folder + "flow" + i + ".flo"), bytes.array());
        }
        text(folder + "pair.txt", "beside");
        return root.resolve("TSS_CVPR2016");
    }

    Path davis() throws IOException {
        Size size = RgbImage.sizeOf(A);
        byte[] labels = new byte[size.width() * size.height()];
        Arrays.fill(labels, labels.length / 4, labels.length / 2, (byte) 1);
        Arrays.fill(labels, labels.length - 10, labels.length, (byte) 255);
        for (int i = 0; i < 4; i++) {
            Files.copy(A, file("DAVIS/JPEGImages/480p/still/0000" + i + ".jpg"));
            new IndexedImage(size, labels).write(file("DAVIS/Annotations/480p/still/0000" + i + ".png"));
        }
        text("DAVIS/ImageSets/2017/val.txt", "still", "gone");
        text("DAVIS/README.md", "beside");
        return root.resolve("DAVIS");
    }

    Path hpatches() throws IOException {
        RgbImage picture = RgbImage.read(A);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(
                ("P6\n" + picture.width() + " " + picture.height() + "\n255\n").getBytes(StandardCharsets.US_ASCII));
        bytes.writeBytes(picture.samples());
        for (String name : new String[] {"i_same", "v_same"}) {
            for (int i = 1; i <= 3; i++) {
                Files.write(file("hpatches-sequences-release/" + name + "/" + i + ".ppm"), bytes.toByteArray());
                text("hpatches-sequences-release/" + name + "/H_1_" + i, "1 0 0", "0 1 0", "0 0 1");
            }
        }
        text("hpatches-sequences-release/notes.txt", "beside");
        return root.resolve("hpatches-sequences-release");
    }
}
