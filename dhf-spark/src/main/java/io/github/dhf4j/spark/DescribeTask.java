package io.github.dhf4j.spark;

import io.github.dhf4j.feature.DescriptorMap;
import java.util.Collections;
import java.util.Iterator;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Row;
import org.apache.spark.util.SerializableConfiguration;

/** Rows of a path, and of the file's bytes where there is a second column, to rows of descriptors. */
record DescribeTask(
        PipelineRecipe recipe,
        MapStorage storage,
        int batch,
        DescribeCounters counters,
        Broadcast<SerializableConfiguration> files)
        implements MapPartitionsFunction<Row, Row> {
    @Override
    public Iterator<Row> call(Iterator<Row> rows) throws Exception {
        if (!rows.hasNext()) {
            return Collections.emptyIterator();
        }
        DescribeRun run = run(rows);
        Provenance made = run.provenance(recipe);
        return Iterators.map(run, result -> {
            ImageSource source = result.source();
            DescriptorMap map = result.described().map();
            return map == null
                    ? DescriptorRows.broken(source.path(), source.digest(), result.reason(), made)
                    : DescriptorRows.of(source.path(), source.digest(), map, storage, made);
        });
    }

    /** The pictures of the rows, described. */
    DescribeRun run(Iterator<Row> rows) throws Exception {
        return new DescribeRun(
                Iterators.map(rows, row -> new ImageSource(row.getString(0), row.size() > 1 ? row.getAs(1) : null)),
                recipe,
                batch,
                files.value().value(),
                counters);
    }
}
