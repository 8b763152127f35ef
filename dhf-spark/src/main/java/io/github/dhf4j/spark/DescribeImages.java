package io.github.dhf4j.spark;

import java.util.Arrays;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.storage.StorageLevel;
import org.apache.spark.util.SerializableConfiguration;

/**
 * Describes pictures: rows of paths in, rows of {@link DescriptorRows} out. A picture that cannot be read is a row with the
 * reason; what fails a task is what would fail for every picture, such as a checkpoint that is not there, weights that give
 * numbers that are none, or a lack of memory.
 *
 * <pre>{@code
 * DescribeImages describe = new DescribeImages(spark, PipelineRecipe.DEFAULT.withPreset("paper"));
 * DescribeReport report = describe.to(spark.read().format("binaryFile").load("/data/pictures"), "/data/maps");
 * Dataset<Row> rows = DescribedImages.read(spark, "/data/maps");
 * }</pre>
 *
 * <p><b>Threads.</b> The tasks of an executor share one pipeline, and one call of the network runs at a time, with as many
 * threads of the engine as the executor has cores. Pictures of other tasks are decoded, and results written, meanwhile: two
 * task slots an executor keep the network busy, more are of use where storage is slow.
 *
 * <p><b>Memory of an executor.</b> The network once, in native memory outside of the heap (leave room by {@code
 * spark.executor.memoryOverhead}); for each task slot two batches of pictures and one of maps in the heap, and what Parquet
 * holds of a row group.
 */
public final class DescribeImages {
    private static final int IMAGES_PER_TASK = 64;

    private final SparkSession spark;
    private final PipelineRecipe recipe;
    private final MapStorage storage;
    private final int batch;
    private final int imagesPerTask;
    private final DescribeCounters counters;
    private final Broadcast<SerializableConfiguration> files;

    /**
     * Describes in half precision, one picture at a time, in tasks of 64 pictures.
     *
     * @param spark a session on a cluster or in this JVM; borrowed
     * @param recipe what describes
     */
    public DescribeImages(SparkSession spark, PipelineRecipe recipe) {
        this(
                spark,
                recipe,
                MapStorage.FLOAT16,
                1,
                IMAGES_PER_TASK,
                DescribeCounters.of(spark.sparkContext()),
                JavaSparkContext.fromSparkContext(spark.sparkContext())
                        .broadcast(new SerializableConfiguration(
                                spark.sparkContext().hadoopConfiguration())));
    }

    private DescribeImages(
            SparkSession spark,
            PipelineRecipe recipe,
            MapStorage storage,
            int batch,
            int imagesPerTask,
            DescribeCounters counters,
            Broadcast<SerializableConfiguration> files) {
        this.spark = spark;
        this.recipe = recipe;
        this.storage = storage;
        this.batch = batch;
        this.imagesPerTask = imagesPerTask;
        this.counters = counters;
        this.files = files;
    }

    /**
     * Kept otherwise.
     *
     * @param other how the numbers of maps are kept
     * @return a changed copy, with the same counters
     */
    public DescribeImages withStorage(MapStorage other) {
        return new DescribeImages(spark, recipe, other, batch, imagesPerTask, counters, files);
    }

    /**
     * With several pictures in the network at once, which pays on a GPU.
     *
     * @param images 1 or more
     * @return a changed copy, with the same counters
     * @throws IllegalArgumentException if it is less
     */
    public DescribeImages withBatch(int images) {
        return new DescribeImages(spark, recipe, storage, positive("batch", images), imagesPerTask, counters, files);
    }

    /**
     * In smaller or larger tasks: what a lost executor costs is what its tasks had done.
     *
     * @param images 1 or more; each task of {@link #to} writes one file of as many rows
     * @return a changed copy, with the same counters
     * @throws IllegalArgumentException if it is less
     */
    public DescribeImages withImagesPerTask(int images) {
        return new DescribeImages(spark, recipe, storage, batch, positive("images of a task", images), counters, files);
    }

    private static int positive(String what, int number) {
        if (number < 1) {
            throw new IllegalArgumentException(what + " must be 1 or more, got " + number);
        }
        return number;
    }

    /**
     * Describes when the result is needed, without a shuffle: a partition in, a partition out. What computes the result
     * twice runs the network twice; write it ({@link #to}) or persist it first.
     *
     * @param images rows of the source {@code binaryFile}, or of a column {@code path} whose files the executors can read;
     *     where there is a column {@code content} it is taken for the file's bytes
     * @return rows of {@link DescriptorRows}
     * @throws IllegalArgumentException if there is no column {@code path}
     */
    public Dataset<Row> describe(Dataset<Row> images) {
        boolean content = Arrays.asList(images.columns()).contains("content");
        Dataset<Row> sources = content ? images.select(DescriptorRows.PATH, "content") : paths(images);
        return sources.mapPartitions(task(), Encoders.row(DescriptorRows.columns()));
    }

    /**
     * Describes into a folder of Parquet files what is not there: a picture is there if a row has its path and the digest of
     * its content, whether it was described or its content could not be decoded. The files of what may be there are read to
     * know that; a folder that is new or empty costs nothing. Pictures are read by their paths, by the executors.
     *
     * <p>A task writes one file, which appears as a whole when the task ends: of a job that is stopped, by whatever, the
     * files of finished tasks stay. Tasks that ran twice may leave a row twice; {@link DescribedImages#read} tells them apart.
     *
     * @param images rows of the source {@code binaryFile}, whose content is not looked at, or of a column {@code path}
     * @param folder where the files go, on any file system that Hadoop knows and the executors see
     * @return what was done this time
     * @throws IllegalArgumentException if there is no column {@code path}, or the folder holds rows of another recipe or
     *     storage
     */
    public DescribeReport to(Dataset<Row> images, String folder) {
        DescribeReport before = counters.report();
        MissingImages missing = new MissingImages(spark, files);
        Dataset<Row> left = missing.of(paths(images).distinct(), folder, recipe.key(), storage.word())
                .persist(StorageLevel.MEMORY_AND_DISK());
        try {
            long count = left.count();
            if (count > 0) {
                int tasks = Math.toIntExact((count + imagesPerTask - 1) / imagesPerTask);
                DescribedImages.write(
                        left.repartitionByRange(tasks, functions.col(DescriptorRows.PATH))
                                .mapPartitions(task(), Encoders.row(DescriptorRows.columns())),
                        folder);
            }
        } finally {
            left.unpersist();
        }
        return counters.report().since(before);
    }

    private static Dataset<Row> paths(Dataset<Row> images) {
        if (!Arrays.asList(images.columns()).contains(DescriptorRows.PATH)) {
            throw new IllegalArgumentException("images must have a column path, got "
                    + String.join(", ", images.columns()) + "; read them with format binaryFile, or name the column");
        }
        return images.select(DescriptorRows.PATH);
    }

    DescribeTask task() {
        return new DescribeTask(recipe, storage, batch, counters, files);
    }

    SparkSession spark() {
        return spark;
    }

    /**
     * What was spent so far, by all jobs of this and its changed copies; Spark's UI shows the same with each stage.
     *
     * @return the accumulators' values
     */
    public DescribeReport report() {
        return counters.report();
    }
}
