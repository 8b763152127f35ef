package io.github.dhf4j.spark;

import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.struct;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;

/** Descriptors in a folder of Parquet files, as {@link DescribeImages#to} writes them. */
public final class DescribedImages {
    private static final String PLACE = "dhf_place";

    private DescribedImages() {}

    /**
     * Reads a folder: a row a path. Where there are several, since a task ran twice or a picture was changed and described
     * again, that of the file written last is taken. To know that, paths are shuffled and nothing else; numbers of rows that
     * nobody asks for are not read.
     *
     * @param spark borrowed
     * @param folder as it was written
     * @return rows of {@link DescriptorRows}
     */
    public static Dataset<Row> read(SparkSession spark, String folder) {
        Dataset<Row> all = spark.read().schema(DescriptorRows.columns()).parquet(folder);
        Column place =
                struct(col("_metadata.file_modification_time"), col("_metadata.file_path"), col("_metadata.row_index"));
        Dataset<Row> places = all.select(col(DescriptorRows.PATH), place.as(PLACE));
        Dataset<Row> several = places.groupBy(DescriptorRows.PATH)
                .agg(count(lit(1)).as("rows"), max(PLACE).as("last"))
                .where(col("rows").gt(1))
                .select(col(DescriptorRows.PATH).as("of"), col("last"));
        Dataset<Row> older = places.join(
                        broadcast(several), col(DescriptorRows.PATH).equalTo(col("of")))
                .where(col(PLACE).notEqual(col("last")))
                .select(PLACE);
        if (older.isEmpty()) {
            return all;
        }
        String[] columns = DescriptorRows.columns().fieldNames();
        return all.withColumn(PLACE, place)
                .join(broadcast(older), new String[] {PLACE}, "left_anti")
                .selectExpr(columns);
    }

    /** Adds files: each is whole the moment that its task ends, and stays if the job does not end. */
    static void write(Dataset<Row> rows, String folder) {
        rows.write()
                .mode(SaveMode.Append)
                .option("mapreduce.fileoutputcommitter.algorithm.version", "2")
                .option("maxRecordsPerFile", "0")
                // numbers do not repeat, and rows are large: look at sizes often
                .option("parquet.enable.dictionary#values", "false")
                .option("parquet.page.size.row.check.min", "1")
                .option("parquet.block.size.row.check.min", "1")
                .parquet(folder);
    }

    /** Whether a folder has a file of rows. */
    static boolean isThere(SparkSession spark, String folder) {
        Path path = new Path(folder);
        try {
            FileSystem files = path.getFileSystem(spark.sparkContext().hadoopConfiguration());
            if (!files.exists(path)) {
                return false;
            }
            for (FileStatus each : files.listStatus(path)) {
                String name = each.getPath().getName();
                if (!name.startsWith("_") && !name.startsWith(".")) {
                    return true;
                }
            }
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException("folder of descriptors must be readable, got " + e + " (" + folder + ")", e);
        }
    }
}
