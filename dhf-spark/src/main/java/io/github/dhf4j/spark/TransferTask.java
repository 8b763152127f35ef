package io.github.dhf4j.spark;

import io.github.dhf4j.eval.annotation.AnnotationLines;
import io.github.dhf4j.eval.annotation.LabelledImage;
import io.github.dhf4j.feature.DescriptorMap;
import io.github.dhf4j.io.Texts;
import io.github.dhf4j.matching.CorrespondenceMatcher;
import io.github.dhf4j.spi.Providers;
import io.github.dhf4j.transfer.AnnotationTransfer;
import io.github.dhf4j.transfer.Exemplar;
import io.github.dhf4j.transfer.Transferred;
import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Row;

/** Rows of descriptors to labels. */
record TransferTask(Broadcast<List<TransferTask.Labelled>> exemplars, double minimum)
        implements MapPartitionsFunction<Row, Row> {
    /** An exemplar: its row, and its labels as a line of JSON. */
    record Labelled(Row described, String labels) implements Serializable {
        Exemplar exemplar() throws IOException {
            LabelledImage image = AnnotationLines.image(TransferRows.json(labels, "exemplar"), Path.of(""));
            return new Exemplar(DescriptorRows.map(described), image.annotations());
        }
    }

    /** What labels pictures by exemplars. */
    static AnnotationTransfer transfer(List<Labelled> from, double minimum) throws IOException {
        List<Exemplar> exemplars = new ArrayList<>();
        for (Labelled each : from) {
            exemplars.add(each.exemplar());
        }
        return new AnnotationTransfer(Providers.find(CorrespondenceMatcher.class, "dhf-core"), exemplars, minimum);
    }

    @Override
    public Iterator<Row> call(Iterator<Row> described) throws Exception {
        if (!described.hasNext()) {
            return Collections.emptyIterator();
        }
        EngineCores.useUnlessChosen();
        AnnotationTransfer transfer = transfer(exemplars.value(), minimum);
        return Iterators.map(described, row -> labelled(transfer, row));
    }

    private static Row labelled(AnnotationTransfer transfer, Row row) {
        String path = row.getString(row.fieldIndex(DescriptorRows.PATH));
        String error = DescriptorRows.text(row, DescriptorRows.ERROR);
        if (error != null) {
            return TransferRows.broken(path, error);
        }
        try {
            DescriptorMap map = DescriptorRows.map(row);
            Transferred labels = transfer.to(map);
            return TransferRows.of(
                    path,
                    new LabelledImage(LocalPaths.of(path), map.imageSize(), labels.annotations()),
                    labels.leftOut());
        } catch (IOException | IllegalArgumentException e) {
            return TransferRows.broken(path, Texts.reason(e));
        }
    }
}
