package io.github.dhf4j.spark;

import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.expressions.GenericRowWithSchema;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/** Rows that know their columns: between two tasks of one stage Spark hands the objects over as they are. */
final class Rows {
    private Rows() {}

    @SuppressWarnings("NullAway") // a row's cell may be null, and Spark does not say so
    static Row of(StructType columns, @Nullable Object... cells) {
        return new GenericRowWithSchema(cells, columns);
    }
}
