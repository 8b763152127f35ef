package io.github.dhf4j.spark;

import static org.apache.spark.sql.functions.col;

import io.github.dhf4j.eval.annotation.AnnotationLines;
import io.github.dhf4j.eval.annotation.LabelledImage;
import io.github.dhf4j.eval.annotation.LabelledSource;
import io.github.dhf4j.eval.annotation.Vocabulary;
import io.github.dhf4j.transfer.AnnotationTransfer;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Carries labels of a few pictures over to many, by {@link AnnotationTransfer} as {@code dhf transfer} does. The exemplars'
 * descriptors and labels go to every executor once; targets are labelled where their rows are. Pictures that have labels of
 * their own keep them.
 *
 * <p>Out come rows of {@code path}, {@code labels} (a line of {@link AnnotationLines}), {@code left_out} (key points and
 * areas that were not sure enough) and {@code error} (why there are no labels; null where there are).
 */
public final class TransferAnnotations {
    private static final StructType PICTURES = new StructType()
            .add(DescriptorRows.PATH, DataTypes.StringType, false)
            .add("content", DataTypes.BinaryType, false);

    private final DescribeImages describe;
    private final List<LabelledImage> annotated;
    private final OwnLabels own;
    private final TransferTask task;

    /**
     * Has the exemplars described by the executors.
     *
     * @param describe what describes exemplars and, by {@link #to}, targets; its storage is not looked at
     * @param exemplars annotated pictures that labels are taken from; the driver reads their files
     * @param kept further annotated pictures, which keep their labels where they are among the targets
     * @param minimum of confidence below which a label is left out, 0 to 1
     * @throws IOException if an exemplar cannot be read
     * @throws IllegalArgumentException as {@link AnnotationTransfer}
     */
    public TransferAnnotations(
            DescribeImages describe, List<LabelledImage> exemplars, List<LabelledImage> kept, double minimum)
            throws IOException {
        this.describe = describe.withStorage(MapStorage.FLOAT32);
        List<LabelledImage> all = new ArrayList<>(kept);
        all.addAll(exemplars);
        this.annotated = List.copyOf(all);
        this.own = OwnLabels.of(all);
        List<TransferTask.Labelled> labelled = described(exemplars);
        TransferTask.transfer(labelled, minimum); // refuses what cannot be meant before a job does
        Broadcast<List<TransferTask.Labelled>> sent = JavaSparkContext.fromSparkContext(
                        describe.spark().sparkContext())
                .broadcast(labelled);
        this.task = new TransferTask(sent, minimum);
    }

    private List<TransferTask.Labelled> described(List<LabelledImage> exemplars) throws IOException {
        SparkSession spark = describe.spark();
        List<Row> pictures = new ArrayList<>();
        for (LabelledImage image : exemplars) {
            pictures.add(RowFactory.create(image.path().toString(), Files.readAllBytes(image.path())));
        }
        // one partition keeps the order
        List<Row> rows = describe.describe(
                        spark.createDataFrame(pictures, PICTURES).coalesce(1))
                .collectAsList();
        List<TransferTask.Labelled> labelled = new ArrayList<>();
        for (int i = 0; i < rows.size(); i++) {
            DescriptorRows.map(rows.get(i)); // refuses what could not be read
            labelled.add(new TransferTask.Labelled(
                    rows.get(i), AnnotationLines.line(exemplars.get(i), "").toString()));
        }
        return labelled;
    }

    /**
     * Describes pictures and labels them, without keeping descriptors.
     *
     * @param images as {@link DescribeImages#describe} takes them; those with labels of their own do not enter the network
     * @return rows as above; what computes them twice runs the network twice
     */
    public Dataset<Row> to(Dataset<Row> images) {
        return own(images).union(over(describe.describe(images.filter(own.are(false)))));
    }

    /**
     * Labels described pictures; runs no network.
     *
     * @param described a row a path, such as of {@link DescribedImages#read}; of the exemplars' recipe
     * @return rows as above
     */
    public Dataset<Row> toDescribed(Dataset<Row> described) {
        return own(described).union(over(described.filter(own.are(false))));
    }

    private Dataset<Row> own(Dataset<Row> images) {
        return images.select(DescriptorRows.PATH)
                .filter(own.are(true))
                .mapPartitions(own.labels(), Encoders.row(TransferRows.SCHEMA));
    }

    private Dataset<Row> over(Dataset<Row> described) {
        return described.mapPartitions(task, Encoders.row(TransferRows.SCHEMA));
    }

    /**
     * The labelled pictures of rows, for {@link io.github.dhf4j.eval.annotation.AnnotationFormat}, on the driver.
     *
     * @param rows that this made; written or persisted before, since they are gone through several times
     * @return sorted by path, a partition at a time in memory; rows with an error are passed over
     */
    public static LabelledSource images(Dataset<Row> rows) {
        Dataset<Row> sorted = rows.where(col(DescriptorRows.ERROR).isNull()).orderBy(DescriptorRows.PATH);
        return visitor -> {
            for (Iterator<Row> each = sorted.toLocalIterator(); each.hasNext(); ) {
                visitor.visit(TransferRows.image(each.next()));
            }
        };
    }

    /**
     * The categories and names of key points of all annotated pictures, found in targets or not.
     *
     * @return in the order of the annotations that were given
     * @throws IOException never: they are in memory
     */
    public Vocabulary words() throws IOException {
        return Vocabulary.of(LabelledSource.of(annotated));
    }
}
