package io.github.dhf4j.spark;

import io.github.dhf4j.data.KeypointPair;
import io.github.dhf4j.eval.data.Split;
import io.github.dhf4j.eval.world.RenderedWorld;
import io.github.dhf4j.feature.RunMonitor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** A session of this JVM with two task slots, and a few drawn pictures. */
final class SparkWorld {
    /** One network call an image, and one engine thread: sums of several may differ in their last bits. */
    static final PipelineRecipe RECIPE =
            PipelineRecipe.DEFAULT.withCalls("1").withThreads(1).withDevice("cpu");

    private SparkWorld() {}

    /** One for all classes; ends with the JVM. */
    static SparkSession session() {
        return SparkSession.builder()
                .master("local[2]")
                .appName("dhf-spark")
                .config("spark.ui.enabled", "false")
                .config("spark.driver.host", "127.0.0.1")
                .config("spark.driver.bindAddress", "127.0.0.1")
                .config("spark.sql.shuffle.partitions", "2")
                // a few rows: compiling each plan would take longer than running it
                .config("spark.sql.adaptive.enabled", "false")
                .config("spark.sql.codegen.wholeStage", "false")
                .config("spark.sql.codegen.factoryMode", "NO_CODEGEN")
                .config(
                        "spark.sql.warehouse.dir",
                        Path.of("target/warehouse").toUri().toString())
                .getOrCreate();
    }

    /** Fifteen categories, two pictures of each, 64 x 64. */
    static List<KeypointPair> draw(Path folder, int pairs) throws IOException {
        return RenderedWorld.write(new RenderedWorld.Order(Split.TEST, pairs, 2, 64, 0), folder, RunMonitor.NONE);
    }

    static Dataset<Row> paths(SparkSession spark, Stream<Path> paths) {
        return spark.createDataset(paths.map(Path::toString).toList(), Encoders.STRING())
                .toDF("path");
    }
}
