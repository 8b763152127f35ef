package io.github.dhf4j.spark;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.struct;

import io.github.dhf4j.matching.Placement;
import io.github.dhf4j.matching.Point;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.storage.StorageLevel;

/**
 * Matches pairs of pictures by {@link io.github.dhf4j.matching.CorrespondenceMatcher}. In come rows of {@code source} and
 * {@code target} (paths) and, where only some places are asked for, {@code points} (array of {@code x}, {@code y}, in pixels
 * of the source, x right, y down); without points, or with none, all cells are matched and mutual neighbours kept.
 *
 * <p>Out come rows of {@code source}, {@code target}, {@code source_x}, {@code source_y}, {@code x}, {@code y} (in pixels of
 * the target), {@code similarity}, {@code confidence} and {@code absence} as {@link
 * io.github.dhf4j.matching.Correspondence} has them, and {@code error}: a pair that cannot be matched, since one of its
 * pictures could not be read or is not described, a point lies outside, or both are of different origins, is one row with a
 * reason.
 *
 * <p>Matches are computed where rows are needed, with no network. {@link #match(Dataset, Dataset)} shuffles the maps of both
 * pictures of each pair; {@link #oneAgainstAll} shuffles nothing.
 */
public final class MatchImages {
    private static final String OF_SOURCE = "dhf_source";
    private static final String OF_TARGET = "dhf_target";

    private final MatchTask task;

    /** Matches as the library does when it is told nothing: points where their descriptors' training locates them. */
    public MatchImages() {
        this(new MatchTask(false, PlacementForm.of(Placement.USUAL)));
    }

    private MatchImages(MatchTask task) {
        this.task = task;
    }

    /**
     * Drops points whose way back does not lead to where they came from.
     *
     * @return a changed copy
     */
    public MatchImages mutual() {
        return new MatchImages(new MatchTask(true, task.placement()));
    }

    /**
     * Places points otherwise: by another localizer, where neighbours agree, where one transform sends them. Confidences are
     * then the field's where it is smooth.
     *
     * @param placement how, not mirrored: of that, descriptors alone do not tell. Pictures that may be mirrored are described a
     *     second time as other rows
     * @return a changed copy
     * @throws IllegalArgumentException if it is mirrored
     */
    public MatchImages withPlacement(Placement placement) {
        if (placement.mirrored()) {
            throw new IllegalArgumentException(
                    "placement must not be mirrored where descriptors are matched, got a mirrored one; describe mirrored pictures as rows of their own");
        }
        return new MatchImages(new MatchTask(task.mutual(), PlacementForm.of(placement)));
    }

    /**
     * Matches described pictures.
     *
     * @param pairs as above
     * @param described a row a path, such as of {@link DescribedImages#read}
     * @return rows as above, of a pair in the order of its points; pairs in any order
     * @throws IllegalArgumentException if a column is missing
     */
    public Dataset<Row> match(Dataset<Row> pairs, Dataset<Row> described) {
        Dataset<Row> asked = asked(pairs);
        Column all = struct(Arrays.stream(DescriptorRows.columns().fieldNames())
                .map(functions::col)
                .toArray(Column[]::new));
        Dataset<Row> joined = asked.join(
                        described.select(col(DescriptorRows.PATH).as(MatchRows.SOURCE), all.as(OF_SOURCE)),
                        columns(MatchRows.SOURCE),
                        "left")
                .join(
                        described.select(col(DescriptorRows.PATH).as(MatchRows.TARGET), all.as(OF_TARGET)),
                        columns(MatchRows.TARGET),
                        "left");
        return matches(joined);
    }

    /**
     * Describes the pictures of pairs, each once, and matches them. The descriptors stay on the executors' disks until the
     * session ends or {@code spark.catalog().clearCache()}; to keep them, describe into a folder first.
     *
     * @param pairs as above; paths that the executors can read
     * @param describe how; with {@link MapStorage#FLOAT32} matches are those of the plain library
     * @return rows as above
     * @throws IllegalArgumentException if a column is missing
     */
    public Dataset<Row> match(Dataset<Row> pairs, DescribeImages describe) {
        Dataset<Row> asked = asked(pairs);
        Dataset<Row> paths = asked.select(col(MatchRows.SOURCE).as(DescriptorRows.PATH))
                .union(asked.select(col(MatchRows.TARGET).as(DescriptorRows.PATH)))
                .distinct();
        return match(pairs, describe.describe(paths).persist(StorageLevel.DISK_ONLY()));
    }

    /**
     * Matches one picture with all others, which need no shuffle: the one goes to every executor.
     *
     * @param source its path
     * @param points in its pixels; none for all its cells
     * @param described a row a path; the source among them
     * @return rows as above, also for the source with itself
     * @throws IllegalArgumentException if the source is not among the described
     */
    public Dataset<Row> oneAgainstAll(String source, List<Point> points, Dataset<Row> described) {
        String[] names = DescriptorRows.columns().fieldNames();
        List<Row> rows = described
                .where(col(DescriptorRows.PATH).equalTo(source))
                .selectExpr(names)
                .limit(1)
                .collectAsList();
        if (rows.isEmpty()) {
            throw new IllegalArgumentException(
                    "source must be among the described pictures, got none of its path (" + source + ")");
        }
        SparkSession spark = described.sparkSession();
        StructType one = new StructType()
                .add(MatchRows.SOURCE, "string", false)
                .add(MatchRows.POINTS, MatchRows.POINTS_TYPE, false)
                .add(OF_SOURCE, DescriptorRows.columns(), false);
        Row[] places = points.stream()
                .map(point -> RowFactory.create(point.x(), point.y()))
                .toArray(Row[]::new);
        Dataset<Row> first = spark.createDataFrame(List.of(RowFactory.create(source, places, rows.get(0))), one);
        Column all = struct(Arrays.stream(names).map(functions::col).toArray(Column[]::new));
        return matches(described
                .select(col(DescriptorRows.PATH).as(MatchRows.TARGET), all.as(OF_TARGET))
                .crossJoin(functions.broadcast(first)));
    }

    private Dataset<Row> matches(Dataset<Row> joined) {
        return joined.select(MatchRows.SOURCE, MatchRows.TARGET, MatchRows.POINTS, OF_SOURCE, OF_TARGET)
                .mapPartitions(task, Encoders.row(MatchRows.SCHEMA));
    }

    private static Dataset<Row> asked(Dataset<Row> pairs) {
        List<String> columns = Arrays.asList(pairs.columns());
        if (!columns.containsAll(List.of(MatchRows.SOURCE, MatchRows.TARGET))) {
            throw new IllegalArgumentException(
                    "pairs must have columns source and target, got " + String.join(", ", columns) + "; name them so");
        }
        Column points = columns.contains(MatchRows.POINTS) ? col(MatchRows.POINTS) : lit(null);
        return pairs.select(
                col(MatchRows.SOURCE),
                col(MatchRows.TARGET),
                points.cast(MatchRows.POINTS_TYPE).as(MatchRows.POINTS));
    }

    private static String[] columns(String name) {
        return new String[] {name};
    }
}
