package io.github.dhf4j.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dhf4j.eval.annotation.AnnotationFormat;
import io.github.dhf4j.eval.annotation.LabelledImage;
import io.github.dhf4j.eval.annotation.Labels;
import io.github.dhf4j.transfer.TransferRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Labels as {@code dhf transfer} carries them over. */
class TransferAnnotationsTest {
    private static final double MINIMUM = 0.3;

    @TempDir
    private static Path drawn;

    private static SparkSession spark;
    private static List<LabelledImage> labelled;
    private static List<LabelledImage> exemplars;
    private static List<Path> targets;

    @BeforeAll
    static void draw() throws IOException {
        spark = SparkWorld.session();
        SparkWorld.draw(drawn, 2);
        labelled = Labels.read(drawn.resolve("test-labels.jsonl"), null).images();
        exemplars = List.of(named("car-1"), named("horse-1"));
        targets = new ArrayList<>();
        for (String name : List.of("car-2", "horse-2", "car-1")) {
            targets.add(named(name).path().toRealPath());
        }
        targets.add(Files.writeString(drawn.toRealPath().resolve("page.png"), "<html>"));
    }

    private static LabelledImage named(String name) {
        return labelled.stream()
                .filter(image -> image.path().endsWith("test-" + name + ".png"))
                .findFirst()
                .orElseThrow();
    }

    private static DescribeImages describe() {
        return new DescribeImages(spark, SparkWorld.RECIPE);
    }

    private static Path plain(Path folder) throws IOException {
        try (SharedPipelines.Lease lease = SharedPipelines.lease(SparkWorld.RECIPE);
                TransferRun.Result result = new TransferRun(lease.pipeline(), exemplars, List.of(), MINIMUM)
                        .to(targets, folder.resolve("journal"), 1, new Silent())) {
            Path out = folder.resolve("plain.jsonl");
            AnnotationFormat.LINES.write(result.images(), result.words(), folder, out);
            return out;
        }
    }

    private record Silent() implements TransferRun.Listener {
        @Override
        public void begin(int left, int already) {}

        @Override
        public void done(Path image, @Nullable Exception error) {}
    }

    @Test
    void labelsAreThoseOfThePlainTransfer(@TempDir Path folder) throws IOException {
        TransferAnnotations transfer = new TransferAnnotations(describe(), exemplars, List.of(), MINIMUM);
        Dataset<Row> rows =
                transfer.to(SparkWorld.paths(spark, targets.stream())).persist();
        Path out = folder.resolve("spark.jsonl");
        AnnotationFormat.LINES.write(TransferAnnotations.images(rows), transfer.words(), folder, out);
        assertThat(Files.readAllLines(out))
                .hasSize(3)
                .containsExactlyInAnyOrderElementsOf(Files.readAllLines(plain(folder)));
        Row broken = rows.where("error is not null").collectAsList().get(0);
        assertThat(broken.<String>getAs("path")).contains("page.png");
        assertThat(broken.<String>getAs("error")).contains("page.png");
        assertThat(broken.<String>getAs("labels")).isNull();
    }

    /** Unsorted: a sort computes what it sorts twice. */
    private static List<String> labels(Dataset<Row> rows) {
        return rows.collectAsList().stream()
                .map(row -> String.valueOf(row.<@Nullable String>getAs("labels")))
                .toList();
    }

    @Test
    void describedPicturesAreLabelledWithoutANetwork() throws IOException {
        DescribeImages describe = describe();
        TransferAnnotations transfer = new TransferAnnotations(describe, exemplars, List.of(), MINIMUM);
        Dataset<Row> images = SparkWorld.paths(spark, targets.stream());
        Dataset<Row> described =
                describe.withStorage(MapStorage.FLOAT32).describe(images).persist();
        described.count();
        long calls = describe.report().calls();
        List<String> labels = labels(transfer.toDescribed(described));
        assertThat(describe.report().calls()).isEqualTo(calls);
        assertThat(labels(transfer.to(images))).containsExactlyInAnyOrderElementsOf(labels);
        assertThat(describe.report().calls()).isEqualTo(calls + 2); // none for the exemplar, which has labels
    }

    @Test
    void whatCannotBeMeantIsRefusedBeforeAJob() {
        assertThatThrownBy(() -> new TransferAnnotations(describe(), List.of(), List.of(), MINIMUM))
                .hasMessageContaining("exemplars must have an annotation");
        LabelledImage page = new LabelledImage(
                drawn.resolve("page.png"),
                exemplars.get(0).size(),
                exemplars.get(0).annotations());
        assertThatThrownBy(() -> new TransferAnnotations(describe(), List.of(page), List.of(), MINIMUM))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("page.png");
    }
}
