package io.github.dhf4j.spark;

import static org.apache.spark.sql.functions.col;

import io.github.dhf4j.io.Digests;
import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;

/** What a folder of descriptors has not yet. */
record MissingImages(SparkSession spark, Broadcast<SerializableConfiguration> files) {
    private static final StructType KEYS = new StructType()
            .add(DescriptorRows.PATH, DataTypes.StringType, false)
            .add(DescriptorRows.DIGEST, DataTypes.StringType, true);

    /** The paths that have no row of their digest; shuffles paths and digests alone. */
    Dataset<Row> of(Dataset<Row> paths, String folder, String recipe, String storage) {
        if (!DescribedImages.isThere(spark, folder)) {
            return paths;
        }
        Dataset<Row> there = DescribedImages.read(spark, folder);
        requireSame(there, folder, recipe, storage);
        Dataset<Row> known =
                there.where(col(DescriptorRows.DIGEST).isNotNull()).select(DescriptorRows.PATH, DescriptorRows.DIGEST);
        Dataset<Row> unseen = join(paths, known.select(DescriptorRows.PATH), List.of(DescriptorRows.PATH), "left_anti");
        Dataset<Row> seen = join(paths, known.select(DescriptorRows.PATH), List.of(DescriptorRows.PATH), "left_semi");
        Dataset<Row> changed = join(
                        seen.mapPartitions(new DigestTask(files), Encoders.row(KEYS)),
                        known,
                        List.of(DescriptorRows.PATH, DescriptorRows.DIGEST),
                        "left_anti")
                .select(DescriptorRows.PATH);
        return unseen.union(changed);
    }

    private static Dataset<Row> join(Dataset<Row> left, Dataset<Row> right, List<String> by, String kind) {
        return left.join(right, by.toArray(String[]::new), kind);
    }

    private static void requireSame(Dataset<Row> there, String folder, String recipe, String storage) {
        List<Row> others = there.where(col(DescriptorRows.RECIPE)
                        .notEqual(recipe)
                        .or(col(DescriptorRows.STORAGE).notEqual(storage)))
                .select(DescriptorRows.RECIPE, DescriptorRows.STORAGE)
                .limit(1)
                .collectAsList();
        if (!others.isEmpty()) {
            throw new IllegalArgumentException("folder must hold descriptors of " + recipe + " in " + storage + ", got "
                    + others.get(0).get(0) + " in " + others.get(0).get(1) + " (" + folder + "); name another folder");
        }
    }

    /** Adds the digest of each file; null where it cannot be read, so that it is tried again. */
    private record DigestTask(Broadcast<SerializableConfiguration> files) implements MapPartitionsFunction<Row, Row> {
        @Override
        public Iterator<Row> call(Iterator<Row> paths) {
            Configuration configuration = files.value().value();
            return Iterators.map(paths, row -> digest(row.getString(0), configuration));
        }

        private static Row digest(String path, Configuration configuration) {
            try {
                return Rows.of(KEYS, path, Digests.of(ImageSource.bytes(path, configuration)));
            } catch (IOException e) {
                return Rows.of(KEYS, path, null);
            }
        }
    }
}
