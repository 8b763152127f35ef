package io.github.dhf4j.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dhf4j.eval.annotation.LabelledImage;
import io.github.dhf4j.eval.data.PairDataset;
import io.github.dhf4j.eval.pck.Evaluation;
import io.github.dhf4j.feature.DescriptorMap;
import io.github.dhf4j.matching.Point;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;

/** The code of the guide's section on Spark, and that the guide has it. */
class GuideTest {
    /** Compiled, and not run: other tests run each of these calls. */
    static DescriptorMap guide(
            SparkSession spark,
            String model,
            String pictures,
            String maps,
            String source,
            List<LabelledImage> annotated,
            PairDataset pairs)
            throws IOException {
        // guide: begin
        PipelineRecipe recipe = PipelineRecipe.DEFAULT.withModel(model).withCalls("1");
        DescribeImages describe = new DescribeImages(spark, recipe).withStorage(MapStorage.INT8);
        DescribeReport report = describe.to(spark.read().format("binaryFile").load(pictures), maps);
        Dataset<Row> rows = DescribedImages.read(spark, maps);
        DescriptorMap map = DescriptorRows.map(rows.first());

        Dataset<Row> found = new MatchImages().oneAgainstAll(source, List.of(new Point(20, 30)), rows);
        Dataset<Row> labels = new TransferAnnotations(describe, annotated, List.of(), 0.3).toDescribed(rows);
        Evaluation evaluation = new EvaluatePairs(spark, recipe).evaluate("one call", pairs);
        // guide: end
        assertThat(List.of(report, found, labels, evaluation)).hasSize(4);
        return map;
    }

    @Test
    void theGuideHasThisCode() throws IOException {
        String source = Files.readString(Path.of("src/test/java/io/github/dhf4j/spark/GuideTest.java"));
        String code = source.substring(source.indexOf("// guide: begin") + 15, source.indexOf("// guide: end"));
        String guide = Files.readString(Path.of("../docs/guide.md")).replaceAll("//[^\n]*", "");
        assertThat(guide.replaceAll("\\s+", "")).contains(code.replaceAll("\\s+", ""));
    }
}
