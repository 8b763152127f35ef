package io.github.dhf4j.spark;

import io.github.dhf4j.matching.Correspondence;
import io.github.dhf4j.matching.Point;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/** Correspondences as rows, and points in rows. */
final class MatchRows {
    static final String SOURCE = "source";
    static final String TARGET = "target";
    static final String POINTS = "points";

    static final DataType POINTS_TYPE = DataTypes.createArrayType(
            new StructType().add("x", DataTypes.DoubleType, false).add("y", DataTypes.DoubleType, false));

    static final StructType SCHEMA = new StructType()
            .add(SOURCE, DataTypes.StringType, false)
            .add(TARGET, DataTypes.StringType, false)
            .add("source_x", DataTypes.DoubleType, true)
            .add("source_y", DataTypes.DoubleType, true)
            .add("x", DataTypes.DoubleType, true)
            .add("y", DataTypes.DoubleType, true)
            .add("similarity", DataTypes.DoubleType, true)
            .add("confidence", DataTypes.DoubleType, true)
            .add("absence", DataTypes.DoubleType, true)
            .add(DescriptorRows.ERROR, DataTypes.StringType, true);

    private MatchRows() {}

    /** Points of a cell; none where it is null. */
    static List<Point> points(@Nullable List<Row> rows) {
        List<Point> points = new ArrayList<>();
        if (rows != null) {
            rows.forEach(row ->
                    points.add(new Point(((Number) row.get(0)).doubleValue(), ((Number) row.get(1)).doubleValue())));
        }
        return points;
    }

    static Row of(String source, String target, Correspondence found) {
        return Rows.of(
                SCHEMA,
                source,
                target,
                found.source().x(),
                found.source().y(),
                found.target().x(),
                found.target().y(),
                found.similarity(),
                found.confidence(),
                found.absence(),
                null);
    }

    static Row broken(String source, String target, String reason) {
        return Rows.of(SCHEMA, source, target, null, null, null, null, null, null, null, reason);
    }
}
