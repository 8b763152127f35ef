package io.github.dhf4j.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dhf4j.DescribedImage;
import io.github.dhf4j.Hyperfeatures;
import io.github.dhf4j.data.KeypointPair;
import io.github.dhf4j.matching.Correspondence;
import io.github.dhf4j.matching.Localizer;
import io.github.dhf4j.matching.MatchOptions;
import io.github.dhf4j.matching.Placement;
import io.github.dhf4j.matching.PlaneTransform;
import io.github.dhf4j.matching.Point;
import io.github.dhf4j.matching.WindowSoftArgMax;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Matches as the plain library finds them. */
class MatchImagesTest {
    private static final StructType PAIRS = new StructType()
            .add("source", "string", false)
            .add("target", "string", false)
            .add("points", MatchRows.POINTS_TYPE, true);

    @TempDir
    private static Path drawn;

    private static SparkSession spark;
    private static List<KeypointPair> pairs;

    @BeforeAll
    static void draw() throws IOException {
        spark = SparkWorld.session();
        pairs = SparkWorld.draw(drawn, 3);
    }

    private static Row[] cells(List<Point> points) {
        return points.stream()
                .map(point -> RowFactory.create(point.x(), point.y()))
                .toArray(Row[]::new);
    }

    private static DescribeImages exactly() {
        return new DescribeImages(spark, SparkWorld.RECIPE).withStorage(MapStorage.FLOAT32);
    }

    private static List<Correspondence> plain(Path source, Path target, List<Point> points, MatchOptions options)
            throws IOException {
        try (SharedPipelines.Lease lease = SharedPipelines.lease(SparkWorld.RECIPE)) {
            DescribedImage from = Hyperfeatures.with(lease.pipeline()).of(source);
            DescribedImage to = Hyperfeatures.with(lease.pipeline()).of(target);
            return points.isEmpty() ? from.matchAll(to, options) : from.match(to, points, options);
        }
    }

    private static List<Correspondence> of(Dataset<Row> found, Path source, Path target) {
        return found.collectAsList().stream()
                .filter(row -> row.getAs("source").equals(source.toString())
                        && row.getAs("target").equals(target.toString()))
                .map(row -> new Correspondence(
                        new Point(row.getAs("source_x"), row.getAs("source_y")),
                        new Point(row.getAs("x"), row.getAs("y")),
                        row.getAs("similarity"),
                        row.getAs("confidence"),
                        row.getAs("absence")))
                .toList();
    }

    @Test
    void pairsAreMatchedAsByThePlainLibrary() throws IOException {
        List<Row> rows = new ArrayList<>();
        for (KeypointPair pair : pairs) {
            rows.add(RowFactory.create(pair.source().toString(), pair.target().toString(), cells(pair.sourcePoints())));
        }
        Dataset<Row> found = new MatchImages().match(spark.createDataFrame(rows, PAIRS), exactly());
        for (KeypointPair pair : pairs) {
            assertThat(of(found, pair.source(), pair.target()))
                    .isEqualTo(plain(pair.source(), pair.target(), pair.sourcePoints(), MatchOptions.USUAL.trusted()));
        }
    }

    @Test
    void withoutPointsCellsAreMatchedMutually() throws IOException {
        KeypointPair pair = pairs.get(0);
        Dataset<Row> asked = spark.createDataFrame(
                List.of(RowFactory.create(
                        pair.source().toString(), pair.target().toString())),
                new StructType().add("source", "string").add("target", "string"));
        Dataset<Row> found = new MatchImages().withPlacement(Placement.NEAREST).match(asked, exactly());
        assertThat(of(found, pair.source(), pair.target()))
                .isNotEmpty()
                .isEqualTo(plain(pair.source(), pair.target(), List.of(), MatchOptions.MUTUAL.trusted()));
    }

    @Test
    void oneIsMatchedWithAll() throws IOException {
        KeypointPair pair = pairs.get(0);
        Dataset<Row> described = exactly()
                .describe(SparkWorld.paths(spark, Stream.of(pair.source(), pair.target())))
                .persist();
        Dataset<Row> found = new MatchImages()
                .mutual()
                .withPlacement(Placement.of(WindowSoftArgMax.ONE_CELL))
                .oneAgainstAll(pair.source().toString(), pair.sourcePoints(), described);
        MatchOptions options = MatchOptions.MUTUAL.refined().trusted();
        for (Path target : List.of(pair.source(), pair.target())) {
            assertThat(of(found, pair.source(), target))
                    .isEqualTo(plain(pair.source(), target, pair.sourcePoints(), options));
        }
        assertThatThrownBy(() -> new MatchImages().oneAgainstAll("gone.png", List.of(), described))
                .hasMessageContaining("gone.png");
    }

    @Test
    void neighboursAndATransformHaveTheirSay() throws IOException {
        KeypointPair pair = pairs.get(0);
        Placement placement = new Placement(Localizer.USUAL, true, PlaneTransform.Kind.AFFINE, false);
        Dataset<Row> described = exactly()
                .describe(SparkWorld.paths(spark, Stream.of(pair.source(), pair.target())))
                .persist();
        MatchImages placed = new MatchImages().withPlacement(placement);
        Dataset<Row> found = placed.oneAgainstAll(pair.source().toString(), pair.sourcePoints(), described);
        List<Correspondence> expected;
        try (SharedPipelines.Lease lease = SharedPipelines.lease(SparkWorld.RECIPE)) {
            Hyperfeatures.Images images = Hyperfeatures.with(lease.pipeline());
            DescribedImage source = images.of(pair.source());
            DescribedImage target = images.of(pair.target());
            source.descriptors(); // one at a time, as there
            target.descriptors();
            expected = source.place(target, pair.sourcePoints(), placement);
        }
        assertThat(of(found, pair.source(), pair.target()).stream().map(each -> each.withAbsence(Double.NaN)))
                .isEqualTo(expected)
                .isNotEqualTo(plain(pair.source(), pair.target(), pair.sourcePoints(), MatchOptions.NEAREST));
        assertThatThrownBy(() -> placed.withPlacement(new Placement(Localizer.USUAL, false, null, true)))
                .hasMessageContaining("must not be mirrored");
    }

    @Test
    void whatCannotBeMatchedIsARowWithAReason() {
        KeypointPair pair = pairs.get(0);
        String source = pair.source().toString();
        String target = pair.target().toString();
        Dataset<Row> described = exactly().describe(SparkWorld.paths(spark, Stream.of(pair.source(), pair.target())));
        Dataset<Row> asked = spark.createDataFrame(
                List.of(
                        RowFactory.create(source, "gone.png", cells(List.of(new Point(1, 2)))),
                        RowFactory.create(source, target, cells(List.of(new Point(-5, 2))))),
                PAIRS);
        List<Row> rows =
                new MatchImages().match(asked, described).orderBy("target").collectAsList();
        assertThat(rows)
                .hasSize(2)
                .allSatisfy(row -> assertThat(row.isNullAt(row.fieldIndex("x"))).isTrue());
        assertThat(rows.stream().map(row -> row.<String>getAs("error")))
                .anyMatch(error -> error.contains("no row of it (gone.png)"))
                .anyMatch(error -> error.contains("-5"));
        assertThatThrownBy(() -> new MatchImages().match(described, described))
                .hasMessageContaining("pairs must have columns source and target");
    }
}
