package io.github.dhf4j.spark;

import static org.apache.spark.sql.functions.col;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dhf4j.DescriptorPipeline;
import io.github.dhf4j.feature.DescriptorMap;
import io.github.dhf4j.image.RgbImage;
import io.github.dhf4j.io.Digests;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pictures to rows and back, and what a second run does. */
class DescribeImagesTest {
    @TempDir
    private static Path drawn;

    @TempDir
    private Path folder;

    private static SparkSession spark;
    private Path pictures;
    private String out;

    @BeforeAll
    static void draw() throws IOException {
        spark = SparkWorld.session();
        SparkWorld.draw(drawn, 2);
    }

    @BeforeEach
    void pictures() throws IOException {
        pictures = Files.createDirectories(folder.resolve("pictures of a world"));
        for (String name : List.of("car", "horse", "chair", "bird")) {
            Files.copy(drawn.resolve("images/test-" + name + "-1.png"), pictures.resolve(name + ".png"));
        }
        Files.writeString(pictures.resolve("page.png"), "<html>");
        out = folder.resolve("maps").toString();
    }

    private Dataset<Row> images() {
        return spark.read().format("binaryFile").load(pictures.toString());
    }

    private static DescribeImages describe() {
        return new DescribeImages(spark, SparkWorld.RECIPE).withImagesPerTask(2);
    }

    private static Map<String, Row> byName(Dataset<Row> rows) {
        Map<String, Row> byName = new HashMap<>();
        for (Row row : rows.collectAsList()) {
            byName.put(LocalPaths.of(row.getAs("path")).getFileName().toString(), row);
        }
        return byName;
    }

    private static Row row(Map<String, Row> rows, String name) {
        return Objects.requireNonNull(rows.get(name), name);
    }

    private static DescriptorMap plain(Path image) throws IOException {
        try (SharedPipelines.Lease lease = SharedPipelines.lease(SparkWorld.RECIPE)) {
            return lease.pipeline().describe(List.of(RgbImage.read(image))).get(0);
        }
    }

    @Test
    void rowsAreThePipelinesMapsWithinTheStoragesRounding() throws IOException {
        DescriptorMap car = plain(pictures.resolve("car.png"));
        DescriptorMap horse = plain(pictures.resolve("horse.png"));
        for (MapStorage storage : MapStorage.values()) {
            Map<String, Row> rows = byName(describe().withStorage(storage).describe(images()));
            assertThat(rows).hasSize(5);
            requireNear(DescriptorRows.map(row(rows, "car.png")), car, storage);
            requireNear(DescriptorRows.map(row(rows, "horse.png")), horse, storage);
        }
    }

    /** A batch's sums may be taken in another order than those of one picture: in int8 that is not seen. */
    @Test
    void picturesOfABatchKeepTheirPlaces() throws IOException {
        Map<String, Row> rows =
                byName(describe().withBatch(2).withStorage(MapStorage.INT8).describe(images().coalesce(1)));
        assertThat(rows).hasSize(5);
        for (String name : List.of("car.png", "horse.png", "chair.png")) {
            float[] read = DescriptorRows.map(row(rows, name)).values();
            float[] made = plain(pictures.resolve(name)).values();
            float largest = 0;
            float differ = 0;
            for (int i = 0; i < made.length; i++) {
                largest = Math.max(largest, Math.abs(made[i]));
                differ = Math.max(differ, Math.abs(read[i] - made[i]));
            }
            assertThat(differ).isLessThan(largest / 200);
        }
    }

    private static void requireNear(DescriptorMap read, DescriptorMap made, MapStorage storage) {
        assertThat(read.imageSize()).isEqualTo(made.imageSize());
        assertThat(read.loadSize()).isEqualTo(made.loadSize());
        assertThat(read.matchSize()).isEqualTo(made.matchSize());
        assertThat(read.extent()).isEqualTo(made.extent());
        assertThat(read.confidence()).isEqualTo(made.confidence());
        read.requireComparable(made);
        if (storage == MapStorage.FLOAT32) {
            assertThat(read).isEqualTo(made);
            return;
        }
        MapStorageTest.requireNear(read, made, storage);
    }

    @Test
    void aRowSaysWhereItComesFrom() throws IOException {
        Row row = row(byName(describe().describe(images())), "bird.png");
        try (SharedPipelines.Lease lease = SharedPipelines.lease(SparkWorld.RECIPE)) {
            DescriptorPipeline pipeline = lease.pipeline();
            assertThat(row.<String>getAs("network_name"))
                    .isEqualTo(pipeline.origin().network().name());
            assertThat(row.<String>getAs("network_digest"))
                    .isEqualTo(pipeline.origin().network().digest().orElseThrow());
            assertThat(row.<String>getAs("descriptors_digest"))
                    .isEqualTo(pipeline.origin().descriptors().digest().orElseThrow());
            assertThat(row.<String>getAs("fingerprint"))
                    .isEqualTo(pipeline.extractor().fingerprint());
        }
        assertThat(row.<String>getAs("digest")).isEqualTo(Digests.ofFile(pictures.resolve("bird.png")));
        assertThat(row.<String>getAs("recipe")).isEqualTo("{\"calls\":\"1\",\"dtype\":\"float32\"}");
        assertThat(row.<Integer>getAs("threads")).isEqualTo(1);
        assertThat(row.<String>getAs("storage")).isEqualTo("float16");
    }

    @Test
    void aBrokenPictureIsARowWithAReason() throws IOException {
        Dataset<Row> paths = SparkWorld.paths(
                spark, Stream.of("car.png", "page.png", "gone.png").map(pictures::resolve));
        DescribeImages describe = describe();
        Map<String, Row> rows = byName(describe.describe(paths));
        assertThat(row(rows, "page.png").<String>getAs("error")).contains("page.png");
        assertThat(row(rows, "page.png").<String>getAs("digest")).isNotNull();
        assertThat(row(rows, "gone.png").<String>getAs("error")).contains("gone.png");
        assertThat(row(rows, "gone.png").<String>getAs("digest")).isNull();
        assertThat(row(rows, "car.png").<String>getAs("error")).isNull();
        assertThatThrownBy(() -> DescriptorRows.map(row(rows, "page.png")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("picture must have descriptors, got none")
                .hasMessageContaining("page.png");
        DescribeReport report = describe.report();
        assertThat(report.images()).isEqualTo(1);
        assertThat(report.broken()).isEqualTo(2);
        assertThat(report.calls()).isEqualTo(1);
        assertThat(report.seconds()).isPositive();
    }

    @Test
    void aSecondRunDoesOnlyWhatIsMissing() throws IOException {
        DescribeReport first = describe().to(images(), out);
        assertThat(first.images()).isEqualTo(4);
        assertThat(first.broken()).isEqualTo(1);
        List<String> files = files();
        assertThat(files).hasSizeBetween(2, 3); // one a task that has rows
        assertThat(describe().to(images(), out)).isEqualTo(new DescribeReport(0, 0, 0, 0));
        assertThat(files()).isEqualTo(files);

        Files.copy(drawn.resolve("images/test-bus-1.png"), pictures.resolve("bus.png"));
        Files.copy(
                drawn.resolve("images/test-car-2.png"),
                pictures.resolve("car.png"),
                StandardCopyOption.REPLACE_EXISTING);
        DescribeReport again = describe().to(images(), out);
        assertThat(again.images()).isEqualTo(2);
        assertThat(again.broken()).isZero();

        Dataset<Row> rows = DescribedImages.read(spark, out);
        assertThat(rows.count()).isEqualTo(6);
        Map<String, Row> byName = byName(rows);
        assertThat(byName).hasSize(6);
        assertThat(row(byName, "car.png").<String>getAs("digest"))
                .isEqualTo(Digests.ofFile(pictures.resolve("car.png")));
        DescriptorMap bus = DescriptorRows.map(row(byName, "bus.png"));
        MapStorageTest.requireNear(bus, plain(pictures.resolve("bus.png")), MapStorage.FLOAT16);
    }

    private List<String> files() throws IOException {
        try (Stream<Path> files = Files.list(Path.of(out))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".parquet"))
                    .sorted()
                    .toList();
        }
    }

    /** As a task leaves it that ran twice, or a driver that was killed before its job was done. */
    @Test
    void rowsThatAreThereTwiceAreReadOnceAndHalfAJobGoesOn() {
        describe().to(images().where(col("path").rlike("(car|horse)")), out);
        DescribedImages.write(DescribedImages.read(spark, out), out);
        assertThat(spark.read().parquet(out).count()).isEqualTo(4);
        assertThat(DescribedImages.read(spark, out).count()).isEqualTo(2);
        assertThat(describe().to(images(), out).images()).isEqualTo(2);
        Dataset<Row> rows = DescribedImages.read(spark, out);
        assertThat(rows.count()).isEqualTo(5);
        assertThat(rows.columns()).isEqualTo(DescriptorRows.columns().fieldNames());
    }

    @Test
    void whatCannotBeMeantIsRefused() {
        describe().to(images().where(col("path").rlike("car")), out);
        DescribeImages other = new DescribeImages(spark, SparkWorld.RECIPE.withCalls("2"));
        assertThatThrownBy(() -> other.to(images(), out))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("\"calls\":\"2\"")
                .hasMessageContaining("\"calls\":\"1\"")
                .hasMessageContaining("name another folder");
        assertThatThrownBy(() -> describe().withStorage(MapStorage.INT8).to(images(), out))
                .hasMessageContaining("in int8, got");
        assertThatThrownBy(() -> describe().describe(images().select("length")))
                .hasMessageContaining("images must have a column path, got length");
        assertThatThrownBy(() -> describe().withBatch(0)).hasMessageContaining("got 0");
    }

    @Test
    void tasksOfAJvmShareOnePipeline() {
        SharedPipelines.closeIdle();
        describe().describe(images().repartition(4)).collectAsList();
        assertThat(SharedPipelines.count()).isEqualTo(1);
        SharedPipelines.closeIdle();
        assertThat(SharedPipelines.count()).isZero();
    }

    @Test
    void networkCallsAreOneAtATime() {
        DescribeImages describe = describe();
        long began = System.nanoTime();
        describe.describe(images().repartition(4)).collectAsList();
        double wall = (System.nanoTime() - began) / 1e9;
        // of two slots whose calls overlapped the sum could be more than the time that passed
        assertThat(describe.report().seconds()).isLessThan(wall);
        assertThat(describe.report().calls()).isEqualTo(4);
    }
}
