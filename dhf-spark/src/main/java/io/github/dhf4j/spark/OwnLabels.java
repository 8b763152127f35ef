package io.github.dhf4j.spark;

import io.github.dhf4j.eval.annotation.AnnotationLines;
import io.github.dhf4j.eval.annotation.LabelledImage;
import java.io.Serializable;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.function.FilterFunction;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Row;

/** Pictures that have labels and keep them: a line of JSON by what tells a file from others. */
record OwnLabels(HashMap<String, String> lines) implements Serializable {
    static OwnLabels of(List<LabelledImage> images) {
        HashMap<String, String> lines = new HashMap<>();
        for (LabelledImage image : images) {
            lines.put(
                    LocalPaths.key(image.path().toString()),
                    AnnotationLines.line(image, "").toString());
        }
        return new OwnLabels(lines);
    }

    /** Whether a row's picture is one of them, or is none. */
    FilterFunction<Row> are(boolean own) {
        return row -> lines.containsKey(LocalPaths.key(path(row))) == own;
    }

    /** Rows of these to their labels. */
    MapPartitionsFunction<Row, Row> labels() {
        return rows -> labels(rows);
    }

    private Iterator<Row> labels(Iterator<Row> rows) {
        return Iterators.map(rows, row -> {
            String path = path(row);
            String line = lines.getOrDefault(LocalPaths.key(path), "");
            return TransferRows.of(path, AnnotationLines.image(TransferRows.json(line, path), LocalPaths.of(path)), 0);
        });
    }

    private static String path(Row row) {
        return row.getString(row.fieldIndex(DescriptorRows.PATH));
    }
}
