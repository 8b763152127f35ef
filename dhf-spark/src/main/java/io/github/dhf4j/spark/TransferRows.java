package io.github.dhf4j.spark;

import com.google.gson.JsonObject;
import io.github.dhf4j.eval.annotation.AnnotationLines;
import io.github.dhf4j.eval.annotation.LabelledImage;
import io.github.dhf4j.io.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Labelled pictures as rows. */
final class TransferRows {
    static final String LABELS = "labels";

    static final StructType SCHEMA = new StructType()
            .add(DescriptorRows.PATH, DataTypes.StringType, false)
            .add(LABELS, DataTypes.StringType, true)
            .add("left_out", DataTypes.IntegerType, true)
            .add(DescriptorRows.ERROR, DataTypes.StringType, true);

    private TransferRows() {}

    static Row of(String path, LabelledImage image, int leftOut) {
        return Rows.of(SCHEMA, path, AnnotationLines.line(image, path).toString(), leftOut, null);
    }

    static Row broken(String path, String reason) {
        return Rows.of(SCHEMA, path, null, null, reason);
    }

    /** The picture of a row that has labels. */
    static LabelledImage image(Row row) {
        String path = row.getString(row.fieldIndex(DescriptorRows.PATH));
        return AnnotationLines.image(json(row.getString(row.fieldIndex(LABELS)), path), LocalPaths.of(path));
    }

    static JsonObject json(String text, String where) {
        try {
            return Json.parseObject(text, "'" + LABELS + "'", where);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
